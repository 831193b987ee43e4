//! Access of server functions to their request and response.

use super::caller::Caller;
use super::cookies::{self, cookies_of, no_cookies};
use crate::accounts::{Service, SignedIn, Viewer};
use crate::shared::{Error, Result};
use axum::http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Returns the accounts service.
pub fn service() -> Result<Service> {
    provided()
}

/// Returns a service that `server.rs` put into the context.
///
/// # Errors
/// `internal` if it is missing, which is a bug.
pub fn provided<S: Clone + Send + Sync + 'static>() -> Result<S> {
    let missing = || Error::internal(format!("{} was not provided", std::any::type_name::<S>()));
    use_context().ok_or_else(missing)
}

/// Returns the sender of this request.
pub async fn caller() -> Result<Caller> {
    let caller = use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned());
    caller.ok_or_else(|| Error::internal("a request without `accounts::guard`"))
}

/// Returns the viewer of this request.
///
/// # Errors
/// 401 if the request is not signed in.
pub async fn viewer() -> Result<Viewer> {
    caller().await?.viewer()
}

/// Returns a service and the viewer; most server functions start with this.
///
/// # Errors
/// 401 if the request is not signed in.
pub async fn ask<S: Clone + Send + Sync + 'static>() -> Result<(S, Viewer)> {
    let viewer = viewer().await?;
    Ok((provided()?, viewer))
}

/// Redirects the browser to a path of this site, with and without JavaScript.
pub fn redirect(path: &str) {
    leptos_axum::redirect(path);
}

/// Sets the cookies of this session.
pub(in crate::accounts) fn remember(service: &Service, session: SignedIn) {
    set_cookies(cookies_of(service, session));
}

/// Deletes the session cookies.
pub(in crate::accounts) fn forget(service: &Service) {
    set_cookies(no_cookies(service));
}

/// Sets the cookie with the sign-in challenge.
pub(in crate::accounts) fn hand_out_challenge(service: &Service, challenge: &str) {
    let cookie = cookies::challenge(service.server(), Some(challenge));
    set_cookies(cookie.into_iter().collect());
}

/// Deletes the challenge cookie, if the request has one.
pub(in crate::accounts) fn forget_challenge(service: &Service) {
    if challenge(service).is_empty() {
        return;
    }
    let cookie = cookies::challenge(service.server(), None);
    set_cookies(cookie.into_iter().collect());
}

/// Returns the challenge of this request; empty if it has none.
pub(in crate::accounts) fn challenge(service: &Service) -> String {
    let carried = use_context::<Parts>()
        .and_then(|parts| cookies::carried_challenge(&parts.headers, service.server()));
    carried.unwrap_or_default()
}

pub(super) fn set_cookies(cookies: Vec<HeaderValue>) {
    if let Some(options) = use_context::<ResponseOptions>() {
        for cookie in cookies {
            options.append_header(header::SET_COOKIE, cookie);
        }
    }
}
