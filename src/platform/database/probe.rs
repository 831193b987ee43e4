//! Checks regularly whether the database can be read and written by doing both. Reading the result
//! uses no database.

use super::{Bulk, Database, Tx, Work, health::Look};
use crate::platform::tasks::Worker;
use crate::shared::{Error, Result};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Statement};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(15);
/// A check that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// Size of the row in bytes. `SQLite` needs space in its log for it, as for a message.
const SIZE: usize = 32 * 1024;

/// The worker that writes and reads a row.
pub struct Probe {
    db: Database,
    rows: Bulk<Row>,
    count: u64,
}

impl Database {
    /// Creates the worker that checks whether the database can be read and written.
    pub fn probe(&self) -> Probe {
        Probe::new(self.clone())
    }
}

impl Probe {
    fn new(db: Database) -> Self {
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
