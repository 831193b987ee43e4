//! The record of what operators did, and of what they should know of: who, what, to whom, when.
//!
//! An entry is written in the transaction of its act, so that there is none without the other. It
//! outlives the accounts that it speaks of, and is never changed.

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
