//! The typed channel between a page and the server, above all features.
//!
//! The browser has one connection for each tab. What a person asks for travels as a command with
//! a nonce and is mapped to its feature's service here; what happens travels as events on topics.
//! Permission is checked when a topic is subscribed to; who missed something asks for everything
//! after the change count that they have.

mod model;
pub mod protocol;
pub mod rpc;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "ssr")]
mod connection;
#[cfg(feature = "ssr")]
mod service;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Pulse, Welcome};
#[cfg(feature = "ssr")]
pub use service::{Heartbeats, Service};

/// Keeps the page's client connected for as long as the page is open; on the server nothing.
pub fn keep_connected(client: crate::realtime::Client) {
    #[cfg(feature = "hydrate")]
    browser::start(client);
    #[cfg(not(feature = "hydrate"))]
    let _ = client;
}
