//! Server functions. `register` and `sign_in` take plain forms, so that they work without
//! JavaScript.

use super::{SessionInfo, Viewer, model};
use crate::shared::{Error, Result, SessionId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{
    Account, DeviceKind, NewPerson,
    guard::{self, Caller, caller, respond, service, viewer},
    rules,
};

/// Registers a person, signs them in and leads them to `next` or the start page.
#[server(prefix = "/rpc", endpoint = "accounts/register")]
pub async fn register(
    username: String,
    email: String,
    password: String,
    next: Option<String>,
) -> Result<(), Error> {
    let registered = async {
        let caller = caller().await?;
        let person = NewPerson {
            username: Some(username),
            display_name: None,
            email,
            password,
        };
        let device = caller.device(DeviceKind::Browser);
        let account = service()?.register(person, &device).await?;
        enter(account, caller, next.as_deref()).await
    };
    respond(registered.await)
}

/// Signs somebody in by e-mail address or username, and leads them to `next` or the start page.
#[server(prefix = "/rpc", endpoint = "accounts/sign_in")]
pub async fn sign_in(name: String, password: String, next: Option<String>) -> Result<(), Error> {
    let signed_in = async {
        let caller = caller().await?;
        let device = caller.device(DeviceKind::Browser);
        let account = service()?.sign_in(&name, &password, &device).await?;
        enter(account, caller, next.as_deref()).await
    };
    respond(signed_in.await)
}

/// Opens a browser's session in the place of the one it may have had.
#[cfg(feature = "ssr")]
async fn enter(account: Account, caller: Caller, next: Option<&str>) -> Result<()> {
    let service = service()?;
    let device = caller.device(DeviceKind::Browser);
    if let Ok(Some(before)) = caller.viewer {
        service.sign_out(&before).await?;
    }
    let session = service.open_session(account, &device).await?;
    guard::remember(&service, session);
    guard::redirect(rules::local_path(next));
    Ok(())
}

/// Ends the session that asks, and leads to the start page.
#[server(prefix = "/rpc", endpoint = "accounts/sign_out")]
pub async fn sign_out() -> Result<(), Error> {
    let signed_out = async {
        let service = service()?;
        if let Ok(Some(viewer)) = caller().await?.viewer {
            service.sign_out(&viewer).await?;
        }
        guard::forget(&service);
        guard::redirect("/");
        Ok(())
    };
    respond(signed_out.await)
}

/// Who asks; `None` when nobody is signed in.
#[server(prefix = "/rpc", endpoint = "accounts/me")]
pub async fn me() -> Result<Option<Viewer>, Error> {
    let me = async { caller().await?.viewer };
    respond(me.await)
}

/// The viewer's sessions, those used last first.
#[server(prefix = "/rpc", endpoint = "accounts/sessions")]
pub async fn sessions() -> Result<Vec<SessionInfo>, Error> {
    let sessions = async { service()?.sessions(&viewer().await?).await };
    respond(sessions.await)
}

/// Ends one of the viewer's sessions.
#[server(prefix = "/rpc", endpoint = "accounts/end_session")]
pub async fn end_session(id: SessionId) -> Result<(), Error> {
    let ended = async { service()?.end_session(&viewer().await?, id).await };
    respond(ended.await)
}

/// Ends all of the viewer's sessions but the one that asks; how many.
#[server(prefix = "/rpc", endpoint = "accounts/end_other_sessions")]
pub async fn end_other_sessions() -> Result<u64, Error> {
    let ended = async { service()?.end_all_other_sessions(&viewer().await?).await };
    respond(ended.await)
}

/// How hard a password is to guess, for the meter beside the field.
#[server(name = MeasureStrength, prefix = "/rpc", endpoint = "accounts/strength")]
pub async fn strength(password: String) -> Result<model::Strength, Error> {
    let strength = async {
        let address = caller().await?.address;
        service()?.strength(&password, &address).await
    };
    respond(strength.await)
}
