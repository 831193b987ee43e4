//! What operators see, as both sides know it.

use crate::accounts::{Listed, Profile};
use crate::audit::Entry;
use crate::shared::{AccountId, Timestamp, instance::Settings};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What can be done to an account with one press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAct {
    /// End all its sessions.
    EndSessions,
    /// Keep it out.
    Suspend,
    /// Let it in again.
    Unsuspend,
    /// Have it run the instance.
    MakeOperator,
    /// Not any more.
    UnmakeOperator,
    /// Take its second factor away.
    RemoveFactor,
}

impl AccountAct {
    /// Does it take the admin's own password? What opens an account to somebody else does: a
    /// screen that was left open must not be enough.
    pub const fn takes_password(self) -> bool {
        matches!(self, Self::MakeOperator | Self::RemoveFactor)
    }
}

/// A page of accounts, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AccountsPage {
    /// The accounts.
    pub accounts: Vec<Listed>,
    /// Those after this one come next.
    pub next: Option<AccountId>,
}

/// A link to a new password, told once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ResetLink {
    pub profile: Profile,
    /// Its path on this instance.
    pub path: String,
    /// All of it, when the instance knows its own address.
    pub link: Option<String>,
}

/// The settings and where their values come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SettingsState {
    /// What holds now.
    pub now: Settings,
    /// What the configuration says.
    pub file: Settings,
    /// Names of those that operators have changed.
    pub changed: Vec<String>,
}

/// How the instance is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = OperatorHealth))]
pub struct Health {
    /// The version that runs.
    pub version: String,
    /// For what it was built.
    pub build: String,
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub built_at: Option<Timestamp>,
    /// When it was started.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub started_at: Timestamp,
    /// When these figures were taken.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// Can it be read?
    pub readable: bool,
    /// Can it be written?
    pub writable: bool,
    /// When that was found out, by writing a row and reading it.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub checked_at: Option<Timestamp>,
    /// Its bytes.
    pub database_bytes: Option<u64>,
    /// Changes that wait to be written.
    pub queue: u64,
    /// Open connections.
    pub connections: u64,
    /// Topics that somebody is on.
    pub topics: u64,
    /// People with an account.
    pub people: u64,
    /// Workers in the background.
    pub workers: Vec<WorkerHealth>,
    /// When a backup was made last, and its bytes.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Vec<serde_json::Value>>))]
    pub backup: Option<(Timestamp, u64)>,
    /// The letters, when there is a mail server.
    pub mail: Option<MailHealth>,
}

/// How a background worker is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct WorkerHealth {
    /// Its name.
    pub name: String,
    /// False while it waits to restart after an error in the program.
    pub running: bool,
    /// How often it restarted.
    pub restarts: u64,
    /// When it stopped by such an error last.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>, format = DateTime))]
    pub last_panic: Option<Timestamp>,
}

/// How the letters are doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MailHealth {
    /// Letters that wait.
    pub waiting: u64,
    /// Letters that were given up in the last 30 days.
    pub failed: u64,
    /// What the mail server said last when it took none.
    pub last: Option<String>,
}

/// A page of the record, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RecordPage {
    /// The entries.
    pub rows: Vec<RecordRow>,
    /// Those after this one come next.
    pub next: Option<Uuid>,
}

/// An entry with names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RecordRow {
    /// The entry.
    pub entry: Entry,
    /// Who did it; none: the command line, or an account that is gone.
    pub actor: Option<Profile>,
    /// To whom.
    pub subject: Option<Profile>,
}
