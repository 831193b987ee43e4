//! What failures of the database mean to callers.

use crate::shared::Error;
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Is there no room to write?
fn is_full(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    error
        .code()
        .is_some_and(|code| code == "53100" || sqlite_code(&code) == Some(13))
}

/// What `SQLite` calls the failure: the low byte of its extended code.
fn sqlite_code(code: &str) -> Option<u32> {
    let sqlite = code.len() < 5;
    sqlite
        .then(|| code.parse::<u32>().ok())?
        .map(|code| code & 0xff)
}

/// Does this failure pass by itself: a lost connection, a restart, a lock held too long?
fn passes(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    match error {
        E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::BeginFailed => true,
        // Postgres: connection exceptions, transactions in each other's way, too few resources, the
        // server going down or coming up, out of time, waited for a lock for too long, a
        // transaction that was ended because it did nothing.
        // SQLite: busy, locked, read-only, failing disk, file cannot be opened.
        E::Database(error) => error.code().is_some_and(|code| {
            let classes = ["08", "40", "53", "57", "55P03", "25P03"];
            classes
                .iter()
                .any(|class| code.len() == 5 && code.starts_with(class))
                || sqlite_code(&code).is_some_and(|code| matches!(code, 5 | 6 | 8 | 10 | 14))
        }),
        _ => false,
    }
}

impl From<DbErr> for Error {
    /// A failure that no store expected: our fault, told in the log only.
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => {
                tracing::error!(error.cause = %error, "database unreachable");
                Self::unavailable()
            }
            DbErr::Exec(RuntimeErr::SqlxError(ref cause))
            | DbErr::Query(RuntimeErr::SqlxError(ref cause))
                if is_full(cause) =>
            {
                tracing::error!(error.cause = %error, "disk full");
                Self::storage_full()
            }
            DbErr::Exec(RuntimeErr::SqlxError(ref cause))
            | DbErr::Query(RuntimeErr::SqlxError(ref cause))
                if passes(cause) =>
            {
                tracing::error!(error.cause = %error, "database unavailable");
                Self::unavailable()
            }
            error => Self::internal(error),
        }
    }
}

/// Does this error say that the file is damaged, or no database at all?
pub fn is_damaged(error: &DbErr) -> bool {
    let cause = match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
        _ => return false,
    };
    let sqlx::Error::Database(error) = &**cause else {
        return false;
    };
    let code = error.code();
    code.is_some_and(|code| matches!(sqlite_code(&code), Some(11 | 26)))
}

/// Does this error say that a unique key exists already?
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}
