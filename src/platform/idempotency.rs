//! Requests that can be repeated. A client sends a key of its own with a request that changes
//! something; when the answer is lost it repeats the request with the same key, and the change
//! happens once.
//!
//! The key travels beside the request, not through every signature: [`keyed`] reads it from the
//! header of REST requests, server functions pass the one of their form to [`under`]. A service that
//! supports it makes a [`Once`] of the key and of what was asked, before it does anything else, and
//! writes with [`Database::write_once`](super::database::Database::write_once).

use crate::platform::hash::sha256;
use crate::shared::{AccountId, Error, Result};
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use serde::Serialize;

/// The header of REST requests.
pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Most characters of a key.
const MAX_KEY: usize = 64;

tokio::task_local! {
    /// The key of the request that this task answers.
    static KEY: String;
}

/// A change under a client's key: the same key of the same account asks for the same change.
#[derive(Clone, Debug)]
pub struct Once {
    pub(super) account: AccountId,
    pub(super) key: String,
    /// A hash of what is asked for: a key that comes with something else is a mistake.
    pub(super) fingerprint: String,
}

impl Once {
    /// The change that the current request asks for; none: it has no key.
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

/// The key of the current request, if it has one.
pub fn current_key() -> Option<String> {
    KEY.try_with(Clone::clone).ok()
}

/// Answers a request under the key in its header.
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

/// Does the work of a server function under the key of its form; an empty one is none.
///
/// # Errors
/// `bad-idempotency-key`, and those of the work.
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
