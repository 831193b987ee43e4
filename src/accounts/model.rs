//! Types of accounts and sessions that server and browser share.

use crate::realtime::Event;
use crate::shared::{AccountId, SessionId, Timestamp, text_enum};
use crate::ui::preferences::Preferences;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Kind of an account.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum AccountKind {
        /// Registered with a password.
        Person = "person",
        /// Signed in with a username only; the account expires.
        Guest = "guest",
        /// A program that posts under its own name.
        Bot = "bot",
        /// A deleted account; its messages still refer to it.
        Deleted = "deleted",
    }
}

/// The public part of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Profile {
    /// The account's id.
    pub id: AccountId,
    /// Unique name.
    pub username: String,
    /// Display name; not unique.
    pub display_name: String,
    /// Kind of the account.
    pub kind: AccountKind,
    /// Picture, as the hash of its content. None: initials are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
}

impl Profile {
    /// Returns the placeholder for a deleted account. Pages show a translated name instead.
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

/// An account, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Account {
    /// The public part.
    pub profile: Profile,
    /// Email address; guests and bots have none.
    pub email: Option<String>,
    /// true for admins of the instance.
    pub admin: bool,
    /// When it was created.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When a guest's account expires.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Timestamp>,
    /// Preferences. None: not chosen yet.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub preferences: Option<Preferences>,
    /// Since when the account is suspended.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub suspended_at: Option<Timestamp>,
    /// Number of password changes. Proofs made with an older password are invalid.
    #[serde(skip)]
    #[cfg_attr(feature = "ssr", schema(ignore))]
    pub password_version: i64,
    /// Change count of the account's own data.
    #[serde(skip)]
    #[cfg_attr(feature = "ssr", schema(ignore))]
    pub rev: i64,
}

/// An account in the list of the admin pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Number of active sessions.
    pub sessions: u32,
    /// When it was last used. None: unknown.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub last_seen: Option<Timestamp>,
    /// true if two-factor authentication is on.
    pub second_factor: bool,
}

/// The signed-in caller: an account with an active session. Created by `accounts::Service` for each
/// request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The account.
    pub account: AccountId,
    /// The session.
    pub session: SessionId,
    /// Unique name.
    pub username: String,
    /// Display name.
    pub display_name: String,
    /// Kind of the account.
    pub kind: AccountKind,
    /// true for admins of the instance.
    pub admin: bool,
    /// Picture, as the hash of its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Preferences. None: not chosen yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Preferences>,
    /// Change count of the account's own data, read before anything else of the request: pages
    /// follow the account's topic from here.
    #[serde(default)]
    pub rev: i64,
}

impl Viewer {
    /// A viewer without a session, to check the permissions of an author who is not making a
    /// request. Never an admin.
    pub fn absent(author: &Profile) -> Self {
        Self {
            account: author.id,
            session: SessionId(uuid::Uuid::nil()),
            username: author.username.clone(),
            display_name: author.display_name.clone(),
            kind: author.kind,
            admin: false,
            avatar: author.avatar.clone(),
            preferences: None,
            rev: 0,
        }
    }

    /// Returns the viewer's public profile.
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

/// An active session, in its owner's list of devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    pub id: SessionId,
    /// true for the session of this request.
    pub current: bool,
    /// true for a browser (cookies), false for a program (Bearer tokens).
    pub browser: bool,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The device, parsed from the user agent.
    pub device: DeviceName,
    /// Network address of the last use.
    pub address: String,
    /// When it signed in.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub last_used_at: Timestamp,
}

/// A readable device name: "Firefox" on "Windows". Unknown parts are None.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DeviceName {
    /// The browser or program.
    pub app: Option<String>,
    /// Operating system.
    pub system: Option<String>,
}

/// Security settings of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Security {
    /// true if the account has a password. Guests and bots have none.
    pub password: bool,
    /// true if two-factor authentication is on.
    pub second_factor: bool,
    /// Number of unused recovery codes.
    pub recovery_codes: u64,
}

/// A new secret for an authenticator app, in three forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The secret in base32, for typing.
    pub secret: String,
    /// The `otpauth:` URI, opened by an app on the same device.
    pub uri: String,
    /// The URI as a QR code.
    pub qr: QrCode,
}

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrCode {
    /// Modules per side, without the quiet zone of four modules.
    pub size: u32,
    /// The dark modules as an SVG path, one unit per module.
    pub path: String,
}

/// A scheduled deletion of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Departure {
    /// When the account is deleted.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub due_at: Timestamp,
    /// true if the messages stay, attributed to a deleted account.
    pub keep_messages: bool,
}

/// An export of an account's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Export {
    pub state: ExportState,
    /// Number of lines written so far.
    pub done: i64,
    /// Number of lines to write; 0 if not known yet.
    pub total: i64,
    /// Size of the file in bytes; 0 until it is ready.
    pub size: i64,
    /// When it was requested.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub requested_at: Timestamp,
    /// When the file is deleted.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Timestamp>,
}

text_enum! {
    /// State of an export.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum ExportState {
        /// In progress, or in the queue.
        Preparing = "preparing",
        /// Ready for download.
        Ready = "ready",
        /// The export failed.
        Failed = "failed",
    }
}

/// Contents of the page with data export and account deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnData {
    /// The last export.
    pub export: Option<Export>,
    /// Days between the request and the deletion of an account.
    pub deletion_days: u32,
    /// true if a deletion needs an authentication code.
    pub second_factor: bool,
}

/// Strength of a password, estimated by zxcvbn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strength {
    /// 0 (weakest) to 4 (strongest).
    pub score: u8,
}

/// Event on a session's topic: the session ended. Its sockets close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnded {
    pub session: SessionId,
}

impl Event for SessionEnded {
    const KIND: &'static str = "accounts.session_ended";
}

/// Kind of the changes of preferences.
pub const PREFERENCES: &str = "preferences";

/// On an account's topic: its preferences changed, on this or another device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesChanged {
    pub preferences: Preferences,
}

impl Event for PreferencesChanged {
    const KIND: &'static str = "accounts.preferences_changed";
}

/// To one subscriber of an account's topic that missed events: pages that show data of these kinds
/// load it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChanged {
    /// As the features count their changes, such as `notifications`.
    pub kinds: Vec<String>,
}

impl Event for AccountChanged {
    const KIND: &'static str = "accounts.changed";
}
