//! Rialto: a self-hosted home for trading communities. ARCHITECTURE.md gives an overview.

// The type of a page's view contains the types of all its elements.
#![recursion_limit = "256"]

pub mod accounts;
pub mod admin;
pub mod alerts;
pub mod app;
pub mod audit;
pub mod bots;
pub mod chat;
#[cfg(feature = "ssr")]
pub mod cli;
pub mod communities;
pub mod feature;
pub mod features;
pub mod gateway;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod markets;
pub mod notifications;
pub mod offline;
pub mod paper;
#[cfg(feature = "ssr")]
pub mod platform;
pub mod portfolio;
pub mod predictions;
pub mod realtime;
#[cfg(feature = "ssr")]
pub mod server;
pub mod shared;
#[cfg(test)]
#[cfg(feature = "ssr")]
pub mod testing;
pub mod trending;
pub mod ui;

/// Adds the texts of a split part of the app. JavaScript calls it with the part's text files before
/// any code of the part runs.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn more_texts(texts: String) {
    ui::provide_texts(texts);
}

/// Entry point in the browser: hydrates the page that the server rendered. `texts` are the texts of
/// the first part of the app in the page's language.
///
/// # Errors
/// The part of the app that contains this page cannot be loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate(texts: String) -> Result<(), wasm_bindgen::JsError> {
    console_error_panic_hook::set_once();
    ui::provide_texts(texts);
    // Signing in or out loads a new page, with new cookies, snapshot and socket. The first hook
    // wins: the router's own hook would stay on the page.
    let _set_before = server_fn::redirect::set_redirect_hook(|place| {
        let _refused = leptos::prelude::location().assign(place);
    });
    let path = leptos::prelude::location().pathname().unwrap_or_default();
    app::load_page(&path).await?;
    leptos::mount::hydrate_body(app::App);
    Ok(())
}
