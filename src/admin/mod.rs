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

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Feature, Page, route};
use crate::ui::later::{Behind, Part};
use leptos_router::path;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "admin",
    pages: &[Page {
        root: "admin",
        route: || route(path!("/admin/:section?"), Behind(view::admin)),
        part: Some(Part {
            name: "admin",
            load: || Box::pin(view::load_admin()),
        }),
    }],
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::start(Dependencies {
        db: setup.db.clone(),
        accounts: setup.get()?,
        mail: setup.get()?,
        gateway: setup.get()?,
        live: setup.live.clone(),
        data: setup.config.server.data.clone(),
        background: setup.tasks.clone(),
    })
    .await?;
    setup.api(api::routes(service.clone()));
    setup.service(service);
    Ok(())
}
