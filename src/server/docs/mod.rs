//! The OpenAPI document of the REST API, and the page that displays it.
//!
//! The page uses [RapiDoc](https://rapidocweb.com), served by this server like any other file. It
//! has its own Content-Security-Policy: scripts only from this server, and only the two inline
//! styles (dark and light) that it inserts.

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use serde_json::Value;

const READER: &[u8] = include_bytes!("rapidoc-9.3.8.min.js.gz");
/// Path of the `RapiDoc` script; each version has its own path.
const READER_PATH: &str = "/docs/rapidoc-9.3.8.min.js";
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    img-src 'self' data:; style-src 'self' 'sha256-lk/bg1XqVfpI3LzzAWCuVYmldzfxHfWt0c9+I0X4Je4=' 'sha256-Quz/aTxbxwPZK/qOt56y7+DC0+dzB5+7nwXLy0XhidQ='; style-src-attr 'unsafe-inline'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds `/openapi.json` and `/docs` to the API's router.
pub fn serve(api: Router, document: &Value) -> Router {
    let document = Bytes::from(document.to_string());
    api.route("/openapi.json", get(json).with_state(document))
        .route("/docs", get(page))
        .route("/docs/page.js", get(script))
        .route("/docs/page.css", get(style))
        .route(READER_PATH, get(reader))
}

async fn json(State(document): State<Bytes>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}

async fn page() -> Response {
    let policy = HeaderValue::from_static(POLICY);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, include_str!("page.html")).into_response()
}

async fn script() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("page.js")).into_response()
}

async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("page.css")).into_response()
}

/// Served compressed, as stored: every browser that runs it supports gzip.
async fn reader() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CONTENT_ENCODING, "gzip"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, READER).into_response()
}
