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
pub use service::{Acknowledgement, Around, Changes, ChannelRemover, Service};
