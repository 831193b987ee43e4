//! Looks at calls whose time has come.

use super::{Row, Service, store};
use crate::calls::model::{Mark, State};
use crate::calls::rules::{self, Horizon, Judgement, Terms};
use crate::markets::{History, indicators::Candle};
use crate::platform::{
    database::Tx,
    tasks::{Part, blocking},
};
use crate::shared::{Result, Timestamp, time};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often it is asked which calls are due.
const EVERY: Duration = Duration::from_mins(10);
/// Calls that are looked at together, and written in one transaction.
const TOGETHER: u64 = 100;
/// Prices that were not there are asked for again after so long.
const AGAIN: TimeDelta = TimeDelta::hours(6);

/// The part that scores calls. It keeps nothing of its own: what is due is asked of the database,
/// and what was found is written where the call is still open, so that it does not matter how many
/// of them run and where they stop.
pub struct Scorer(
    /// Whose calls.
    pub Service,
);

#[async_trait]
impl Part for Scorer {
    fn name(&self) -> &'static str {
        "calls.scorer"
    }

    async fn run(self: Box<Self>, cancel: CancellationToken) {
        loop {
            if let Err(error) = self.0.score_due(time::now(), &cancel).await {
                tracing::warn!(error.cause = %error, "calls were not scored; tried again later");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = cancel.cancelled() => break,
            }
        }
    }
}

impl Service {
    /// Looks at all calls that are due at a time, page by page; how many.
    ///
    /// # Errors
    /// When the database fails; what was written is done.
    pub async fn score_due(&self, now: Timestamp, cancel: &CancellationToken) -> Result<usize> {
        let mut looked = 0;
        while !cancel.is_cancelled() {
            let rows = store::due(&self.inner.db, now, TOGETHER).await?;
            let count = rows.len();
            if count == 0 {
                break;
            }
            let rows = self.look_at(rows, now).await?;
            // Each is looked at later than now from here on, so that the next page is another.
            let job = move |tx: Tx| async move { store::settle(&tx, rows).await };
            self.inner.db.write(Uuid::nil(), job).await?;
            looked += count;
        }
        Ok(looked)
    }

    /// Judges calls by the prices of now. What cannot be asked for now is looked at again.
    async fn look_at(&self, rows: Vec<Row>, now: Timestamp) -> Result<Vec<Row>> {
        let mut symbols: Vec<_> = rows.iter().map(|row| row.symbol.clone()).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let histories = self.inner.markets.histories(&symbols).await;
        let known: HashMap<String, Option<Arc<History>>> = symbols
            .into_iter()
            .zip(histories)
            // A source that is away says nothing about its prices.
            .filter_map(|(symbol, history)| Some((symbol, history.ok()?)))
            .collect();
        blocking(move || {
            let candles = |history: &Option<Arc<History>>| -> Vec<Candle> {
                let bars = history.iter().flat_map(|history| &history.bars);
                bars.map(Candle::from).collect()
            };
            let candles: HashMap<_, _> = known
                .iter()
                .map(|(symbol, history)| (symbol.clone(), candles(history)))
                .collect();
            let look = |row: Row| {
                let bars = candles.get(&row.symbol);
                let history = known.get(&row.symbol).and_then(Option::as_ref);
                match bars {
                    Some(bars) => judged(row, bars, history, now),
                    None => Row {
                        look_at: now + AGAIN,
                        ..row
                    },
                }
            };
            rows.into_iter().map(look).collect()
        })
        .await
    }
}

/// A call with what its prices say.
fn judged(row: Row, bars: &[Candle], history: Option<&Arc<History>>, now: Timestamp) -> Row {
    let Ok(horizon) = row.horizon.parse::<Horizon>() else {
        return Row {
            state: State::Void,
            ..row
        };
    };
    let made = row.made_at.date_naive();
    let terms = Terms {
        direction: row.direction,
        horizon,
        made,
        known: row.known.date,
    };
    let bar = |at: usize| history.and_then(|history| history.bars.get(at));
    let entry_of = |at: usize| {
        bar(at).map(|bar| Mark {
            date: bar.date,
            price: bar.open,
        })
    };
    match rules::judge(&terms, bars, now.date_naive()) {
        Judgement::Open { entry } => {
            let entry = entry.and_then(entry_of);
            // Between its first and its last day there is nothing to look at.
            let after = row.due.succ_opt().unwrap_or(row.due);
            let after = after.and_time(chrono::NaiveTime::MIN).and_utc();
            let look_at = if entry.is_some() {
                after.max(now + AGAIN)
            } else {
                now + AGAIN
            };
            Row {
                entry,
                look_at,
                ..row
            }
        }
        Judgement::Scored { entry, exit, score } => Row {
            state: State::Scored,
            entry: entry_of(entry),
            exit: bar(exit).map(|bar| Mark {
                date: bar.date,
                price: bar.close,
            }),
            score: Some(score),
            ..row
        },
        Judgement::Void => Row {
            state: State::Void,
            ..row
        },
    }
}
