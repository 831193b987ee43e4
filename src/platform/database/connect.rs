//! Connections: what each is told at its start, how long it may take, and when it is thrown away.

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, sqlx};
use std::time::Duration;

/// A Postgres connection that was used within this time needs no test before it is used again: it
/// was tested when it came back.
const TESTED: Duration = Duration::from_secs(1);

/// How long the database may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Waiting for a connection, or for a lock that another program holds.
    pub wait: Duration,
    /// One statement on Postgres, which cancels it after that.
    pub statement: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            wait: Duration::from_secs(10),
            statement: Duration::from_secs(20),
        }
    }
}

impl Timeouts {
    /// A statement without an answer for so long has lost its connection. Postgres itself answers
    /// before; `SQLite` is a file and has no connection to lose.
    pub(super) fn answer(&self, backend: DatabaseBackend) -> Option<Duration> {
        (backend == DatabaseBackend::Postgres).then(|| self.statement + self.wait / 2)
    }

    /// The same for a test that costs Postgres nothing.
    fn test(&self) -> Duration {
        self.wait / 4
    }
}

/// Opens a pool.
pub(super) async fn pool(
    url: &str,
    connections: u32,
    timeouts: Timeouts,
) -> Result<DatabaseConnection, DbErr> {
    sea_orm::Database::connect(options(url, connections, timeouts, Some(timeouts))).await
}

/// `limits`: how long statements may take.
fn options(
    url: &str,
    connections: u32,
    timeouts: Timeouts,
    limits: Option<Timeouts>,
) -> ConnectOptions {
    // A connection to Postgres that is opened in advance may wait for minutes for an address that
    // does not answer, and takes a place meanwhile.
    let in_advance = u32::from(url.starts_with("sqlite:"));
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(in_advance)
        .connect_timeout(timeouts.wait)
        .acquire_timeout(timeouts.wait)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("cache_size", "-16384")
                .busy_timeout(timeouts.wait)
                .statement_cache_capacity(200)
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(has_no_transaction(connection)))
        })
        .map_sqlx_postgres_pool_opts(move |pool| {
            let limit = timeouts.test();
            pool.after_connect(move |connection, _| {
                let settings = sqlx::AssertSqlSafe(settings(limits));
                let set = async move { sqlx::raw_sql(settings).execute(connection).await };
                Box::pin(async move { in_time(limit, set).await.map(drop) })
            })
            .before_acquire(move |connection, used| {
                Box::pin(async move {
                    Ok(used.idle_for < TESTED || answers(connection, limit).await.is_ok())
                })
            })
            // A rollback may be on its way, or the answer to a statement that nobody waits for any
            // more. An error closes the connection without a word, which never waits.
            .after_release(move |connection, _| {
                Box::pin(async move { answers(connection, limit).await.map(|()| true) })
            })
        });
    options
}

/// What a Postgres connection is told at its start. The server notices by itself when this end is
/// gone, and gives back the locks. Migrations have no limits.
fn settings(limits: Option<Timeouts>) -> String {
    let millis =
        |time: fn(&Timeouts) -> Duration| limits.as_ref().map_or(0, |at| time(at).as_millis());
    format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = {}; SET tcp_user_timeout = 60000; \
         SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3",
        millis(|at| at.statement),
        millis(|at| at.wait),
        millis(|at| at.statement + at.wait),
    )
}

async fn answers(connection: &mut sqlx::PgConnection, limit: Duration) -> Result<(), sqlx::Error> {
    in_time(limit, sqlx::Connection::ping(connection)).await
}

async fn in_time<T>(
    limit: Duration,
    asked: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let answer = tokio::time::timeout(limit, asked).await;
    answer.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
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
pub(super) async fn migrate(url: &str, timeouts: Timeouts) -> Result<(), DbErr> {
    use migrations::{Migrator, MigratorTrait};
    // One connection, so that lock and migrations share a session.
    let connection = sea_orm::Database::connect(options(url, 1, timeouts, None)).await?;
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
