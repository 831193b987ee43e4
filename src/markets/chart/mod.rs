//! Price chart of an instrument as an image: its closes with two moving averages, drawn on the
//! server for clients that show images and run no scripts.
//!
//! Images do not depend on the machine: a PNG uses a bundled font, and an SVG contains its text as
//! text.

mod draw;

use super::indicators::{Candle, Sma};
use super::{History, Source};
use crate::shared::{Error, Result};
use chrono::NaiveDate;
pub use draw::{png, svg};

/// Periods of the moving averages in days.
pub const AVERAGES: [usize; 2] = [20, 50];
/// Allowed widths in pixels.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 320..=1600;
/// Allowed heights in pixels.
pub const HEIGHTS: std::ops::RangeInclusive<u32> = 160..=900;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    Dark,
    Light,
}

impl Theme {
    /// Returns the theme with this name.
    ///
    /// # Errors
    /// `bad-theme`.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "dark" => Ok(Self::Dark),
            "light" => Ok(Self::Light),
            _ => Err(Error::bad_request(
                "bad-theme",
                "theme must be dark or light",
            )),
        }
    }
}

/// How to draw a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    pub theme: Theme,
    /// In pixels, within [`WIDTHS`].
    pub width: u32,
    /// In pixels, within [`HEIGHTS`].
    pub height: u32,
}

/// Data of a chart.
#[derive(Clone, Debug)]
pub struct PriceChart {
    /// Symbol, upper case.
    pub symbol: String,
    pub source: Source,
    days: Vec<NaiveDate>,
    closes: Vec<f64>,
    averages: Vec<Vec<Option<f64>>>,
}

impl PriceChart {
    /// Takes the last `days` days of a history up to `to`. The averages are computed from all of
    /// it, so that they start on the first day shown if the history is long enough. `None`: no such
    /// day.
    pub fn of(symbol: &str, history: &History, days: usize, to: NaiveDate) -> Option<Self> {
        let bars = history.bars.iter().take_while(|bar| bar.date <= to);
        let all: Vec<Candle> = bars.map(Candle::from).collect();
        let from = all.len().saturating_sub(days);
        let shown = all.get(from..).filter(|shown| !shown.is_empty())?;
        let average = |days: usize| {
            let mut sma = Sma::new(days);
            let values = all.iter().map(|bar| sma.next(bar.close));
            values.skip(from).collect()
        };
        Some(Self {
            symbol: symbol.to_ascii_uppercase(),
            source: history.source,
            days: shown.iter().map(|bar| bar.date).collect(),
            closes: shown.iter().map(|bar| bar.close).collect(),
            averages: AVERAGES.into_iter().map(average).collect(),
        })
    }

    /// Returns the title in one line.
    pub fn title(&self) -> String {
        let to = self.days.last().map(ToString::to_string);
        format!(
            "{} · {}, to {}",
            self.symbol,
            self.source.as_str(),
            to.unwrap_or_default()
        )
    }

    /// Returns the lowest and the highest value, with some margin.
    fn span(&self) -> (f64, f64) {
        let averages = self.averages.iter().flatten().flatten();
        let values = self.closes.iter().chain(averages);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });
        let room = ((high - low) * 0.06).max(high.abs() * 0.002).max(1e-6);
        (low - room, high + room)
    }
}

#[cfg(test)]
mod tests;
