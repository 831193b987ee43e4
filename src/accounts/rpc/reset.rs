//! Server functions for visitors: sign-up policy and password reset links. Their forms work without
//! JavaScript.

use crate::accounts::Profile;
use crate::shared::json;
use crate::shared::{Error, instance::SignUpPolicy};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::accounts::guard::{self, caller, service};

/// Returns name, description and sign-up rules of the instance, for visitors.
#[server(name = LoadSignUpPolicy, prefix = "/rpc", endpoint = "accounts/sign_up_policy", output = json::Json)]
pub async fn sign_up_policy() -> Result<SignUpPolicy, Error> {
    let forwarded = caller().await?.forwarded;
    service()?.sign_up_policy(forwarded).await
}

/// Emails a password reset link to the member with this address, if there is one.
#[server(prefix = "/rpc", endpoint = "accounts/request_reset", output = json::Json)]
pub async fn request_reset(email: String) -> Result<(), Error> {
    let address = caller().await?.address;
    service()?.request_reset(&email, &address).await?;
    guard::redirect("/forgot?sent=1");
    Ok(())
}

/// Returns the member whose password a reset link changes.
#[server(prefix = "/rpc", endpoint = "accounts/reset_owner", output = json::Json)]
pub async fn reset_owner(token: String) -> Result<Profile, Error> {
    service()?.reset_owner(&token).await
}

/// Uses a reset link: sets the new password and redirects to the sign-in page.
#[server(prefix = "/rpc", endpoint = "accounts/reset_password", output = json::Json)]
pub async fn reset_password(token: String, password: String) -> Result<(), Error> {
    let address = caller().await?.address;
    service()?
        .reset_password(&token, &password, &address)
        .await?;
    guard::redirect("/sign-in?done=password");
    Ok(())
}
