//! Server functions for account deletion and data export. Their forms work without JavaScript.

use crate::accounts::{Departure, OwnData};
use crate::shared::Error;
use crate::shared::json;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::accounts::{
    DeviceKind, Farewell, api,
    guard::{self, caller, service, viewer},
};

/// Schedules the deletion of the viewer's account and redirects to a page that confirms it.
#[server(prefix = "/rpc", endpoint = "accounts/leave", output = json::Json)]
pub async fn leave(
    password: String,
    code: Option<String>,
    messages: String,
    successor: Option<String>,
) -> Result<(), Error> {
    let caller = caller().await?;
    let (service, address) = (service()?, caller.address.clone());
    let viewer = caller.viewer()?;
    let farewell = Farewell {
        password: &password,
        otp: code.as_deref(),
        keep_messages: api::keep_messages(&messages)?,
        successor: successor.as_deref(),
    };
    let departure = service.leave(&viewer, farewell, &address).await?;
    guard::forget(&service);
    let at_once = departure.due_at <= crate::shared::time::now();
    guard::redirect(if at_once {
        "/sign-in?done=deleted"
    } else {
        "/sign-in?done=left"
    });
    Ok(())
}

/// Returns the scheduled deletion of the account in the current sign-in challenge.
#[server(prefix = "/rpc", endpoint = "accounts/leaving", output = json::Json)]
pub async fn leaving() -> Result<Departure, Error> {
    let service = service()?;
    service.may_come_back(&guard::challenge(&service)).await
}

/// Cancels the scheduled deletion and signs in.
#[server(prefix = "/rpc", endpoint = "accounts/come_back", output = json::Json)]
pub async fn come_back(next: Option<String>) -> Result<(), Error> {
    let caller = caller().await?;
    let service = service()?;
    let device = caller.device(DeviceKind::Browser);
    let account = service
        .come_back(&guard::challenge(&service), &device)
        .await?;
    guard::forget_challenge(&service);
    super::enter(account, caller, next.as_deref()).await
}

/// Returns the contents of the page with data export and account deletion.
#[server(name = LoadOwnData, prefix = "/rpc", endpoint = "accounts/own_data", output = json::Json)]
pub async fn own_data() -> Result<OwnData, Error> {
    service()?.own_data(&viewer().await?).await
}

/// Starts an export of the viewer's data.
#[server(prefix = "/rpc", endpoint = "accounts/request_export", output = json::Json)]
pub async fn request_export() -> Result<(), Error> {
    service()?.request_export(&viewer().await?).await?;
    guard::redirect("/settings/data");
    Ok(())
}
