//! What programs send and get: the shapes of three older APIs.

use crate::accounts::{Account, SessionInfo};
use crate::shared::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account as its owner's programs see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    #[schema(format = Uuid)]
    id: String,
    username: String,
    name: String,
    /// Guests and bots have none.
    email: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<&Account> for User {
    fn from(account: &Account) -> Self {
        Self {
            id: account.profile.id.to_string(),
            username: account.profile.username.clone(),
            name: account.profile.display_name.clone(),
            email: account.email.clone(),
            created_at: account.created_at,
        }
    }
}

/// Any of the fields that somebody registers with.
#[derive(Deserialize)]
pub(super) struct Registration {
    pub(super) username: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) password: Option<String>,
    /// Where registration is by invitation.
    pub(super) invite: Option<String>,
    /// What makes the account the first admin's.
    pub(super) setup_token: Option<String>,
}

/// A new account: by its username, or by the name that is shown, from which a username is made.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "describes which fields of `Registration` go together"
)]
pub(super) enum SignUp {
    ByUsername(SignUpByUsername),
    ByName(SignUpByName),
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignUp`")]
pub(super) struct SignUpByUsername {
    /// Letters and digits of any script, `_`, `.` and `-`. No other account may have the name,
    /// or one that looks like it.
    #[schema(min_length = 2, max_length = 32, example = "ada")]
    username: String,
    #[schema(
        min_length = 3,
        max_length = 254,
        pattern = "^[^@\\s]+@[^@\\s]+$",
        example = "ada@rialto.example"
    )]
    email: String,
    #[schema(min_length = 8, max_length = 128, format = Password)]
    password: String,
    /// Where registration is by invitation.
    invite: Option<String>,
    /// Printed by `rialto serve` until an admin exists: this account becomes the first.
    setup_token: Option<String>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignUp`")]
pub(super) struct SignUpByName {
    /// Need not be unique. No control characters and no invisible marks.
    #[schema(min_length = 1, max_length = 64, example = "Ada Lovelace")]
    name: String,
    #[schema(
        min_length = 3,
        max_length = 254,
        pattern = "^[^@\\s]+@[^@\\s]+$",
        example = "ada@rialto.example"
    )]
    email: String,
    #[schema(min_length = 8, max_length = 128, format = Password)]
    password: String,
    /// Where registration is by invitation.
    invite: Option<String>,
    /// Printed by `rialto serve` until an admin exists: this account becomes the first.
    setup_token: Option<String>,
}

/// What came of a registration.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Registered {
    Account(User),
    Session(Entered),
}

/// Any of the fields that somebody signs in with.
#[derive(Deserialize)]
pub(super) struct Login {
    pub(super) username: Option<String>,
    pub(super) email: Option<String>,
    pub(super) password: Option<String>,
    /// A code of the second factor, where the account asks for one.
    pub(super) otp: Option<String>,
    /// Keep the account if it is on its way out.
    pub(super) come_back: Option<bool>,
}

/// Who wants to come in: by address or username and password, or as a guest by a username alone.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes which fields of `Login` go together")]
pub(super) enum SignIn {
    ByEmail(SignInByEmail),
    ByUsername(SignInByUsername),
    AsGuest(SignInAsGuest),
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignIn`")]
pub(super) struct SignInByEmail {
    #[schema(min_length = 1)]
    email: String,
    #[schema(min_length = 1, format = Password)]
    password: String,
    /// A code of the second factor, where the account asks for one.
    otp: Option<String>,
    /// Keep the account if it is on its way out.
    come_back: Option<bool>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignIn`")]
pub(super) struct SignInByUsername {
    #[schema(min_length = 1)]
    username: String,
    #[schema(min_length = 1, format = Password)]
    password: String,
    /// A code of the second factor, where the account asks for one.
    otp: Option<String>,
    /// Keep the account if it is on its way out.
    come_back: Option<bool>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignIn`")]
pub(super) struct SignInAsGuest {
    #[schema(min_length = 2, max_length = 32)]
    username: String,
}

/// The session of somebody who signed in.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Entry {
    Person(Entered),
    Guest(EnteredGuest),
}

/// A session with a password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entered {
    pub(super) success: bool,
    /// For `Authorization: Bearer`.
    pub(super) token: String,
    /// Makes new tokens at `/api/auth/refresh`.
    pub(super) refresh_token: String,
    pub(super) user: User,
}

/// A guest's session.
#[derive(Serialize, ToSchema)]
pub(super) struct EnteredGuest {
    pub(super) user_id: AccountId,
    pub(super) username: String,
    /// For `Authorization: Bearer`.
    pub(super) token: String,
    pub(super) preferred_language: String,
}

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    pub(super) user: User,
}

/// The end of a session.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedOut {
    pub(super) success: bool,
}

/// A new access token.
#[derive(Serialize, ToSchema)]
pub(super) struct Access {
    pub(super) token: String,
}

/// Signed-in devices.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    pub(super) sessions: Vec<SessionInfo>,
}
