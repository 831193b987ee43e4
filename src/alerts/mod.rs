//! Alerts: notify members when a price crosses a value, moves by a percentage in a day, or an
//! indicator crosses a level.
//!
//! A [`Condition`] describes the trigger. [`rules`] compute the side of it that a price is on; an
//! alert triggers when that side differs from the last one, which the database stores. It triggers
//! once and is inactive until it is activated again. The [`Watcher`] asks `markets` once per
//! watched symbol. Triggering an alert and notifying its owner are one transaction with a condition
//! on the alert's state, so two nodes notify once.

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
    Adjusted, Alert, AlertCard, AlertInput, AlertKind, AlertNotification, AlertState, AlertsPage,
    Condition, Posting,
};
pub use rules::parse;
#[cfg(feature = "ssr")]
pub use service::{Dependencies, Service, Watcher};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Cards, Feature, MarketSection, Notifications};
use crate::ui::{IconName, sections::Section};

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "alerts",
    sections: &[MarketSection {
        section: Section {
            slug: "alerts",
            icon: IconName::Inbox,
            name: "markets-alerts",
        },
        load: || Box::pin(view::load_alerts_section()),
        draw: || Box::pin(view::alerts_section()),
    }],
    cards: Some(Cards {
        load: || Box::pin(view::load_alert_cards()),
        draw: |kind, body| Box::pin(view::draw_card(kind, body)),
    }),
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
        notifications: setup.get()?,
        accounts: setup.get()?,
        communities: setup.get()?,
        chat: setup.get()?,
        markets: setup.get()?,
        watchlists: setup.get()?,
    });
    setup.api(api::routes(service.clone()));
    setup.worker(Watcher::new(service.clone(), setup.price_interval()));
    let bot = service.clone();
    setup.before_serving(async move { bot.bot().await.map(drop) });
    setup.service(service);
    Ok(())
}
