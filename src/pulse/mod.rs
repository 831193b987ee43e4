//! Pulse: which instruments a community speaks of, day by day, against their prices.
//!
//! A mention is a cashtag in a message that somebody wrote and has not taken back, or a command that
//! asks a bot for an instrument ([`Commands`]). The
//! [`Reader`] follows the changes of each channel behind a cursor of its own, and writes what a
//! message speaks of together with the cursor, so that edits, deletions and crashes leave neither
//! too many nor too few. Who asks is told of the channels that they may read, and of no others.

mod model;
pub mod rpc;
pub mod rules;
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

pub use model::{Counts, Day, Place, Pulse, PulseOf, PulsePage, Ranked};
#[cfg(feature = "ssr")]
pub use service::{Commands, Reader, Service, Wanted};
