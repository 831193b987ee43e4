//! The course of an instrument as an image: its closes with two moving averages, drawn on the
//! server for whoever shows pictures and runs no scripts.
//!
//! Nothing of it depends on the machine: the letters of a PNG are those of a font that is part of
//! the program, and an SVG holds its text as text.

mod draw;

use super::indicators::{Candle, Sma};
use super::{History, Source};
use crate::shared::{Error, Result};
use chrono::NaiveDate;
pub use draw::{png, svg};

/// Days of the moving averages.
pub const AVERAGES: [usize; 2] = [20, 50];
/// Sizes that are drawn, in pixels.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 320..=1600;
/// The same upright.
pub const HEIGHTS: std::ops::RangeInclusive<u32> = 160..=900;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    /// A trading room at night.
    Dark,
    /// Paper and ink.
    Light,
}

impl Theme {
    /// The theme of this name.
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

/// How it is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// In pixels, within [`WIDTHS`].
    pub width: u32,
    /// In pixels, within [`HEIGHTS`].
    pub height: u32,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Course {
    /// The code, upper case.
    pub symbol: String,
    /// Where the prices came from.
    pub source: Source,
    days: Vec<NaiveDate>,
    closes: Vec<f64>,
    averages: Vec<Vec<Option<f64>>>,
}

impl Course {
    /// The last `days` of a past up to a day. The averages are computed from all of it, so that they begin
    /// with the first day that is shown where the past is long enough. `None`: there is no day.
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

    /// What it shows, in one line.
    pub fn title(&self) -> String {
        let to = self.days.last().map(ToString::to_string);
        format!(
            "{} · {}, to {}",
            self.symbol,
            self.source.as_str(),
            to.unwrap_or_default()
        )
    }

    /// The lowest and the highest figure, with some room around them.
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
