//! The commands by which a connection gets on and off topics.

use super::{Command, Topic};
use serde::{Deserialize, Serialize};

/// Where a topic stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of its last numbered thing.
    pub seq: i64,
    /// Count of its changes.
    pub rev: i64,
}

/// Puts the connection on a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribe {
    pub topic: Topic,
    /// Everything after this change count is sent first; none: only what happens from now on.
    #[serde(default)]
    pub rev: Option<i64>,
}

/// The answer to [`Subscribe`]: everything up to here has been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribed {
    pub topic: Topic,
    /// Where it stands.
    pub head: Head,
    /// Too much was missed to send it: start from a fresh snapshot.
    #[serde(default)]
    pub reset: bool,
}

impl Command for Subscribe {
    const KIND: &'static str = "gateway.subscribe";
    type Done = Subscribed;
}

/// Takes the connection off a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsubscribe {
    pub topic: Topic,
}

impl Command for Unsubscribe {
    const KIND: &'static str = "gateway.unsubscribe";
    type Done = ();
}
