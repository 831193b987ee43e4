//! Rialto: a self-hosted home for trading communities. See ARCHITECTURE.md for the map.

pub mod accounts;
pub mod app;
pub mod bots;
pub mod chat;
pub mod communities;
pub mod gateway;
pub mod markets;
#[cfg(feature = "ssr")]
pub mod platform;
pub mod realtime;
#[cfg(feature = "ssr")]
pub mod server;
pub mod shared;
#[cfg(test)]
#[cfg(feature = "ssr")]
pub mod testing;
pub mod ui;

/// Where the browser starts: takes over the page that the server drew.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // After signing in or out everything starts fresh: cookies, snapshot, socket. First come,
    // first served: the router's own hook would stay on the page.
    let _set_before = server_fn::redirect::set_redirect_hook(|place| {
        let _refused = leptos::prelude::location().assign(place);
    });
    leptos::mount::hydrate_body(app::App);
}
