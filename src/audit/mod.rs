//! Audit log: actions of admins, and events that admins should know about.
//!
//! An entry is written in the transaction of its action, so neither exists without the other. It
//! outlives the accounts that it names, and never changes.

mod model;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{Act, Entry};
#[cfg(feature = "ssr")]
pub use service::{Record, Service};
