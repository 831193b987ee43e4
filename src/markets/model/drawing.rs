//! Drawings of members on charts.

use crate::realtime::Event;
use crate::shared::DrawingId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A member's drawing on the chart of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// Chosen by the client, so that a drawing sent twice is stored once.
    pub id: DrawingId,
    pub shape: Shape,
}

/// Shape by days, because positions change when the history gets longer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// Horizontal line at this price.
    Level(f64),
    /// Line from one day and price to another.
    Trend((NaiveDate, f64), (NaiveDate, f64)),
}

/// Kind of the changes of drawings.
pub const DRAWINGS: &str = "drawings";

/// Event for an account's own pages: drawings on a chart were added or deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingsChanged {
    /// Symbol, upper case.
    pub symbol: String,
    /// Added drawings, oldest first.
    pub drawn: Vec<Drawing>,
    /// Ids of deleted drawings.
    pub removed: Vec<DrawingId>,
}

impl Event for DrawingsChanged {
    const KIND: &'static str = "markets.drawings";
}
