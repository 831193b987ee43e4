//! What members draw on charts.

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
