//! Checks regularly whether the database can be read and written by doing both. Reading the result
//! uses no database.

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
/// A check that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// An older result does not count as current.
const STALE: Duration = Duration::from_secs(45);
/// Size of the row in bytes. `SQLite` needs space in its log for it, as for a message.
const SIZE: usize = 32 * 1024;

/// Result of the last check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// true if the database can be read.
    pub readable: bool,
    /// true if the database can be written.
    pub writable: bool,
    /// Time since the check. None: no check has finished yet.
    pub age: Option<Duration>,
}

#[derive(Clone, Copy)]
struct Look {
    at: Instant,
    readable: bool,
    writable: bool,
}

/// The last result. Clones share it.
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

/// The worker that writes and reads a row.
pub struct Probe {
    db: Database,
    rows: Bulk<Row>,
    count: u64,
}

impl Probe {
    pub(super) fn new(db: Database) -> Self {
        let rows = db.bulk(Row);
        // Starts at a random number, so the first row differs from that of the previous run.
        let count = rand::random();
        Self { db, rows, count }
    }

    /// Writes and reads once, through a queue like that of messages.
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

/// The only row. Its bytes differ each time, because `SQLite` writes only changed pages.
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
