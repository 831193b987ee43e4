//! Cleanup of expired sessions and of rows that are no longer needed.

use super::Service;
use crate::{
    accounts::store,
    platform::{
        database::{Tx, forget_keys},
        tasks::Worker,
    },
    shared::{Result, time::now},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const EVERY: Duration = Duration::from_hours(1);
/// How long the row of an ended session stays.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How long a request can be repeated with its idempotency key.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(24);
/// Most rows per transaction, since other writes wait for it.
const BATCH: u64 = 500;

/// Worker that cleans up once an hour.
pub struct Sweeper(
    /// Cleans up the sessions of this service.
    pub Service,
);

#[async_trait]
impl Worker for Sweeper {
    fn name(&self) -> &'static str {
        "accounts.sweeper"
    }

    async fn run(&mut self, cancel: CancellationToken) {
        loop {
            if let Err(error) = self.0.sweep().await {
                tracing::warn!(error.cause = %error, "expired sessions not removed");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = cancel.cancelled() => break,
            }
        }
    }
}

impl Service {
    /// Ends expired sessions, including those of expired guests (a session never outlives its
    /// account), and deletes old rows. The guest's account stays, since messages refer to it.
    pub async fn sweep(&self) -> Result<()> {
        self.sweep_pictures(BATCH).await?;
        loop {
            let service = self.clone();
            let job = move |tx: Tx| async move {
                let ended = store::end_due(&tx, now(), BATCH).await?;
                for id in &ended {
                    service.publish_end(&tx, *id)?;
                }
                store::delete_due_resets(&tx, now()).await?;
                let deleted = store::delete_dead(&tx, now() - KEPT, BATCH).await?;
                let over = store::delete_over(&tx, now(), BATCH).await?;
                let keys = forget_keys(&tx, now() - KEYS_KEPT, BATCH).await?;
                Ok(deleted.max(over).max(keys).max(ended.len() as u64))
            };
            if self.inner.db.write(Uuid::nil(), job).await? < BATCH {
                return Ok(());
            }
        }
    }
}
