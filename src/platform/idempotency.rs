//! Idempotent requests. A client sends a key of its own with a request that changes something; when
//! the response is lost it retries with the same key, and the change happens once.
//!
//! The key is stored beside the request instead of in every signature: [`keyed`] reads it from the
//! header of REST requests, server functions pass the key of their form to [`under`]. A service
//! that supports retries first builds a [`Once`] of the key and the request, and writes with
//! [`Database::write_once`](super::database::Database::write_once).

use crate::platform::hash::sha256;
use crate::shared::{AccountId, Error, Result};
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use serde::Serialize;

/// Header of REST requests.
pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Maximum number of characters of a key.
const MAX_KEY: usize = 64;

tokio::task_local! {
    /// The key of the request that this task handles.
    static KEY: String;
}

/// A change with an idempotency key: one account uses the same key only for the same change.
#[derive(Clone, Debug)]
pub struct Once {
    pub(super) account: AccountId,
    pub(super) key: String,
    /// Hash of the request: the same key with another request is an error.
    pub(super) fingerprint: String,
}

impl Once {
    /// Returns the change of the current request. None: the request has no key.
    pub fn of(account: AccountId, operation: &str, asked: &impl Serialize) -> Result<Option<Self>> {
        let Some(key) = current_key() else {
            return Ok(None);
        };
        let asked = serde_json::to_vec(&(operation, asked)).map_err(Error::internal)?;
        Ok(Some(Self {
            account,
            key,
            fingerprint: sha256(&asked),
        }))
    }
}

/// Returns the key of the current request, if it has one.
pub fn current_key() -> Option<String> {
    KEY.try_with(Clone::clone).ok()
}

/// Middleware that handles a request with the key of its header.
///
/// # Errors
/// `bad-idempotency-key`.
pub async fn keyed(request: Request, next: Next) -> Result<Response> {
    let Some(key) = request.headers().get(HEADER) else {
        return Ok(next.run(request).await);
    };
    let key = checked(key)?;
    Ok(KEY.scope(key, next.run(request)).await)
}

/// Runs a server function with the key of its form; an empty key counts as none.
///
/// # Errors
/// `bad-idempotency-key`, and those of `work`.
pub async fn under<T>(key: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    if key.is_empty() {
        return work.await;
    }
    let key = HeaderValue::from_str(key).map_err(|_| bad_key())?;
    KEY.scope(checked(&key)?, work).await
}

fn checked(key: &HeaderValue) -> Result<String> {
    let fits =
        (1..=MAX_KEY).contains(&key.len()) && key.as_bytes().iter().all(u8::is_ascii_graphic);
    let key = key.to_str().ok().filter(|_| fits);
    key.map(str::to_owned).ok_or_else(bad_key)
}

fn bad_key() -> Error {
    Error::bad_request(
        "bad-idempotency-key",
        format!("Invalid idempotency key: 1 to {MAX_KEY} visible ASCII characters"),
    )
    .with("max", MAX_KEY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_is_there_for_its_request_alone() {
        let account = AccountId::new();
        let of = |asked: u8| Once::of(account, "add", &asked).map(Option::unwrap);
        assert!(Once::of(account, "add", &1).unwrap().is_none());
        let once = under("a-key", async { of(1) }).await.unwrap();
        assert_eq!(once.key, "a-key");
        let other = under("a-key", async { of(2) }).await.unwrap();
        assert_ne!(once.fingerprint, other.fingerprint);
        assert_eq!(under("", async { Ok(current_key()) }).await, Ok(None));
        for bad in ["a key", "ä", "\n", &"x".repeat(MAX_KEY + 1)] {
            let refused = under(bad, async { Ok(()) }).await.unwrap_err();
            assert_eq!(refused.code, "bad-idempotency-key", "{bad:?}");
        }
        let longest = "~".repeat(MAX_KEY);
        let found = under(&longest, async { Ok(current_key()) }).await;
        assert_eq!(found, Ok(Some(longest.clone())));
    }
}
