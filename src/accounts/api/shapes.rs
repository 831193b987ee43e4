//! Requests and responses in the shapes of three older APIs.

use crate::accounts::{Account, SessionInfo};
use crate::shared::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account, as its owner sees it.
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

/// All fields that a registration can have.
#[derive(Deserialize)]
pub(super) struct Registration {
    pub(super) username: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) password: Option<String>,
    /// Required if registration is by invite.
    pub(super) invite: Option<String>,
    /// Makes the account the first admin.
    pub(super) setup_token: Option<String>,
}

/// A new account, by `username`, or by a display `name` from which the username is derived.
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
    /// Letters and digits of any script, `_`, `.` and `-`. Must differ from all other usernames,
    /// also from names that look the same.
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
    /// Required if registration is by invite.
    invite: Option<String>,
    /// Printed by `rialto serve` until an admin exists; makes this account the first admin.
    setup_token: Option<String>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignUp`")]
pub(super) struct SignUpByName {
    /// Not necessarily unique. No control characters and no invisible characters.
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
    /// Required if registration is by invite.
    invite: Option<String>,
    /// Printed by `rialto serve` until an admin exists; makes this account the first admin.
    setup_token: Option<String>,
}

/// Result of a registration.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Registered {
    Account(User),
    Session(Entered),
}

/// All fields that a sign-in can have.
#[derive(Deserialize)]
pub(super) struct Login {
    pub(super) username: Option<String>,
    pub(super) email: Option<String>,
    pub(super) password: Option<String>,
    /// Authentication code; required if the account uses two-factor authentication.
    pub(super) otp: Option<String>,
    /// true cancels the scheduled deletion of the account.
    pub(super) come_back: Option<bool>,
}

/// A sign-in by email or username with a password, or as a guest by username alone.
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
    /// Authentication code; required if the account uses two-factor authentication.
    otp: Option<String>,
    /// true cancels the scheduled deletion of the account.
    come_back: Option<bool>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignIn`")]
pub(super) struct SignInByUsername {
    #[schema(min_length = 1)]
    username: String,
    #[schema(min_length = 1, format = Password)]
    password: String,
    /// Authentication code; required if the account uses two-factor authentication.
    otp: Option<String>,
    /// true cancels the scheduled deletion of the account.
    come_back: Option<bool>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "as `SignIn`")]
pub(super) struct SignInAsGuest {
    #[schema(min_length = 2, max_length = 32)]
    username: String,
}

/// The session of a member or of a guest.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Entry {
    Person(Entered),
    Guest(EnteredGuest),
}

/// The session of an account with a password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entered {
    pub(super) success: bool,
    /// For `Authorization: Bearer`.
    pub(super) token: String,
    /// For new tokens at `/api/auth/refresh`.
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

/// Your account.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    pub(super) user: User,
}

/// Result of a sign-out.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedOut {
    pub(super) success: bool,
}

/// A new access token.
#[derive(Serialize, ToSchema)]
pub(super) struct Access {
    pub(super) token: String,
}

/// Your sessions.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    pub(super) sessions: Vec<SessionInfo>,
}
