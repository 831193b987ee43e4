//! Worker that checks the prices of all watched symbols.

use super::Service;
use crate::alerts::store;
use crate::platform::{database::Tx, tasks::Worker};
use crate::shared::{Result, time};
use async_trait::async_trait;
use chrono::TimeDelta;
use futures::stream::{self, StreamExt};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Number of symbols quoted together.
const SYMBOLS: u64 = 100;
/// Number of symbols checked concurrently.
const AT_ONCE: usize = 4;
/// Notifications are deleted after this time.
const KEPT: TimeDelta = TimeDelta::days(180);
/// Rounds between deletions of old notifications.
const TRIM_EVERY: u64 = 240;

/// Checks prices repeatedly; see [`Worker::run`].
pub struct Watcher {
    service: Service,
    every: Duration,
}

impl Watcher {
    /// Checks prices at this interval.
    pub const fn new(service: Service, every: Duration) -> Self {
        Self { service, every }
    }

    async fn watch(&self) {
        let mut rounds = tokio::time::interval(self.every);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut count = 0_u64;
        loop {
            rounds.tick().await;
            if let Err(error) = self.service.look().await {
                tracing::warn!(error.code = %error.code, "checking alerts failed; retrying later");
            }
            if count.is_multiple_of(TRIM_EVERY)
                && let Err(error) = self.service.trim().await
            {
                tracing::warn!(error.code = %error.code, "removing old notifications failed");
            }
            count = count.wrapping_add(1);
        }
    }
}

#[async_trait]
impl Worker for Watcher {
    fn name(&self) -> &'static str {
        "alerts.watcher"
    }

    /// Stops at once: unfinished work is a transaction, or is repeated after the next start.
    async fn run(&mut self, cancel: CancellationToken) {
        cancel.run_until_cancelled(self.watch()).await;
    }
}

impl Service {
    /// Checks all watched symbols once, with one quote per symbol. A symbol that fails does not
    /// block the others.
    pub(in crate::alerts) async fn look(&self) -> Result<()> {
        let now = time::now();
        if store::any_over(&self.inner.db, now).await? {
            let job = move |tx: Tx| async move { store::expire(&tx, now).await };
            self.inner.db.write(Uuid::nil(), job).await?;
        }
        // Posts left by a crash.
        self.post_waiting().await?;
        let mut after = String::new();
        loop {
            let symbols = store::watched(&self.inner.db, &after, SYMBOLS).await?;
            let Some(last) = symbols.last() else {
                break;
            };
            after.clone_from(last);
            let quotes = self.inner.markets.quotes(&symbols).await;
            let priced = symbols
                .into_iter()
                .zip(quotes)
                .filter_map(|(symbol, quote)| {
                    // An unavailable data source is logged elsewhere.
                    Some((symbol, quote.ok().flatten()?))
                });
            stream::iter(priced)
                .for_each_concurrent(AT_ONCE, |(symbol, quote)| async move {
                    if let Err(error) = self.evaluate(&symbol, &quote).await {
                        tracing::warn!(symbol, error.code = %error.code, "checking alerts failed; retrying later");
                    }
                })
                .await;
        }
        self.post_waiting().await
    }

    async fn trim(&self) -> Result<()> {
        let before = time::now() - KEPT;
        let job = move |tx: Tx| async move {
            store::trim(&tx, before).await?;
            store::trim_notifications(&tx, before).await
        };
        self.inner.db.write(Uuid::nil(), job).await
    }
}
