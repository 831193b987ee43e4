//! Momentum, and the place of a price in its range: RSI, stochastic, CCI, ROC, Williams %R, MFI,
//! the ultimate oscillator.

use super::{
    Candle,
    averages::{Sma, Wilder},
    candle::{greater, lesser},
    window::{Range, Window, sum_of},
};

/// Wilder's relative strength index, 0 to 100; undefined if nothing moved.
#[derive(Clone, Debug)]
pub struct Rsi {
    before: Option<f64>,
    gain: Wilder,
    loss: Wilder,
}

impl Rsi {
    /// Usually 14.
    pub fn new(period: usize) -> Self {
        Self {
            before: None,
            gain: Wilder::new(period),
            loss: Wilder::new(period),
        }
    }

    /// Adds the next close.
    #[inline(always)]
    pub fn next(&mut self, close: f64) -> Option<f64> {
        let change = close - self.before.replace(close)?;
        let gain = self.gain.next(greater(change, 0.0));
        let loss = self.loss.next(greater(-change, 0.0));
        let (gain, loss) = (gain?, loss?);
        share(gain, gain + loss)
    }
}

/// Returns a part of the whole in %; `None`: the whole is zero.
#[inline]
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| 100.0 * part / whole)
}

/// Returns the distance of the close from the lowest low in % of the range.
#[inline(always)]
fn place(range: &mut Range, bar: &Candle) -> Option<f64> {
    let (high, low) = range.next(bar.high, bar.low)?;
    share(bar.close - low, high - low)
}

/// The lines of the stochastic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StochasticLines {
    /// %K, 0 to 100.
    pub k: f64,
    /// %D, the mean of %K.
    pub d: f64,
}

/// The stochastic oscillator. With a smoothing of 1 it is the fast one.
#[derive(Clone, Debug)]
pub struct Stochastic {
    range: Range,
    k: Sma,
    d: Sma,
}

impl Stochastic {
    /// Usually 14, 3 and 3.
    pub fn new(period: usize, smooth_k: usize, smooth_d: usize) -> Self {
        Self {
            range: Range::new(period),
            k: Sma::new(smooth_k),
            d: Sma::new(smooth_d),
        }
    }

    /// Adds the next bar. Smoothing starts again where the range is zero.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<StochasticLines> {
        let Some(place) = place(&mut self.range, bar) else {
            self.k.clear();
            self.d.clear();
            return None;
        };
        let k = self.k.next(place)?;
        let d = self.d.next(k)?;
        Some(StochasticLines { k, d })
    }
}

/// Williams %R, -100 to 0.
#[derive(Clone, Debug)]
pub struct WilliamsR(Range);

impl WilliamsR {
    /// Usually 14.
    pub fn new(period: usize) -> Self {
        Self(Range::new(period))
    }

    /// Adds the next bar.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        place(&mut self.0, bar).map(|place| place - 100.0)
    }
}

/// Commodity channel index: distance of the typical price from its mean, in mean deviations.
#[derive(Clone, Debug)]
pub struct Cci {
    window: Window,
    sum: f64,
}

impl Cci {
    /// Usually 20.
    pub fn new(period: usize) -> Self {
        Self {
            window: Window::new(period),
            sum: 0.0,
        }
    }

    /// Adds the next bar.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let typical = bar.typical();
        let n = self.window.length() as f64;
        // Computes the sum and the deviations without reading the new value from the window: a
        // processor waits before it reads what it has just written.
        let out = self.window.next_out();
        let sum = self.sum + (typical - out.unwrap_or(0.0));
        let mean = sum / n;
        let others = sum_of(self.window.values(), |value| (value - mean).abs());
        let gone = out.map_or(0.0, |out| (out - mean).abs());
        let deviation = (others - gone + (typical - mean).abs()) / n;
        self.window.push(typical);
        self.sum = if self.window.is_new_round() {
            self.window.sum()
        } else {
            sum
        };
        if !self.window.is_full() {
            return None;
        }
        // Rounding leaves a small deviation in a flat series.
        (deviation > mean.abs() * f64::EPSILON * 8.0)
            .then(|| (typical - mean) / (0.015 * deviation))
    }
}

