//! Server functions. `register` and `sign_in` take plain forms, so that they work without
//! JavaScript.

mod data;
mod profile;
mod reset;
mod security;

use super::{SessionInfo, Viewer, model};
use crate::shared::json;
use crate::shared::{Error, Result, SessionId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{
    Account, DeviceKind, NewPerson, Step,
    guard::{self, Caller, caller, service, viewer},
    rules,
};

pub use data::*;
pub use profile::*;
pub use reset::*;
pub use security::*;

/// Registers a member, signs them in and redirects to `next` or the start page.
#[server(prefix = "/rpc", endpoint = "accounts/register", output = json::Json)]
pub async fn register(
    username: String,
    email: String,
    password: String,
    invite: Option<String>,
    setup: Option<String>,
    next: Option<String>,
) -> Result<(), Error> {
    let caller = caller().await?;
    let person = NewPerson {
        username: Some(username),
        display_name: None,
        email,
        password,
        invite,
        setup_token: setup.filter(|token| !token.is_empty()),
    };
    let device = caller.device(DeviceKind::Browser);
    let account = service()?.register(person, &device).await?;
    bring_along(&account).await?;
    enter(account, caller, next.as_deref()).await
}

/// Signs in by email or username, and redirects to `next` or the start page.
#[server(prefix = "/rpc", endpoint = "accounts/sign_in", output = json::Json)]
pub async fn sign_in(name: String, password: String, next: Option<String>) -> Result<(), Error> {
    let caller = caller().await?;
    let device = caller.device(DeviceKind::Browser);
    let service = service()?;
    let step = service.begin_sign_in(&name, &password, &device).await?;
    go_on(step, caller, next.as_deref()).await
}

/// Completes a sign-in with a code from the app or a recovery code.
#[server(prefix = "/rpc", endpoint = "accounts/sign_in_code", output = json::Json)]
pub async fn sign_in_code(code: String, next: Option<String>) -> Result<(), Error> {
    let caller = caller().await?;
    let device = caller.device(DeviceKind::Browser);
    let service = service()?;
    let challenge = guard::challenge(&service);
    let step = service.answer_challenge(&challenge, &code, &device).await?;
    go_on(step, caller, next.as_deref()).await
}

/// Continues after a step of a sign-in: opens the session, or redirects to the next step.
#[cfg(feature = "ssr")]
async fn go_on(step: Step, caller: Caller, next: Option<&str>) -> Result<()> {
    let service = service()?;
    let (challenge, path) = match step {
        Step::In(account) => {
            guard::forget_challenge(&service);
            return enter(account, caller, next).await;
        }
        Step::Code(challenge) => (challenge, "/sign-in/code"),
        Step::Return(challenge) => (challenge, "/sign-in/return"),
    };
    guard::hand_out_challenge(&service, &challenge);
    guard::redirect(&with_next(path, next));
    Ok(())
}

/// Adds `next` to an address of this site.
#[cfg(feature = "ssr")]
pub(super) fn with_next(path: &str, next: Option<&str>) -> String {
    let next = rules::local_path(next);
    crate::ui::address(path, &[("next", Some(next).filter(|next| *next != "/"))])
}

/// Opens a browser's session; an existing session of the browser ends first.
#[cfg(feature = "ssr")]
pub(super) async fn enter(account: Account, caller: Caller, next: Option<&str>) -> Result<()> {
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

/// Ends the current session and redirects to the start page.
#[server(prefix = "/rpc", endpoint = "accounts/sign_out", output = json::Json)]
pub async fn sign_out() -> Result<(), Error> {
    let service = service()?;
    if let Ok(Some(viewer)) = caller().await?.viewer {
        service.sign_out(&viewer).await?;
    }
    guard::forget(&service);
    guard::redirect("/");
    Ok(())
}

/// Returns the viewer. None: not signed in.
#[server(prefix = "/rpc", endpoint = "accounts/me", output = json::Json)]
pub async fn me() -> Result<Option<Viewer>, Error> {
    caller().await?.viewer
}

/// Returns the viewer's sessions, last used first.
#[server(prefix = "/rpc", endpoint = "accounts/sessions", output = json::Json)]
pub async fn sessions() -> Result<Vec<SessionInfo>, Error> {
    service()?.sessions(&viewer().await?).await
}

/// Ends one of the viewer's sessions.
#[server(prefix = "/rpc", endpoint = "accounts/end_session", output = json::Json)]
pub async fn end_session(id: SessionId) -> Result<(), Error> {
    service()?.end_session(&viewer().await?, id).await
}

/// Ends all of the viewer's other sessions. Returns their number.
#[server(prefix = "/rpc", endpoint = "accounts/end_other_sessions", output = json::Json)]
pub async fn end_other_sessions() -> Result<u64, Error> {
    service()?.end_all_other_sessions(&viewer().await?).await
}

/// Estimates the strength of a password, for the meter beside the field.
#[server(name = MeasureStrength, prefix = "/rpc", endpoint = "accounts/strength", output = json::Json)]
pub async fn strength(password: String) -> Result<model::Strength, Error> {
    let address = caller().await?.address;
    service()?.strength(&password, &address).await
}
