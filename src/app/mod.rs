//! Routes and the contexts that every page provides; submodules contain the HTML document and pages
//! that combine features.

use crate::accounts::view::{Entry, Faces, entry, settings};
use crate::admin::view::admin;
use crate::chat::registry::{Registry, SlashCommand};
use crate::chat::view::{ChannelPage, Home, offer_elsewhere};
use crate::markets::view::{CashtagDoor, Cashtags};
use crate::portfolio::view::portfolio;
use crate::realtime::Client;
use crate::ui::{Finder, Keys, NotFound, ToastRegion, Toasts, Zone, t};
use crate::ui::{finder::FinderDialog, keys::KeysSheet, later::Behind, panes::FocusKeeper};
#[cfg(feature = "hydrate")]
use crate::{
    accounts::view::{load_entry, load_settings},
    admin::view::load_admin,
    portfolio::view::load_portfolio,
    ui::later::NotLoaded,
};
use crate::{alerts, bots, gateway};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

mod cards;
mod instrument;
mod markets;
#[cfg(feature = "ssr")]
mod refused;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use refused::refused_page;
#[cfg(feature = "ssr")]
pub use shell::{Assets, offline_page, shell};

/// The app: providers, routes and toasts.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Zone::provide();
    Toasts::provide();
    Keys::provide();
    Finder::provide();
    offer_elsewhere();
    Faces::provide();
    provide_context(registry());
    Cashtags::provide();
    let client = Client::provide();
    Effect::new(move || {
        if client.wanted.get() {
            gateway::keep_connected(client);
        }
    });
    alerts::view::listen(cards::words);
    let name = t("app-name");
    let own_name = name.clone();
    let titled = move |text: String| {
        if text == own_name {
            text
        } else {
            format!("{text} · {own_name}")
        }
    };
    // Pages are sent as a whole, because out-of-order streaming needs scripts to assemble them.
    view! {
        <Title formatter=titled text=name />
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=Behind(|| entry(Entry::SignIn)) ssr=SsrMode::Async />
                <Route path=path!("/sign-in/code") view=Behind(|| entry(Entry::Code)) ssr=SsrMode::Async />
                <Route path=path!("/sign-in/return") view=Behind(|| entry(Entry::ComeBack)) ssr=SsrMode::Async />
                <Route path=path!("/register") view=Behind(|| entry(Entry::Register)) ssr=SsrMode::Async />
                <Route path=path!("/forgot") view=Behind(|| entry(Entry::Forgot)) ssr=SsrMode::Async />
                <Route path=path!("/reset/:token") view=Behind(|| entry(Entry::Reset)) ssr=SsrMode::Async />
                <Route path=path!("/markets/:section?") view=Behind(markets::markets) ssr=SsrMode::Async />
                <Route path=path!("/admin/:section?") view=Behind(admin) ssr=SsrMode::Async />
                <Route path=path!("/instruments/:symbol") view=Behind(instrument::instrument) ssr=SsrMode::Async />
                <Route path=path!("/portfolio/:section?") view=Behind(portfolio) ssr=SsrMode::Async />
                <Route path=path!("/settings/:section?") view=Behind(settings) ssr=SsrMode::Async />
                <Route
                    path=path!("/channels/:community/:channel")
                    view=ChannelPage
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
            <FocusKeeper />
            <FinderDialog />
        </Router>
        <CashtagDoor />
        <KeysSheet />
        <ToastRegion />
    }
}

/// The split part of the WebAssembly module that contains the page at a path. None: the first part
/// does.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
fn part_of(path: &str) -> Option<&'static str> {
    match path.split('/').nth(1)? {
        "instruments" => Some("instrument"),
        "markets" => Some("markets"),
        "admin" => Some("admin"),
        "portfolio" => Some("portfolio"),
        "settings" => Some("settings"),
        "sign-in" | "register" | "forgot" | "reset" => Some("entry"),
        _ => None,
    }
}

/// Loads the part that contains the page: hydration needs it complete.
#[cfg(feature = "hydrate")]
pub async fn load_page(path: &str) -> Result<(), NotLoaded> {
    cards::load_those_of_page().await?;
    match part_of(path) {
        Some("instrument") => instrument::load_instrument().await,
        Some("markets") => markets::load_markets().await,
        Some("admin") => load_admin().await,
        Some("portfolio") => load_portfolio().await,
        Some("settings") => load_settings().await,
        Some("entry") => load_entry().await,
        _ => Ok(()),
    }
}

/// Cards and slash commands that features above `chat` add to conversations.
fn registry() -> Registry {
    let commands = bots::commands().into_iter().map(|command| SlashCommand {
        name: command.name,
        usage: command.usage,
        description_key: command.description_key,
    });
    Registry {
        cards: Some(cards::cards()),
        commands: commands.collect(),
    }
}
