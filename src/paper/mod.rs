//! Paper trading: members of a community trade with virtual money, a quarter at a time, at prices
//! that come after their orders.
//!
//! An account is a portfolio of `portfolio` that this feature manages: a deposit at joining, then
//! buys and sells as orders fill. An order fills at the first price that is certainly newer than
//! the order ([`rules`]), never at the one that its member saw. The [`Filler`] asks `markets` once
//! for each symbol with open orders. A fill is one transaction with a condition on the order's
//! state, so two nodes, or one that restarts after a crash, fill once. The same transaction
//! notifies the member through `notifications`. Members are also notified of rejected and expired orders.

mod model;
pub mod rpc;
pub mod rules;
pub mod view;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    AccountPage, Board, CURRENCY, Ended, Market, Order, OrderInput, OrderKind, OrderPage,
    OrderState, PaperAccount, PaperPage, Placed, Preview, RankedMember, Reason, Season, Seasons,
    Side, Ticket,
};
#[cfg(feature = "ssr")]
pub use service::{Dependencies, Filler, Service};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Feature, MarketSection, Notifications};
use crate::ui::{IconName, sections::Section};

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "paper",
    sections: &[MarketSection {
        section: Section {
            slug: "paper",
            icon: IconName::Briefcase,
            name: "markets-paper",
        },
        load: || Box::pin(view::load_paper_section()),
        draw: || Box::pin(view::paper_section()),
    }],
    notifications: Some(Notifications {
        load: || Box::pin(view::load_notification_text()),
        text: |kind, body| Box::pin(view::notification_text(kind, body)),
    }),
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::start(Dependencies {
        db: setup.db.clone(),
        accounts: setup.get()?,
        communities: setup.get()?,
        markets: setup.get()?,
        watchlists: setup.get()?,
        portfolio: setup.get()?,
        notifications: setup.get()?,
    });
    setup.api(api::routes(service.clone()));
    let of_before = service.clone();
    setup.before_serving(async move { of_before.merge_spellings().await });
    setup.worker(Filler::new(service.clone(), setup.price_interval()));
    setup.service(service);
    Ok(())
}
