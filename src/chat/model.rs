//! Messages, markers and typing as both sides see them, with the feature's commands and events.

use crate::accounts::Profile;
pub use crate::communities::Head;
use crate::realtime::{Command, Event};
use crate::shared::{ChannelId, MessageId, Timestamp};
use serde::{Deserialize, Serialize};

/// Most characters that a message holds.
pub const MAX_BODY: usize = 4_000;
/// Most messages in one page of history.
pub const MAX_PAGE: u64 = 100;
/// Messages in a page when nobody says otherwise.
pub const DEFAULT_PAGE: u64 = 50;

/// A typed piece of a message beside its text. The kind names the feature that renders it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Part {
    /// `feature.part`.
    pub kind: String,
    /// What the renderer of that kind reads.
    pub body: serde_json::Value,
}

impl Part {
    /// A message's text without what this part says at its end for programs: where the part is
    /// drawn, it says that itself. Such parts have their words in the field `text`.
    pub fn rest_of<'a>(&self, text: &'a str) -> &'a str {
        let words = self.body.get("text").and_then(serde_json::Value::as_str);
        let rest = words.and_then(|words| text.strip_suffix(words));
        rest.map_or(text, str::trim_end)
    }
}

/// A message. A deleted one is a tombstone: its place stays, its text and parts are gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub channel_id: ChannelId,
    /// Its number in the channel, from 1 without gaps.
    pub seq: i64,
    /// The channel's change count at this message's last change.
    pub rev: i64,
    /// Who wrote it.
    pub author: Profile,
    /// What they wrote.
    pub body: String,
    /// What hangs on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The sender's own mark; turns a local echo into the real message.
    pub nonce: String,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Is it a tombstone?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// A stretch of a channel's history, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The messages.
    pub messages: Vec<Message>,
    /// Are there older ones?
    pub older: bool,
    /// Are there newer ones?
    pub newer: bool,
    /// The channel's change count before they were read.
    pub rev: i64,
}

/// A channel as the page that opens it gets it: a stretch of history and the change count from
/// which the gateway goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub channel_id: ChannelId,
    /// Where it stood when this was read; nothing in `page` is older than that.
    pub head: Head,
    /// The messages.
    pub page: Page,
    /// Number of the last message that the viewer has read.
    pub read_seq: i64,
    /// May the viewer write here?
    pub may_send: bool,
    /// Most characters of a message now.
    #[serde(default = "most")]
    pub max_length: usize,
}

const fn most() -> usize {
    MAX_BODY
}

/// What a channel's line in the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelState {
    pub channel_id: ChannelId,
    /// Where it stands.
    pub head: Head,
    /// Number of the last message that the viewer has read.
    pub read_seq: i64,
    /// Messages after the marker that are neither tombstones nor the viewer's own; counting
    /// stops at 100.
    pub unread: u32,
}

/// Says something in a channel. The request's nonce makes a repeat harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    pub channel_id: ChannelId,
    pub text: String,
}

/// The acknowledgement of a stored message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub id: MessageId,
    /// Its number.
    pub seq: i64,
    /// The channel's change count after it.
    pub rev: i64,
}

impl Command for Send {
    const KIND: &'static str = "chat.send";
    type Done = Sent;
}

/// Changes the text of one's own message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub message_id: MessageId,
    /// The new text.
    pub text: String,
}

impl Command for Edit {
    const KIND: &'static str = "chat.edit";
    type Done = Sent;
}

/// Takes back one's own message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delete {
    pub message_id: MessageId,
}

impl Command for Delete {
    const KIND: &'static str = "chat.delete";
    type Done = Sent;
}

/// Moves the viewer's read marker forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRead {
    pub channel_id: ChannelId,
    /// Number of the last message that was read.
    pub seq: i64,
}

impl Command for MarkRead {
    const KIND: &'static str = "chat.mark_read";
    type Done = ();
}

/// The viewer is writing. Sent at most every few seconds; nothing is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    pub channel_id: ChannelId,
}

impl Command for Typing {
    const KIND: &'static str = "chat.typing";
    type Done = ();
}

/// On a channel's topic: a message is new or has changed; this is all of it as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageChanged {
    /// The message.
    pub message: Message,
}

impl Event for MessageChanged {
    const KIND: &'static str = "chat.message";
}

/// On a channel's topic: these messages have changed, one after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessagesChanged {
    /// The messages as they are now, by `rev`.
    pub messages: Vec<Message>,
}

impl Event for MessagesChanged {
    const KIND: &'static str = "chat.messages";
}

/// To one subscriber that missed something: every message that changed after its `rev`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaughtUp {
    /// The changed messages, by `rev`.
    pub messages: Vec<Message>,
}

impl Event for CaughtUp {
    const KIND: &'static str = "chat.caught_up";
}

/// On a channel's topic: somebody is writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IsTyping {
    pub profile: Profile,
}

impl Event for IsTyping {
    const KIND: &'static str = "chat.is_typing";
}

/// On an account's topic: a read marker moved, on this or another device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkerMoved {
    /// The markers that moved.
    pub markers: Vec<Marker>,
}

/// How far somebody has read a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    pub channel_id: ChannelId,
    /// Number of the last message that was read.
    pub seq: i64,
    /// The account's change count at this move.
    pub rev: i64,
}

impl Event for MarkerMoved {
    const KIND: &'static str = "chat.marker_moved";
}
