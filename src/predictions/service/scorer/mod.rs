//! Scores predictions that are due.

use super::{Row, Service, store};
use crate::markets::{History, Split, indicators::Candle};
use crate::notifications::NewNotification;
use crate::platform::{
    database::Tx,
    tasks::{Worker, blocking},
};
use crate::predictions::model::{Mark, Settled, State, made_on};
use crate::predictions::rules::{self, Horizon, Judgement, Terms};
use crate::shared::{Result, Timestamp, time};
use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often due predictions are loaded, at least: the days of a replay pass faster.
const EVERY: Duration = Duration::from_mins(10);
/// Predictions judged together, and stored in one transaction.
const TOGETHER: u64 = 100;
/// Retry interval for missing prices.
const AGAIN: TimeDelta = TimeDelta::hours(6);
/// Retry interval when they have been missing for [`RARELY`].
const DAILY: TimeDelta = TimeDelta::days(1);
const RARELY: TimeDelta = TimeDelta::days(10);

/// The worker that scores predictions. It has no state of its own: it loads due predictions from
/// the database, and stores results only where the prediction is still open. So several can run,
/// and stop anywhere.
pub struct Scorer(pub Service);

#[async_trait]
impl Worker for Scorer {
    fn name(&self) -> &'static str {
        "predictions.scorer"
    }

    async fn run(&mut self, cancel: CancellationToken) {
        let day = self.0.inner.markets.day().to_std().unwrap_or(EVERY);
        loop {
            if let Err(error) = self.0.score_due(time::now(), &cancel).await {
                tracing::warn!(error.cause = %error, "scoring predictions failed; retrying later");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY.min(day)) => {}
                () = cancel.cancelled() => break,
            }
        }
    }
}

/// The moment of a check.
#[derive(Clone, Copy)]
struct Moment {
    now: Timestamp,
    /// The market's day.
    today: NaiveDate,
    /// How long a day of the market takes.
    day: TimeDelta,
}

impl Service {
    /// Checks all predictions that are due at `now`, page by page; returns their number.
    pub async fn score_due(&self, now: Timestamp, cancel: &CancellationToken) -> Result<usize> {
        let markets = &self.inner.markets;
        let moment = Moment {
            now,
            today: markets.clock(now).await?.date_naive(),
            day: markets.day(),
        };
        let mut looked = 0;
        while !cancel.is_cancelled() {
            let rows = store::due(&self.inner.db, now, TOGETHER).await?;
            let count = rows.len();
            if count == 0 {
                break;
            }
            let rows = self.look_at(rows, moment).await?;
            // Each is due later than `now` from here on, so the next page has others.
            let service = self.clone();
            let job = move |tx: Tx| async move {
                let settled = store::settle(&tx, rows).await?;
                let new = settled.iter().filter_map(notification);
                let new = new.collect::<Result<Vec<_>>>()?;
                service.inner.notifications.notify(&tx, new).await
            };
            self.inner.db.write(Uuid::nil(), job).await?;
            self.inner.boards.forget();
            looked += count;
        }
        Ok(looked)
    }

    /// Judges predictions by current prices. If prices cannot be loaded, retries later.
    async fn look_at(&self, rows: Vec<Row>, moment: Moment) -> Result<Vec<Row>> {
        let mut symbols: Vec<_> = rows.iter().map(|row| row.symbol.clone()).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let histories = self.inner.markets.histories(&symbols).await;
        let known: HashMap<String, Option<Arc<History>>> = symbols
            .into_iter()
            .zip(histories)
            // A source that fails says nothing about its prices.
            .filter_map(|(symbol, history)| Some((symbol, history.ok()?)))
            .collect();
        blocking(move || {
            let candles = |history: &Arc<History>| -> Vec<Candle> {
                history.bars.iter().map(Candle::from).collect()
            };
            let candles: HashMap<_, _> = known
                .iter()
                .map(|(symbol, history)| {
                    // No history says as little as one that ended before the prediction.
                    let bars = history.as_ref().map(candles).unwrap_or_default();
                    (symbol.clone(), bars)
                })
                .collect();
            let look = |row: Row| {
                let history = known.get(&row.symbol).and_then(Option::as_ref);
                match candles.get(&row.symbol) {
                    Some(bars) => judged(row, bars, history, moment),
                    None => Row {
                        look_at: moment.now + AGAIN.min(moment.day),
                        ..row
                    },
                }
            };
            rows.into_iter().map(look).collect()
        })
        .await
    }
}

