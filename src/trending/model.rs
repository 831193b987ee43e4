//! Mentions, shared by server and browser.

use crate::markets::Source;
use crate::shared::ChannelId;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Mentions, and members who wrote them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Number of messages that mention the symbol.
    pub mentions: u64,
    /// Number of members who wrote them. One very active member does not make a trend.
    pub people: u64,
}

/// A symbol with its mentions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Ranked {
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// Name of the symbol; null: unknown.
    pub name: Option<String>,
    /// In the requested days.
    pub now: Counts,
    /// In the same number of days before.
    pub before: Counts,
    /// Price change over these days in %, to 2 decimals; null: no prices for them.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, example = "-2.31"))]
    pub price_change: Option<Decimal>,
}

/// Trending symbols.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Trending {
    /// First day.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = Date))]
    pub from: NaiveDate,
    /// Last day: today, in UTC.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = Date))]
    pub to: NaiveDate,
    /// By members, then by mentions.
    pub instruments: Vec<Ranked>,
    /// `skip` of the next page; null: last page.
    pub next: Option<u64>,
}

/// A day of a symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = TrendingDay))]
pub struct Day {
    /// In UTC.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = Date))]
    pub date: NaiveDate,
    /// Mentions on this day.
    pub counts: Counts,
    /// Last price of the day; null: no trading, or unknown.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, example = "430.47"))]
    pub close: Option<Decimal>,
}

/// Daily mentions of a symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TrendingSymbol {
    /// The symbol, with totals of all days.
    pub instrument: Ranked,
    /// Every day, oldest first.
    pub days: Vec<Day>,
    /// Data source of the prices.
    pub source: Option<Source>,
    /// Last day of the price history.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = Date))]
    pub priced_to: Option<NaiveDate>,
}

/// A channel to select.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub id: ChannelId,
    pub name: String,
}

/// Data of the trending page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendingPage {
    pub trending: Trending,
    /// The selected symbol.
    pub chosen: Option<TrendingSymbol>,
    /// Channels that the viewer can read.
    pub places: Vec<Place>,
}
