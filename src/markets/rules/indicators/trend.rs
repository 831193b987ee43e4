//! Where prices go: MACD, ADX, Parabolic SAR, Ichimoku.

use super::{
    Candle,
    averages::{Ema, Wilder},
    window::Extreme,
};

/// The lines of the MACD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MacdLines {
    /// The fast average less the slow one.
    pub macd: f64,
    /// Its average.
    pub signal: f64,
    /// What lies between them.
    pub histogram: f64,
}

/// Moving average convergence and divergence. The fast average starts together with the slow one,
/// and no line is told before all three are.
#[derive(Clone, Debug)]
pub struct Macd {
    /// Values that the fast average leaves out, so that both start on the same bar.
    wait: usize,
    fast: Ema,
    slow: Ema,
    signal: Ema,
}

impl Macd {
    /// Usually 12, 26 and 9. The shorter of the first two is the fast one.
    #[must_use]
    pub fn new(fast: usize, slow: usize, signal: usize) -> Self {
        let (fast, slow) = (fast.min(slow).max(1), fast.max(slow).max(1));
        Self {
            wait: slow - fast,
            fast: Ema::new(fast),
            slow: Ema::new(slow),
            signal: Ema::new(signal),
        }
    }

    /// Takes the next close in.
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

/// How far the bar's range goes beyond the one before: up and down.
fn directional(before: &Candle, bar: &Candle) -> (f64, f64) {
    let up = bar.high - before.high;
    let down = before.low - bar.low;
    if up > down && up > 0.0 {
        (up, 0.0)
    } else if down > up && down > 0.0 {
        (0.0, down)
    } else {
        (0.0, 0.0)
    }
}

/// The lines of the ADX.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdxLines {
    /// How strong the trend is, 0 to 100; undefined for another period after the others.
    pub adx: Option<f64>,
    /// Movement upwards, 0 to 100.
    pub plus: f64,
    /// Movement downwards, 0 to 100.
    pub minus: f64,
}

/// Wilder's directional movement. Sums start from the first n - 1 changes and then forget a share
/// of 1 / n with each bar.
#[derive(Clone, Debug)]
pub struct Adx {
    period: usize,
    before: Option<Candle>,
    changes: usize,
    range: f64,
    up: f64,
    down: f64,
    adx: Wilder,
}

impl Adx {
    /// Usually 14.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self {
            period: period.max(2),
            before: None,
            changes: 0,
            range: 0.0,
            up: 0.0,
            down: 0.0,
            adx: Wilder::new(period.max(2)),
        }
    }

    /// Takes the next bar in; none while nothing has moved.
    pub fn next(&mut self, bar: &Candle) -> Option<AdxLines> {
        let before = self.before.replace(*bar)?;
        let (up, down) = directional(&before, bar);
        let range = bar.true_range(before.close);
        self.changes += 1;
        if self.changes < self.period {
            self.range += range;
            self.up += up;
            self.down += down;
            return None;
        }
        let kept = 1.0 - 1.0 / self.period as f64;
        self.range = self.range * kept + range;
        self.up = self.up * kept + up;
        self.down = self.down * kept + down;
        if self.range <= 0.0 {
            return None;
        }
        let plus = 100.0 * self.up / self.range;
        let minus = 100.0 * self.down / self.range;
        let moved = plus + minus;
        // Nothing went either way: no strength of a trend can be told, and the last one is kept.
        let adx = if moved > 0.0 {
            self.adx.next(100.0 * (plus - minus).abs() / moved)
        } else {
            None
        };
        Some(AdxLines { adx, plus, minus })
    }
}

/// Wilder's stop and reverse.
#[derive(Clone, Debug)]
pub struct Sar {
    step: f64,
    most: f64,
    before: Option<Candle>,
    state: Option<SarState>,
}

#[derive(Clone, Debug)]
struct SarState {
    rising: bool,
    sar: f64,
    /// The highest high of a rise, the lowest low of a fall.
    extreme: f64,
    factor: f64,
}

impl Sar {
    /// Usually 0.02 and at most 0.2.
    #[must_use]
    pub fn new(step: f64, most: f64) -> Self {
        let step = step.min(most);
        Self {
            step,
            most,
            before: None,
            state: None,
        }
    }

    /// Takes the next bar in.
    pub fn next(&mut self, bar: &Candle) -> Option<f64> {
        let before = self.before.replace(*bar)?;
        // The bar before and this one bound the next stop; at the start this one alone.
        let (mut state, before) = match self.state.take() {
            Some(state) => (state, before),
            None => {
                let (_, down) = directional(&before, bar);
                let rising = down <= 0.0;
                let (sar, extreme) = if rising {
                    (before.low, bar.high)
                } else {
                    (before.high, bar.low)
                };
                let state = SarState {
                    rising,
                    sar,
                    extreme,
                    factor: self.step,
                };
                (state, *bar)
            }
        };
        let bounded = |state: &SarState| {
            if state.rising {
                state.sar.min(before.low).min(bar.low)
            } else {
                state.sar.max(before.high).max(bar.high)
            }
        };
        let reached = if state.rising {
            bar.low <= state.sar
        } else {
            bar.high >= state.sar
        };
        if reached {
            state.rising = !state.rising;
            state.sar = state.extreme;
            state.sar = bounded(&state);
            state.factor = self.step;
            state.extreme = if state.rising { bar.high } else { bar.low };
        }
        let told = state.sar;
        let further = if state.rising {
            bar.high > state.extreme
        } else {
            bar.low < state.extreme
        };
        if further && !reached {
            state.extreme = if state.rising { bar.high } else { bar.low };
            state.factor = (state.factor + self.step).min(self.most);
        }
        state.sar += state.factor * (state.extreme - state.sar);
        state.sar = bounded(&state);
        self.state = Some(state);
        Some(told)
    }
}

/// The lines of Ichimoku as they are computed on a bar. Both spans are *drawn* 26 bars later, the
/// close 26 bars earlier; nothing here looks ahead.
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

/// Ichimoku Kinko Hyo: middles of ranges.
#[derive(Clone, Debug)]
pub struct Ichimoku {
    ranges: [(Extreme, Extreme); 3],
}

impl Ichimoku {
    /// Usually 9, 26 and 52.
    #[must_use]
    pub fn new(conversion: usize, base: usize, slow: usize) -> Self {
        let range = |length| (Extreme::highest(length), Extreme::lowest(length));
        Self {
            ranges: [conversion, base, slow].map(range),
        }
    }

    /// Takes the next bar in.
    pub fn next(&mut self, bar: &Candle) -> IchimokuLines {
        let [tenkan, kijun, span_b] = self.ranges.each_mut().map(|(highest, lowest)| {
            let (high, low) = (highest.next(bar.high), lowest.next(bar.low));
            Some((high? + low?) / 2.0)
        });
        let span_a = tenkan.zip(kijun).map(|(a, b)| (a + b) / 2.0);
        IchimokuLines {
            tenkan,
            kijun,
            span_a,
            span_b,
        }
    }
}
