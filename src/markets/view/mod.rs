//! What members see of the markets: an instrument's page, watchlists, and how prices are written
//! beside their age.

mod add;
mod cashtag;
pub mod instrument;
mod manage;
mod prices;
mod watchlist;

pub use cashtag::{CashtagDoor, Cashtags, chip};
pub use prices::{age, change_mark, price, shown, source_of};
pub use watchlist::WatchlistSection;

/// The page of an instrument.
#[must_use]
pub fn instrument_path(symbol: &str) -> String {
    // `^` and `=` may stand in a symbol and not in a path.
    let symbol = symbol.replace('^', "%5E").replace('=', "%3D");
    format!("/instruments/{symbol}")
}
