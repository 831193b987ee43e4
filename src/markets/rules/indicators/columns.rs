//! Indicators over a whole history at once: prices and values are columns, so that a million bars
//! take a few milliseconds. The steps are the same as bar by bar, without a call, a row and an
//! `Option` for each.

use super::{
    Adx, Atr, Bollinger, Candle, Cci, Ema, Ichimoku, Macd, Mfi, Obv, Roc, Rsi, Sar, Sma,
    Stochastic, Study, Vwap, WilliamsR, Wma,
};
use chrono::NaiveDate;

/// Daily prices in columns, oldest first. The shortest column ends the bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    pub dates: Vec<NaiveDate>,
    pub open: Vec<f64>,
    pub high: Vec<f64>,
    pub low: Vec<f64>,
    pub close: Vec<f64>,
    /// Number of shares traded.
    pub volume: Vec<f64>,
}

impl Past {
    /// Returns the number of bars.
    pub fn len(&self) -> usize {
        let rest = [&self.open, &self.high, &self.low, &self.close, &self.volume];
        let rest = rest.map(Vec::len).into_iter().min().unwrap_or(0);
        rest.min(self.dates.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a range of the bars.
    #[inline]
    fn candles(&self, from: usize, to: usize) -> impl Iterator<Item = Candle> + '_ {
        let first = part(&self.dates, from, to).zip(part(&self.open, from, to));
        let range = part(&self.high, from, to).zip(part(&self.low, from, to));
        let last = part(&self.close, from, to).zip(part(&self.volume, from, to));
        let candle = |(((date, open), (high, low)), (close, volume))| Candle {
            date,
            open,
            high,
            low,
            close,
            volume,
        };
        first.zip(range).zip(last).map(candle)
    }
}

#[inline]
fn part<T: Copy>(
    column: &[T],
    from: usize,
    to: usize,
) -> std::iter::Copied<std::slice::Iter<'_, T>> {
    column.get(from..to).unwrap_or_default().iter().copied()
}

impl Extend<Candle> for Past {
    fn extend<T: IntoIterator<Item = Candle>>(&mut self, bars: T) {
        for bar in bars {
            self.dates.push(bar.date);
            self.open.push(bar.open);
            self.high.push(bar.high);
            self.low.push(bar.low);
            self.close.push(bar.close);
            self.volume.push(bar.volume);
        }
    }
}

impl FromIterator<Candle> for Past {
    fn from_iter<T: IntoIterator<Item = Candle>>(bars: T) -> Self {
        let mut past = Self::default();
        past.extend(bars);
        past
    }
}

/// A value or none for each bar.
#[derive(Clone, Debug)]
pub struct Line {
    /// NaN: no value. Half the size of `Option<f64>`.
    values: Vec<f64>,
}

impl Line {
    /// Returns the values, oldest first.
    pub fn values(&self) -> impl ExactSizeIterator<Item = Option<f64>> + '_ {
        let value = |value: &f64| (!value.is_nan()).then_some(*value);
        self.values.iter().map(value)
    }
}

/// Computes as many lines as `next` has values per bar. Not inlined: each indicator gets a function
/// of its own, so that its state stays in registers and its loop needs them for nothing else.
#[inline(never)]
pub fn over<const N: usize>(
    past: &Past,
    mut next: impl FnMut(&Candle) -> [Option<f64>; N],
) -> [Line; N] {
    let length = past.len();
    let mut lines = [(); N].map(|()| vec![0.0; length]);
    for (at, bar) in past.candles(0, length).enumerate() {
        for (line, value) in lines.iter_mut().zip(next(&bar)) {
            if let Some(place) = line.get_mut(at) {
                *place = value.unwrap_or(f64::NAN);
            }
        }
    }
    lines.map(|values| Line { values })
}

impl Study {
    /// Returns its lines over a history, in the order of [`Self::lines`]: the values of
    /// [`Self::series`] by column.
    pub fn columns(self, past: &Past) -> Vec<Line> {
        match self {
            Self::Sma(period) => {
                let mut sma = Sma::new(period);
                over(past, move |bar| [sma.next(bar.close)]).into()
            }
            Self::Ema(period) => {
                let mut ema = Ema::new(period);
                over(past, move |bar| [ema.next(bar.close)]).into()
            }
            Self::Wma(period) => {
                let mut wma = Wma::new(period);
                over(past, move |bar| [wma.next(bar.close)]).into()
            }
            Self::Rsi(period) => {
                let mut rsi = Rsi::new(period);
                over(past, move |bar| [rsi.next(bar.close)]).into()
            }
            Self::Roc(period) => {
                let mut roc = Roc::new(period);
                over(past, move |bar| [roc.next(bar.close)]).into()
            }
            Self::Sar(step, most) => {
                let mut sar = Sar::new(step, most);
                over(past, move |bar| [sar.next(bar)]).into()
            }
            Self::Atr(period) => {
                let mut atr = Atr::new(period);
                over(past, move |bar| [atr.next(bar)]).into()
            }
            Self::Obv => {
                let mut obv = Obv::new();
                over(past, move |bar| [obv.next(bar)]).into()
            }
            Self::Cci(period) => {
                let mut cci = Cci::new(period);
                over(past, move |bar| [cci.next(bar)]).into()
            }
            Self::Mfi(period) => {
                let mut mfi = Mfi::new(period);
                over(past, move |bar| [mfi.next(bar)]).into()
            }
            Self::WilliamsR(period) => {
                let mut williams = WilliamsR::new(period);
                over(past, move |bar| [williams.next(bar)]).into()
            }
            Self::Vwap(anchor) => {
                let mut vwap = Vwap::new();
                let before = move |bar: &Candle| anchor.is_some_and(|anchor| bar.date < anchor);
                let next = move |bar: &Candle| [if before(bar) { None } else { vwap.next(bar) }];
                over(past, next).into()
            }
            Self::Bollinger(period, width) => {
                let mut bands = Bollinger::new(period, width);
                let next = move |bar: &Candle| match bands.next(bar.close) {
                    Some(now) => [Some(now.upper), Some(now.middle), Some(now.lower)],
                    None => [None; 3],
                };
                over(past, next).into()
            }
            Self::Macd(fast, slow, signal) => {
                let mut macd = Macd::new(fast, slow, signal);
                let next = move |bar: &Candle| match macd.next(bar.close) {
                    Some(now) => [Some(now.macd), Some(now.signal), Some(now.histogram)],
                    None => [None; 3],
                };
                over(past, next).into()
            }
            Self::Stochastic(period, smooth_k, smooth_d) => {
                let mut stochastic = Stochastic::new(period, smooth_k, smooth_d);
                let next = move |bar: &Candle| match stochastic.next(bar) {
                    Some(now) => [Some(now.k), Some(now.d)],
                    None => [None; 2],
                };
                over(past, next).into()
            }
            Self::Adx(period) => {
                let mut adx = Adx::new(period);
                let next = move |bar: &Candle| match adx.next(bar) {
                    Some(now) => [now.adx, Some(now.plus), Some(now.minus)],
                    None => [None; 3],
                };
                over(past, next).into()
            }
            Self::Ichimoku(conversion, base, slow) => {
                let mut ichimoku = Ichimoku::new(conversion, base, slow);
                let next = move |bar: &Candle| {
                    let now = ichimoku.next(bar);
                    [now.tenkan, now.kijun, now.span_a, now.span_b]
                };
                over(past, next).into()
            }
        }
    }
}
