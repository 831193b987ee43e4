//! What the parts of a chart's page share.

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
use std::sync::Arc;

/// An instrument's past, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The bars, oldest first.
    pub bars: Vec<Candle>,
    /// Their splits.
    pub splits: Vec<Split>,
    /// Where they came from.
    pub source: Source,
}

/// Something that happened on a day.
#[cfg(any(feature = "hydrate", test))]
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The place of its day.
    pub at: usize,
    /// The price, for what was bought and sold; none: it concerns the day as a whole.
    pub price: Option<f64>,
    /// What stands there, a letter or two.
    pub label: String,
    /// Bought, or a gain in number; else sold.
    pub up: bool,
}

/// A line that the reader drew: between two places, or a level.
#[cfg(any(feature = "hydrate", test))]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stroke {
    /// At this price.
    Level(f64),
    /// From one place to another.
    Trend((usize, f64), (usize, f64)),
}

/// An instrument beside the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// Its symbol.
    pub symbol: String,
    /// Its closes on the days of the first one.
    pub closes: Vec<Option<f64>>,
}

/// Where a day is among the bars: the bar of that day, or the next one.
#[cfg(any(feature = "hydrate", test))]
pub fn place_of(bars: &[Candle], day: NaiveDate) -> Option<usize> {
    let at = bars.partition_point(|bar| bar.date < day);
    (at < bars.len()).then_some(at)
}

/// What the next clicks on the chart draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tool {
    /// A level, by one click.
    Level,
    /// A line, by two; the first one is here when it was made.
    Trend(Option<(usize, f64)>),
}

/// Where something that was drawn is among these bars; none where its days are not.
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

/// What the parts of the page share; a copy is the same.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "the chart itself is drawn in the browser")
)]
#[derive(Clone, Copy)]
pub struct ChartState {
    /// What the reader chose.
    pub settings: RwSignal<ChartSettings>,
    /// The past, once it is there.
    pub past: RwSignal<Option<Arc<Past>>>,
    /// Why it is not.
    pub failed: RwSignal<Option<Error>>,
    /// Instruments beside this one.
    pub others: RwSignal<Vec<Other>>,
    /// The indicators, computed.
    pub studies: Memo<Arc<Vec<Drawn>>>,
    /// The first and the last place that are in view.
    pub visible: RwSignal<(usize, usize)>,
    /// The place of the crosshair.
    pub hover: RwSignal<Option<usize>>,
    /// What the member drew.
    pub drawings: Drawings,
    /// What is being drawn.
    pub tool: RwSignal<Option<Tool>>,
    /// What the member bought and sold.
    pub trades: RwSignal<Vec<Trade>>,
    /// Counts how often a key led the crosshair somewhere.
    pub pointed: RwSignal<usize>,
    /// Counts how often a picture was asked for.
    pub picture: RwSignal<usize>,
    /// The instrument's symbol.
    pub name: StoredValue<String>,
}

impl ChartState {
    /// A chart that nothing is known of yet.
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

    /// Shows the stretch that the settings name.
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

    /// The marks of splits and of what was bought and sold.
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
        // Without a weekend in between.
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
