//! Acts and their entries as both sides see them.

use crate::shared::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was done. The names stand in the database and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A link to a new password was made.
    ResetLink,
    /// A link was used: the account has a new password.
    PasswordReset,
    /// All sessions of an account were ended.
    SessionsEnded,
    /// An account was suspended.
    Suspended,
    /// An account may sign in again.
    Unsuspended,
    /// An account became an operator.
    OperatorMade,
    /// An account is no operator any more.
    OperatorUnmade,
    /// An account's second factor was taken away.
    FactorRemoved,
    /// A setting was changed.
    SettingChanged,
    /// A setting has the file's value again.
    SettingReset,
    /// A channel was deleted.
    ChannelDeleted,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = RecordEntry))]
pub struct Entry {
    /// Its id; later ones sort after earlier ones.
    pub id: Uuid,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Who; none: the command line.
    pub actor: Option<AccountId>,
    pub act: Act,
    /// To whom.
    pub subject: Option<AccountId>,
    /// What else there is to say: a setting's name and value.
    pub detail: String,
}
