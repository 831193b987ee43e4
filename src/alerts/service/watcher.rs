//! The worker that asks for the prices of all that is watched.

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

/// Symbols whose prices are asked for together.
const SYMBOLS: u64 = 100;
/// Symbols that are held against their alerts at the same time.
const AT_ONCE: usize = 4;
/// Notices are kept for so long.
const KEPT: TimeDelta = TimeDelta::days(180);
/// Old ones are looked for once in so many rounds.
const TRIM_EVERY: u64 = 240;

/// Looks at prices for ever; [`Worker::run`] is all it does.
pub struct Watcher {
    service: Service,
    every: Duration,
}

impl Watcher {
    /// Looks so often.
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

    /// Stops at once: what was under way is a transaction, or done again after the next start.
    async fn run(&mut self, cancel: CancellationToken) {
        cancel.run_until_cancelled(self.watch()).await;
    }
}

impl Service {
    /// One look at all that is watched: each symbol is asked for once, however many watch it. What
    /// cannot be had of one symbol holds up no other.
    pub(in crate::alerts) async fn look(&self) -> Result<()> {
        let now = time::now();
        if store::any_over(&self.inner.db, now).await? {
            let job = move |tx: Tx| async move { store::expire(&tx, now).await };
            self.inner.db.write(Uuid::nil(), job).await?;
        }
        // From before a crash.
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
                    // A source that is away has said so in the log.
                    Some((symbol, quote.ok().flatten()?))
                });
            stream::iter(priced)
                .for_each_concurrent(AT_ONCE, |(symbol, quote)| async move {
                    if let Err(error) = self.hold_against(&symbol, &quote).await {
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
            store::trim_tidings(&tx, before).await
        };
        self.inner.db.write(Uuid::nil(), job).await
    }
}
