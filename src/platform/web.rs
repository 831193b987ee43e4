//! Extractors for REST handlers: bodies, queries and paths, with rejections in the product's own
//! error format.

use crate::shared::{Error, Kind};
use axum::{
    extract::{self, DefaultBodyLimit, FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// Maximum size of a JSON body in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// Maximum length of a request's path and query in bytes.
const MAX_URI: usize = 16 * 1024;

/// The JSON body of a request.
///
/// # Errors
/// Rejects with 415 `unsupported-media-type`, 413 `too-large` or 400 `malformed`.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Error> {
        if !says_json(request.headers()) {
            return Err(Error::new(
                Kind::UnsupportedMediaType,
                "unsupported-media-type",
                "Send JSON with Content-Type: application/json",
            ));
        }
        DefaultBodyLimit::max(MAX_BODY).apply(&mut request);
        let bytes = Bytes::from_request(request, state).await.map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Error::new(
                    Kind::TooLarge,
                    "too-large",
                    format!("Request body too large: at most {MAX_BODY} bytes"),
                )
                .with("max", MAX_BODY)
            } else {
                malformed("it broke off")
            }
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(malformed)
    }
}

/// The query of a request.
///
/// # Errors
/// Rejects with 400 `malformed`.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let query = extract::Query::from_request_parts(parts, state).await;
        query
            .map(|extract::Query(query)| Self(query))
            .map_err(|error| malformed(error.body_text()))
    }
}

/// The parameters in a request's path.
///
/// # Errors
/// Rejects with 404 `not-found`, because an invalid parameter names nothing.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = extract::Path::from_request_parts(parts, state).await;
        path.map(|extract::Path(path)| Self(path))
            .map_err(|_| Error::not_found())
    }
}

fn malformed(reason: impl std::fmt::Display) -> Error {
    Error::bad_request("malformed", format!("Invalid request: {reason}"))
}

fn says_json(headers: &HeaderMap) -> bool {
    let Some(Ok(content_type)) = headers
        .get(header::CONTENT_TYPE)
        .map(|value| value.to_str())
    else {
        return false;
    };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let Some((kind, subtype)) = essence.split_once('/') else {
        return false;
    };
    let subtype = subtype.to_ascii_lowercase();
    kind.eq_ignore_ascii_case("application") && (subtype == "json" || subtype.ends_with("+json"))
}

/// Rejects URIs that are too long. From about 64 KiB, where the request's head does not fit into
/// the buffer, hyper itself responds, without a body.
pub async fn limit_uri(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let length = uri.path_and_query().map_or(0, |both| both.as_str().len());
    if length > MAX_URI {
        let words = format!("The address holds at most {MAX_URI} bytes");
        let error = Error::new(Kind::UriTooLong, "uri-too-long", words);
        return error.with("max", MAX_URI).into_response();
    }
    next.run(request).await
}

/// Responds to a path that exists only for other methods.
pub async fn method_not_allowed() -> Error {
    Error::new(
        Kind::MethodNotAllowed,
        "method-not-allowed",
        "Method not allowed",
    )
}

/// Responds to a path that does not exist.
pub async fn not_found() -> Error {
    Error::not_found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body, response::IntoResponse, routing::post};
    use tower::ServiceExt;

    #[derive(serde::Deserialize)]
    struct Greeting {
        text: String,
    }

    async fn answer(content_type: Option<&str>, sent: impl Into<body::Body>) -> (u16, String) {
        let router = Router::new()
            .route(
                "/",
                post(|Body(greeting): Body<Greeting>| async move { greeting.text }),
            )
            .method_not_allowed_fallback(|| async { method_not_allowed().await.into_response() });
        let mut request = Request::post("/");
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let response = router
            .oneshot(request.body(sent.into()).unwrap())
            .await
            .unwrap();
        let status = response.status().as_u16();
        let bytes = body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn every_failure_has_our_shape() {
        let json = Some("application/json");
        assert_eq!(answer(json, r#"{"text":"hi"}"#).await, (200, "hi".into()));
        let problem = Some("application/problem+JSON; charset=utf-8");
        assert_eq!(answer(problem, r#"{"text":"hi"}"#).await.0, 200);
        let cases = [
            (answer(None, "{}").await, 415, "unsupported-media-type"),
            (
                answer(Some("text/plain"), "{}").await,
                415,
                "unsupported-media-type",
            ),
            (answer(json, "{").await, 400, "malformed"),
            (answer(json, "").await, 400, "malformed"),
            (answer(json, "[1]").await, 400, "malformed"),
            (answer(json, r#"{"text":7}"#).await, 400, "malformed"),
            (answer(json, b"\xff\xfe".to_vec()).await, 400, "malformed"),
            (answer(json, "[".repeat(60_000)).await, 400, "malformed"),
            (
                answer(json, " ".repeat(MAX_BODY + 1)).await,
                413,
                "too-large",
            ),
        ];
        for ((status, body), expected, code) in cases {
            assert_eq!(status, expected, "{body}");
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["code"], code);
            assert!(body["error"].is_string());
        }
    }
}
