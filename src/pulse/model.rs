//! Mentions as both sides see them.

use crate::markets::Source;
use crate::shared::ChannelId;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How often something was spoken of, and by how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Messages that speak of it.
    pub mentions: u64,
    /// Members who wrote them: one loud person is no pulse.
    pub people: u64,
}

/// An instrument and how much it is spoken of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Ranked {
    /// The code.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// What it is called, where that is known.
    pub name: Option<String>,
    /// In these days.
    pub now: Counts,
    /// In as many days before them.
    pub before: Counts,
    /// Change of its price over these days in per cent, to 2 decimals; none: there are no prices of
    /// them.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, example = "-2.31"))]
    pub price_change: Option<Decimal>,
}

/// The instruments that are spoken of most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Pulse {
    /// The first day.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = Date))]
    pub from: NaiveDate,
    /// The last day: today, in UTC.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = Date))]
    pub to: NaiveDate,
    /// By people, then by mentions.
    pub instruments: Vec<Ranked>,
    /// `skip` of the next page; none: this is the last one.
    pub next: Option<u64>,
}

/// A day of an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = PulseDay))]
pub struct Day {
    /// Which, in UTC.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = Date))]
    pub date: NaiveDate,
    /// How much it was spoken of.
    pub counts: Counts,
    /// Its last price of the day; none: it was not traded, or nobody knows.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, example = "430.47"))]
    pub close: Option<Decimal>,
}

/// How an instrument was spoken of, day by day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PulseOf {
    /// The instrument, with the sums of all days.
    pub instrument: Ranked,
    /// Every day, the oldest first.
    pub days: Vec<Day>,
    /// Where the prices are from.
    pub source: Option<Source>,
    /// The last day of which there is a price at all.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = Date))]
    pub priced_to: Option<NaiveDate>,
}

/// A channel that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub id: ChannelId,
    /// What it is called.
    pub name: String,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PulsePage {
    /// The most spoken of.
    pub pulse: Pulse,
    /// The one that was chosen.
    pub chosen: Option<PulseOf>,
    /// The channels that the viewer may read.
    pub places: Vec<Place>,
}
