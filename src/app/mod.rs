//! The app: the pages of all features, and what every page provides. Submodules contain the HTML
//! document and the market pages, which combine features.

use crate::chat::registry::Registry;
use crate::feature::{Page, route};
use crate::features::FEATURES;
use crate::gateway;
use crate::notifications::view::{NotificationRenderers, listen};
use crate::realtime::Client;
use crate::ui::later::{Behind, Part};
use crate::ui::panes::FocusKeeper;
use crate::ui::tools::{FinderDialog, KeysSheet};
use crate::ui::{Finder, Keys, NotFound, ToastRegion, Toasts, Zone, t};
#[cfg(feature = "hydrate")]
use crate::{chat::registry::load_cards_of_page, ui::later::NotLoaded};
use leptos::prelude::*;
use leptos::tachys::view::iterators::StaticVec;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{FlatRoutes, FlatRoutesProps, Router},
    path,
};

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
    for feature in FEATURES {
        (feature.provide)();
    }
    provide_context(Registry::of(FEATURES));
    provide_context(NotificationRenderers::of(FEATURES));
    let client = Client::provide();
    Effect::new(move || {
        if client.wanted.get() {
            gateway::keep_connected(client);
        }
    });
    listen();
    let name = t("app-name");
    let own_name = name.clone();
    let titled = move |text: String| {
        if text == own_name {
            text
        } else {
            format!("{text} · {own_name}")
        }
    };
    let overlays: Vec<_> = FEATURES.iter().filter_map(|one| (one.overlay)()).collect();
    view! {
        <Title formatter=titled text=name />
        <Router>
            {page_routes()}
            <FocusKeeper />
            <FinderDialog />
        </Router>
        {overlays}
        <KeysSheet />
        <ToastRegion />
    }
}

/// The routes of all pages.
fn page_routes() -> impl IntoView {
    let routes: Vec<_> = pages().map(|page| (page.route)()).collect();
    let children = ToChildren::to_children(move || StaticVec::from(routes));
    let props = FlatRoutesProps::builder().fallback(NotFound);
    FlatRoutes(props.children(children).build())
}

/// The market pages combine sections of several features.
const MARKETS: Page = Page {
    root: "markets",
    route: || route(path!("/markets/:section?"), Behind(markets::markets)),
    part: Some(Part {
        name: "markets",
        load: || Box::pin(markets::load()),
    }),
};

fn pages() -> impl Iterator<Item = Page> {
    let of_features = FEATURES.iter().flat_map(|feature| feature.pages);
    of_features.copied().chain([MARKETS])
}

/// The split part of the WebAssembly module that contains the page at a path. None: the first part
/// does.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
fn part_of(path: &str) -> Option<Part> {
    let root = path.split('/').nth(1)?;
    pages().find(|page| page.root == root)?.part
}

/// Loads the part that contains the page: hydration needs it complete.
#[cfg(feature = "hydrate")]
pub async fn load_page(path: &str) -> Result<(), NotLoaded> {
    load_cards_of_page(FEATURES).await?;
    match part_of(path) {
        Some(part) => (part.load)().await,
        None => Ok(()),
    }
}
