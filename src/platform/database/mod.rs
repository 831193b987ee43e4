//! The database: SQLite or Postgres behind one interface.
//!
//! Reads go to a pool ([`Database`] is a connection for sea-orm); all changes go through
//! [`Database::write`], where the [`writer`] gathers what arrives together into one transaction.

mod bulk;
mod writer;

use crate::platform::folder;
use crate::shared::{Error, Result};
use async_trait::async_trait;
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, ExecResult, QueryResult, RuntimeErr, Statement, sqlx,
};
use std::{fmt::Write, path::Path, sync::Arc, time::Duration};
use uuid::Uuid;
use writer::{AfterCommit, Writer};

pub use bulk::{Bulk, Work};
pub use writer::WriterLoop;

/// Connections that wait for reads. SQLite reads are short and the machine's cores are few.
const SQLITE_READERS: u32 = 8;
const POSTGRES_READERS: u32 = 16;

/// The SQLite database in the data folder.
const FILE: &str = "rialto.db";

/// A handle on the database; a clone costs nothing.
#[derive(Clone)]
pub struct Database {
    reader: DatabaseConnection,
    writer: Writer,
}

/// An open transaction: what services hand to stores.
#[derive(Clone)]
pub struct Tx {
    inner: Arc<DatabaseTransaction>,
    after: AfterCommit,
}

impl Database {
    /// Opens the database at `url` (empty: the `SQLite` file in the data folder), brings its
    /// tables up to date under a lock, and returns the handle with the part that writes.
    ///
    /// # Errors
    /// When the database cannot be reached or the migrations fail.
    pub async fn open(url: &str, data: &Path) -> Result<(Self, WriterLoop), DbErr> {
        if url.is_empty() {
            // SQLite would make it readable by everybody, and its journal like it.
            let file = data.join(FILE);
            drop(folder::private().create_new(true).open(file));
        }
        let url = address(url, data);
        migrate(&url).await?;
        let sqlite = url.starts_with("sqlite:");
        let readers = if sqlite {
            SQLITE_READERS
        } else {
            POSTGRES_READERS
        };
        let reader = sea_orm::Database::connect(options(&url, readers)).await?;
        let write_pool = sea_orm::Database::connect(options(&url, 1)).await?;
        let (writer, writer_loop) = Writer::new(write_pool);
        Ok((Self { reader, writer }, writer_loop))
    }

    /// Runs `job` in a transaction and answers after the commit. Jobs that arrive together share
    /// one commit; among those, jobs with the same `order` key run next to each other and in the
    /// order of their arrival. A job that fails takes nothing of the others with it.
    ///
    /// A job speaks to the database only: no waiting on anything else, as all others wait for it.
    ///
    /// # Errors
    /// The job's own error, or `unavailable` when the commit failed or the server stops.
    pub async fn write<T, F, Fut>(&self, order: Uuid, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
    {
        self.writer.write(order, job).await
    }

    /// An entrance for changes of one kind that come by the hundred: those that arrive together
    /// share their statements.
    #[must_use]
    pub fn bulk<W: Work>(&self, work: W) -> Bulk<W> {
        Bulk::new(self.writer.clone(), work)
    }

    /// Is the database there?
    pub async fn is_alive(&self) -> bool {
        tokio::time::timeout(Duration::from_secs(2), self.reader.ping())
            .await
            .is_ok_and(|answer| answer.is_ok())
    }

    /// Can changes be written? A writer that is stuck says no; a full disk is told by the next change.
    pub async fn is_writable(&self) -> bool {
        let nothing = self.write(Uuid::nil(), |_| async { Ok(()) });
        tokio::time::timeout(Duration::from_secs(2), nothing)
            .await
            .is_ok_and(|answer| answer.is_ok())
    }

    /// Jobs that wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// The bytes that the database takes.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn size(&self) -> Result<u64> {
        let backend = self.reader.get_database_backend();
        let sql = match backend {
            DatabaseBackend::Postgres => "SELECT pg_database_size(current_database())",
            _ => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        };
        let row = self
            .query_one_raw(Statement::from_string(backend, sql))
            .await?;
        let bytes = row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
        Ok(bytes.unsigned_abs())
    }

