//! Types of the admin pages that server and browser share.

use crate::accounts::{Listed, Profile};
use crate::audit::Entry;
use crate::shared::{AccountId, Timestamp, instance::Settings};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An action on an account that needs no further input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAct {
    /// Ends all its sessions.
    EndSessions,
    /// Suspends it.
    Suspend,
    /// Unsuspends it.
    Unsuspend,
    /// Makes it an admin.
    MakeAdmin,
    /// Removes its admin rights.
    RemoveAdmin,
    /// Turns its two-factor authentication off.
    RemoveFactor,
}

impl AccountAct {
    /// true if the action needs the admin's own password. Actions that could give others access to
    /// an account do: an unattended screen must not be enough.
    pub const fn takes_password(self) -> bool {
        matches!(self, Self::MakeAdmin | Self::RemoveFactor)
    }
}

/// A page of accounts, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AccountsPage {
    /// The accounts of this page.
    pub accounts: Vec<Listed>,
    /// Cursor of the next page. None: the last page.
    pub next: Option<AccountId>,
}

/// A password link, returned only once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ResetLink {
    pub profile: Profile,
    /// Its path on this instance.
    pub path: String,
    /// The full URL, if the instance knows its own address.
    pub link: Option<String>,
}

/// The settings and the origin of their values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SettingsState {
    /// Current values.
    pub now: Settings,
    /// Values in the configuration.
    pub file: Settings,
    /// Names of the settings that admins have changed.
    pub changed: Vec<String>,
}

/// Health of the instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = AdminHealth))]
pub struct Health {
    /// Running version.
    pub version: String,
    /// Build type and target of the binary.
    pub build: String,
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub built_at: Option<Timestamp>,
    /// When the server was started.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub started_at: Timestamp,
    /// When these values were collected.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// true if the database can be read.
    pub readable: bool,
    /// true if the database can be written.
    pub writable: bool,
    /// When that was last checked, by writing and reading a row.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub checked_at: Option<Timestamp>,
    /// Size of the database in bytes.
    pub database_bytes: Option<u64>,
    /// Number of changes that wait to be written.
    pub queue: u64,
    /// Number of open connections.
    pub connections: u64,
    /// Number of topics with subscribers.
    pub topics: u64,
    /// Number of registered accounts.
    pub people: u64,
    /// Background workers.
    pub workers: Vec<WorkerHealth>,
    /// Time and size in bytes of the last backup.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Vec<serde_json::Value>>))]
    pub backup: Option<(Timestamp, u64)>,
    /// The email queue, if a mail server is configured.
    pub mail: Option<MailHealth>,
}

/// Health of a background worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct WorkerHealth {
    /// Name of the worker.
    pub name: String,
    /// false while it waits to restart after a panic.
    pub running: bool,
    /// Number of restarts.
    pub restarts: u64,
    /// Time of the last panic.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub last_panic: Option<Timestamp>,
}

/// Health of the email queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MailHealth {
    /// Number of emails in the queue.
    pub waiting: u64,
    /// Number of emails that failed for good in the last 30 days.
    pub failed: u64,
    /// The mail server's last error.
    pub last: Option<String>,
}

/// A page of the audit log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// The entries of this page.
    pub rows: Vec<AuditRow>,
    /// Cursor of the next page. None: the last page.
    pub next: Option<Uuid>,
}

/// An audit log entry with profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AuditRow {
    /// The entry itself.
    pub entry: Entry,
    /// Who did it. None: the command line, or a deleted account.
    pub actor: Option<Profile>,
    /// The affected account.
    pub subject: Option<Profile>,
}
