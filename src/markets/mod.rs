//! Instruments, quotes and their data sources.
//!
//! A [`Service`] returns the last known price and the price history of a symbol from the sources
//! that the admin chose: the bundled sample, files, providers on the network. They implement
//! [`providers::MarketData`]; their data is checked before it is shown, and a price always carries
//! its source and its date. Computations on prices are in [`indicators`].

mod model;
pub mod rpc;
mod rules;
pub mod view;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod chart;
#[cfg(feature = "ssr")]
mod companies;
#[cfg(feature = "ssr")]
pub mod providers;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    About, Bar, Closes, Columns, DRAWINGS, Details, Dividend, Drawing, DrawingsChanged, Freshness,
    Headline, History, Instrument, InstrumentPage, News, Quote, Rated, Sector, Sentiment, Shape,
    Source, Split, Trade, WatchPage, Watched, Watchlist, Year, currency,
};
#[cfg(feature = "ssr")]
pub use providers::Requester;
pub use rules::{
    MAX_SYMBOL, OTHER_SPELLINGS, Symbol, canonical, cashtag, indicators, is_symbol_char,
    may_follow, ratings, spellings,
};
#[cfg(feature = "ssr")]
pub use rules::{splits::as_of, unknown_symbol};
#[cfg(feature = "ssr")]
pub use service::{Drawings, Service, Watchlists};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Feature, MarketSection, Page, route};
use crate::ui::later::{Behind, Part};
use crate::ui::{IconName, sections::Section};
use leptos::prelude::IntoAny;
use leptos_router::path;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "markets",
    provide: view::Cashtags::provide,
    pages: &[Page {
        root: "instruments",
        route: || {
            route(
                path!("/instruments/:symbol"),
                Behind(view::instrument::instrument),
            )
        },
        part: Some(Part {
            name: "instrument",
            load: || Box::pin(view::instrument::load_instrument_page()),
        }),
    }],
    sections: &[MarketSection {
        section: Section {
            slug: "watchlist",
            icon: IconName::Chart,
            name: "markets-watchlist",
        },
        load: || Box::pin(view::load_watchlist_section()),
        draw: || Box::pin(view::watchlist_section()),
    }],
    overlay: || Some(view::CashtagDoor().into_any()),
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let accounts = setup.get()?;
    let service = Service::new(&setup.config, &setup.db, &setup.tasks)?;
    let watchlists = Watchlists::start(setup.db.clone(), &accounts, service.clone());
    let drawings = Drawings::start(setup.db.clone(), Arc::clone(&setup.bus), &accounts);
    setup.api(api::routes(service.clone()));
    setup.api(api::watchlists::routes(watchlists.clone()));
    setup.api(api::drawings::routes(drawings.clone()));
    setup.service(service);
    setup.service(watchlists);
    setup.service(drawings);
    Ok(())
}
