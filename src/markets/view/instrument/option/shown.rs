//! What a chart shows, and in which colors.

use crate::markets::indicators::Candle;
use crate::markets::view::instrument::scale::Axis;
use crate::markets::view::instrument::settings::{ChartSettings, Scale};
use crate::markets::view::instrument::state::{Mark, Other, Stroke};
use crate::markets::view::instrument::study::Drawn;

/// Colors of the page's theme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// Texts on axes.
    pub text: String,
    /// Hairlines.
    pub line: String,
    /// Behind labels.
    pub raised: String,
    /// Rising.
    pub up: String,
    /// Falling.
    pub down: String,
    /// Drawings, and lines of prices.
    pub main: String,
    /// Indicators and compared instruments, in turn.
    pub others: Vec<String>,
}

impl Palette {
    /// Returns the color of the line with this number.
    pub fn other(&self, at: usize) -> &str {
        let count = self.others.len().max(1);
        self.others.get(at % count).map_or("", String::as_str)
    }
}

/// Everything that a chart shows.
pub struct Shown<'a> {
    pub bars: &'a [Candle],
    /// Labels of all positions on the axis of days: those of the bars, and of the days after them
    /// for lines that are drawn later than they are computed.
    pub days: &'a [String],
    /// Positions that have a label.
    pub ticks: &'a [usize],
    pub settings: &'a ChartSettings,
    pub studies: &'a [Drawn],
    /// Compared instruments.
    pub others: &'a [Other],
    /// First and last visible position.
    pub visible: (usize, usize),
    /// Splits and trades.
    pub marks: &'a [Mark],
    /// Drawings.
    pub strokes: &'a [Stroke],
    pub palette: &'a Palette,
    /// In pixels.
    pub height: f64,
    /// Room for the labels on the right, in pixels.
    pub gutter: f64,
    /// Last price, formatted.
    pub last: String,
}

impl Shown<'_> {
    /// Returns how values become heights.
    pub fn axis(&self) -> Axis {
        axis(self.settings, self.bars, self.visible)
    }
}

/// Returns how values become heights: compared instruments start together on the first visible day.
pub fn axis(settings: &ChartSettings, bars: &[Candle], visible: (usize, usize)) -> Axis {
    if !settings.compare.is_empty() {
        let first = bars.get(visible.0).or(bars.first());
        return Axis::Rebased(first.map_or(1.0, |bar| bar.close));
    }
    match settings.scale {
        Scale::Linear => Axis::Linear,
        Scale::Log => Axis::Log,
    }
}
