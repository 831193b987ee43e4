//! `/instruments/:symbol`: the page is of the markets, what the viewer traded is of portfolios.

use crate::markets::view::instrument::{TradesOf, page};
use crate::portfolio::rpc::load_trades;
use crate::ui::later::NotLoaded;
use leptos::{prelude::*, wasm_split::wasm_split};

/// The door to this page.
#[wasm_split(instrument, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_instrument))]
pub fn instrument() -> Result<AnyView, NotLoaded> {
    provide_context(TradesOf(|symbol| Box::pin(load_trades(symbol))));
    Ok(page())
}
