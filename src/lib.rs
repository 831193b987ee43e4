//! Rialto: a self-hosted home for trading communities. See ARCHITECTURE.md for the map.

// A page's view is one type that holds the types of all its elements.
#![recursion_limit = "256"]

pub mod accounts;
pub mod alerts;
pub mod app;
pub mod audit;
pub mod bots;
pub mod calls;
pub mod chat;
#[cfg(feature = "ssr")]
pub mod cli;
pub mod communities;
pub mod gateway;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod markets;
pub mod offline;
pub mod operator;
pub mod paper;
#[cfg(feature = "ssr")]
pub mod platform;
pub mod portfolio;
pub mod pulse;
pub mod realtime;
#[cfg(feature = "ssr")]
pub mod server;
pub mod shared;
#[cfg(test)]
#[cfg(feature = "ssr")]
pub mod testing;
pub mod ui;

/// Takes the texts of a part of the app: called with its files, before anything of it runs.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn more_texts(texts: String) {
    ui::provide_texts(texts);
}

/// Where the browser starts: takes over the page that the server drew. `texts` are those of its
/// language that the first part of the app shows.
///
/// # Errors
/// When the part of the app that draws this page cannot be loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate(texts: String) -> Result<(), wasm_bindgen::JsError> {
    console_error_panic_hook::set_once();
    ui::provide_texts(texts);
    // After signing in or out everything starts fresh: cookies, snapshot, socket. First come,
    // first served: the router's own hook would stay on the page.
    let _set_before = server_fn::redirect::set_redirect_hook(|place| {
        let _refused = leptos::prelude::location().assign(place);
    });
    let path = leptos::prelude::location().pathname().unwrap_or_default();
    app::load_page(&path).await?;
    leptos::mount::hydrate_body(app::App);
    Ok(())
}
