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
    Account, AccountChanged, AccountKind, Departure, DeviceName, Enrolment, Export, ExportState,
    Listed, OwnData, PREFERENCES, PreferencesChanged, Profile, QrCode, Security, SessionEnded,
    SessionInfo, Strength, Viewer,
};
#[cfg(feature = "ssr")]
pub use service::{
    Copying, Credentials, Device, DeviceKind, Entrance, Eraser, Erasure, Exporter, Farewell,
    NewPerson, PersonalData, Proof, Renewed, Service, SignedIn, Step, Sweeper,
};

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Feature, Page, route};
use crate::ui::later::{Behind, Loading, Part};
use leptos_router::any_nested_route::AnyNestedRoute;
use leptos_router::path;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// A page for visitors.
const fn entry(root: &'static str, route: fn() -> AnyNestedRoute) -> Page {
    let load = || -> Loading { Box::pin(view::load_entry()) };
    Page {
        root,
        route,
        part: Some(Part {
            name: "entry",
            load,
        }),
    }
}

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "accounts",
    provide: view::Faces::provide,
    pages: &[
        entry("sign-in", || {
            route(
                path!("/sign-in"),
                Behind(|| view::entry(view::Entry::SignIn)),
            )
        }),
        entry("sign-in", || {
            route(
                path!("/sign-in/code"),
                Behind(|| view::entry(view::Entry::Code)),
            )
        }),
        entry("sign-in", || {
            route(
                path!("/sign-in/return"),
                Behind(|| view::entry(view::Entry::ComeBack)),
            )
        }),
        entry("register", || {
            route(
                path!("/register"),
                Behind(|| view::entry(view::Entry::Register)),
            )
        }),
        entry("forgot", || {
            route(
                path!("/forgot"),
                Behind(|| view::entry(view::Entry::Forgot)),
            )
        }),
        entry("reset", || {
            route(
                path!("/reset/:token"),
                Behind(|| view::entry(view::Entry::Reset)),
            )
        }),
        Page {
            root: "settings",
            route: || route(path!("/settings/:section?"), Behind(view::settings)),
            part: Some(Part {
                name: "settings",
                load: || Box::pin(view::load_settings()),
            }),
        },
    ],
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let service = Service::new(
        setup.db.clone(),
        Arc::clone(&setup.bus),
        Arc::clone(&setup.limiter),
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
