//! The error type that all interfaces return.
//!
//! It is plain data that passes unchanged from a service to a page, a REST response or a socket.
//! Pages show the catalogue's text `error-<code>` with the details filled in; programs get
//! `message` (English) and `code`. Internal causes appear only in the log.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// Name of the detail with the seconds to wait; a number in JSON.
const SECONDS: &str = "seconds";

/// Result of all actions that members and programs can request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Kind of an error; each kind has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 400: the request is invalid.
    BadRequest,
    /// 401: not signed in, or wrong credentials.
    Unauthenticated,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 404: not found, or not visible to the caller.
    NotFound,
    /// 405: the path does not support this method.
    MethodNotAllowed,
    /// 409: conflicts with existing data.
    Conflict,
    /// 413: the request is too large.
    TooLarge,
    /// 414: the URI is too long.
    UriTooLong,
    /// 415: unsupported content type.
    UnsupportedMediaType,
    /// 429: too many requests; `seconds` in the details says how long to wait.
    RateLimited,
    /// 500: internal error.
    Internal,
    /// 503: temporarily unavailable.
    Unavailable,
    /// 507: the disk is full.
    StorageFull,
}

impl Kind {
    /// Returns the HTTP status of this kind.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::UriTooLong => 414,
            Self::UnsupportedMediaType => 415,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::StorageFull => 507,
        }
    }
}

/// An error as members and programs see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// Kind of the error.
    pub kind: Kind,
    /// A stable code; the catalogue has `error-<code>`.
    pub code: Cow<'static, str>,
    /// English sentence for programs.
    pub message: Cow<'static, str>,
    /// Values that the sentence mentions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<Cow<'static, str>, String>,
}

impl Error {
    /// Creates an error of any kind.
    pub fn new(
        kind: Kind,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            kind,
            code: code.into(),
            message: message.into(),
            details: BTreeMap::new(),
        }
    }

    /// 400 with its own code.
    pub fn bad_request(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::BadRequest, code, message)
    }

    /// 409 with its own code.
    pub fn conflict(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// 401: sign-in required.
    pub fn unauthenticated() -> Self {
        Self::new(
            Kind::Unauthenticated,
            "unauthenticated",
            "Sign in to do this",
        )
    }

    /// 403: no permission.
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden", "No permission")
    }

    /// 404, also for what exists but is not visible to the caller.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not-found", "Not found")
    }

    /// 429; the details contain the whole seconds to wait.
    pub fn rate_limited(
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
        seconds: u64,
    ) -> Self {
        Self::new(Kind::RateLimited, code, message).with(SECONDS, seconds)
    }

    /// 503: temporarily unavailable.
    pub fn unavailable() -> Self {
        Self::new(
            Kind::Unavailable,
            "unavailable",
            "Unavailable; try again in a moment",
        )
    }

    /// 507: the disk is full. Nothing changed, and reads still work.
    pub fn storage_full() -> Self {
        Self::new(
            Kind::StorageFull,
            "storage-full",
            "The server's disk is full; nothing was saved",
        )
    }

    /// 500; the cause appears only in the log.
    #[cfg(feature = "ssr")]
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(error.cause = %cause, "internal error");
        Self::new(
            Kind::Internal,
            "internal",
            "Something went wrong on our side",
        )
    }

    /// 500: a stored value cannot be parsed. `what` goes to the log.
    #[cfg(feature = "ssr")]
    pub fn damaged(what: &str) -> Self {
        Self::internal(format!("{what} in the database cannot be read"))
    }

    /// Adds a value that the sentence mentions.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.details.insert(name.into(), value.to_string());
        self
    }

    /// Returns the HTTP status.
    pub const fn status(&self) -> u16 {
        self.kind.status()
    }

    /// true if the same request can succeed later.
    pub const fn may_pass(&self) -> bool {
        matches!(
            self.kind,
            Kind::RateLimited | Kind::Unavailable | Kind::Internal | Kind::StorageFull
        )
    }

    /// Returns the seconds to wait before a retry, if known.
    pub fn retry_after(&self) -> Option<u64> {
        self.details.get(SECONDS)?.parse().ok()
    }

    /// Returns the JSON for programs: `{"error": "...", "code": "..."}` with the details as further
    /// fields.
    #[cfg(feature = "ssr")]
    pub fn body(&self) -> serde_json::Map<String, serde_json::Value> {
        let mut body = serde_json::Map::new();
        body.insert("error".into(), self.message.as_ref().into());
        body.insert("code".into(), self.code.as_ref().into());
        for (name, value) in &self.details {
            let value = match self.retry_after() {
                Some(seconds) if name == SECONDS => seconds.into(),
                _ => value.as_str().into(),
            };
            body.insert(name.to_string(), value);
        }
        body
    }

    /// Parses the output of [`Error::body`]. None: it has no code. The JSON does not contain the
    /// kind, so it is always `BadRequest`.
    pub fn from_body(text: &str) -> Option<Self> {
        let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
        let read = |(name, value): (String, Box<RawValue>)| {
            let text = serde_json::from_str(value.get());
            // Numbers keep their original spelling.
            (name.into(), text.unwrap_or_else(|_| value.get().to_owned()))
        };
        let mut details: BTreeMap<_, String> = fields.into_iter().map(read).collect();
        let code = details.remove("code")?;
        let message = details.remove("error").unwrap_or_default();
        let mut error = Self::new(Kind::BadRequest, code, message);
        error.details = details;
        Some(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl server_fn::error::FromServerFnError for Error {
    type Encoder = super::json::Text;

    fn from_server_fn_error(error: server_fn::error::ServerFnErrorErr) -> Self {
        use server_fn::error::ServerFnErrorErr as E;
        match error {
            E::Args(_) | E::Deserialization(_) | E::MissingArg(_) => {
                Self::bad_request("malformed", "Invalid request")
            }
            // In the browser: the server cannot be reached.
            E::Request(_) | E::Response(_) => Self::unavailable(),
            _ => Self::new(
                Kind::Internal,
                "internal",
                "Something went wrong on our side",
            ),
        }
    }
}

#[cfg(feature = "ssr")]
impl axum::response::IntoResponse for Error {
    /// Responds with [`Error::body`], and with `Retry-After` if the wait is known.
    fn into_response(self) -> axum::response::Response {
        use axum::http::{HeaderValue, StatusCode, header};
        let status =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after();
        let mut response = (status, axum::Json(self.body())).into_response();
        if let Some(seconds) = retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_number_and_read_again() {
        let error = Error::rate_limited("rate-limited", "Too many", 7).with("symbol", "7\"é");
        let body = serde_json::Value::Object(error.body());
        assert_eq!(body["seconds"], 7);
        assert_eq!(body["symbol"], "7\"é");
        let read = Error::from_body(&body.to_string()).unwrap();
        assert_eq!(read.details, error.details);
        assert_eq!(read.code, error.code);
        assert_eq!(read.message, error.message);
        assert_eq!(read.retry_after(), Some(7));
        for nothing in ["", "<html>", "[]", "{}", r#"{"error":"no code"}"#] {
            assert_eq!(Error::from_body(nothing), None, "{nothing}");
        }
    }
}
