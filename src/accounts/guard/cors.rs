//! CORS: pages of other origins can call the REST API with Bearer tokens, never with cookies.

use crate::{accounts::Service, platform::config};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Tells browsers which origins can use `/api`: those of `server.cors_origins`.
pub async fn cors(State(service): State<Service>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let allowed = allowed_origin(request.headers(), service.server());
    let asks_first = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let told: &[(_, &'static str)] = if asks_first {
            &[
                (
                    header::ACCESS_CONTROL_ALLOW_METHODS,
                    "GET, POST, PUT, PATCH, DELETE",
                ),
                (
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    "Authorization, Content-Type, Idempotency-Key",
                ),
                (header::ACCESS_CONTROL_MAX_AGE, "600"),
            ]
        } else {
            &[(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                "Retry-After, X-Request-Id",
            )]
        };
        for (name, value) in told {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

fn allowed_origin(headers: &HeaderMap, server: &config::Server) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let is_listed = |listed: &String| listed.trim_end_matches('/').as_bytes() == origin.as_bytes();
    server
        .cors_origins
        .iter()
        .any(is_listed)
        .then(|| origin.clone())
}
