//! Accounts and sessions as both sides see them.

use crate::realtime::Event;
use crate::shared::{AccountId, SessionId, Timestamp};
use crate::ui::preferences::Preferences;
use serde::{Deserialize, Serialize};

/// What kind of account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Somebody who registered.
    Person,
    /// Somebody who looks in with a name only; expires.
    Guest,
    /// A program that posts under its own name.
    Bot,
    /// Nobody any more: what messages of a deleted account refer to.
    Deleted,
}

impl AccountKind {
    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Guest => "guest",
            Self::Bot => "bot",
            Self::Deleted => "deleted",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "person" => Some(Self::Person),
            "guest" => Some(Self::Guest),
            "bot" => Some(Self::Bot),
            "deleted" => Some(Self::Deleted),
            _ => None,
        }
    }
}

/// What everybody may know of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Profile {
    /// Whose it is.
    pub id: AccountId,
    /// Unique name.
    pub username: String,
    /// The name that is shown; not unique.
    pub display_name: String,
    /// Person, guest or bot.
    pub kind: AccountKind,
    /// The picture, by the hash of its content; without one, initials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
}

impl Profile {
    /// What is left of a deleted account. The page has its own words for it.
    pub fn deleted(id: AccountId) -> Self {
        Self {
            id,
            username: "deleted".into(),
            display_name: "Deleted account".into(),
            kind: AccountKind::Deleted,
            avatar: None,
        }
    }
}

/// What an account's owner may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Account {
    /// What everybody may know.
    pub profile: Profile,
    /// Where letters go; guests and bots have none.
    pub email: Option<String>,
    /// Runs this instance.
    pub operator: bool,
    /// When it was made.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it ends, for guests.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Timestamp>,
    /// How its owner wants to see things; none: nothing was chosen yet.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub preferences: Option<Preferences>,
    /// Since when operators keep it out.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub suspended_at: Option<Timestamp>,
    /// How often its password was changed: what was proven by an older one is worth nothing.
    #[serde(skip)]
    #[cfg_attr(feature = "ssr", schema(ignore))]
    pub password_version: i64,
}

/// An account as operators see it in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Its living sessions.
    pub sessions: u32,
    /// When it was last used, as far as that is known.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub last_seen: Option<Timestamp>,
    /// Does it ask for a second factor?
    pub second_factor: bool,
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
    /// Their picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// How they want to see things; none: nothing was chosen yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Preferences>,
}

impl Viewer {
    /// Somebody who has written something, to be asked for what they may do: they are on no session
    /// now and run nothing.
    pub fn absent(author: &Profile) -> Self {
        Self {
            account: author.id,
            session: SessionId(uuid::Uuid::nil()),
            username: author.username.clone(),
            display_name: author.display_name.clone(),
            kind: author.kind,
            operator: false,
            avatar: author.avatar.clone(),
            preferences: None,
        }
    }

    /// The viewer as others see them.
    pub fn profile(&self) -> Profile {
        Profile {
            id: self.account,
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            kind: self.kind,
            avatar: self.avatar.clone(),
        }
    }
}

/// A signed-in device, as its owner sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    pub id: SessionId,
    /// Is it the one that asks?
    pub current: bool,
    /// A browser (cookies) or a program (bearer tokens).
    pub browser: bool,
    /// What it said it is.
    pub user_agent: String,
    /// The same as people call it.
    pub device: DeviceName,
    /// Where it was last seen.
    pub address: String,
    /// When it signed in.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it was last used (kept to the minute).
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub last_used_at: Timestamp,
}

/// A device as people call it: "Firefox" on "Windows". What is not known is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DeviceName {
    /// The browser or program.
    pub app: Option<String>,
    /// What it runs on.
    pub system: Option<String>,
}

/// How an account is protected, as its owner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Security {
    /// Does it have a password? Guests and bots have none.
    pub password: bool,
    /// Does a sign-in ask for a code as well?
    pub second_factor: bool,
    /// Recovery codes that have not been used.
    pub recovery_codes: u64,
}

/// A second factor that is being set up: what an app has to know, in three forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The address that an app on the same device opens.
    pub uri: String,
    /// That address, to be scanned.
    pub qr: QrCode,
}

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCode {
    /// Squares on each side, without the quiet zone of four around them.
    pub size: u32,
    /// The dark squares as the path of an SVG, in units of one square.
    pub path: String,
}

/// An account on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Departure {
    /// When it is deleted.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub due_at: Timestamp,
    /// Do its messages stay, as those of a deleted account?
    pub keep_messages: bool,
}

/// A copy of everything that somebody has written, as its owner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Export {
    /// How far it is.
    pub state: ExportState,
    /// Messages that were written to it.
    pub done: i64,
    /// Messages that there are; 0 when that is not known yet.
    pub total: i64,
    /// Bytes of the file, when it is ready.
    pub size: i64,
    /// When it was asked for.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub requested_at: Timestamp,
    /// When the file goes away.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Timestamp>,
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// Being made, or waiting for others that are.
    Preparing,
    /// Ready to be fetched.
    Ready,
    /// It could not be made.
    Failed,
}

impl ExportState {
    /// The name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Preparing, Self::Ready, Self::Failed];
        all.into_iter().find(|state| state.as_str() == name)
    }
}

/// What the page of one's data shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnData {
    /// The last copy that was asked for.
    pub export: Option<Export>,
    /// Days to come back after deleting the account.
    pub deletion_days: u32,
    /// Does deleting take a code?
    pub second_factor: bool,
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
    pub session: SessionId,
}

impl Event for SessionEnded {
    const KIND: &'static str = "accounts.session_ended";
}
