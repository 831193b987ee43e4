//! Indicators as text.

use super::{MAX_PERIOD, Study};
use crate::shared::{Error, Result};
use chrono::NaiveDate;
use std::{fmt, str::FromStr};

/// The text form: the name, then each setting after a colon.
impl fmt::Display for Study {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match *self {
            Self::Obv | Self::Vwap(None) => Ok(()),
            Self::Vwap(Some(anchor)) => write!(f, ":{anchor}"),
            Self::Bollinger(period, width) => write!(f, ":{period}:{width}"),
            Self::Sar(step, most) => write!(f, ":{step}:{most}"),
            Self::Macd(a, b, c) | Self::Stochastic(a, b, c) | Self::Ichimoku(a, b, c) => {
                write!(f, ":{a}:{b}:{c}")
            }
            Self::Sma(period)
            | Self::Ema(period)
            | Self::Wma(period)
            | Self::Rsi(period)
            | Self::Adx(period)
            | Self::Atr(period)
            | Self::Cci(period)
            | Self::Mfi(period)
            | Self::Roc(period)
            | Self::WilliamsR(period) => write!(f, ":{period}"),
        }
    }
}

/// Parses the text form. Omitted settings get their usual values; extra ones, and those out of
/// bounds, are errors.
impl FromStr for Study {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let mut parts = lower.split(':');
        let name = parts.next().unwrap_or_default();
        let usual = Self::ALL.into_iter().find(|study| study.name() == name);
        let usual = usual.ok_or_else(bad_study)?;
        let mut settings = Settings { parts };
        let study = match usual {
            Self::Sma(n) => Self::Sma(settings.period(n)?),
            Self::Ema(n) => Self::Ema(settings.period(n)?),
            Self::Wma(n) => Self::Wma(settings.period(n)?),
            Self::Rsi(n) => Self::Rsi(settings.period(n)?),
            Self::Adx(n) => Self::Adx(settings.period(n)?),
            Self::Atr(n) => Self::Atr(settings.period(n)?),
            Self::Cci(n) => Self::Cci(settings.period(n)?),
            Self::Mfi(n) => Self::Mfi(settings.period(n)?),
            Self::Roc(n) => Self::Roc(settings.period(n)?),
            Self::WilliamsR(n) => Self::WilliamsR(settings.period(n)?),
            Self::Obv => Self::Obv,
            Self::Vwap(_) => Self::Vwap(settings.day()?),
            Self::Bollinger(n, width) => {
                Self::Bollinger(settings.period(n)?, settings.factor(width, 0.1, 10.0)?)
            }
            Self::Sar(step, most) => {
                let step = settings.factor(step, 0.001, 1.0)?;
                Self::Sar(step, settings.factor(most.max(step), step, 1.0)?)
            }
            Self::Macd(a, b, c) => {
                let (a, b) = (settings.period(a)?, settings.period(b)?);
                Self::Macd(a.min(b), a.max(b), settings.smoothing(c)?)
            }
            Self::Stochastic(a, b, c) => Self::Stochastic(
                settings.period(a)?,
                settings.smoothing(b)?,
                settings.smoothing(c)?,
            ),
            Self::Ichimoku(a, b, c) => Self::Ichimoku(
                settings.period(a)?,
                settings.period(b)?,
                settings.period(c)?,
            ),
        };
        match settings.parts.next() {
            None => Ok(study),
            Some(_) => Err(bad_study()),
        }
    }
}

/// The settings after the name.
struct Settings<'a> {
    parts: std::str::Split<'a, char>,
}

impl Settings<'_> {
    fn next<T: FromStr>(&mut self, usual: T) -> Result<T> {
        match self.parts.next() {
            None => Ok(usual),
            Some(text) => text.parse().map_err(|_| bad_study()),
        }
    }

    fn within<T: FromStr + PartialOrd + Copy>(&mut self, usual: T, least: T, most: T) -> Result<T> {
        let value = self.next(usual)?;
        if value >= least && value <= most {
            Ok(value)
        } else {
            Err(bad_study())
        }
    }

    fn period(&mut self, usual: usize) -> Result<usize> {
        self.within(usual, 2, MAX_PERIOD)
    }

    fn smoothing(&mut self, usual: usize) -> Result<usize> {
        self.within(usual, 1, MAX_PERIOD)
    }

    fn factor(&mut self, usual: f64, least: f64, most: f64) -> Result<f64> {
        self.within(usual, least, most)
    }

    fn day(&mut self) -> Result<Option<NaiveDate>> {
        match self.parts.next() {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| bad_study()),
        }
    }
}

fn bad_study() -> Error {
    Error::bad_request(
        "bad-study",
        format!(
            "Invalid indicator: use a form such as rsi:14, with periods from 2 to {MAX_PERIOD}"
        ),
    )
    .with("max", MAX_PERIOD)
}
