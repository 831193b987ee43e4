//! Types of an instrument's page and its chart.

use super::{Bar, History, Instrument, Quote, Source, Split};
use crate::markets::rules::indicators::Candle;
use crate::markets::rules::ratings::{Model, Rating, Record};
use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// What an instrument's page shows before its chart is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstrumentPage {
    /// Reference data, if known.
    pub instrument: Option<Instrument>,
    pub quote: Quote,
    /// Last days, oldest first.
    pub recent: Vec<Bar>,
}

/// A technical rating with its track record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rated {
    /// `None`: no prices.
    pub rating: Option<Rating>,
    /// Track record of such ratings; `None`: the history is too short.
    pub record: Option<Record>,
    /// Probability of a rise by the model, with its own track record; `None`: the history is too
    /// short, or the model was not requested.
    pub model: Option<Model>,
    /// Day whose close is rated.
    pub as_of: Option<NaiveDate>,
    pub source: Source,
}

/// A member's trade on a day, as a mark on a chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    pub date: NaiveDate,
    /// Price, adjusted to today's shares.
    pub price: f64,
    /// true: bought; false: sold.
    pub bought: bool,
}

/// Price history in columns, oldest day first, from which the browser computes charts and
/// indicators. For display; money is never computed from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Columns {
    /// Days since 1970-01-01.
    pub days: Vec<i32>,
    pub open: Vec<f64>,
    pub high: Vec<f64>,
    pub low: Vec<f64>,
    pub close: Vec<f64>,
    /// Number of shares traded.
    pub volume: Vec<u64>,
    /// Splits that the prices are adjusted for.
    pub splits: Vec<Split>,
    pub source: Source,
}

/// Day number of 1970-01-01, counted from the first day of year 1.
const EPOCH: i32 = 719_163;

impl From<&History> for Columns {
    fn from(history: &History) -> Self {
        let bars = &history.bars;
        let figures = |of: fn(&Bar) -> Decimal| -> Vec<f64> {
            let figure = |bar: &Bar| of(bar).to_f64().unwrap_or(f64::NAN);
            bars.iter().map(figure).collect()
        };
        let day = |bar: &Bar| bar.date.num_days_from_ce() - EPOCH;
        Self {
            days: bars.iter().map(day).collect(),
            open: figures(|bar| bar.open),
            high: figures(|bar| bar.high),
            low: figures(|bar| bar.low),
            close: figures(|bar| bar.close),
            volume: bars.iter().map(|bar| bar.volume).collect(),
            splits: history.splits.clone().unwrap_or_default(),
            source: history.source,
        }
    }
}

impl Columns {
    /// Returns the bars one by one.
    pub fn candles(&self) -> Vec<Candle> {
        let candle = |(at, day): (usize, &i32)| {
            Some(Candle {
                date: NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH)?)?,
                open: *self.open.get(at)?,
                high: *self.high.get(at)?,
                low: *self.low.get(at)?,
                close: *self.close.get(at)?,
                volume: *self.volume.get(at)? as f64,
            })
        };
        let days = self.days.iter().enumerate();
        days.filter_map(candle).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_every_bar() {
        let price = |text: &str| text.parse::<Decimal>().unwrap();
        let bar = |day: &str, close: &str| Bar {
            date: day.parse().unwrap(),
            open: price("1.5"),
            high: price("3"),
            low: price("1.25"),
            close: price(close),
            volume: 7,
        };
        let history = History {
            bars: vec![bar("1969-12-31", "2.5"), bar("2013-03-01", "2.75")],
            splits: None,
            source: Source::Sample,
        };
        let columns = Columns::from(&history);
        assert_eq!(columns.days, [-1, 15_765]);
        let candles: Vec<Candle> = history.bars.iter().map(Candle::from).collect();
        assert_eq!(columns.candles(), candles);
    }
}
