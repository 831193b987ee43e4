//! What operators see and do: accounts, settings, the instance's health, and the record of all
//! that.
//!
//! Everybody else is told that there is nothing here. Each act is one transaction with its entry
//! in the record. Settings are kept in the database and laid over those of the configuration;
//! whoever uses one asks `platform::live` for it each time.

mod model;
pub mod rpc;
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
    AccountAct, AccountsPage, Health, MailHealth, RecordPage, RecordRow, ResetLink, SettingsState,
    WorkerHealth,
};
#[cfg(feature = "ssr")]
pub use service::{Parts, Service, Shown};
