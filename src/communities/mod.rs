//! Communities, their channels and members, and permissions.
//!
//! Every account is a member of the Lobby from its creation. A channel's row holds the two counters
//! on which all delivery depends; `chat` increments them through [`Service::count_messages`] in its
//! own transaction.

mod directory;
mod model;
pub mod rpc;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod presence;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;

pub use directory::Directory;
pub use model::{
    Access, Channel, ChannelCreated, ChannelDeleted, Community, Head, Member, MemberChanged,
    MemberPage, Overview, Presence, PresenceChanged,
};
#[cfg(feature = "ssr")]
pub use service::{PresencePublisher, Service};

use crate::feature::Feature;
#[cfg(feature = "ssr")]
use crate::feature::Setup;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "communities",
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
        Arc::clone(&setup.presence),
        setup.get()?,
        &setup.config.limits,
    )
    .await?;
    service::register(&setup.get()?, &service);
    setup.api(api::routes(service.clone()));
    setup.worker(PresencePublisher(service.clone()));
    setup.service(service);
    Ok(())
}
