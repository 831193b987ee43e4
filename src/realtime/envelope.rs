//! Messages between server and browsers, and between servers.

use crate::shared::Error;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Who receives a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All devices of one account.
    Account,
    /// Members who can see the channel.
    Channel,
    /// The members of one community.
    Community,
    /// One signed-in device.
    Session,
}

impl Scope {
    const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Channel => "channel",
            Self::Community => "community",
            Self::Session => "session",
        }
    }
}

/// A topic: every subscriber can see everything published on it. Written `channel:<uuid>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic {
    pub scope: Scope,
    /// Id of the account, channel, community or session.
    pub id: Uuid,
}

impl Topic {
    pub const fn new(scope: Scope, id: Uuid) -> Self {
        Self { scope, id }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scope.name(), self.id)
    }
}

/// Error: the text is not a topic.
#[derive(Debug, thiserror::Error)]
#[error("not a topic")]
pub struct NotATopic;

impl FromStr for Topic {
    type Err = NotATopic;

    fn from_str(text: &str) -> Result<Self, NotATopic> {
        let (scope, id) = text.split_once(':').ok_or(NotATopic)?;
        let scope = match scope {
            "account" => Scope::Account,
            "channel" => Scope::Channel,
            "community" => Scope::Community,
            "session" => Scope::Session,
            _ => return Err(NotATopic),
        };
        let id = id.parse().map_err(|_| NotATopic)?;
        Ok(Self { scope, id })
    }
}

impl Serialize for Topic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An event. `KIND` is its name on the wire and never changes.
pub trait Event: Serialize + DeserializeOwned {
    /// Name on the wire, `feature.event`.
    const KIND: &'static str;
}

/// A command of a client. `KIND` is its name on the wire and never changes.
pub trait Command: Serialize + DeserializeOwned {
    /// Name on the wire, `feature.command`.
    const KIND: &'static str;
    /// Result of a successful command.
    type Done: Serialize + DeserializeOwned;
}

/// A frame to the browser. Unknown kinds are ignored, so that old installed apps keep working.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// The event's topic; None: a control frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Kind of the event.
    pub kind: String,
    /// The topic's sequence number after this event; 0 if it has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seq: i64,
    /// The topic's change count; 0 for events that are not counted (typing, presence).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rev: i64,
    /// The serialized event.
    pub body: Box<RawValue>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for this shape"
)]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

impl Envelope {
    /// Returns the event, if it is of this kind and valid.
    pub fn read<E: Event>(&self) -> Option<E> {
        (self.kind == E::KIND)
            .then(|| serde_json::from_str(self.body.get()).ok())
            .flatten()
    }
}

/// An [`Envelope`] for writing: the same on the wire, without a copy of the event.
#[derive(Serialize)]
pub struct Sealed<'a, E: Serialize> {
    /// As in [`Envelope`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// As in [`Envelope`].
    pub kind: &'static str,
    /// As in [`Envelope`].
    #[serde(skip_serializing_if = "is_zero")]
    pub seq: i64,
    /// As in [`Envelope`].
    #[serde(skip_serializing_if = "is_zero")]
    pub rev: i64,
    /// As in [`Envelope`].
    pub body: &'a E,
}

impl<'a, E: Event> Sealed<'a, E> {
    /// Wraps an event on a topic.
    pub const fn of(topic: Option<Topic>, seq: i64, rev: i64, body: &'a E) -> Self {
        Self {
            topic,
            kind: E::KIND,
            seq,
            rev,
            body,
        }
    }
}

/// A frame from the browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The client's nonce for this request: the response carries it, and a repeated send with the
    /// same nonce is done once.
    pub nonce: String,
    /// Kind of the command.
    pub kind: String,
    /// The serialized command.
    pub body: Box<RawValue>,
}

impl Request {
    /// Creates a request from a command and its nonce.
    pub fn of<C: Command>(nonce: String, command: &C) -> Result<Self, serde_json::Error> {
        Ok(Self {
            nonce,
            kind: C::KIND.to_owned(),
            body: serde_json::value::to_raw_value(command)?,
        })
    }
}

/// Maximum length of a nonce.
const MAX_NONCE: usize = 64;

/// Checks a nonce: 1 to 64 visible ASCII characters.
///
/// # Errors
/// `bad-nonce`.
pub fn check_nonce(nonce: &str) -> Result<(), Error> {
    if (1..=MAX_NONCE).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(Error::bad_request(
            "bad-nonce",
            format!("Invalid nonce: 1 to {MAX_NONCE} visible ASCII characters"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Said {
        text: String,
    }

    impl Event for Said {
        const KIND: &'static str = "test.said";
    }

    proptest! {
        #[test]
        fn what_is_sealed_is_an_envelope(id in any::<Option<u128>>(), seq in 0..3_i64, rev in 0..3_i64, text in ".*") {
            let topic = id.map(|id| Topic::new(Scope::Channel, Uuid::from_u128(id)));
            let said = Said { text };
            let wire = serde_json::to_string(&Sealed::of(topic, seq, rev, &said)).unwrap();
            let envelope: Envelope = serde_json::from_str(&wire).unwrap();
            prop_assert_eq!(serde_json::to_string(&envelope).unwrap(), wire);
            prop_assert_eq!((envelope.topic, envelope.seq, envelope.rev), (topic, seq, rev));
            prop_assert_eq!(envelope.read::<Said>(), Some(said));
        }

        #[test]
        fn topics_survive_the_wire(scope in 0..4_u8, id in any::<u128>()) {
            let scope = [Scope::Account, Scope::Channel, Scope::Community, Scope::Session][scope as usize];
            let topic = Topic::new(scope, Uuid::from_u128(id));
            let wire = serde_json::to_string(&topic).unwrap();
            prop_assert_eq!(serde_json::from_str::<Topic>(&wire).unwrap(), topic);
        }

        #[test]
        fn rubbish_is_no_topic(text in ".{0,60}") {
            if let Ok(topic) = text.parse::<Topic>() {
                prop_assert_eq!(topic.to_string().parse::<Topic>().unwrap(), topic);
            }
        }
    }

    #[test]
    fn nonces() {
        for good in ["1", "bot:0198c0de", &"x".repeat(64)] {
            assert!(check_nonce(good).is_ok());
        }
        for bad in ["", "a b", "é", "a\n", &"x".repeat(65)] {
            assert!(check_nonce(bad).is_err());
        }
    }
}
