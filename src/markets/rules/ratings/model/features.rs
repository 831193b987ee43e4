//! Features of the model. None has a unit: in another currency, or with shares of another size,
//! they are the same.

use crate::markets::rules::indicators::{Atr, Candle, Macd, Rsi, Sma, Window};
use serde::{Deserialize, Serialize};

pub const COUNT: usize = 8;

/// Features of a day, in the order of [`FEATURES`].
pub type Row = [f64; COUNT];

/// Feature of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Logarithm of the close over that of 5 days before.
    Week,
    /// The same over 20 days.
    Month,
    /// The same over 120 days.
    HalfYear,
    /// RSI 14.
    Rsi,
    /// Distance of the close from its 50-day mean, in average true ranges.
    Distance,
    /// Histogram of the MACD, in average true ranges.
    Macd,
    /// Logarithm of the deviation of 20 daily returns over that of 120.
    Volatility,
    /// Logarithm of the mean volume of 5 days over that of 60.
    Volume,
}

pub const FEATURES: [Feature; COUNT] = [
    Feature::Week,
    Feature::Month,
    Feature::HalfYear,
    Feature::Rsi,
    Feature::Distance,
    Feature::Macd,
    Feature::Volatility,
    Feature::Volume,
];

/// Deviation of the last values: the mean of squares minus the square of the mean.
struct Deviation {
    mean: Sma,
    squares: Sma,
}

impl Deviation {
    fn new(period: usize) -> Self {
        Self {
            mean: Sma::new(period),
            squares: Sma::new(period),
        }
    }

    fn next(&mut self, value: f64) -> Option<f64> {
        let (mean, squares) = (self.mean.next(value), self.squares.next(value * value));
        let (mean, squares) = (mean?, squares?);
        let variance = squares - mean * mean;
        // Rounding leaves a small variance in equal values.
        (variance > squares * f64::EPSILON * 16.0).then(|| variance.sqrt())
    }
}

/// Returns the logarithm of a ratio; `None` unless both numbers are above zero.
fn log_ratio(above: Option<f64>, below: Option<f64>) -> Option<f64> {
    let (above, below) = (above?, below?);
    (above > 0.0 && below > 0.0).then(|| (above / below).ln())
}

/// Returns the features of every day; `None` until all of them are defined, and where one is not.
pub fn rows(bars: &[Candle]) -> Vec<Option<Row>> {
    let mut closes = [5, 20, 120].map(Window::new);
    let (mut short, mut long) = (Deviation::new(20), Deviation::new(120));
    let (mut traded, mut usual) = (Sma::new(5), Sma::new(60));
    let (mut rsi, mut atr) = (Rsi::new(14), Atr::new(14));
    let (mut macd, mut mean) = (Macd::new(12, 26, 9), Sma::new(50));
    let mut before: Option<f64> = None;
    let mut row = |bar: &Candle| -> Option<Row> {
        // All are updated before any of them can end this day early.
        let [week, month, half] = &mut closes;
        let close = Some(bar.close);
        let week = log_ratio(close, week.push(bar.close));
        let month = log_ratio(close, month.push(bar.close));
        let half = log_ratio(close, half.push(bar.close));
        let change = log_ratio(close, before.replace(bar.close));
        let volatility = change.and_then(|change| {
            let (short, long) = (short.next(change), long.next(change));
            log_ratio(short, long)
        });
        let volume = log_ratio(traded.next(bar.volume), usual.next(bar.volume));
        let range = atr.next(bar).filter(|range| *range > 0.0);
        let rsi = rsi.next(bar.close);
        let macd = macd.next(bar.close);
        let mean = mean.next(bar.close);
        let range = range?;
        let row = [
            week?,
            month?,
            half?,
            rsi?,
            (bar.close - mean?) / range,
            macd?.histogram / range,
            volatility?,
            volume?,
        ];
        row.iter().all(|value| value.is_finite()).then_some(row)
    };
    bars.iter().map(&mut row).collect()
}
