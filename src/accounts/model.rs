//! Accounts and sessions as both sides see them.

use crate::realtime::Event;
use crate::shared::{AccountId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// What kind of account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Somebody who registered.
    Person,
    /// Somebody who looks in with a name only; expires.
    Guest,
    /// A program that posts under its own name.
    Bot,
}

impl AccountKind {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Guest => "guest",
            Self::Bot => "bot",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "person" => Some(Self::Person),
            "guest" => Some(Self::Guest),
            "bot" => Some(Self::Bot),
            _ => None,
        }
    }
}

/// What everybody may know of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Whose it is.
    pub id: AccountId,
    /// Unique name.
    pub username: String,
    /// The name that is shown; not unique.
    pub display_name: String,
    /// Person, guest or bot.
    pub kind: AccountKind,
}

/// What an account's owner may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What everybody may know.
    pub profile: Profile,
    /// Where letters go; guests and bots have none.
    pub email: Option<String>,
    /// Runs this instance.
    pub operator: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, for guests.
    pub expires_at: Option<Timestamp>,
}

/// Who is asking: an account on a living session. Made by `accounts::Service` for each request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The account.
    pub account: AccountId,
    /// The session.
    pub session: SessionId,
    /// Unique name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// Person, guest or bot.
    pub kind: AccountKind,
    /// Runs this instance.
    pub operator: bool,
}

impl Viewer {
    /// The viewer as others see them.
    #[must_use]
    pub fn profile(&self) -> Profile {
        Profile {
            id: self.account,
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            kind: self.kind,
        }
    }
}

/// A signed-in device, as its owner sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// Which.
    pub id: SessionId,
    /// Is it the one that asks?
    pub current: bool,
    /// A browser (cookies) or a program (bearer tokens).
    pub browser: bool,
    /// What it said it is.
    pub user_agent: String,
    /// Where it was last seen.
    pub address: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used (kept to the minute).
    pub last_used_at: Timestamp,
}

/// Advice on a password, from zxcvbn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strength {
    /// 0 (guessed at once) to 4 (hard).
    pub score: u8,
}

/// On a session's topic: it was ended, its sockets close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnded {
    /// Which.
    pub session: SessionId,
}

impl Event for SessionEnded {
    const KIND: &'static str = "accounts.session_ended";
}
