//! A bar as `f64`.

use chrono::NaiveDate;

/// Prices of one day as `f64`, for computation. Money is never computed from them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candle {
    pub date: NaiveDate,
    pub open: f64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    /// Number of shares traded.
    pub volume: f64,
}

impl Candle {
    /// Returns the mean of high, low and close.
    #[inline]
    pub fn typical(&self) -> f64 {
        (self.high + self.low + self.close) / 3.0
    }

    /// Returns the range of the day, including the gap to the previous close.
    #[inline]
    pub fn true_range(&self, before: f64) -> f64 {
        let gap = greater((self.high - before).abs(), (self.low - before).abs());
        greater(self.high - self.low, gap)
    }
}

/// Returns the greater number: one instruction, while `f64::max` also checks for NaN.
#[inline(always)]
pub(super) fn greater(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}

/// Returns the lesser number.
#[inline(always)]
pub(super) fn lesser(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}
