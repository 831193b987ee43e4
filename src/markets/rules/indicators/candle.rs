//! A bar as figures.

use chrono::NaiveDate;

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
    #[inline]
    pub fn typical(&self) -> f64 {
        (self.high + self.low + self.close) / 3.0
    }

    /// The range of the day, with the gap to the close before.
    #[inline]
    pub fn true_range(&self, before: f64) -> f64 {
        let gap = greater((self.high - before).abs(), (self.low - before).abs());
        greater(self.high - self.low, gap)
    }
}

/// The greater of two figures: one instruction, where the one of the library asks whether they are
/// figures.
#[inline(always)]
pub(super) fn greater(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}

/// The lesser of two figures.
#[inline(always)]
pub(super) fn lesser(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}
