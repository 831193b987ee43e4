//! Whether the database can be read and written, found out by doing both now and then. Who asks
//! for the result causes no work.

use super::{Bulk, Database, Tx, Work};
use crate::platform::tasks::Worker;
use crate::shared::sync::lock;
use crate::shared::{Error, Result};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Statement};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(15);
/// What takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// An older result says nothing about now.
const STALE: Duration = Duration::from_secs(45);
/// Bytes of the row. `SQLite` has to find room for them in its log, as it would for a message.
const SIZE: usize = 32 * 1024;

/// What the probe found last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Can the database be read?
    pub readable: bool,
    /// Can it be written?
    pub writable: bool,
    /// How long ago that was found out; none: not yet.
    pub age: Option<Duration>,
}

#[derive(Clone, Copy)]
struct Look {
    at: Instant,
    readable: bool,
    writable: bool,
}

/// The last result; a clone is the same one.
#[derive(Clone, Default)]
pub(super) struct Record(Arc<Mutex<Option<Look>>>);

impl Record {
    pub(super) fn now(&self) -> Health {
        let look = *lock(&self.0);
        let age = look.map(|look| look.at.elapsed());
        let fresh = look.filter(|look| look.at.elapsed() <= STALE);
        Health {
            readable: fresh.is_some_and(|look| look.readable),
            writable: fresh.is_some_and(|look| look.writable),
            age,
        }
    }

    fn set(&self, look: Look) {
        *lock(&self.0) = Some(look);
    }
}

/// The worker that writes a row and reads it.
pub struct Probe {
    db: Database,
    rows: Bulk<Row>,
    count: u64,
}

impl Probe {
    pub(super) fn new(db: Database) -> Self {
        let rows = db.bulk(Row);
        // Not where the last run began: the first row is to differ as well.
        let count = rand::random();
        Self { db, rows, count }
    }

    /// Writes and reads once, on the same way as messages.
    pub async fn look(&mut self) {
        self.count = self.count.wrapping_add(1);
        let write = timeout(PATIENCE, self.rows.submit(self.count));
        let read = timeout(PATIENCE, self.read());
        let (written, read) = futures::join!(write, read);
        let look = Look {
            at: Instant::now(),
            readable: matches!(read, Ok(Ok(()))),
            writable: matches!(written, Ok(Ok(()))),
        };
        if !(look.readable && look.writable) {
            tracing::error!(
                database.readable = look.readable,
                database.writable = look.writable,
                "database check failed"
            );
        }
        self.db.health.set(look);
    }

    async fn read(&self) -> Result<()> {
        let sql = "SELECT written FROM health_probes WHERE id = 1";
        let backend = self.db.get_database_backend();
        self.db
            .query_one_raw(Statement::from_string(backend, sql))
            .await?;
        Ok(())
    }
}

#[async_trait]
impl Worker for Probe {
    fn name(&self) -> &'static str {
        "database.probe"
    }

    async fn run(&mut self, cancel: CancellationToken) {
        let looking = async {
            let mut rounds = interval(EVERY);
            rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                rounds.tick().await;
                self.look().await;
            }
        };
        let _stopped: Option<()> = cancel.run_until_cancelled(looking).await;
    }
}

/// The one row. Its bytes differ each time, as `SQLite` writes only what has changed.
struct Row;

#[async_trait]
impl Work for Row {
    type Item = u64;
    type Done = ();

    async fn run(&self, tx: &Tx, items: &[u64]) -> Result<Vec<()>> {
        let count = items.last().copied().unwrap_or_default();
        let sql = "INSERT INTO health_probes (id, written, padding) VALUES (1, $1, $2) \
                   ON CONFLICT (id) DO UPDATE SET written = excluded.written, padding = excluded.padding";
        let padding = vec![count.to_le_bytes()[0]; SIZE];
        let values = [count.cast_signed().into(), padding.into()];
        let written = tx
            .execute_raw(Statement::from_sql_and_values(tx.backend, sql, values))
            .await?;
        if written.rows_affected() != 1 {
            return Err(Error::internal("the probe's row was not written"));
        }
        Ok(vec![(); items.len()])
    }
}
