//! Worker that loads prices for open orders and closes seasons that have ended.

use super::Service;
use crate::paper::store;
use crate::platform::tasks::Worker;
use crate::shared::{Result, time};
use async_trait::async_trait;
use futures::stream::{self, StreamExt};
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Symbols whose prices are loaded together.
const SYMBOLS: u64 = 100;
/// Symbols whose orders are matched at the same time.
const AT_ONCE: usize = 4;

/// How often splits are applied to holdings.
const SPLITS_EVERY: Duration = Duration::from_hours(6);

/// Checks prices until it is canceled, in [`Worker::run`]. It has no state of its own.
pub struct Filler {
    service: Service,
    every: Duration,
}

impl Filler {
    /// Creates a worker that checks prices at this interval.
    pub const fn new(service: Service, every: Duration) -> Self {
        Self { service, every }
    }

    async fn watch(&self) {
        let mut rounds = tokio::time::interval(self.every);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut counted: Option<Instant> = None;
        loop {
            rounds.tick().await;
            if counted.is_none_or(|at| at.elapsed() >= SPLITS_EVERY) {
                counted = Some(Instant::now());
                if let Err(error) = self.service.count_all_splits().await {
                    tracing::warn!(error.code = %error.code, "checking splits failed; retrying later");
                }
            }
            if let Err(error) = self.service.look().await {
                tracing::warn!(error.code = %error.code, "filling orders failed; retrying later");
            }
        }
    }
}

#[async_trait]
impl Worker for Filler {
    fn name(&self) -> &'static str {
        "paper.filler"
    }

    /// Stops at once: unfinished work is a transaction, or repeats after the next start.
    async fn run(&mut self, cancel: CancellationToken) {
        cancel.run_until_cancelled(self.watch()).await;
    }
}

impl Service {
    /// One round: closes seasons that have ended, then asks once for the price of each symbol with
    /// open orders and matches them.
    pub(in crate::paper) async fn look(&self) -> Result<()> {
        self.close_ended(time::now()).await?;
        let mut after = String::new();
        loop {
            let symbols = store::waits(&self.inner.db, &after, SYMBOLS).await?;
            let Some(last) = symbols.last() else {
                return Ok(());
            };
            after.clone_from(last);
            let quotes = self.inner.markets.quotes(&symbols).await;
            let priced = symbols
                .into_iter()
                .zip(quotes)
                .filter_map(|(symbol, quote)| {
                    // A source that failed has logged it.
                    Some((symbol, quote.ok().flatten()?))
                });
            stream::iter(priced)
                .for_each_concurrent(AT_ONCE, |(symbol, quote)| async move {
                    if let Err(error) = self.match_orders(&symbol, &quote).await {
                        tracing::warn!(symbol, error.code = %error.code, "filling orders failed; retrying later");
                    }
                })
                .await;
        }
    }
}
