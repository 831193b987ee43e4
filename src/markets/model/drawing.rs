//! What members draw on charts.

use crate::realtime::Event;
use crate::shared::DrawingId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something that a member drew on the chart of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// Which. Whoever draws it chooses the id: sent twice, it is kept once.
    pub id: DrawingId,
    /// What it is.
    pub shape: Shape,
}

/// What was drawn, by days: places change when history gets longer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// At this price.
    Level(f64),
    /// From one day and price to another.
    Trend((NaiveDate, f64), (NaiveDate, f64)),
}

/// Somebody drew on the chart of an instrument, or took away what they had drawn: told to their own
/// pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingsChanged {
    /// The instrument, upper case.
    pub symbol: String,
    /// What is new, the oldest first.
    pub drawn: Vec<Drawing>,
    /// What is gone.
    pub removed: Vec<DrawingId>,
}

impl Event for DrawingsChanged {
    const KIND: &'static str = "markets.drawings";
}
