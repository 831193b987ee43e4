//! Rate limits for every costly request, checked before it runs. Its heavy computation counts for
//! its sender. Files, pictures and health are not limited.

use super::owner::in_language;
use crate::accounts::{self, Entrance, guard::Caller};
use crate::app::{Assets, refused_page};
use crate::offline;
use crate::platform::compute;
use crate::shared::Error;
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::prelude::RenderHtml;
use std::sync::Arc;

/// Path of the health check in the REST API.
const HEALTH: &str = "/health";

/// State of the middleware.
#[derive(Clone)]
pub struct Limits {
    pub accounts: accounts::Service,
    pub entrance: Entrance,
    pub assets: Arc<Assets>,
}

/// Middleware that rejects senders who exceed their rate limit. Runs inside `accounts::guard`.
pub async fn admit(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else {
        return next.run(request).await;
    };
    if limits.entrance == Entrance::Api && request.uri().path() == HEALTH {
        return next.run(request).await;
    }
    let (account, client) = (caller.account(), caller.client());
    let admitted = limits
        .accounts
        .take_request(limits.entrance, account, &caller.address);
    match admitted.await {
        Ok(()) => compute::on_behalf_of(&client, next.run(request)).await,
        Err(error) => refuse(error, &limits, request.into_parts().0),
    }
}

/// Builds the 429 response: JSON for programs and server functions, a page for browsers.
fn refuse(error: Error, limits: &Limits, parts: Parts) -> Response {
    if limits.entrance == Entrance::Api {
        return error.into_response();
    }
    let retry_after = HeaderValue::from(error.retry_after().unwrap_or(1));
    let status = StatusCode::TOO_MANY_REQUESTS;
    let function = parts.uri.path().starts_with("/rpc/") && !accepts_html(&parts.headers);
    let mut response = if function {
        // The same format as the errors of server functions, so the page can read it.
        (status, Json(&error)).into_response()
    } else {
        // Retry loads the same page; a form's action is not a page.
        let again = match parts.method {
            Method::GET => parts.uri.to_string(),
            _ => "/".to_owned(),
        };
        let page = in_language(parts, || {
            refused_page(&limits.assets, &error, again).to_html()
        });
        (status, offline::PAGE_HEADERS, page).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, retry_after);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
