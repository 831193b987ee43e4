//! Indicators with their settings, as text: `sma:20`, `macd:12:26:9`.

use super::{
    Adx, Atr, Bollinger, Candle, Cci, Ema, Ichimoku, Macd, Mfi, Obv, Roc, Rsi, Sar, Sma,
    Stochastic, Vwap, WilliamsR, Wma,
};
use chrono::NaiveDate;

/// Longest period in bars.
pub const MAX_PERIOD: usize = 500;

/// An indicator with its settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Study {
    /// Simple moving average: period.
    Sma(usize),
    /// Exponential moving average: period.
    Ema(usize),
    /// Weighted moving average: period.
    Wma(usize),
    /// Bollinger bands: period, and width in standard deviations.
    Bollinger(usize, f64),
    /// Volume-weighted average price since a day, or since the first bar.
    Vwap(Option<NaiveDate>),
    /// Ichimoku: conversion, base and slow period.
    Ichimoku(usize, usize, usize),
    /// Parabolic stop and reverse: step and maximum.
    Sar(f64, f64),
    /// Relative strength index: period.
    Rsi(usize),
    /// Fast, slow and signal period.
    Macd(usize, usize, usize),
    /// Period, smoothing of %K and of %D.
    Stochastic(usize, usize, usize),
    /// Average directional index: period.
    Adx(usize),
    /// Average true range: period.
    Atr(usize),
    /// On-balance volume.
    Obv,
    /// Commodity channel index: period.
    Cci(usize),
    /// Money flow index: period.
    Mfi(usize),
    /// Rate of change: period.
    Roc(usize),
    /// Williams %R: period.
    WilliamsR(usize),
}

/// Where an indicator is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// Over the prices.
    Prices,
    /// Below them, in a pane with its own scale.
    Own,
}

/// Values of an indicator on one bar, in the order of its lines.
pub type Values = [Option<f64>; 4];

impl Study {
    /// All indicators with their usual settings.
    pub const ALL: [Self; 17] = [
        Self::Sma(20),
        Self::Ema(20),
        Self::Wma(20),
        Self::Bollinger(20, 2.0),
        Self::Vwap(None),
        Self::Ichimoku(9, 26, 52),
        Self::Sar(0.02, 0.2),
        Self::Rsi(14),
        Self::Macd(12, 26, 9),
        Self::Stochastic(14, 3, 3),
        Self::Adx(14),
        Self::Atr(14),
        Self::Obv,
        Self::Cci(20),
        Self::Mfi(14),
        Self::Roc(12),
        Self::WilliamsR(14),
    ];

