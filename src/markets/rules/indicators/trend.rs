//! Trend: MACD, ADX, Parabolic SAR, Ichimoku.

use super::{
    Candle,
    averages::{Ema, Wilder},
    candle::{greater, lesser},
    window::Range,
};

/// The lines of the MACD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MacdLines {
    /// Fast average minus slow average.
    pub macd: f64,
    /// Average of the MACD line.
    pub signal: f64,
    /// MACD line minus its average.
    pub histogram: f64,
}

/// Moving average convergence/divergence. The fast average starts together with the slow one, and
/// no line has a value before all three have.
#[derive(Clone, Debug)]
pub struct Macd {
    /// Values that the fast average skips, so that both start on the same bar.
    wait: usize,
    fast: Ema,
    slow: Ema,
    signal: Ema,
}

impl Macd {
    /// Usually 12, 26 and 9. The shorter of the first two is the fast one.
    pub fn new(fast: usize, slow: usize, signal: usize) -> Self {
        let (fast, slow) = (fast.min(slow).max(1), fast.max(slow).max(1));
        Self {
            wait: slow - fast,
            fast: Ema::new(fast),
            slow: Ema::new(slow),
            signal: Ema::new(signal),
        }
    }

    /// Adds the next close.
    #[inline(always)]
    pub fn next(&mut self, close: f64) -> Option<MacdLines> {
        let fast = match self.wait.checked_sub(1) {
            Some(wait) => {
                self.wait = wait;
                None
            }
            None => self.fast.next(close),
        };
        let slow = self.slow.next(close);
        let macd = fast? - slow?;
        let signal = self.signal.next(macd)?;
        Some(MacdLines {
            macd,
            signal,
            histogram: macd - signal,
        })
    }
}

/// Returns how far the bar's range goes beyond the previous one, up and down; only the greater
/// counts.
#[inline(always)]
fn directional((high, low): (f64, f64), bar: &Candle) -> (f64, f64) {
    let up = bar.high - high;
    let down = low - bar.low;
    (
        if up > down && up > 0.0 { up } else { 0.0 },
        if down > up && down > 0.0 { down } else { 0.0 },
    )
}

/// The lines of directional movement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DirectionLines {
    /// Upward movement (+DI), 0 to 100.
    pub plus: f64,
    /// Downward movement (-DI), 0 to 100.
    pub minus: f64,
}

/// Wilder's directional movement. Sums start with the first n - 1 changes, then lose a share of 1 /
/// n with each bar.
#[derive(Clone, Debug)]
pub struct Directional {
    period: usize,
    kept: f64,
    /// High, low and close of the previous bar.
    before: Option<(f64, f64, f64)>,
    changes: usize,
    range: f64,
    up: f64,
    down: f64,
}

impl Directional {
    /// Usually 14.
    pub fn new(period: usize) -> Self {
        let period = period.max(2);
        Self {
            period,
            kept: 1.0 - 1.0 / period as f64,
            before: None,
            changes: 0,
            range: 0.0,
            up: 0.0,
            down: 0.0,
        }
    }

    /// Adds the next bar; `None` while nothing has moved.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<DirectionLines> {
        let (high, low, close) = self.before.replace((bar.high, bar.low, bar.close))?;
        let (up, down) = directional((high, low), bar);
        let range = bar.true_range(close);
        // The first changes are added up in full.
        let starts = self.changes + 1 < self.period;
        let kept = if starts { 1.0 } else { self.kept };
        self.changes += usize::from(starts);
        self.range = self.range * kept + range;
        self.up = self.up * kept + up;
        self.down = self.down * kept + down;
        (!starts && self.range > 0.0).then(|| DirectionLines {
            plus: 100.0 * self.up / self.range,
            minus: 100.0 * self.down / self.range,
        })
    }
}

/// The lines of the ADX.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdxLines {
    /// Strength of the trend, 0 to 100; undefined for one more period than the others.
    pub adx: Option<f64>,
    /// Upward movement, 0 to 100.
    pub plus: f64,
    /// Downward movement, 0 to 100.
    pub minus: f64,
}

/// Average directional index: how one-sided directional movement is.
#[derive(Clone, Debug)]
pub struct Adx {
    directional: Directional,
    adx: Wilder,
}

impl Adx {
    /// Usually 14.
    pub fn new(period: usize) -> Self {
        Self {
            directional: Directional::new(period),
            adx: Wilder::new(period.max(2)),
        }
    }

