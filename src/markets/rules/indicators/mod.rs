//! Indicators: pure, bar by bar, with the definitions of TA-Lib.
//!
//! Each takes one bar after the other and returns a value or none: during its warm-up and where it
//! is not defined (a flat series has no RSI) there is no value, never a zero. Past values never
//! change: nothing looks ahead. A whole series is the same code, bar by bar.
//!
//! Prices must be finite, positive and adjusted for splits.

mod averages;
mod candle;
mod columns;
mod momentum;
mod study;
mod text;
mod trend;
mod volatility;
mod window;

#[cfg(test)]
mod tests;

pub use averages::{Ema, Kama, Sma, Wilder, Wma};
pub use candle::Candle;
pub use columns::{Line, Past, over};
pub use momentum::{Cci, Mfi, Roc, Rsi, Stochastic, StochasticLines, Ultimate, WilliamsR};
pub use study::{MAX_PERIOD, Pane, Running, Study, Values};
pub use trend::{
    Adx, AdxLines, DirectionLines, Directional, Ichimoku, IchimokuLines, Macd, MacdLines, Sar,
};
pub use volatility::{Atr, Bands, Bollinger, Obv, Vwap};
pub use window::{Range, Window};

use crate::markets::Bar;
use rust_decimal::prelude::ToPrimitive;

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
