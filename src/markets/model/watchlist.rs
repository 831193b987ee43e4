//! Lists of instruments that members watch.

use super::Quote;
use crate::shared::{Timestamp, WatchlistId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Instruments that somebody watches, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Watchlist {
    /// Its id.
    pub id: WatchlistId,
    /// What its owner calls it.
    pub name: String,
    /// The codes, upper case, in the order of its owner.
    #[cfg_attr(feature = "ssr", schema(example = json!(["AAPL", "MSFT"])))]
    pub symbols: Vec<String>,
    /// Since when it is there.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// An instrument of a list as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// The code.
    pub symbol: String,
    /// What it is called, where that is known.
    pub name: Option<String>,
    /// The last known price; none: the source has none, or is away.
    pub quote: Option<Quote>,
    /// Change against the day before in per cent, to 4 decimals.
    pub change_percent: Option<Decimal>,
    /// The last closes, oldest first; empty: they are not known now.
    pub closes: Vec<f64>,
    /// Is the source away?
    pub away: bool,
}

/// The viewer's lists, and the prices of one of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WatchPage {
    /// All lists, the oldest first.
    pub lists: Vec<Watchlist>,
    /// The one that is shown; none: there is none yet.
    pub shown: Option<WatchlistId>,
    /// Its instruments.
    pub rows: Vec<Watched>,
}
