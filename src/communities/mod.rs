//! Communities, their channels and members, and permissions.
//!
//! Every account is a member of the Lobby from its creation. A channel's row holds the two counters
//! on which all delivery depends; `chat` increments them through [`Service::count_messages`] in its
//! own transaction.

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

pub use model::{
    Access, Channel, ChannelCreated, ChannelDeleted, Community, Head, Member, MemberChanged,
    MemberPage, Overview, Presence, PresenceChanged,
};
#[cfg(feature = "ssr")]
pub use presence::PresencePublisher;
#[cfg(feature = "ssr")]
pub use service::Service;
