//! Every request that costs something is counted before it is answered, and what it computes is
//! computed on behalf of its sender. Files, pictures and health are not counted.

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

/// Health as the REST API has it.
const HEALTH: &str = "/health";

/// What the layer knows.
#[derive(Clone)]
pub struct Limits {
    pub accounts: accounts::Service,
    pub entrance: Entrance,
    pub assets: Arc<Assets>,
}

/// Lets a request pass when its sender has not had too many. Runs inside `accounts::guard`.
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

/// The refusal in the form that the sender reads.
fn refuse(error: Error, limits: &Limits, parts: Parts) -> Response {
    if limits.entrance == Entrance::Api {
        return error.into_response();
    }
    let retry_after = HeaderValue::from(error.retry_after().unwrap_or(1));
    let status = StatusCode::TOO_MANY_REQUESTS;
    let function = parts.uri.path().starts_with("/rpc/") && !accepts_html(&parts.headers);
    let mut response = if function {
        // As a server function tells its error: the page reads it like any other.
        (status, Json(&error)).into_response()
    } else {
        // The same page again; a form's own address is none.
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
