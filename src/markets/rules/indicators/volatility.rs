//! Volatility and volume: Bollinger bands, ATR, OBV, VWAP.

use super::{
    Candle,
    averages::Wilder,
    window::{Window, sum_of},
};

/// The lines of Bollinger bands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    /// `width` deviations above the mean.
    pub upper: f64,
    /// The mean.
    pub middle: f64,
    /// `width` deviations below the mean.
    pub lower: f64,
}

/// Bollinger bands: mean and deviation of the whole window (not of a sample).
#[derive(Clone, Debug)]
pub struct Bollinger {
    window: Window,
    width: f64,
    mean: f64,
    /// Sum of squared distances from the mean.
    squares: f64,
}

impl Bollinger {
    /// Usually 20 and 2.
    pub fn new(period: usize, width: f64) -> Self {
        Self {
            window: Window::new(period),
            width,
            mean: 0.0,
            squares: 0.0,
        }
    }

    /// Adds the next close.
    #[inline(always)]
    pub fn next(&mut self, close: f64) -> Option<Bands> {
        let part = 1.0 / self.window.length() as f64;
        let out = self.window.push(close);
        if self.window.is_new_round() {
            let mean = self.window.sum() * part;
            self.mean = mean;
            self.squares = sum_of(self.window.values(), |value| (value - mean).powi(2));
        } else if let Some(out) = out {
            // Welford's update with one value in and one out.
            let before = self.mean;
            self.mean += (close - out) * part;
            self.squares += (close - out) * (close - self.mean + out - before);
        }
        if !self.window.is_full() {
            return None;
        }
        let reach = self.width * (self.squares.max(0.0) * part).sqrt();
        Some(Bands {
            upper: self.mean + reach,
            middle: self.mean,
            lower: self.mean - reach,
        })
    }
}

/// Wilder's average true range. The first bar has none, for lack of a previous close.
#[derive(Clone, Debug)]
pub struct Atr {
    before: Option<f64>,
    mean: Wilder,
}

impl Atr {
    /// Usually 14.
    pub fn new(period: usize) -> Self {
        Self {
            before: None,
            mean: Wilder::new(period),
        }
    }

    /// Adds the next bar.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let before = self.before.replace(bar.close)?;
        self.mean.next(bar.true_range(before))
    }
}

/// On-balance volume: volume on rises minus volume on falls; an equal close counts for neither.
#[derive(Clone, Debug, Default)]
pub struct Obv {
    before: Option<f64>,
    sum: f64,
}

impl Obv {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next bar.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        self.sum += match self.before.replace(bar.close) {
            None => bar.volume,
            // Two separate conditions instead of a branch, which no processor can predict.
            Some(before) => {
                let rise = if bar.close > before { bar.volume } else { 0.0 };
                let fall = if bar.close < before { bar.volume } else { 0.0 };
                rise - fall
            }
        };
        Some(self.sum)
    }
}

/// Volume-weighted average price since an anchor: the first bar that it gets.
#[derive(Clone, Debug, Default)]
pub struct Vwap {
    value: f64,
    volume: f64,
}

impl Vwap {
    /// Anchored at the next bar.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next bar; `None` before anything was traded.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        self.value += bar.typical() * bar.volume;
        self.volume += bar.volume;
        (self.volume > 0.0).then(|| self.value / self.volume)
    }
}
