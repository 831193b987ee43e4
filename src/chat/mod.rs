//! Messages: sending, history, unread counts, typing.
//!
//! [`Service::send`] is the only entry point for new messages: it checks permission, rate and text,
//! then one transaction numbers and stores the message; the event is published after the commit.
//! Structured content of a message is a [`Card`], rendered by the feature that created it.

pub mod markup;
mod model;
pub mod registry;
pub mod rpc;
pub mod rules;
pub mod timeline;
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

pub use model::*;
#[cfg(feature = "ssr")]
pub use service::{Acknowledgement, AdvanceTeller, Around, Changes, ChannelRemover, Service};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{self, Feature, route};
use leptos_router::path;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "chat",
    provide: view::offer_elsewhere,
    pages: &[
        feature::Page {
            root: "",
            route: || route(path!("/"), view::Home),
            part: None,
        },
        feature::Page {
            root: "channels",
            route: || route(path!("/channels/:community/:channel"), view::ChannelPage),
            part: None,
        },
    ],
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::start(
        setup.db.clone(),
        Arc::clone(&setup.bus),
        Arc::clone(&setup.limiter),
        setup.get()?,
        setup.get()?,
        &setup.config.limits,
        setup.live.clone(),
    );
    service::register(&setup.get()?, &service);
    setup.api(api::routes(service.clone()));
    setup.worker(ChannelRemover(service.clone()));
    setup.worker(AdvanceTeller {
        chat: service.clone(),
        gateway: setup.get()?,
    });
    setup.service(service);
    Ok(())
}
