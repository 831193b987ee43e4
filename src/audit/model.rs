//! Audit log entries that server and browser share.

use crate::shared::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Kind of an action. The names are stored in the database and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// An admin created a password reset link.
    ResetLink,
    /// A reset link was used: the account has a new password.
    PasswordReset,
    /// All sessions of an account were ended.
    SessionsEnded,
    /// An account was suspended.
    Suspended,
    /// A suspension was lifted.
    Unsuspended,
    /// An account was made an admin.
    AdminAdded,
    /// An account is no longer an admin.
    AdminRemoved,
    /// An account's two-factor authentication was turned off.
    FactorRemoved,
    /// A setting was changed.
    SettingChanged,
    /// A setting was reset to the value in the configuration file.
    SettingReset,
    /// A channel was deleted.
    ChannelDeleted,
}

/// An audit log entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = AuditEntry))]
pub struct Entry {
    /// Entry id; ids are ordered by time.
    pub id: Uuid,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// The account that acted. None: the command line.
    pub actor: Option<AccountId>,
    pub act: Act,
    /// The affected account.
    pub subject: Option<AccountId>,
    /// Further details: a setting's name and value.
    pub detail: String,
}
