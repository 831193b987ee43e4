//! Server functions of what protects an account. Their forms work without JavaScript: what went
//! well is told by the address that they lead to.

use crate::accounts::{Enrolment, Security};
use crate::shared::Error;
use crate::shared::json;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::accounts::guard::{self, caller, respond, service, viewer};

/// Changes the viewer's password; their other sessions end.
#[server(prefix = "/rpc", endpoint = "accounts/change_password", output = json::Json)]
pub async fn change_password(current: String, password: String) -> Result<(), Error> {
    let changed = async {
        let caller = caller().await?;
        let (service, address) = (service()?, caller.address.clone());
        let viewer = caller.viewer()?;
        let session = service
            .change_password(&viewer, &current, &password, &address)
            .await?;
        guard::remember(&service, session);
        guard::redirect("/settings/security?done=password");
        Ok(())
    };
    respond(changed.await)
}

/// How the viewer's account is protected.
#[server(name = LoadSecurity, prefix = "/rpc", endpoint = "accounts/security", output = json::Json)]
pub async fn security() -> Result<Security, Error> {
    let security = async { service()?.security(&viewer().await?).await };
    respond(security.await)
}

/// Begins to set up the second factor; what the viewer's app has to know.
#[server(prefix = "/rpc", endpoint = "accounts/begin_second_factor", output = json::Json)]
pub async fn begin_second_factor(password: String) -> Result<Enrolment, Error> {
    let begun = async {
        let caller = caller().await?;
        let address = caller.address.clone();
        let viewer = caller.viewer()?;
        service()?
            .begin_second_factor(&viewer, &password, &address)
            .await
    };
    respond(begun.await)
}

/// Turns the second factor on; the recovery codes, which are shown this once.
#[server(prefix = "/rpc", endpoint = "accounts/confirm_second_factor", output = json::Json)]
pub async fn confirm_second_factor(code: String) -> Result<Vec<String>, Error> {
    let confirmed = async {
        let caller = caller().await?;
        let address = caller.address.clone();
        let viewer = caller.viewer()?;
        service()?
            .confirm_second_factor(&viewer, &code, &address)
            .await
    };
    respond(confirmed.await)
}

/// New recovery codes in the place of the old ones; shown this once.
#[server(prefix = "/rpc", endpoint = "accounts/renew_recovery_codes", output = json::Json)]
pub async fn renew_recovery_codes(password: String) -> Result<Vec<String>, Error> {
    let renewed = async {
        let caller = caller().await?;
        let address = caller.address.clone();
        let viewer = caller.viewer()?;
        service()?
            .renew_recovery_codes(&viewer, &password, &address)
            .await
    };
    respond(renewed.await)
}

/// Turns the second factor off.
#[server(prefix = "/rpc", endpoint = "accounts/turn_off_second_factor", output = json::Json)]
pub async fn turn_off_second_factor(password: String, code: String) -> Result<(), Error> {
    let turned_off = async {
        let caller = caller().await?;
        let address = caller.address.clone();
        let viewer = caller.viewer()?;
        service()?
            .turn_off_second_factor(&viewer, &password, &code, &address)
            .await?;
        guard::redirect("/settings/security?done=second-factor-off");
        Ok(())
    };
    respond(turned_off.await)
}
