//! Infrastructure of the server: configuration, database, outgoing HTTP, leases, presence,
//! background workers, telemetry. Only this module reads the environment, opens sockets to other systems and
//! spawns tasks; it depends on no feature.

pub mod answers;
pub mod archive;
pub mod backup;
pub mod compute;
pub mod config;
pub mod database;
pub mod folder;
pub mod hash;
pub mod http;
pub mod idempotency;
pub mod lease;
pub mod live;
pub mod net;
pub mod openapi;
pub mod presence;
pub mod secrets;
pub mod smtp;
pub mod tasks;
pub mod telemetry;
pub mod web;
