//! Communities, their channels and members, and who may do what in them.
//!
//! Every account is a member of the Lobby from the moment it exists. A channel's row holds the
//! two counters that all delivery rests on; `chat` takes their numbers through
//! [`Service::count_messages`] inside its own transaction.

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
pub use presence::PresenceTeller;
#[cfg(feature = "ssr")]
pub use service::Service;
