//! Commands that subscribe a connection to topics.

use super::{Command, Topic};
use serde::{Deserialize, Serialize};

/// Counters of a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Last sequence number.
    pub seq: i64,
    /// Change count.
    pub rev: i64,
}

/// Subscribes the connection to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribe {
    pub topic: Topic,
    /// Sends everything after this change count first; None: only new events.
    #[serde(default)]
    pub rev: Option<i64>,
}

/// Response to [`Subscribe`]: everything up to `head` has been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribed {
    pub topic: Topic,
    /// Counters of the topic.
    pub head: Head,
    /// true if too much was missed: start from a fresh snapshot.
    #[serde(default)]
    pub reset: bool,
}

impl Command for Subscribe {
    const KIND: &'static str = "gateway.subscribe";
    type Done = Subscribed;
}

/// Unsubscribes the connection from a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsubscribe {
    pub topic: Topic,
}

impl Command for Unsubscribe {
    const KIND: &'static str = "gateway.unsubscribe";
    type Done = ();
}
