//! Server functions at the door: what is behind it, and a new password by a link. Their forms
//! work without JavaScript.

use crate::accounts::Profile;
use crate::shared::json;
use crate::shared::{Error, instance::Door};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::accounts::guard::{self, caller, respond, service};

/// What somebody who is about to sign in may know of this instance.
#[server(name = LookAtDoor, prefix = "/rpc", endpoint = "accounts/door", output = json::Json)]
pub async fn door() -> Result<Door, Error> {
    let door = async {
        let forwarded = caller().await?.forwarded;
        service()?.door(forwarded).await
    };
    respond(door.await)
}

/// Sends a link to a new password to the person with this address, if there is one.
#[server(prefix = "/rpc", endpoint = "accounts/request_reset", output = json::Json)]
pub async fn request_reset(email: String) -> Result<(), Error> {
    let requested = async {
        let address = caller().await?.address;
        service()?.request_reset(&email, &address).await?;
        guard::redirect("/forgot?sent=1");
        Ok(())
    };
    respond(requested.await)
}

/// Whose link to a new password this is.
#[server(prefix = "/rpc", endpoint = "accounts/reset_owner", output = json::Json)]
pub async fn reset_owner(token: String) -> Result<Profile, Error> {
    let owner = async { service()?.reset_owner(&token).await };
    respond(owner.await)
}

/// Uses a link: sets the new password and leads to the sign-in.
#[server(prefix = "/rpc", endpoint = "accounts/reset_password", output = json::Json)]
pub async fn reset_password(token: String, password: String) -> Result<(), Error> {
    let reset = async {
        let address = caller().await?.address;
        service()?
            .reset_password(&token, &password, &address)
            .await?;
        guard::redirect("/sign-in?done=password");
        Ok(())
    };
    respond(reset.await)
}
