//! What members see of the markets: an instrument's page, watchlists, and how prices are written
//! beside their age.

mod add;
mod cashtag;
pub mod instrument;
mod manage;
mod prices;
mod watchlist;

pub use cashtag::{CashtagDoor, Cashtags, chip};
pub use prices::{age, change_mark, price, sector_name, shown, source_of};
pub use watchlist::WatchlistSection;

/// The page of an instrument.
pub fn instrument_path(symbol: &str) -> String {
    format!("/instruments/{}", in_address(symbol))
}

/// A symbol, or several, as an address has it: `^` and `=` may stand in a symbol and mean something
/// else there.
pub fn in_address(symbol: &str) -> String {
    symbol.replace('^', "%5E").replace('=', "%3D")
}
