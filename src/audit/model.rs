//! Audit log entries that server and browser share.

use crate::shared::{AccountId, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

text_enum! {
    /// Kind of an action.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum Act {
        /// An admin created a password reset link.
        ResetLink = "reset_link",
        /// A reset link was used: the account has a new password.
        PasswordReset = "password_reset",
        /// All sessions of an account were ended.
        SessionsEnded = "sessions_ended",
        /// An account was suspended.
        Suspended = "suspended",
        /// A suspension was lifted.
        Unsuspended = "unsuspended",
        /// An account was made an admin.
        AdminAdded = "admin_added",
        /// An account is no longer an admin.
        AdminRemoved = "admin_removed",
        /// An account's two-factor authentication was turned off.
        FactorRemoved = "factor_removed",
        /// A setting was changed.
        SettingChanged = "setting_changed",
        /// A setting was reset to the value in the configuration file.
        SettingReset = "setting_reset",
        /// A channel was deleted.
        ChannelDeleted = "channel_deleted",
    }
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
