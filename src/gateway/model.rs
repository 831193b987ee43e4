//! Control frames: what the two ends of the channel say to each other beside the features'
//! commands and events.

use crate::accounts::Profile;
use crate::realtime::{Command, Event, Head, Topic};
use crate::shared::{Error, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The protocol's number. It changes when an old page could not go on with a new server.
pub const PROTOCOL: u32 = 1;

/// The first request of every connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The protocol that the page speaks.
    pub protocol: u32,
}

/// The answer to [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The protocol that the server speaks.
    pub protocol: u32,
    /// Seconds between two heartbeats of the server; the page sends its own as often.
    pub heartbeat_seconds: u64,
    /// Who is connected.
    pub profile: Profile,
    /// The server's time, which rules over the browser's.
    #[serde(default)]
    pub now: Option<Timestamp>,
}

impl Command for Hello {
    const KIND: &'static str = "gateway.hello";
    type Done = Welcome;
}

/// The page is still there. The server ends connections that say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {}

impl Command for Pulse {
    const KIND: &'static str = "gateway.pulse";
    type Done = ();
}

/// The answer to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The request's mark.
    pub nonce: String,
    /// What the command returns, when it went well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Box<RawValue>>,
    /// Why it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

impl Event for Answer {
    const KIND: &'static str = "gateway.answer";
}

/// Sent now and then: where the connection's topics stand. Who is behind asks for the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The channels that the connection is on.
    pub heads: Vec<(Topic, Head)>,
}

impl Event for Heartbeat {
    const KIND: &'static str = "gateway.heartbeat";
}

/// The last frame of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goodbye {
    pub error: Error,
    /// May the page come back with the same session?
    pub resume: bool,
}

impl Event for Goodbye {
    const KIND: &'static str = "gateway.goodbye";
}
