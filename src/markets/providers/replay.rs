//! The bundled days, replayed as a moving market. The position follows from the time since the
//! start, which is in the database: after a restart the replay is where it would have been.

use super::{Answered, History, MarketData, ProviderFailure, Quote, Source, Symbol, sample};
use crate::{
    markets::{
        rules::replay::{self, Position},
        store,
    },
    platform::database::Database,
    shared::{Result, Timestamp, time::now},
};
use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use std::sync::Arc;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The replay as a data source.
pub struct Replay {
    db: Database,
    seconds: u32,
    /// Days of the replay.
    days: Vec<NaiveDate>,
    started: OnceCell<Timestamp>,
}

impl Replay {
    /// A replay from the first bundled day on or after `from`, with one day in this many seconds;
    /// `None`: no such day.
    pub fn new(db: Database, seconds: u32, from: NaiveDate) -> Option<Self> {
        let days: Vec<_> = sample::days().filter(|day| *day >= from).collect();
        (!days.is_empty()).then(|| Self {
            db,
            seconds,
            days,
            started: OnceCell::new(),
        })
    }

    /// Returns the position at a moment.
    async fn position(&self, at: Timestamp) -> std::result::Result<Position, ProviderFailure> {
        let started = self.started.get_or_try_init(|| self.start());
        let started = started.await.map_err(|error| {
            tracing::error!(error.cause = %error, "storing the start of the replay failed");
            ProviderFailure::Unusable("a replay without a beginning")
        })?;
        Ok(self.position_at(*started, at))
    }

    fn position_at(&self, started: Timestamp, now: Timestamp) -> Position {
        replay::position(now - started, self.seconds, self.days.len())
    }

    async fn start(&self) -> Result<Timestamp> {
        let first = self.days.first().copied().unwrap_or_default();
        let seconds = i32::try_from(self.seconds).unwrap_or(i32::MAX);
        let starting = move |tx| async move { store::replay(&tx, first, seconds, now()).await };
        self.db.write(Uuid::nil(), starting).await
    }

    /// Returns the history up to a position; its last day is the running one.
    fn past(&self, symbol: &Symbol, position: Position) -> Option<History> {
        let whole = sample::history(symbol)?;
        let first = self.days.first()?;
        let today = self.days.get(position.day)?;
        let closed = whole.bars.partition_point(|bar| bar.date < *today);
        let mut bars = whole.bars.get(..closed)?.to_vec();
        let running = whole.bars.get(closed).filter(|bar| bar.date == *today);
        bars.extend(running.map(|bar| replay::so_far(bar, position.step)));
        if bars.is_empty() {
            return None;
        }
        // Prices are adjusted for all splits, those still to come included; during the replay a
        // split changes nothing and is not reported.
        let splits = whole.splits.iter().flatten();
        let splits = splits.filter(|split| split.date < *first);
        Some(History {
            bars,
            splits: Some(splits.copied().collect()),
            source: Source::Replay,
        })
    }

    fn price(&self, symbol: &Symbol, position: Position) -> Option<Quote> {
        let whole = sample::history(symbol)?;
        let today = self.days.get(position.day)?;
        let closed = whole.bars.partition_point(|bar| bar.date < *today);
        let before = whole.bars.get(..closed)?;
        let running = whole.bars.get(closed).filter(|bar| bar.date == *today);
        let running = running.map(|bar| replay::so_far(bar, position.step));
        let time = running.is_some().then(|| replay::time(position.step));
        let (bar, before) = match running {
            Some(bar) => (bar, before),
            // The symbol was not traded on this day.
            None => before
                .split_last()
                .map(|(bar, before)| (bar.clone(), before))?,
        };
        Some(Quote {
            symbol: symbol.to_string(),
            price: bar.close,
            open: Some(bar.open),
            high: Some(bar.high),
            low: Some(bar.low),
            previous_close: before.last().map(|bar| bar.close),
            volume: Some(bar.volume),
            date: bar.date,
            time,
            source: Source::Replay,
        })
    }
}

