//! Topics, hub and bus on the server; feeds and send queue in the browser.
//!
//! It carries envelopes and knows no feature: what a kind means and who may be on a topic is
//! decided above.

mod envelope;

#[cfg(feature = "ssr")]
pub mod bus;
#[cfg(feature = "ssr")]
pub mod hub;

pub use envelope::{Command, Envelope, Event, NotATopic, Request, Scope, Topic};
