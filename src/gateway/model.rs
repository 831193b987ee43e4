//! Control frames: what page and server exchange beside the features' commands and events.

use crate::accounts::Profile;
use crate::realtime::{Command, Event, Head, Topic};
use crate::shared::{Error, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Version of the protocol. It changes when old pages cannot continue with a new server.
pub const PROTOCOL: u32 = 1;

/// First request of every connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Protocol version of the page.
    pub protocol: u32,
}

/// Response to [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// Protocol version of the server.
    pub protocol: u32,
    /// Seconds between two heartbeats of the server; the page sends its own at the same interval.
    pub heartbeat_seconds: u64,
    /// The connected account.
    pub profile: Profile,
    /// The server's time, which overrides the browser's clock.
    #[serde(default)]
    pub now: Option<Timestamp>,
}

impl Command for Hello {
    const KIND: &'static str = "gateway.hello";
    type Done = Welcome;
}

/// Sent by the page to show that it is alive. The server ends silent connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ping {}

impl Command for Ping {
    const KIND: &'static str = "gateway.ping";
    type Done = ();
}

/// Response to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Nonce of the request.
    pub nonce: String,
    /// Result of the command, if it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Box<RawValue>>,
    /// Error, if it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

impl Event for Answer {
    const KIND: &'static str = "gateway.answer";
}

/// Sent regularly: counters of the connection's topics. A client that is behind requests the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The channels that the connection is subscribed to.
    pub heads: Vec<(Topic, Head)>,
}

impl Event for Heartbeat {
    const KIND: &'static str = "gateway.heartbeat";
}

/// Last frame of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goodbye {
    pub error: Error,
    /// true if the page can reconnect with the same session.
    pub resume: bool,
}

impl Event for Goodbye {
    const KIND: &'static str = "gateway.goodbye";
}