/// Rate of change since the close `period` bars ago, in %.
#[derive(Clone, Debug)]
pub struct Roc {
    window: Window,
}

impl Roc {
    /// Usually 12.
    pub fn new(period: usize) -> Self {
        Self {
            window: Window::new(period),
        }
    }

    /// Adds the next close.
    #[inline(always)]
    pub fn next(&mut self, close: f64) -> Option<f64> {
        let before = self.window.push(close)?;
        (before != 0.0).then(|| (close / before - 1.0) * 100.0)
    }
}

/// Money flow index, 0 to 100: the share of turnover on bars whose typical price rose.
#[derive(Clone, Debug)]
pub struct Mfi {
    before: Option<f64>,
    /// Turnover of rises and of falls.
    flows: Window<(f64, f64)>,
    sums: (f64, f64),
}

impl Mfi {
    /// Usually 14.
    pub fn new(period: usize) -> Self {
        Self {
            before: None,
            flows: Window::new(period),
            sums: (0.0, 0.0),
        }
    }

    /// Adds the next bar.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let typical = bar.typical();
        let before = self.before.replace(typical)?;
        let flow = typical * bar.volume;
        // Equal prices in cents can differ in the last digit, because their sums are rounded
        // differently.
        let least = 4.0 * f64::EPSILON * before;
        let up = if typical - before > least { flow } else { 0.0 };
        let down = if before - typical > least { flow } else { 0.0 };
        let out = self.flows.push((up, down)).unwrap_or_default();
        self.sums.0 += up - out.0;
        self.sums.1 += down - out.1;
        if self.flows.is_new_round() {
            self.sums = self.flows.sums();
        }
        let (up, down) = (self.sums.0.max(0.0), self.sums.1.max(0.0));
        self.flows.is_full().then(|| share(up, up + down))?
    }
}

/// Ultimate oscillator, 0 to 100: buying pressure over range of three spans, each with twice the
/// weight of the next longer one.
#[derive(Clone, Debug)]
pub struct Ultimate {
    before: Option<f64>,
    short: Pressed,
    middle: Pressed,
    long: Pressed,
}

/// Buying pressure and range over one span.
#[derive(Clone, Debug)]
struct Pressed {
    window: Window<(f64, f64)>,
    sums: (f64, f64),
}

impl Pressed {
    fn new(period: usize) -> Self {
        Self {
            window: Window::new(period),
            sums: (0.0, 0.0),
        }
    }

    #[inline(always)]
    fn next(&mut self, pressure: f64, range: f64) -> Option<f64> {
        let out = self.window.push((pressure, range)).unwrap_or_default();
        self.sums.0 += pressure - out.0;
        self.sums.1 += range - out.1;
        if self.window.is_new_round() {
            self.sums = self.window.sums();
        }
        let (pressure, range) = self.sums;
        (self.window.is_full() && range > 0.0).then(|| pressure / range)
    }
}

impl Ultimate {
    /// Usually 7, 14 and 28.
    pub fn new(short: usize, middle: usize, long: usize) -> Self {
        Self {
            before: None,
            short: Pressed::new(short),
            middle: Pressed::new(middle),
            long: Pressed::new(long),
        }
    }

    /// Adds the next bar; `None` while nothing has moved.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let before = self.before.replace(bar.close)?;
        let least = lesser(bar.low, before);
        let (pressure, range) = (bar.close - least, greater(bar.high, before) - least);
        let short = self.short.next(pressure, range);
        let middle = self.middle.next(pressure, range);
        let long = self.long.next(pressure, range);
        Some(100.0 * (4.0 * short? + 2.0 * middle? + long?) / 7.0)
    }
}
