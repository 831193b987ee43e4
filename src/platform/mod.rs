//! What the server stands on: configuration, database, outgoing HTTP, leases, background parts,
//! telemetry. Only this module reads the environment, opens sockets to other systems and spawns
//! tasks; nothing here knows a feature.

pub mod config;
pub mod database;
pub mod http;
pub mod lease;
pub mod secrets;
pub mod tasks;
pub mod telemetry;
pub mod web;
