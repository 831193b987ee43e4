//! `/instruments/:symbol`: combines the page of `markets` with the viewer's trades from
//! `portfolio`.

use crate::markets::view::instrument::{TradesOf, page};
use crate::portfolio::rpc::load_trades;
use crate::ui::later::NotLoaded;
use leptos::{prelude::*, wasm_split::wasm_split};

/// Split point of this page.
#[wasm_split(instrument, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_instrument))]
pub fn instrument() -> Result<AnyView, NotLoaded> {
    provide_context(TradesOf(|symbol| Box::pin(load_trades(symbol))));
    Ok(page())
}
