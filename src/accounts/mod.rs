//! Accounts and sessions: who somebody is, and how they prove it.

mod model;

pub use model::{AccountKind, Profile, SessionEnded, SessionInfo, Strength, Viewer};
