//! Logging: one structured line per request with its id, without secrets and message text.

use crate::platform::config::{Log, LogFormat};
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::{io::IsTerminal, time::Instant};
use tracing::Instrument;
use tracing_subscriber::EnvFilter;

/// Number of characters that are logged of a path that matches no route.
const LONGEST: usize = 24;

/// Header with a request's id, in requests and responses.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Starts logging; call it once per process.
pub fn start(log: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| format!("log.filter: {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| error.to_string())
}

/// Middleware that gives each request an id and logs it.
pub async fn trace(mut request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .filter(|given| is_plain_id(given))
        .cloned()
        .or_else(|| HeaderValue::from_str(&uuid::Uuid::now_v7().to_string()).ok());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let path = route.unwrap_or_else(|| beginning(request.uri().path()));
    let span = tracing::info_span!(
        "request",
        request.id = id.as_ref().and_then(|id| id.to_str().ok())
    );
    if let Some(id) = &id {
        request.headers_mut().insert(REQUEST_ID, id.clone());
    }
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let _in_span = span.enter();
    let duration_ms = started.elapsed().as_secs_f64() * 1_000.0;
    let status = response.status().as_u16();
    if path.starts_with("/pkg/") {
        tracing::debug!(http.method = %method, http.route = path, http.status = status, http.duration_ms = duration_ms, "served");
    } else {
        tracing::info!(http.method = %method, http.route = path, http.status = status, http.duration_ms = duration_ms, "served");
    }
    response
}

/// Returns the start of a path that matches no route. The rest can contain anything, for example a
/// secret link with a typo.
fn beginning(path: &str) -> String {
    let first = path.trim_start_matches('/').split('/').next();
    let short: String = first.unwrap_or_default().chars().take(LONGEST).collect();
    let whole = format!("/{short}");
    if whole == path {
        whole
    } else {
        format!("{whole}…")
    }
}

/// true if an id from outside is safe to log.
fn is_plain_id(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn only_the_beginning_of_unknown_paths_is_logged() {
        for (path, logged) in [
            ("/favicon.svg", "/favicon.svg"),
            ("/", "/"),
            ("/reset/a-secret/x", "/reset…"),
            ("//reset/a-secret", "/reset…"),
            (
                "/eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.x",
                "/eyJ0eXAiOiJKV1QiLCJhbGci…",
            ),
        ] {
            assert_eq!(beginning(path), logged);
        }
    }
}