/// Notification of a prediction's author that it was scored or is void; none while it is open.
/// Rialto's own predictions have no author.
fn notification(row: &Row) -> Option<Result<NewNotification>> {
    let author = row.author.filter(|_| row.state != State::Open)?;
    let settled = Settled {
        symbol: row.symbol.clone(),
        direction: row.direction,
        horizon: row.horizon.clone(),
        score: row.score,
    };
    let subject = row.id.to_string();
    Some(NewNotification::new(
        author,
        Settled::KIND,
        subject,
        &settled,
    ))
}

/// Judges a prediction by its prices.
fn judged(row: Row, bars: &[Candle], history: Option<&Arc<History>>, moment: Moment) -> Row {
    let Ok(horizon) = row.horizon.parse::<Horizon>() else {
        return Row {
            state: State::Void,
            ..row
        };
    };
    let terms = Terms {
        direction: row.direction,
        horizon,
        made: made_on(row.source, row.known.date, row.made_at),
        known: row.known.date,
    };
    let today = moment.today;
    let bar = |at: usize| history.and_then(|history| history.bars.get(at));
    let opened = |at: usize| {
        let bar = bar(at)?;
        let (date, price) = (bar.date, bar.open);
        Some(Mark { date, price })
    };
    let closed = |at: usize| {
        let bar = bar(at)?;
        let (date, price) = (bar.date, bar.close);
        Some(Mark { date, price })
    };
    let told = history.and_then(|history| history.splits.as_deref());
    let noted = row.entry;
    // The source no longer has the first price, but the prediction does.
    let begun = noted.filter(|noted| {
        let forgotten = bars.first().is_some_and(|bar| bar.date > noted.date);
        let split = |splits: &[Split]| splits.iter().any(|split| split.date > noted.date);
        forgotten && told.is_some_and(|splits| !split(splits))
    });
    if let Some(noted) = begun
        && let Some((exit, score)) = rules::judge_from(&terms, &noted, bars, today)
    {
        return Row {
            state: State::Scored,
            exit: closed(exit),
            score: Some(score),
            ..row
        };
    }
    // Prices with another entry do not match the stored one.
    let stands = |entry: usize| match (noted, opened(entry)) {
        (Some(noted), Some(found)) => rules::is_same(&noted, &found, told),
        (_, found) => found.is_some(),
    };
    match rules::judge(&terms, bars, today) {
        Judgement::Scored { entry, exit, score } if stands(entry) => Row {
            state: State::Scored,
            entry: opened(entry),
            exit: closed(exit),
            score: Some(score),
            ..row
        },
        Judgement::Open { entry: Some(entry) } if stands(entry) => Row {
            entry: noted.or_else(|| opened(entry)),
            look_at: next_look(&row, true, moment),
            ..row
        },
        // After an entry was stored, missing days do not make it void: they had prices before.
        Judgement::Void if noted.is_none() => Row {
            state: State::Void,
            ..row
        },
        _ if rules::given_up(row.due, today) => Row {
            state: State::Void,
            ..row
        },
        _ => Row {
            look_at: next_look(&row, noted.is_some(), moment),
            ..row
        },
    }
}

/// When to check an open prediction next. Between its first and its last day there is nothing to
/// check.
fn next_look(row: &Row, begun: bool, moment: Moment) -> Timestamp {
    let Moment { now, day, .. } = moment;
    if day < DAILY {
        // A replay skips days, so how long its horizon takes is not known.
        return now + day;
    }
    let after = row.due.succ_opt().unwrap_or(row.due);
    let after = after.and_time(chrono::NaiveTime::MIN).and_utc();
    let soon = [row.made_at, after].into_iter().any(|at| {
        let since = now - at;
        since >= TimeDelta::zero() && since < RARELY
    });
    let next = now + if soon { AGAIN } else { DAILY };
    if begun { after.max(next) } else { next }
}

#[cfg(test)]
mod tests;
