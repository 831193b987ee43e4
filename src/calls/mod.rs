//! Calls: what members expect of an instrument, and Rialto by its rating, scored when the time has
//! come.
//!
//! A call is made with what is known, begins at the next open and ends at the close of the last
//! trading day within its horizon ([`rules`]). Nothing changes it after its first two minutes. Who
//! is good at it is told by intervals and base rates, and where there are too few calls, not at all.

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

pub use model::{
    Call, CallPage, CallsPage, Direction, Draft, Leaderboard, MAX_REASON, Mark, Score, Standing,
    State, Tally,
};
#[cfg(feature = "ssr")]
pub use service::{Filter, Scorer, Service};
