//! State that the parts of a chart's page share.

use super::drawings::Drawings;
use super::settings::ChartSettings;
use super::study::Drawn;
#[cfg(any(feature = "hydrate", test))]
use crate::markets::Shape;
use crate::markets::indicators::Candle;
use crate::markets::{Source, Split, Trade};
use crate::shared::Error;
#[cfg(any(feature = "hydrate", test))]
use chrono::NaiveDate;
use leptos::prelude::*;
use std::pin::Pin;
use std::sync::Arc;

/// Price history of an instrument, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The bars, oldest first.
    pub bars: Vec<Candle>,
    pub splits: Vec<Split>,
    pub source: Source,
}

/// A mark on a day.
#[cfg(any(feature = "hydrate", test))]
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Position of its day.
    pub at: usize,
    /// Price of a trade; `None`: it concerns the day as a whole.
    pub price: Option<f64>,
    /// Text of the mark, a few characters.
    pub label: String,
    /// true: bought, or more shares after a split; false: sold, or fewer.
    pub up: bool,
}

/// A drawing by positions on the chart.
#[cfg(any(feature = "hydrate", test))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stroke {
    /// Horizontal line at this price.
    Level(f64),
    /// Line from one position and price to another.
    Trend((usize, f64), (usize, f64)),
}

/// A compared instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    pub symbol: String,
    /// Its closes on the days of the first instrument.
    pub closes: Vec<Option<f64>>,
}

/// Returns the position of a day among the bars: the bar of that day, or the next one.
#[cfg(any(feature = "hydrate", test))]
pub fn place_of(bars: &[Candle], day: NaiveDate) -> Option<usize> {
    let at = bars.partition_point(|bar| bar.date < day);
    (at < bars.len()).then_some(at)
}

/// What the next clicks on the chart draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tool {
    /// Horizontal line, by one click.
    Level,
    /// Line by two clicks; contains the first point once it is set.
    Trend(Option<(usize, f64)>),
}

/// Returns the positions of a drawing among these bars; `None` if its days are not there.
#[cfg(any(feature = "hydrate", test))]
pub fn stroke(shape: Shape, bars: &[Candle]) -> Option<Stroke> {
    match shape {
        Shape::Level(price) => Some(Stroke::Level(price)),
        Shape::Trend((from, low), (to, high)) => {
            let (from, to) = (place_of(bars, from)?, place_of(bars, to)?);
            Some(Stroke::Trend((from, low), (to, high)))
        }
    }
}

/// State that the parts of the page share. Copies are the same state.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "the chart itself is drawn in the browser")
)]
#[derive(Clone, Copy)]
pub struct ChartState {
    pub settings: RwSignal<ChartSettings>,
    /// Price history, once loaded.
    pub past: RwSignal<Option<Arc<Past>>>,
    /// Why it is not loaded.
    pub failed: RwSignal<Option<Error>>,
    /// Compared instruments.
    pub others: RwSignal<Vec<Other>>,
    /// Computed indicators.
    pub studies: Memo<Arc<Vec<Drawn>>>,
    /// First and last visible position.
    pub visible: RwSignal<(usize, usize)>,
    /// Position of the crosshair.
    pub hover: RwSignal<Option<usize>>,
    /// The member's drawings.
    pub drawings: Drawings,
    /// The drawing tool in use.
    pub tool: RwSignal<Option<Tool>>,
    /// The member's trades.
    pub trades: RwSignal<Vec<Trade>>,
    /// Counts moves of the crosshair by keyboard.
    pub pointed: RwSignal<usize>,
    /// Counts requests for an image.
    pub picture: RwSignal<usize>,
    /// The instrument's symbol.
    pub name: StoredValue<String>,
}

impl ChartState {
    /// State of a chart without data.
    pub fn new(symbol: String, settings: ChartSettings, tool: RwSignal<Option<Tool>>) -> Self {
        let settings = RwSignal::new(settings);
        let past = RwSignal::new(None::<Arc<Past>>);
        let wanted = Memo::new(move |_| settings.with(|settings| settings.studies.clone()));
        let studies = Memo::new(move |_| {
            let wanted = wanted.get();
            let drawn = past.with(|past| {
                let bars = past.as_ref().map_or(&[][..], |past| &past.bars);
                wanted.iter().map(|study| Drawn::of(*study, bars)).collect()
            });
            Arc::new(drawn)
        });
        Self {
            settings,
            past,
            failed: RwSignal::new(None),
            others: RwSignal::new(Vec::new()),
            studies,
            visible: RwSignal::new((0, 0)),
            hover: RwSignal::new(None),
            drawings: Drawings::new(symbol.clone()),
            tool,
            trades: RwSignal::new(Vec::new()),
            pointed: RwSignal::new(0),
            picture: RwSignal::new(0),
            name: StoredValue::new(symbol),
        }
    }

    /// Shows the range of the settings.
    pub fn show_range(self) {
        let range = self.settings.with_untracked(|settings| settings.range);
        let bounds = self.past.with_untracked(|past| {
            let days = past.as_ref()?.bars.iter().map(|bar| bar.date);
            Some(range.bounds(&days.collect::<Vec<_>>()))
        });
        if let Some(bounds) = bounds {
            self.visible.set(bounds);
        }
    }

    /// Returns the marks of splits and trades.
    #[cfg(feature = "hydrate")]
    pub fn marks(self, past: &Past) -> Vec<Mark> {
        let split = |split: &Split| {
            Some(Mark {
                at: place_of(&past.bars, split.date)?,
                price: None,
                label: format!("{}:{}", split.to, split.from),
                up: split.to > split.from,
            })
        };
        let trade = |trade: &Trade| {
            Some(Mark {
                at: place_of(&past.bars, trade.date)?,
                price: Some(trade.price),
                label: crate::ui::t(if trade.bought {
                    "trade-bought"
                } else {
                    "trade-sold"
                }),
                up: trade.bought,
            })
        };
        let trades = self.trades.get();
        let splits = past.splits.iter().filter_map(split);
        splits.chain(trades.iter().filter_map(trade)).collect()
    }
}

/// Loads the viewer's trades of an instrument. `portfolio` comes after `markets` in the module
/// order, so `app` fills this in.
#[derive(Clone, Copy)]
pub struct TradesOf(pub fn(String) -> Asked);

/// A response under way.
pub type Asked = Pin<Box<dyn Future<Output = Result<Vec<Trade>, Error>>>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2013, 2, day).unwrap()
    }

    #[test]
    fn drawings_lie_on_their_days() {
        let bar = |date| Candle {
            date,
            open: 1.0,
            high: 1.0,
            low: 1.0,
            close: 1.0,
            volume: 0.0,
        };
        // Without the weekend in between.
        let bars = [day(7), day(8), day(11), day(12)].map(bar);
        assert_eq!(place_of(&bars, day(8)), Some(1));
        assert_eq!(place_of(&bars, day(9)), Some(2));
        assert_eq!(place_of(&bars, day(13)), None);
        let line = Shape::Trend((day(1), 10.0), (day(11), 12.0));
        assert_eq!(
            stroke(line, &bars),
            Some(Stroke::Trend((0, 10.0), (2, 12.0)))
        );
        let beyond = Shape::Trend((day(1), 10.0), (day(20), 12.0));
        assert_eq!(stroke(beyond, &bars), None);
        assert_eq!(stroke(Shape::Level(9.0), &bars), Some(Stroke::Level(9.0)));
    }
}
