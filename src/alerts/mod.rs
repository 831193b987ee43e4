//! Alerts: notify members when a price crosses a value, moves by a percentage in a day, or an
//! indicator crosses a level.
//!
//! A [`Condition`] describes the trigger. [`rules`] compute the side of it that a price is on; an
//! alert triggers when that side differs from the last one, which the database stores. It triggers
//! once and is inactive until it is activated again. The [`Watcher`] asks `markets` once per
//! watched symbol. Triggering an alert and storing its notification are one transaction with a
//! condition on the alert's state, so two nodes notify once.
//!
//! Notifications of other features work alike: the feature stores them in its own transaction
//! ([`Service::tell`]), every open page receives them, the alerts page lists them, and the feature
//! itself words them ([`view::NotificationRenderers`]).

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
    Adjusted, Alert, AlertCard, AlertFired, AlertInput, AlertKind, AlertNotification, AlertState,
    AlertsPage, AlertsSeen, Condition, Notification, Notified, Posting, Unseen,
};
pub use rules::parse;
#[cfg(feature = "ssr")]
pub use service::{Dependencies, NewNotification, Service, Watcher};

use crate::feature::Feature;
#[cfg(feature = "ssr")]
use crate::feature::Setup;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "alerts",
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::start(Dependencies {
        db: setup.db.clone(),
        bus: Arc::clone(&setup.bus),
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
