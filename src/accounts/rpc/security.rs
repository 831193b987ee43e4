//! Server functions of the security settings. Their forms work without JavaScript: the address of
//! the redirect says what succeeded.

use crate::accounts::{Enrolment, Security};
use crate::shared::Error;
use crate::shared::json;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::accounts::guard::{self, caller, service, viewer};

/// Changes the viewer's password; their other sessions end.
#[server(prefix = "/rpc", endpoint = "accounts/change_password", output = json::Json)]
pub async fn change_password(current: String, password: String) -> Result<(), Error> {
    let caller = caller().await?;
    let (service, address) = (service()?, caller.address.clone());
    let viewer = caller.viewer()?;
    let session = service
        .change_password(&viewer, &current, &password, &address)
        .await?;
    guard::remember(&service, session);
    guard::redirect("/settings/security?done=password");
    Ok(())
}

/// Returns the viewer's security settings.
#[server(name = LoadSecurity, prefix = "/rpc", endpoint = "accounts/security", output = json::Json)]
pub async fn security() -> Result<Security, Error> {
    service()?.security(&viewer().await?).await
}

/// Starts the setup of two-factor authentication. Returns the secret for the authenticator app.
#[server(prefix = "/rpc", endpoint = "accounts/begin_second_factor", output = json::Json)]
pub async fn begin_second_factor(password: String) -> Result<Enrolment, Error> {
    let caller = caller().await?;
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    service()?
        .begin_second_factor(&viewer, &password, &address)
        .await
}

/// Turns two-factor authentication on. Returns the recovery codes, which are shown only once.
#[server(prefix = "/rpc", endpoint = "accounts/confirm_second_factor", output = json::Json)]
pub async fn confirm_second_factor(code: String) -> Result<Vec<String>, Error> {
    let caller = caller().await?;
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    service()?
        .confirm_second_factor(&viewer, &code, &address)
        .await
}

/// Replaces the recovery codes. Returns the new ones, which are shown only once.
#[server(prefix = "/rpc", endpoint = "accounts/renew_recovery_codes", output = json::Json)]
pub async fn renew_recovery_codes(password: String) -> Result<Vec<String>, Error> {
    let caller = caller().await?;
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    service()?
        .renew_recovery_codes(&viewer, &password, &address)
        .await
}

/// Turns two-factor authentication off.
#[server(prefix = "/rpc", endpoint = "accounts/turn_off_second_factor", output = json::Json)]
pub async fn turn_off_second_factor(password: String, code: String) -> Result<(), Error> {
    let caller = caller().await?;
    let address = caller.address.clone();
    let viewer = caller.viewer()?;
    service()?
        .turn_off_second_factor(&viewer, &password, &code, &address)
        .await?;
    guard::redirect("/settings/security?done=second-factor-off");
    Ok(())
}
