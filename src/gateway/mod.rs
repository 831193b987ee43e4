//! The typed channel between page and server.
//!
//! The browser has one connection per tab. Requests are commands with a nonce; events arrive on
//! topics. Features add their commands and topics ([`Service::add_command`], [`Topics`]). Permission is checked when a client
//! subscribes to a topic. A client that missed events requests everything after the change count
//! that it has.

mod model;
pub mod protocol;
pub mod rpc;

#[cfg(feature = "ssr")]
mod additions;
#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
mod connection;
#[cfg(feature = "ssr")]
mod registry;
#[cfg(feature = "ssr")]
mod service;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Ping, Welcome};
#[cfg(feature = "ssr")]
pub use registry::{CatchUp, Missed, Missing, Presence, Topics};
#[cfg(feature = "ssr")]
pub use service::{Heartbeats, Service};

/// Keeps the page's client connected as long as the page is open; does nothing on the server.
pub fn keep_connected(client: crate::realtime::Client) {
    #[cfg(feature = "hydrate")]
    browser::start(client);
    #[cfg(not(feature = "hydrate"))]
    let _ = client;
}

use crate::feature::Feature;
#[cfg(feature = "ssr")]
use crate::feature::Setup;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "gateway",
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::new(
        Arc::clone(&setup.bus),
        setup.tasks.clone(),
        setup.get()?,
        &setup.config.limits,
    );
    setup.worker(Heartbeats(service.clone()));
    setup.service(service);
    // For the connections of `protocol`.
    setup.service(setup.tasks.clone());
    Ok(())
}
