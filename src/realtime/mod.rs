//! Topics, hub and bus on the server; feeds and send queue in the browser.
//!
//! It carries envelopes and knows no feature: what a kind means and who may be on a topic is
//! decided above.

mod client;
mod control;
mod envelope;

#[cfg(feature = "ssr")]
pub mod bus;
#[cfg(feature = "ssr")]
pub mod hub;

pub use client::{Client, Heard, Status, nonce};
pub use control::{Head, Subscribe, Subscribed, Unsubscribe};
pub use envelope::{Command, Envelope, Event, NotATopic, Request, Scope, Sealed, Topic};
