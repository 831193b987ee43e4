//! Accounts and sessions: who somebody is, and how they prove it.
//!
//! People register and sign in with a password, guests with a name only, bots not at all. A
//! sign-in opens a session. Browsers carry it in two cookies, one of which is renewed all the
//! time; programs carry Bearer tokens. Every request asks the database whether its session is
//! still alive, so that ending one takes effect at once ([`guard`]).

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
    Keeper, NewPerson, Proof, Renewed, Service, SignedIn, Step, Sweeper,
};
