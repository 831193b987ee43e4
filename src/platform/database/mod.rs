//! The database: SQLite or Postgres behind one interface.
//!
//! Reads use a pool ([`Database`] is a sea-orm connection). All changes go through
//! [`Database::write`], where the [`writer`] groups jobs that arrive together into one transaction.

mod bulk;
mod connect;
mod errors;
mod health;
mod once;
mod probe;
mod transaction;
mod tx;
mod values;
mod writer;

use crate::platform::folder;
use crate::shared::Result;
use async_trait::async_trait;
use connect::Use;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, ExecResult, QueryResult, Statement,
};
use std::{fmt::Write, path::Path, time::Duration};
use transaction::{Pooled, within};
use uuid::Uuid;
use writer::Writer;

pub use bulk::{Bulk, Work};
pub use connect::Timeouts;
pub use errors::{insert_error, is_damaged, is_unique_violation};
pub use health::Health;
pub use once::{forget_keys, forget_keys_of};
pub use probe::Probe;
pub use tx::Tx;
pub use values::{Exact, LocalTime};
pub use writer::WriterLoop;

/// Number of connections for reads. SQLite reads are short and need no more.
const SQLITE_READERS: u32 = 8;
const POSTGRES_READERS: u32 = 16;
/// Number of connections for the writer, which runs one transaction at a time. With a second one on
/// Postgres the next transaction need not wait for the test of the previous connection.
const SQLITE_WRITERS: u32 = 1;
const POSTGRES_WRITERS: u32 = 2;

/// File name of the SQLite database in the data folder.
pub(crate) const FILE: &str = "rialto.db";

/// A handle to the database; cloning is cheap.
#[derive(Clone)]
pub struct Database {
    reader: DatabaseConnection,
    /// Time after which a read without a response means a lost connection.
    limit: Option<Duration>,
    writer: Writer,
    health: health::Record,
}

impl Database {
    /// Opens the database at `url` (empty: the `SQLite` file in the data folder), runs the
    /// migrations under a lock, and returns the handle and the writer's worker.
    pub async fn open(url: &str, data: &Path) -> Result<(Self, WriterLoop), DbErr> {
        Self::open_with(url, data, Timeouts::default()).await
    }

    /// Like [`Self::open`], with other time limits.
    pub async fn open_with(
        url: &str,
        data: &Path,
        timeouts: Timeouts,
    ) -> Result<(Self, WriterLoop), DbErr> {
        if url.is_empty() {
            // SQLite would create the file and its journal readable for all users.
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
        let reader = connect::pool(&url, readers, timeouts, Use::Read).await?;
        let write_pool = connect::pool(&url, writers, timeouts, Use::Write).await?;
        let (writer, writer_loop) = Writer::new(Pooled::new(write_pool, &timeouts));
        let database = Self {
            limit: timeouts.answer(reader.get_database_backend()),
            reader,
            writer,
            health: health::Record::default(),
        };
        Ok((database, writer_loop))
    }

    /// Runs the migrations only: tests start from copies of such a database.
    #[cfg(test)]
    pub async fn migrate(url: &str, data: &Path) -> Result<(), DbErr> {
        connect::migrate(&address(url, data), Timeouts::default()).await
    }

    /// Runs `job` in a transaction and returns after the commit. Jobs that arrive together share
    /// one commit; among those, jobs with the same `order` key run next to each other, in the order
    /// of their arrival. A failing job is rolled back to its savepoint; the rest of the batch
    /// commits.
    ///
    /// A job must wait for nothing but the database, because all other jobs wait for it.
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

    /// Creates a queue for one kind of frequent change: items that arrive together share their
    /// statements.
    pub fn bulk<W: Work>(&self, work: W) -> Bulk<W> {
        Bulk::new(self.writer.clone(), work)
    }

    /// Returns the last result of the probe without using the database.
    pub fn health(&self) -> Health {
        self.health.now()
    }

    /// Number of jobs waiting for the writer.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Size of the database in bytes.
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

    /// Kind of database for the health page: `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        match self.reader.get_database_backend() {
            DatabaseBackend::Postgres => "postgres",
            _ => "sqlite",
        }
    }
}

/// Returns the placeholders of `rows` rows for `VALUES`: `($1, $2), ($3, $4)`. Both databases
/// accept them.
pub fn placeholders(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { ", " };
            // Writing to a string never fails.
            let _ = write!(text, "{comma}${}", row * columns + column);
        }
        text.push(')');
    }
    text
}

/// Returns the URL of the database: the configured one, or that of the `SQLite` file in the data
/// folder.
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

#[cfg(test)]
mod tests;
