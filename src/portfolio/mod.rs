//! Portfolios of members, with transactions, lots, gains and performance.
//!
//! The transactions are the source of truth. Sums are computed from them ([`rules`]) in exact
//! decimals, per symbol, and stored beside them, so a page does not read all transactions and a
//! change recomputes only its symbol. Splits come from the symbol's price history; transactions of
//! kind split are for symbols whose data source reports no splits. A feature can manage a portfolio
//! (`managed_by`): its owner can then read but not change it.

mod model;
pub mod rpc;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;
pub mod view;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    Benchmark, ChosenDividend, Detail, Dividends, Hindered, Hindrance, Holding, HoldingDividends,
    Import, Imports, Kind, OfferedDividend, Origin, Overview, PaidDividends, PastImport,
    Performance, Planned, Point, Portfolio, PortfolioPage, PortfolioShare, PricedSince, Problem,
    Record, ShareLine, SharePreview, Shared, Showing, TakenDividends, TradeShare, Transaction,
    TransactionInput, TransactionPage, as_written, as_written_to,
};
#[cfg(feature = "ssr")]
pub use service::{
    Balance, ManagedTrade, Prepared, Service, Sharing, Sweeper, Taking, Trade, Traded,
};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Cards, Feature, Page, route};
use crate::markets::view::instrument::TradesOf;
use crate::ui::later::{Behind, Part};
use leptos::prelude::provide_context;
use leptos_router::path;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "portfolio",
    provide: || provide_context(TradesOf(|symbol| Box::pin(rpc::load_trades(symbol)))),
    pages: &[Page {
        root: "portfolio",
        route: || route(path!("/portfolio/:section?"), Behind(view::portfolio)),
        part: Some(Part {
            name: "portfolio",
            load: || Box::pin(view::load_portfolio()),
        }),
    }],
    cards: Some(Cards {
        load: || Box::pin(view::load_portfolio_cards()),
        draw: |kind, body| Box::pin(view::draw_card(kind, body)),
    }),
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::start(setup.db.clone(), &setup.get()?, setup.get()?);
    let sharing = Sharing::new(service.clone(), setup.get()?, setup.get()?);
    setup.api(api::routes(service.clone()));
    setup.api(api::share::routes(sharing.clone()));
    setup.worker(Sweeper(service.clone()));
    let of_before = service.clone();
    setup.before_serving(async move { of_before.merge_spellings().await });
    setup.service(service);
    setup.service(sharing);
    Ok(())
}
