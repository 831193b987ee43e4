//! Messages, read markers and typing as server and browser share them, with the feature's commands
//! and events.

use crate::accounts::Profile;
pub use crate::communities::Head;
use crate::realtime::{Command, Event};
use crate::shared::{ChannelId, MessageId, Timestamp};
use serde::{Deserialize, Serialize};

/// Maximum length of a message in characters.
pub const MAX_BODY: usize = 4_000;
/// Maximum number of messages in one page of history.
pub const MAX_PAGE: u64 = 100;
/// Number of messages in a page if the request does not set a limit.
pub const DEFAULT_PAGE: u64 = 50;

/// Structured content of a message beside its text. `kind` names the feature that renders it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Card {
    /// `feature.card`.
    pub kind: String,
    /// Content as the renderer of that kind expects it.
    pub body: serde_json::Value,
}

impl Card {
    /// Returns a message's text without the card's words at its end, which are there for programs.
    /// The page uses it where it renders the card. Such cards have their words in the field `text`.
    pub fn rest_of<'a>(&self, text: &'a str) -> &'a str {
        let words = self.body.get("text").and_then(serde_json::Value::as_str);
        let rest = words.and_then(|words| text.strip_suffix(words));
        rest.map_or(text, str::trim_end)
    }
}

/// A message. A deleted message is a tombstone: it keeps its place, without text and cards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub channel_id: ChannelId,
    /// Number in the channel, from 1 without gaps.
    pub seq: i64,
    /// The channel's change count at this message's last change.
    pub rev: i64,
    pub author: Profile,
    /// Text of the message.
    pub body: String,
    /// Cards of the message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
    /// Nonce from the sender; turns a local echo into the real message.
    pub nonce: String,
    /// Time at which it was stored.
    pub created_at: Timestamp,
    /// Time of the last edit; None: never edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// true if the message is a tombstone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// A page of a channel's history, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub messages: Vec<Message>,
    /// true if there are older messages.
    pub older: bool,
    /// true if there are newer messages.
    pub newer: bool,
    /// The channel's change count, read before the messages.
    pub rev: i64,
}

/// A channel as the page that opens it receives it: a page of history and the change count from
/// which the gateway continues.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub channel_id: ChannelId,
    /// The channel's counters, read before `page`: nothing in `page` is older.
    pub head: Head,
    pub page: Page,
    /// Number of the last message that the viewer has read.
    pub read_seq: i64,
    /// true if the viewer has permission to send messages here.
    pub may_send: bool,
    /// Current maximum length of a message in characters.
    #[serde(default = "most")]
    pub max_length: usize,
}

const fn most() -> usize {
    MAX_BODY
}

/// State of a channel in the channel list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelState {
    pub channel_id: ChannelId,
    /// The channel's counters.
    pub head: Head,
    /// Number of the last message that the viewer has read.
    pub read_seq: i64,
}

impl ChannelState {
    /// Number of messages after the read marker.
    pub fn unread(&self) -> u32 {
        let unread = self.head.seq.saturating_sub(self.read_seq).max(0);
        u32::try_from(unread).unwrap_or(u32::MAX)
    }
}

/// Sends a message to a channel. The request's nonce makes a retry harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    pub channel_id: ChannelId,
    pub text: String,
}

/// Confirmation of a stored message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub id: MessageId,
    /// The message's number in the channel.
    pub seq: i64,
    /// The channel's change count after it.
    pub rev: i64,
}

impl Command for Send {
    const KIND: &'static str = "chat.send";
    type Done = Sent;
}

/// Edits the viewer's own message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub message_id: MessageId,
    pub text: String,
}

impl Command for Edit {
    const KIND: &'static str = "chat.edit";
    type Done = Sent;
}

/// Deletes the viewer's own message.
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

/// The viewer is typing. Sent at most every few seconds; not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    pub channel_id: ChannelId,
}

impl Command for Typing {
    const KIND: &'static str = "chat.typing";
    type Done = ();
}

/// On a channel's topic: a message is new or has changed. Carries the whole message in its current
/// state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageChanged {
    pub message: Message,
}

impl Event for MessageChanged {
    const KIND: &'static str = "chat.message";
}

/// On a channel's topic: several messages have changed, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessagesChanged {
    /// The messages in their current state, by `rev`.
    pub messages: Vec<Message>,
}

impl Event for MessagesChanged {
    const KIND: &'static str = "chat.messages";
}

/// To one subscriber that missed events: every message that changed after its `rev`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaughtUp {
    /// The changed messages, by `rev`.
    pub messages: Vec<Message>,
}

impl Event for CaughtUp {
    const KIND: &'static str = "chat.caught_up";
}

/// On a channel's topic: a member is typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IsTyping {
    pub profile: Profile,
}

impl Event for IsTyping {
    const KIND: &'static str = "chat.is_typing";
}

/// On an account's topic, at most once a second: channels with new messages. Not counted; after a
/// reconnect, the states of the channels have the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelsAdvanced {
    pub channels: Vec<Advance>,
}

/// A channel with new messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    pub channel_id: ChannelId,
    /// Number of its last message.
    pub seq: i64,
}

impl Event for ChannelsAdvanced {
    const KIND: &'static str = "chat.channels_advanced";
}

/// On an account's topic: read markers moved, on this or another device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkerMoved {
    pub markers: Vec<Marker>,
}

/// An account's read marker in a channel.
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
