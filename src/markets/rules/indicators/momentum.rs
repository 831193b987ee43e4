//! How fast prices move, and where in their range: RSI, stochastic, CCI, ROC, Williams %R, MFI.

use super::{
    Candle,
    averages::{Sma, Wilder},
    window::{Extreme, Window},
};

/// Wilder's relative strength index, 0 to 100; undefined where nothing has moved.
#[derive(Clone, Debug)]
pub struct Rsi {
    before: Option<f64>,
    gain: Wilder,
    loss: Wilder,
}

impl Rsi {
    /// Usually 14.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self {
            before: None,
            gain: Wilder::new(period),
            loss: Wilder::new(period),
        }
    }

    /// Takes the next close in.
    pub fn next(&mut self, close: f64) -> Option<f64> {
        let change = close - self.before.replace(close)?;
        let gain = self.gain.next(change.max(0.0));
        let loss = self.loss.next((-change).max(0.0));
        let (gain, loss) = (gain?, loss?);
        share(gain, gain + loss)
    }
}

/// So many of the whole in per cent; undefined of nothing.
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| 100.0 * part / whole)
}

/// Where the close is between the lowest low and the highest high.
#[derive(Clone, Debug)]
struct Place {
    highest: Extreme,
    lowest: Extreme,
}

impl Place {
    fn new(period: usize) -> Self {
        Self {
            highest: Extreme::highest(period),
            lowest: Extreme::lowest(period),
        }
    }

    /// The distance of the close from the low in per cent of the range.
    fn next(&mut self, bar: &Candle) -> Option<f64> {
        let (high, low) = (self.highest.next(bar.high), self.lowest.next(bar.low));
        let (high, low) = (high?, low?);
        share(bar.close - low, high - low)
    }
}

/// The lines of the stochastic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StochasticLines {
    /// %K, 0 to 100.
    pub k: f64,
    /// Its mean, %D.
    pub d: f64,
}

/// The stochastic oscillator. With a smoothing of 1 it is the fast one.
#[derive(Clone, Debug)]
pub struct Stochastic {
    place: Place,
    k: Sma,
    d: Sma,
    smoothing: (usize, usize),
}

impl Stochastic {
    /// Usually 14, 3 and 3.
    #[must_use]
    pub fn new(period: usize, smooth_k: usize, smooth_d: usize) -> Self {
        Self {
            place: Place::new(period),
            k: Sma::new(smooth_k),
            d: Sma::new(smooth_d),
            smoothing: (smooth_k, smooth_d),
        }
    }

    /// Takes the next bar in. Where the range is nothing, smoothing starts again.
    pub fn next(&mut self, bar: &Candle) -> Option<StochasticLines> {
        let Some(place) = self.place.next(bar) else {
            self.k = Sma::new(self.smoothing.0);
            self.d = Sma::new(self.smoothing.1);
            return None;
        };
        let k = self.k.next(place)?;
        let d = self.d.next(k)?;
        Some(StochasticLines { k, d })
    }
}

/// Williams %R, -100 to 0.
#[derive(Clone, Debug)]
pub struct WilliamsR(Place);

impl WilliamsR {
    /// Usually 14.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Place::new(period))
    }

    /// Takes the next bar in.
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        self.0.next(bar).map(|place| place - 100.0)
    }
}

/// The commodity channel index: how far the typical price is from its mean, in mean deviations.
#[derive(Clone, Debug)]
pub struct Cci {
    window: Window,
}

impl Cci {
    /// Usually 20.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self {
            window: Window::new(period),
        }
    }

    /// Takes the next bar in.
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let typical = bar.typical();
        self.window.push(typical);
        if !self.window.is_full() {
            return None;
        }
        let (values, n) = (self.window.values(), self.window.length() as f64);
        let mean = values.iter().sum::<f64>() / n;
        let deviation = values.iter().map(|value| (value - mean).abs()).sum::<f64>() / n;
        // Rounding leaves something of a flat series.
        (deviation > mean.abs() * f64::EPSILON * 8.0)
            .then(|| (typical - mean) / (0.015 * deviation))
    }
}

/// The rate of change against the close so many bars ago, in per cent.
#[derive(Clone, Debug)]
pub struct Roc {
    window: Window,
}

impl Roc {
    /// Usually 12.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self {
            window: Window::new(period),
        }
    }

    /// Takes the next close in.
    pub fn next(&mut self, close: f64) -> Option<f64> {
        let before = self.window.push(close)?;
        (before != 0.0).then(|| (close / before - 1.0) * 100.0)
    }
}

/// The money flow index, 0 to 100: the share of turnover on bars whose typical price rose.
#[derive(Clone, Debug)]
pub struct Mfi {
    before: Option<f64>,
    up: Window,
    down: Window,
    sums: (f64, f64),
}

impl Mfi {
    /// Usually 14.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self {
            before: None,
            up: Window::new(period),
            down: Window::new(period),
            sums: (0.0, 0.0),
        }
    }

    /// Takes the next bar in.
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let typical = bar.typical();
        let before = self.before.replace(typical)?;
        let flow = typical * bar.volume;
        let up = if typical > before { flow } else { 0.0 };
        let down = if typical < before { flow } else { 0.0 };
        let out = (self.up.push(up), self.down.push(down));
        self.sums.0 += up - out.0.unwrap_or(0.0);
        self.sums.1 += down - out.1.unwrap_or(0.0);
        if self.up.is_new_round() {
            self.sums.0 = self.up.values().iter().sum();
            self.sums.1 = self.down.values().iter().sum();
        }
        let (up, down) = (self.sums.0.max(0.0), self.sums.1.max(0.0));
        self.up.is_full().then(|| share(up, up + down))?
    }
}
