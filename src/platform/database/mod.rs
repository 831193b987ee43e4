//! The database: SQLite or Postgres behind one interface.
//!
//! Reads go to a pool ([`Database`] is a connection for sea-orm); all changes go through
//! [`Database::write`], where the [`writer`] gathers what arrives together into one transaction.

mod bulk;
mod connect;
mod errors;
mod once;
mod probe;
mod transaction;
mod writer;

use crate::platform::folder;
use crate::shared::Result;
use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, ExecResult, QueryResult, Statement,
};
use std::{
    fmt::Write,
    path::Path,
    sync::{Arc, Weak},
    time::Duration,
};
use transaction::{Pooled, within};
use uuid::Uuid;
use writer::{AfterCommit, Lent, Writer};

pub use bulk::{Bulk, Work};
pub use connect::Timeouts;
pub use errors::{is_damaged, is_unique_violation};
pub use once::{forget_keys, forget_keys_of};
pub use probe::{Health, Probe};
pub use writer::WriterLoop;

/// Connections that wait for reads. SQLite reads are short and the machine's cores are few.
const SQLITE_READERS: u32 = 8;
const POSTGRES_READERS: u32 = 16;
/// One transaction runs at a time. On Postgres the next one need not wait for the test of the
/// connection that the last one used.
const SQLITE_WRITERS: u32 = 1;
const POSTGRES_WRITERS: u32 = 2;

/// The SQLite database in the data folder.
pub(crate) const FILE: &str = "rialto.db";

/// A handle on the database; a clone costs nothing.
#[derive(Clone)]
pub struct Database {
    reader: DatabaseConnection,
    /// A read without an answer for so long has lost its connection.
    limit: Option<Duration>,
    writer: Writer,
    health: probe::Record,
}

/// An open transaction: what services hand to stores. It ends with its job.
#[derive(Clone)]
pub struct Tx {
    inner: Weak<Lent>,
    backend: DatabaseBackend,
    after: AfterCommit,
}

impl Database {
    /// Opens the database at `url` (empty: the `SQLite` file in the data folder), brings its
    /// tables up to date under a lock, and returns the handle with the worker that writes.
    pub async fn open(url: &str, data: &Path) -> Result<(Self, WriterLoop), DbErr> {
        Self::open_with(url, data, Timeouts::default()).await
    }

    /// The same with other time limits.
    pub async fn open_with(
        url: &str,
        data: &Path,
        timeouts: Timeouts,
    ) -> Result<(Self, WriterLoop), DbErr> {
        if url.is_empty() {
            // SQLite would make it readable by everybody, and its journal like it.
            let file = data.join(FILE);
            drop(folder::private().create_new(true).open(file));
        }
        let url = address(url, data);
        connect::migrate(&url, timeouts).await?;
        let (readers, writers) = if url.starts_with("sqlite:") {
            (SQLITE_READERS, SQLITE_WRITERS)
        } else {
            (POSTGRES_READERS, POSTGRES_WRITERS)
        };
        let reader = connect::pool(&url, readers, timeouts).await?;
        let write_pool = connect::pool(&url, writers, timeouts).await?;
        let (writer, writer_loop) = Writer::new(Pooled::new(write_pool, &timeouts));
        let database = Self {
            limit: timeouts.answer(reader.get_database_backend()),
            reader,
            writer,
            health: probe::Record::default(),
        };
        Ok((database, writer_loop))
    }

    /// Brings the tables up to date and leaves: tests start from copies of such a database.
    #[cfg(test)]
    pub async fn migrate(url: &str, data: &Path) -> Result<(), DbErr> {
        connect::migrate(&address(url, data), Timeouts::default()).await
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
    pub fn bulk<W: Work>(&self, work: W) -> Bulk<W> {
        Bulk::new(self.writer.clone(), work)
    }

    /// The worker that finds out whether the database can be read and written.
    pub fn probe(&self) -> Probe {
        Probe::new(self.clone())
    }

    /// What the probe found. Asks the database nothing.
    pub fn health(&self) -> Health {
        self.health.now()
    }

    /// Jobs that wait to be written.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// The bytes that the database takes.
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
    pub fn kind(&self) -> &'static str {
        match self.reader.get_database_backend() {
            DatabaseBackend::Postgres => "postgres",
            _ => "sqlite",
        }
    }
}

/// Placeholders of so many rows, as `VALUES` takes them: `($1, $2), ($3, $4)`. Both databases
/// read them.
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

    fn transaction(&self) -> Result<Arc<Lent>, DbErr> {
        let over = || DbErr::Custom("the transaction is over".into());
        self.inner.upgrade().ok_or_else(over)
    }
}

/// The address of the database: the configured one, or the `SQLite` file in the data folder.
pub fn address(configured: &str, data: &Path) -> String {
    if configured.is_empty() {
        format!("sqlite://{}?mode=rwc", data.join(FILE).display())
    } else {
        configured.to_owned()
    }
}

#[async_trait]
impl ConnectionTrait for Database {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.reader.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        within(self.limit, self.reader.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        within(self.limit, self.reader.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        within(self.limit, self.reader.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        within(self.limit, self.reader.query_all_raw(statement)).await
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.transaction()?.0.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.transaction()?.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.transaction()?.0.query_one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.transaction()?.0.query_all(statement).await
    }
}

#[cfg(test)]
mod tests;
