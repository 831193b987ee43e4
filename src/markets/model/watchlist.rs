//! Watchlists of members.

use super::Quote;
use crate::shared::{Timestamp, WatchlistId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A member's watchlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Watchlist {
    pub id: WatchlistId,
    pub name: String,
    /// Symbols, upper case, in the owner's order.
    #[cfg_attr(feature = "ssr", schema(example = json!(["AAPL", "MSFT"])))]
    pub symbols: Vec<String>,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// A symbol of a watchlist, as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    pub symbol: String,
    /// Name, if known.
    pub name: Option<String>,
    /// Last known price; `None`: the data source has none or is unavailable.
    pub quote: Option<Quote>,
    /// Change since the previous close in %, to 4 decimals.
    pub change_percent: Option<Decimal>,
    /// Last closes, oldest first; empty: not available now.
    pub closes: Vec<f64>,
    /// true if the data source is unavailable.
    pub away: bool,
}

/// The viewer's watchlists, and the prices of one of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WatchPage {
    /// All watchlists, oldest first.
    pub lists: Vec<Watchlist>,
    /// The list shown; `None`: the viewer has no lists.
    pub shown: Option<WatchlistId>,
    /// Symbols of the list shown.
    pub rows: Vec<Watched>,
}
