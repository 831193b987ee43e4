//! Admin pages: accounts, settings, the instance's health, and the audit log.
//!
//! Other accounts get `not-found`. Each action and its audit log entry are one transaction.
//! Settings are stored in the database and override the configuration; code that uses one reads it
//! from `platform::live` each time.

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
    AccountAct, AccountsPage, AuditPage, AuditRow, Health, MailHealth, ResetLink, SettingsState,
    WorkerHealth,
};
#[cfg(feature = "ssr")]
pub use service::{Dependencies, Service, Shown};
