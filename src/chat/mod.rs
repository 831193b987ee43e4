//! Messages: sending, history, unread, typing.
//!
//! [`Service::send`] is the one way in: permission, rate, text, then one transaction that numbers
//! and stores the message and publishes it after the commit. What hangs on a message beside its
//! text is a [`Part`], drawn by the feature that made it.

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
