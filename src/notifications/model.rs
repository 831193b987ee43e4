//! Notifications as both sides see them.

use crate::realtime::Event;
use crate::shared::{AccountId, NotificationId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A notification of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    /// Identifies the renderer that can read `body`.
    pub kind: String,
    /// Data for the text in the reader's language.
    pub body: Value,
    pub created_at: Timestamp,
    /// true once the member has seen it.
    pub seen: bool,
}

/// A page of the viewer's notifications, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationPage {
    pub notifications: Vec<Notification>,
    /// The next page is before this one. None: the last page.
    pub next: Option<NotificationId>,
}

/// The viewer's account and its number of unseen notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnseenCount {
    pub account: AccountId,
    /// Change count of the account, read before the number.
    pub rev: i64,
    /// Number of unseen notifications.
    pub unseen: u32,
}

/// Kind of the changes of notifications.
pub const NOTIFICATIONS: &str = "notifications";

/// Event: this account has a new notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationCreated {
    pub notification: Notification,
}

impl Event for NotificationCreated {
    const KIND: &'static str = "notifications.created";
}

/// Event: this account has seen notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationsSeen {
    /// Number of notifications that are still unseen.
    pub unseen: u32,
}

impl Event for NotificationsSeen {
    const KIND: &'static str = "notifications.seen";
}
