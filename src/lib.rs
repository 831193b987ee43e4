//! Rialto: a self-hosted home for trading communities. See ARCHITECTURE.md for the map.

pub mod accounts;
pub mod bots;
pub mod chat;
pub mod communities;
pub mod gateway;
pub mod markets;
#[cfg(feature = "ssr")]
pub mod platform;
pub mod realtime;
pub mod shared;
#[cfg(all(test, feature = "ssr"))]
pub mod testing;
pub mod ui;
