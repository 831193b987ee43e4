//! What server functions ask of their request, and tell its answer.

use super::{Caller, Service, SignedIn, Viewer, cookies, cookies_of, no_cookies};
use crate::shared::{Error, Result};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// The accounts service of this request's server.
pub fn service() -> Result<Service> {
    provided()
}

/// A service that `server.rs` put into the context.
///
/// # Errors
/// `internal` when it did not, which is a bug.
pub fn provided<S: Clone + Send + Sync + 'static>() -> Result<S> {
    let missing = || Error::internal(format!("{} was not provided", std::any::type_name::<S>()));
    use_context().ok_or_else(missing)
}

/// Who sent this request.
pub async fn caller() -> Result<Caller> {
    let caller = use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned());
    caller.ok_or_else(|| Error::internal("a request without `accounts::guard`"))
}

/// Who asks.
///
/// # Errors
/// 401 when it is nobody.
pub async fn viewer() -> Result<Viewer> {
    caller().await?.viewer()
}

/// A service, and who asks it: how most server functions begin.
///
/// # Errors
/// 401 when it is nobody.
pub async fn ask<S: Clone + Send + Sync + 'static>() -> Result<(S, Viewer)> {
    let viewer = viewer().await?;
    Ok((provided()?, viewer))
}

/// Gives the answer of a failed server function the error's HTTP status. A form that is sent
/// without JavaScript is left alone: it is led back to its page, which shows the error.
pub fn respond<T>(result: Result<T>) -> Result<T> {
    if let Err(error) = &result
        && let (Some(parts), Some(options)) = (use_context::<Parts>(), use_context())
        && parts.uri.path().starts_with("/rpc/")
        && !accepts_html(&parts)
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        let options: ResponseOptions = options;
        options.set_status(status);
        if let Some(seconds) = error.retry_after() {
            options.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    result
}

/// Leads the browser to a path of this site after the answer, with and without JavaScript.
pub fn redirect(path: &str) {
    leptos_axum::redirect(path);
}

/// Has the browser carry this session from now on.
pub(in crate::accounts) fn remember(service: &Service, session: SignedIn) {
    set_cookies(cookies_of(service, session));
}

/// Has the browser forget its session.
pub(in crate::accounts) fn forget(service: &Service) {
    set_cookies(no_cookies(service));
}

/// Has the browser carry the first step of a sign-in to the second.
pub(in crate::accounts) fn hand_out_challenge(service: &Service, challenge: &str) {
    let cookie = cookies::challenge(service.server(), Some(challenge));
    set_cookies(cookie.into_iter().collect());
}

/// Has the browser forget it, if it carries one.
pub(in crate::accounts) fn forget_challenge(service: &Service) {
    if challenge(service).is_empty() {
        return;
    }
    let cookie = cookies::challenge(service.server(), None);
    set_cookies(cookie.into_iter().collect());
}

/// What this request carries of it; empty when nothing.
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

fn accepts_html(parts: &Parts) -> bool {
    let accept = parts.headers.get(header::ACCEPT);
    accept
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
