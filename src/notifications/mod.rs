//! Notifications of all features: one list and one unseen count for each account.
//!
//! A feature calls [`Service::notify`] in the transaction of the cause. An account has at most one
//! notification of a kind about a subject, so a repeat changes nothing. Every open page of the
//! account receives it. The feature itself turns the body into a text
//! ([`view::NotificationRenderers`]).

mod model;
pub mod rpc;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;
pub mod view;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    NOTIFICATIONS, Notification, NotificationCreated, NotificationPage, NotificationsSeen,
    UnseenCount,
};
#[cfg(feature = "ssr")]
pub use service::{NewNotification, Service, Sweeper};

use crate::feature::Feature;
#[cfg(feature = "ssr")]
use crate::feature::Setup;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "notifications",
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let bus = Arc::clone(&setup.bus);
    let service = Service::start(setup.db.clone(), bus, &setup.get()?);
    setup.worker(Sweeper(service.clone()));
    setup.service(service);
    Ok(())
}
