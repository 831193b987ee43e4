//! Limits of connections.

use std::time::Duration;

/// Limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Maximum number of open connections, including websockets.
    pub connections: u32,
    /// Maximum number per network; 0: unlimited.
    pub per_address: u32,
    /// Time limit for a request's head, and for an idle connection to send the next one.
    pub head: Duration,
    /// Time limit for a request's body.
    pub body: Duration,
    /// Time limit for the part of a body that the handler left unread.
    pub rest: Duration,
    /// How long a client can go without reading its response.
    pub write: Duration,
    /// How long the shutdown waits for running requests.
    pub end: Duration,
}

impl Bounds {
    /// The default time limits, and no limit per network.
    pub const fn new(connections: u32) -> Self {
        Self {
            connections,
            per_address: 0,
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            rest: Duration::from_secs(5),
            write: Duration::from_secs(30),
            end: Duration::from_secs(5),
        }
    }
}
