//! Topics, hub and bus on the server; feeds and command queue in the browser.
//!
//! Carries envelopes and knows no feature: higher modules decide what a kind means and who can
//! subscribe to a topic.

mod client;
mod control;
mod envelope;
mod progress;

#[cfg(feature = "ssr")]
pub mod bus;
#[cfg(feature = "ssr")]
pub mod hub;

pub use client::{Client, Status, nonce};
pub use control::{Head, Subscribe, Subscribed, Unsubscribe};
pub use envelope::{
    Command, Envelope, Event, NotATopic, Request, Scope, Sealed, Topic, check_nonce,
};
pub use progress::{Heard, Item, Progress, Replica, Step};
