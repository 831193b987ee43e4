//! What every answer says to browsers, whatever it is: page, file, REST, server function, error.

use crate::platform::config;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};

/// The same for everybody. Pages set a Content-Security-Policy of their own, where their nonce is
/// made.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), \
         usb=(), xr-spatial-tracking=()",
    ),
];

/// A year, as browsers want it. Other hosts of the operator's domain are their own business.
const ONLY_ENCRYPTED: &str = "max-age=31536000";

/// Nothing that is not a page may do anything if it is shown as one.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Puts the headers around a router.
pub fn protect(router: Router, server: &config::Server) -> Router {
    router.layer(middleware::from_fn_with_state(server.is_https(), add))
}

async fn add(State(https): State<bool>, request: Request, next: Next) -> Response {
    let private = !request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(ONLY_ENCRYPTED),
        );
    }
    if private && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(NOTHING),
        );
    }
    response
}
