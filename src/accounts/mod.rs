//! Accounts and sessions: who somebody is, and how they prove it.

mod model;
pub mod rpc;
pub mod view;

pub use model::{AccountKind, Profile, SessionEnded, SessionInfo, Strength, Viewer};
