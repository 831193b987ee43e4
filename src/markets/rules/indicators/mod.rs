//! Indicators: pure, bar by bar, with the definitions of TA-Lib.
//!
//! Each takes one bar after the other and answers with a value or with nothing: during its warm-up
//! and where it is not defined (a flat series has no RSI) there is no value, never a zero. Past
//! values never change: nothing looks ahead. A whole series is the same code, bar by bar.
//!
//! Prices have to be finite, positive where they are prices, and free of splits.

mod averages;
mod momentum;
mod study;
mod trend;
mod volatility;
mod window;

#[cfg(test)]
mod tests;

pub use averages::{Ema, Sma, Wilder, Wma};
pub use momentum::{Cci, Mfi, Roc, Rsi, Stochastic, StochasticLines, WilliamsR};
pub use study::{MAX_PERIOD, Pane, Running, Study, Values};
pub use trend::{Adx, AdxLines, Ichimoku, IchimokuLines, Macd, MacdLines, Sar};
pub use volatility::{Atr, Bands, Bollinger, Obv, Vwap};
pub use window::{Extreme, Window};

use crate::markets::Bar;
use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;

/// The prices of one day as figures to compute with. Money is never counted in these.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candle {
    /// The day.
    pub date: NaiveDate,
    /// The first price.
    pub open: f64,
    /// The highest.
    pub high: f64,
    /// The lowest.
    pub low: f64,
    /// The last.
    pub close: f64,
    /// Units traded.
    pub volume: f64,
}

impl Candle {
    /// The mean of high, low and close.
    #[must_use]
    pub fn typical(&self) -> f64 {
        (self.high + self.low + self.close) / 3.0
    }

    /// The range of the day, with the gap to the close before.
    #[must_use]
    pub fn true_range(&self, before: f64) -> f64 {
        (self.high - self.low)
            .max((self.high - before).abs())
            .max((self.low - before).abs())
    }
}

impl From<&Bar> for Candle {
    fn from(bar: &Bar) -> Self {
        let figure = |price: rust_decimal::Decimal| price.to_f64().unwrap_or(f64::NAN);
        Self {
            date: bar.date,
            open: figure(bar.open),
            high: figure(bar.high),
            low: figure(bar.low),
            close: figure(bar.close),
            volume: bar.volume as f64,
        }
    }
}
