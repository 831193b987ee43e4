//! Worker that checks the prices of all watched symbols.

use super::Service;
use crate::alerts::store;
use crate::platform::{database::Tx, tasks::Worker};
use crate::shared::{Result, time};
use async_trait::async_trait;
use futures::stream::{self, StreamExt};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Number of symbols quoted together.
const SYMBOLS: u64 = 100;
/// Number of symbols checked concurrently.
const AT_ONCE: usize = 4;

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
        loop {
            rounds.tick().await;
            if let Err(error) = self.service.look().await {
                tracing::warn!(error.code = %error.code, "checking alerts failed; retrying later");
            }
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
        let now = self.inner.markets.clock(time::now()).await?;
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
}
