//! Accounts and sessions: who somebody is, and how they prove it.

mod model;
#[cfg(feature = "ssr")]
mod service;

pub use model::{AccountKind, Profile, SessionEnded, SessionInfo, Strength, Viewer};
#[cfg(feature = "ssr")]
pub use service::Service;