    /// Returns its name in the text form, which is also its message key after `study-`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sma(_) => "sma",
            Self::Ema(_) => "ema",
            Self::Wma(_) => "wma",
            Self::Bollinger(..) => "bollinger",
            Self::Vwap(_) => "vwap",
            Self::Ichimoku(..) => "ichimoku",
            Self::Sar(..) => "sar",
            Self::Rsi(_) => "rsi",
            Self::Macd(..) => "macd",
            Self::Stochastic(..) => "stochastic",
            Self::Adx(_) => "adx",
            Self::Atr(_) => "atr",
            Self::Obv => "obv",
            Self::Cci(_) => "cci",
            Self::Mfi(_) => "mfi",
            Self::Roc(_) => "roc",
            Self::WilliamsR(_) => "williams",
        }
    }

    /// Returns where it is drawn.
    pub const fn pane(self) -> Pane {
        match self {
            Self::Sma(_)
            | Self::Ema(_)
            | Self::Wma(_)
            | Self::Bollinger(..)
            | Self::Vwap(_)
            | Self::Ichimoku(..)
            | Self::Sar(..) => Pane::Prices,
            _ => Pane::Own,
        }
    }

    /// Returns its lines, in the order of [`Values`].
    pub const fn lines(self) -> &'static [&'static str] {
        match self {
            Self::Bollinger(..) => &["upper", "middle", "lower"],
            Self::Ichimoku(..) => &["tenkan", "kijun", "span_a", "span_b"],
            Self::Macd(..) => &["macd", "signal", "histogram"],
            Self::Stochastic(..) => &["k", "d"],
            Self::Adx(_) => &["adx", "plus", "minus"],
            _ => &["value"],
        }
    }

    /// Returns the number of bars by which a line is drawn later than it is computed.
    pub const fn shift(self, line: usize) -> usize {
        match self {
            Self::Ichimoku(_, base, _) if line >= 2 => base,
            _ => 0,
        }
    }

    /// Starts to compute it bar by bar.
    pub fn run(self) -> Running {
        match self {
            Self::Sma(period) => of_close(Sma::new(period), Sma::next),
            Self::Ema(period) => of_close(Ema::new(period), Ema::next),
            Self::Wma(period) => of_close(Wma::new(period), Wma::next),
            Self::Rsi(period) => of_close(Rsi::new(period), Rsi::next),
            Self::Roc(period) => of_close(Roc::new(period), Roc::next),
            Self::Sar(step, most) => of_bar(Sar::new(step, most), Sar::next),
            Self::Atr(period) => of_bar(Atr::new(period), Atr::next),
            Self::Obv => of_bar(Obv::new(), Obv::next),
            Self::Cci(period) => of_bar(Cci::new(period), Cci::next),
            Self::Mfi(period) => of_bar(Mfi::new(period), Mfi::next),
            Self::WilliamsR(period) => of_bar(WilliamsR::new(period), WilliamsR::next),
            Self::Vwap(anchor) => of_bar(Vwap::new(), move |vwap, bar| {
                let before = anchor.is_some_and(|anchor| bar.date < anchor);
                if before { None } else { vwap.next(bar) }
            }),
            Self::Bollinger(period, width) => {
                let mut bands = Bollinger::new(period, width);
                Box::new(move |bar| match bands.next(bar.close) {
                    Some(now) => [Some(now.upper), Some(now.middle), Some(now.lower), None],
                    None => NONE,
                })
            }
            Self::Macd(fast, slow, signal) => {
                let mut macd = Macd::new(fast, slow, signal);
                Box::new(move |bar| match macd.next(bar.close) {
                    Some(now) => [Some(now.macd), Some(now.signal), Some(now.histogram), None],
                    None => NONE,
                })
            }
            Self::Stochastic(period, smooth_k, smooth_d) => {
                let mut stochastic = Stochastic::new(period, smooth_k, smooth_d);
                Box::new(move |bar| match stochastic.next(bar) {
                    Some(now) => [Some(now.k), Some(now.d), None, None],
                    None => NONE,
                })
            }
            Self::Adx(period) => {
                let mut adx = Adx::new(period);
                Box::new(move |bar| match adx.next(bar) {
                    Some(now) => [now.adx, Some(now.plus), Some(now.minus), None],
                    None => NONE,
                })
            }
            Self::Ichimoku(conversion, base, slow) => {
                let mut ichimoku = Ichimoku::new(conversion, base, slow);
                Box::new(move |bar| {
                    let now = ichimoku.next(bar);
                    [now.tenkan, now.kijun, now.span_a, now.span_b]
                })
            }
        }
    }

    /// Returns its values on each bar.
    pub fn series(self, bars: &[Candle]) -> Vec<Values> {
        bars.iter().map(self.run()).collect()
    }
}

/// A running indicator: takes the next bar and returns its values.
pub type Running = Box<dyn FnMut(&Candle) -> Values + Send>;

const NONE: Values = [None; 4];

fn of_close<T: Send + 'static>(mut of: T, next: fn(&mut T, f64) -> Option<f64>) -> Running {
    Box::new(move |bar| [next(&mut of, bar.close), None, None, None])
}

fn of_bar<T: Send + 'static>(
    mut of: T,
    next: impl Fn(&mut T, &Candle) -> Option<f64> + Send + 'static,
) -> Running {
    Box::new(move |bar| [next(&mut of, bar), None, None, None])
}
