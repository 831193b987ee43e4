//! Alerts: members are told when a price crosses a value, moves by so much in a day, or an
//! indicator changes sides.
//!
//! What is waited for is a [`Condition`]; [`rules`] say on which side of it a price is, and an alert
//! fires when the side changes from the one that was seen last, which the database keeps. It fires
//! once and rests until it is armed again. The [`Watcher`] asks `markets` for each symbol that is
//! watched, however many watch it; firing and its notice are one transaction with a condition on the
//! alert's state, so that two nodes tell once.
//!
//! What a feature above has to tell a member goes the same way: it is written down in the
//! transaction in which it came about ([`Service::tell`]), heard on every page, listed with what
//! alerts told, and put into words by the feature itself ([`view::Tellers`]).

mod model;
pub mod rpc;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;
pub mod view;

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    Adjusted, Alert, AlertFired, AlertKind, AlertState, AlertsPage, AlertsSeen, Condition, Draft,
    FiredPart, Notice, Posting, Standing, Tiding, Told,
};
pub use rules::parse;
#[cfg(feature = "ssr")]
pub use service::{News, Parts, Service, Watcher};