    /// The kind of database, for the health page: `sqlite` or `postgres`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.reader.get_database_backend() {
            DatabaseBackend::Postgres => "postgres",
            _ => "sqlite",
        }
    }
}

/// Placeholders of so many rows, as `VALUES` takes them: `($1, $2), ($3, $4)`. Both databases
/// read them.
#[must_use]
pub fn placeholders(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { ", " };
            // Writing to a string does not fail.
            let _ = write!(text, "{comma}${}", row * columns + column);
        }
        text.push(')');
    }
    text
}

impl Tx {
    /// Has `action` run after the commit, in the order of the commits and before the answers. This is
    /// where events are published. Nothing happens when the transaction is rolled back.
    pub fn after_commit(&self, action: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(action));
    }
}

/// The address of the database: the configured one, or the `SQLite` file in the data folder.
#[must_use]
pub fn address(configured: &str, data: &Path) -> String {
    if configured.is_empty() {
        format!("sqlite://{}?mode=rwc", data.join(FILE).display())
    } else {
        configured.to_owned()
    }
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .connect_timeout(Duration::from_secs(10))
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("cache_size", "-16384")
                .busy_timeout(Duration::from_secs(10))
                .statement_cache_capacity(200)
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(has_no_transaction(connection)))
        });
    if !url.starts_with("sqlite:") {
        options.test_before_acquire(true);
    }
    options
}

/// May this connection be used again? When a commit fails for want of room, `SQLite` has ended the
/// transaction by itself and sqlx goes on counting it: all that followed on the connection would be
/// acknowledged and never committed. Such a connection is closed.
async fn has_no_transaction(connection: &mut sqlx::SqliteConnection) -> Result<bool, sqlx::Error> {
    use sqlx::Connection;
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // A rollback may be on its way; it comes before the answer to this.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Brings the tables up to date. On Postgres an advisory lock keeps a second node waiting; on
/// `SQLite` the data folder's own lock does (see `server::lock_data_folder`).
async fn migrate(url: &str) -> Result<(), DbErr> {
    use migrations::{Migrator, MigratorTrait};
    // One connection, so that lock and migrations share a session.
    let connection = sea_orm::Database::connect(options(url, 1)).await?;
    let postgres = connection.get_database_backend() == DatabaseBackend::Postgres;
    if postgres {
        connection
            .execute_unprepared("SELECT pg_advisory_lock(7411001)")
            .await?;
    }
    let result = Migrator::up(&connection, None).await;
    if postgres {
        connection
            .execute_unprepared("SELECT pg_advisory_unlock(7411001)")
            .await?;
    }
    connection.close().await?;
    result
}

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
        E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => true,
        // Postgres: connection exceptions, too few resources, the server going down or coming up.
        // SQLite: busy, locked, read-only, failing disk, file cannot be opened.
        E::Database(error) => error.code().is_some_and(|code| {
            let classes = ["08", "53", "57P"];
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
                tracing::error!(error.cause = %error, "no room to write");
                Self::storage_full()
            }
            DbErr::Exec(RuntimeErr::SqlxError(ref cause))
            | DbErr::Query(RuntimeErr::SqlxError(ref cause))
                if passes(cause) =>
            {
                tracing::error!(error.cause = %error, "database away");
                Self::unavailable()
            }
            error => Self::internal(error),
        }
    }
}

#[async_trait]
impl ConnectionTrait for Database {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.reader.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.reader.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.reader.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.reader.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.reader.query_all_raw(statement).await
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}

/// Does this error say that the file is damaged, or no database at all?
#[must_use]
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
#[must_use]
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}

#[cfg(test)]
mod tests;
