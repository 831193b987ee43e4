//! Worker that deletes the rows of deleted portfolios, and of imports that were interrupted or
//! undone. They are not read any more; after a crash the next start continues.

use super::Service;
use crate::platform::{database::Tx, tasks::Worker};
use crate::portfolio::store;
use crate::shared::{Result, time};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Interval between two runs, unless it is woken.
const EVERY: Duration = Duration::from_secs(600);
/// An import takes minutes; one that started longer ago was interrupted.
const STALE: TimeDelta = TimeDelta::hours(1);
/// Portfolios and imports read per query.
const AT_ONCE: u64 = 100;

/// Deletes rows; see [`Worker::run`]. It has no state of its own.
pub struct Sweeper(pub Service);

#[async_trait]
impl Worker for Sweeper {
    fn name(&self) -> &'static str {
        "portfolio.sweeper"
    }

    /// Stops between two batches.
    async fn run(&mut self, cancel: CancellationToken) {
        loop {
            if let Err(error) = self.0.sweep_deleted(&cancel).await {
                tracing::warn!(error.code = %error.code, "removing deleted portfolios failed; retrying later");
            }
            let woken = self.0.inner.deleted.notified();
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep(EVERY) => {}
                () = cancel.cancelled() => return,
            }
        }
    }
}

impl Service {
    /// Deletes the rows of deleted portfolios and interrupted imports, in batches.
    pub(in crate::portfolio) async fn sweep_deleted(
        &self,
        cancel: &CancellationToken,
    ) -> Result<()> {
        let db = &self.inner.db;
        loop {
            let deleted = store::deleted_portfolios(db, AT_ONCE).await?;
            if deleted.is_empty() {
                break;
            }
            for id in deleted {
                let job = move |tx: Tx| async move { store::purge(&tx, id).await };
                while !db.write(id.0, job).await? {
                    if cancel.is_cancelled() {
                        return Ok(());
                    }
                }
            }
        }
        let before = time::now() - STALE;
        for (id, import) in store::stale_imports(db, before, AT_ONCE).await? {
            // `begin` fails for an import that still runs in this process.
            if let Ok(_held) = self.inner.imports.begin(id) {
                self.delete_import(id, import).await?;
            }
            if cancel.is_cancelled() {
                return Ok(());
            }
        }
        Ok(())
    }
}
