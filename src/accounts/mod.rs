//! Accounts, sessions and authentication.
//!
//! Members register and sign in with a password, guests with a username only; bots never sign in. A
//! sign-in opens a session. Browsers keep it in two cookies, one of which is renewed regularly;
//! programs send Bearer tokens. Each request checks in the database that its session is active, so
//! ending a session takes effect at once ([`guard`]).

mod model;
pub mod rpc;
pub mod rules;
pub mod view;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod guard;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

pub use model::{
    Account, AccountKind, Departure, DeviceName, Enrolment, Export, ExportState, Listed, OwnData,
    Profile, QrCode, Security, SessionEnded, SessionInfo, Strength, Viewer,
};
#[cfg(feature = "ssr")]
pub use service::{
    Copying, Credentials, Device, DeviceKind, Entrance, Eraser, Erasure, Exporter, Farewell,
    NewPerson, PersonalData, Proof, Renewed, Service, SignedIn, Step, Sweeper,
};

use crate::feature::Feature;
#[cfg(feature = "ssr")]
use crate::feature::Setup;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "accounts",
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::new(
        setup.db.clone(),
        Arc::clone(&setup.bus),
        Arc::clone(&setup.lease),
        setup.keys.clone(),
        &setup.config,
        setup.live.clone(),
        setup.get()?,
    );
    setup.api(api::routes(service.clone()));
    setup.routes(api::pictures(service.clone()));
    setup.worker(Sweeper(service.clone()));
    setup.worker(Eraser(service.clone()));
    setup.worker(Exporter(service.clone()));
    setup.service(service);
    Ok(())
}
