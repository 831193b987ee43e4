//! Connections: their settings, time limits, and when they are closed.

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, sqlx};
use std::time::Duration;

/// A Postgres connection that was used within this time needs no test before reuse: it was tested
/// when it returned to the pool.
const TESTED: Duration = Duration::from_secs(1);

/// Time limits of the database.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Time to wait for a connection, or for a lock that another program holds.
    pub wait: Duration,
    /// Time for one statement on Postgres, which then cancels it.
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
    /// Time after which a statement without a response means a lost connection. Postgres cancels
    /// statements before that; `SQLite` is a file and has no connection to lose.
    pub(super) fn answer(&self, backend: DatabaseBackend) -> Option<Duration> {
        (backend == DatabaseBackend::Postgres).then(|| self.statement + self.wait / 2)
    }

    /// Time limit for testing a connection, which Postgres answers at once.
    fn test(&self) -> Duration {
        self.wait / 4
    }
}

/// What the connections of a pool are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Write,
}

impl Use {
    /// Settings of a new `SQLite` connection.
    fn pragmas(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Read => &[("cache_size", "-16384")],
            Self::Write => &[
                // The pages that new messages change: the ends of all channels and the nonces of
                // all authors.
                ("cache_size", "-65536"),
                // Savepoints and statements of many rows copy the pages that they change, by
                // default into a file.
                ("temp_store", "MEMORY"),
                // Pages that change again and again are copied into the database less often.
                ("wal_autocheckpoint", "4000"),
            ],
        }
    }
}

/// Opens a pool.
pub(super) async fn pool(
    url: &str,
    connections: u32,
    timeouts: Timeouts,
    purpose: Use,
) -> Result<DatabaseConnection, DbErr> {
    let options = options(url, connections, timeouts, Some(timeouts), purpose);
    sea_orm::Database::connect(options).await
}

/// `limits`: time limits of statements. None: no limits.
fn options(
    url: &str,
    connections: u32,
    timeouts: Timeouts,
    limits: Option<Timeouts>,
    purpose: Use,
) -> ConnectOptions {
    // Opening a Postgres connection in advance can hang for minutes on an address that does not
    // respond, and meanwhile it occupies a slot of the pool.
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
            let sqlite = sqlite
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .busy_timeout(timeouts.wait)
                .statement_cache_capacity(200);
            let pragmas = purpose.pragmas().iter();
            pragmas.fold(sqlite, |sqlite, (name, value)| sqlite.pragma(*name, *value))
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
            // The connection may still process a rollback or a statement whose caller is gone, so
            // it is tested. An error closes it without a goodbye message, which never blocks.
            .after_release(move |connection, _| {
                Box::pin(async move { answers(connection, limit).await.map(|()| true) })
            })
        });
    options
}

/// Settings of a new Postgres connection. With them Postgres notices a dead client and releases its
/// locks. Migrations have no time limits.
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

/// true if this connection can be reused. When a commit fails because the disk is full, `SQLite`
/// ends the transaction by itself but sqlx still counts it as open: everything that follows on the
/// connection would be acknowledged and never committed. Such a connection is closed.
async fn has_no_transaction(connection: &mut sqlx::SqliteConnection) -> Result<bool, sqlx::Error> {
    use sqlx::Connection;
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // A pending rollback completes before the ping returns.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Runs the migrations. On Postgres an advisory lock makes a second node wait; on `SQLite` the data
/// folder's own lock does (see `server::lock_data_folder`).
pub(super) async fn migrate(url: &str, timeouts: Timeouts) -> Result<(), DbErr> {
    use migrations::{Migrator, MigratorTrait};
    // One connection, so the lock and the migrations share a session.
    let connection = sea_orm::Database::connect(options(url, 1, timeouts, None, Use::Read)).await?;
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
