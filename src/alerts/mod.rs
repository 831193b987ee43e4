//! Alerts: notify members when a price crosses a value, moves by a percentage in a day, or an
//! indicator crosses a level.
//!
//! A [`Condition`] describes the trigger. [`rules`] compute the side of it that a price is on; an
//! alert triggers when that side differs from the last one, which the database stores. It triggers
//! once and is inactive until it is activated again. The [`Watcher`] asks `markets` once per
//! watched symbol. Triggering an alert and storing its notification are one transaction with a
//! condition on the alert's state, so two nodes notify once.
//!
//! Notifications of other features work alike: the feature stores them in its own transaction
//! ([`Service::tell`]), every open page receives them, the alerts page lists them, and the feature
//! itself words them ([`view::NotificationRenderers`]).

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
    Adjusted, Alert, AlertCard, AlertFired, AlertInput, AlertKind, AlertNotification, AlertState,
    AlertsPage, AlertsSeen, Condition, Notification, Notified, Posting, Unseen,
};
pub use rules::parse;
#[cfg(feature = "ssr")]
pub use service::{Dependencies, NewNotification, Service, Watcher};
