//! Maps database failures to errors for callers.

use crate::shared::Error;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// true if the disk is full.
fn is_full(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    error
        .code()
        .is_some_and(|code| code == "53100" || sqlite_code(&code) == Some(13))
}

/// Returns the `SQLite` error code: the low byte of its extended code.
fn sqlite_code(code: &str) -> Option<u32> {
    let sqlite = code.len() < 5;
    sqlite
        .then(|| code.parse::<u32>().ok())?
        .map(|code| code & 0xff)
}

/// true for temporary failures: a lost connection, a restart, a lock held too long.
fn passes(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    match error {
        E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::BeginFailed => true,
        // Postgres: connection exceptions, transactions that conflict, insufficient resources,
        // shutdown or start of the server, timeouts, lock timeouts, transactions ended because they
        // were idle. SQLite: busy, locked, read-only, disk I/O error, file cannot be opened.
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
    /// An unexpected failure becomes an internal error; its details appear only in the log.
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

/// true if the error says that the file is damaged or not a database.
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

/// Returns the error of an insert: `not-found` if the row that the new one refers to was deleted.
pub fn insert_error(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::not_found(),
        _ => error.into(),
    }
}

/// true if the error says that a unique key already exists.
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
