//! The typed channel between page and server, above all features.
//!
//! The browser has one connection per tab. Requests are commands with a nonce, which are mapped to
//! the services of the features here; events arrive on topics. Permission is checked when a client
//! subscribes to a topic. A client that missed events requests everything after the change count
//! that it has.

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

pub use model::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Ping, Welcome};
#[cfg(feature = "ssr")]
pub use service::{Heartbeats, Service};

/// Keeps the page's client connected as long as the page is open; does nothing on the server.
pub fn keep_connected(client: crate::realtime::Client) {
    #[cfg(feature = "hydrate")]
    browser::start(client);
    #[cfg(not(feature = "hydrate"))]
    let _ = client;
}