#[async_trait]
impl MarketData for Replay {
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        Ok(self.price(symbol, self.position(now()).await?))
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        Ok(self.past(symbol, self.position(now()).await?).map(Arc::new))
    }

    async fn is_over(&self) -> bool {
        let last = self.days.len().saturating_sub(1);
        let position = self.position(now()).await;
        position.is_ok_and(|now| now.day >= last && now.step >= replay::STEPS)
    }

    async fn clock(&self, at: Timestamp) -> Answered<Timestamp> {
        let position = self.position(at).await?;
        let today = self.days.get(position.day);
        Ok(today.map(|today| today.and_time(replay::time(position.step)).and_utc()))
    }

    fn day(&self) -> TimeDelta {
        TimeDelta::seconds(self.seconds.into())
    }

    fn source(&self) -> Source {
        Source::Replay
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sample;
    use super::*;
    use crate::testing::TestDb;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn symbol(code: &str) -> Symbol {
        code.parse().unwrap()
    }

    #[tokio::test]
    async fn days_close_as_they_were_and_stay() {
        let test = TestDb::sqlite().await;
        let play = Replay::new(test.db.clone(), 10, day("2012-06-02")).unwrap();
        assert_eq!(
            play.days[0],
            day("2012-06-04"),
            "the first one that was traded"
        );
        let aapl = symbol("AAPL.US");
        let whole = Sample.history(&aapl).await.unwrap().unwrap();
        let start = now();
        let mut before: Option<History> = None;
        for second in (0..2000).step_by(7) {
            let position = play.position_at(start, start + TimeDelta::seconds(second));
            let past = play.past(&aapl, position).unwrap();
            let quote = play.price(&aapl, position).unwrap();
            let (running, closed) = past.bars.split_last().unwrap();
            assert_eq!(closed, &whole.bars[..closed.len()]);
            assert_eq!(running.date, whole.bars[closed.len()].date, "its own date");
            assert_eq!((quote.price, quote.date), (running.close, running.date));
            assert_eq!(quote.previous_close, closed.last().map(|bar| bar.close));
            assert_eq!(
                (quote.high, quote.volume),
                (Some(running.high), Some(running.volume))
            );
            if let Some(before) = before {
                assert!(past.bars.starts_with(&before.bars[..before.bars.len() - 1]));
            }
            before = Some(past);
        }
        // 188 days of ten seconds: the replay has ended.
        assert_eq!(before.unwrap().bars, whole.bars);
        assert_eq!(
            play.past(&symbol("XXXX"), Position { day: 0, step: 0 }),
            None
        );
        drop(play);
        test.stop().await;
    }

    #[tokio::test]
    async fn what_is_still_to_come_is_not_told() {
        let test = TestDb::sqlite().await;
        let play = Replay::new(test.db.clone(), 10, day("2004-08-16")).unwrap();
        let start = Position { day: 0, step: 0 };
        let aapl = play.past(&symbol("AAPL"), start).unwrap();
        assert_eq!(
            aapl.splits.unwrap().len(),
            1,
            "the one of 2000, not that of 2005"
        );
        assert_eq!(
            play.price(&symbol("GOOG"), start),
            None,
            "traded since the 19th"
        );
        let later = Position { day: 3, step: 5 };
        let goog = play.price(&symbol("GOOG"), later).unwrap();
        assert_eq!((goog.date, goog.previous_close), (day("2004-08-19"), None));
        assert_eq!(goog.time.unwrap().to_string(), "09:55:00");
        assert!(Replay::new(test.db.clone(), 10, day("2013-03-02")).is_none());
        drop(play);
        test.stop().await;
    }

    #[tokio::test]
    async fn a_restart_goes_on() {
        TestDb::each(|db| async move {
            let from = day("2012-06-01");
            let first = Replay::new(db.clone(), 60, from).unwrap();
            assert!(first.quote(&symbol("IBM")).await.unwrap().is_some());
            let again = Replay::new(db.clone(), 60, from).unwrap();
            assert!(again.history(&symbol("IBM")).await.unwrap().is_some());
            // Its clock shows the replayed day.
            let started = *first.started.get().unwrap();
            let at = async |seconds| {
                let at = started + TimeDelta::seconds(seconds);
                again.clock(at).await.unwrap().unwrap().to_string()
            };
            assert_eq!(at(0).await, "2012-06-01 09:30:00 UTC");
            assert_eq!(at(59).await, "2012-06-01 15:55:00 UTC");
            assert_eq!(at(60).await, "2012-06-04 09:30:00 UTC");
            assert_eq!(at(i64::from(u32::MAX)).await, "2013-03-01 16:00:00 UTC");
            assert_eq!(again.day(), TimeDelta::minutes(1));
            assert_eq!(first.started.get(), again.started.get());
            assert!(first.started.initialized());
        })
        .await;
    }
}