    /// Adds the next bar; `None` while nothing has moved.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<AdxLines> {
        let DirectionLines { plus, minus } = self.directional.next(bar)?;
        let moved = plus + minus;
        // No movement either way: the trend has no strength, and the average does not change.
        let adx = if moved > 0.0 {
            self.adx.next(100.0 * (plus - minus).abs() / moved)
        } else {
            None
        };
        Some(AdxLines { adx, plus, minus })
    }
}

/// Wilder's parabolic stop and reverse.
#[derive(Clone, Debug)]
pub struct Sar {
    step: f64,
    most: f64,
    /// High and low of the previous bar.
    before: Option<(f64, f64)>,
    state: Option<SarState>,
}

/// State between bars. A fall is a mirrored rise: with negated prices both use the same
/// comparisons, and the processor has no branch to predict.
#[derive(Clone, Debug)]
struct SarState {
    /// 1 in a rise, -1 in a fall.
    way: f64,
    sar: f64,
    /// The highest high of a rise, the (negated) lowest low of a fall.
    extreme: f64,
    factor: f64,
}

/// Returns a bar's price farthest along a trend, and the one farthest against it.
#[inline(always)]
fn along(way: f64, (high, low): (f64, f64)) -> (f64, f64) {
    let (high, low) = (high * way, low * way);
    (greater(high, low), lesser(high, low))
}

impl Sar {
    /// Usually a step of 0.02 and a maximum of 0.2.
    pub fn new(step: f64, most: f64) -> Self {
        let step = step.min(most);
        Self {
            step,
            most,
            before: None,
            state: None,
        }
    }

    /// Adds the next bar.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let now = (bar.high, bar.low);
        let before = self.before.replace(now)?;
        // The previous bar and this one bound the next stop; at the start only this one.
        let (mut state, before) = match self.state.take() {
            Some(state) => (state, before),
            None => {
                let (_, down) = directional(before, bar);
                let way = if down <= 0.0 { 1.0 } else { -1.0 };
                let state = SarState {
                    way,
                    sar: along(way, before).1,
                    extreme: along(way, now).0,
                    factor: self.step,
                };
                (state, now)
            }
        };
        let (mut far, mut near) = along(state.way, now);
        let mut least = lesser(near, along(state.way, before).1);
        let reached = near <= state.sar;
        if reached {
            state.way = -state.way;
            (far, near) = along(state.way, now);
            least = lesser(near, along(state.way, before).1);
            state.sar = lesser(-state.extreme, least);
            state.extreme = far;
            state.factor = self.step;
        }
        let told = state.sar * state.way;
        let further = far > state.extreme;
        let faster = lesser(state.factor + self.step, self.most);
        state.factor = if further { faster } else { state.factor };
        state.extreme = greater(far, state.extreme);
        state.sar += state.factor * (state.extreme - state.sar);
        state.sar = lesser(state.sar, least);
        self.state = Some(state);
        Some(told)
    }
}

/// The lines of Ichimoku as computed on a bar. Both spans are *drawn* 26 bars later, the close 26
/// bars earlier; nothing here looks ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IchimokuLines {
    /// The conversion line.
    pub tenkan: Option<f64>,
    /// The base line.
    pub kijun: Option<f64>,
    /// The mean of both.
    pub span_a: Option<f64>,
    /// The slow line.
    pub span_b: Option<f64>,
}

/// Ichimoku Kinko Hyo: midpoints of ranges.
#[derive(Clone, Debug)]
pub struct Ichimoku {
    tenkan: Range,
    kijun: Range,
    slow: Range,
}

impl Ichimoku {
    /// Usually 9, 26 and 52.
    pub fn new(conversion: usize, base: usize, slow: usize) -> Self {
        Self {
            tenkan: Range::new(conversion),
            kijun: Range::new(base),
            slow: Range::new(slow),
        }
    }

    /// Adds the next bar.
    #[inline(always)]
    pub fn next(&mut self, bar: &Candle) -> IchimokuLines {
        let (tenkan, kijun) = (middle(&mut self.tenkan, bar), middle(&mut self.kijun, bar));
        IchimokuLines {
            tenkan,
            kijun,
            span_a: tenkan.zip(kijun).map(|(a, b)| (a + b) / 2.0),
            span_b: middle(&mut self.slow, bar),
        }
    }
}

#[inline(always)]
fn middle(range: &mut Range, bar: &Candle) -> Option<f64> {
    let (high, low) = range.next(bar.high, bar.low)?;
    Some((high + low) / 2.0)
}
