//! Pages of the markets: an instrument's page, watchlists, and prices with their age.

mod add;
mod cashtag;
pub mod instrument;
mod manage;
mod prices;
mod watchlist;
mod watchlist_state;

pub use add::SymbolField;
pub use cashtag::{CashtagDoor, Cashtags, chip};
pub use prices::{age, change_mark, price, price_of, sector_name, shown, source_of, symbol_link};
pub use watchlist::{load_watchlist_section, watchlist_section};

/// Returns the path of an instrument's page.
pub fn instrument_path(symbol: &str) -> String {
    format!("/instruments/{}", in_address(symbol))
}

/// Encodes one or several symbols for an address: a symbol can contain `^` and `=`, which mean
/// something else there.
pub fn in_address(symbol: &str) -> String {
    symbol.replace('^', "%5E").replace('=', "%3D")
}
