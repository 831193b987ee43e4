//! Temporary: replaced by the accounts branch.

use super::{Strength, Viewer};
use crate::shared::Error;
use leptos::prelude::*;

/// Registers.
#[server(prefix = "/rpc", endpoint = "accounts/register")]
pub async fn register(
    username: String,
    email: String,
    password: String,
    next: Option<String>,
) -> Result<(), Error> {
    let _ = (username, email, password, next);
    Err(Error::unavailable())
}

/// Signs in.
#[server(prefix = "/rpc", endpoint = "accounts/sign_in")]
pub async fn sign_in(name: String, password: String, next: Option<String>) -> Result<(), Error> {
    let _ = (name, password, next);
    Err(Error::unavailable())
}

/// Signs out.
#[server(prefix = "/rpc", endpoint = "accounts/sign_out")]
pub async fn sign_out() -> Result<(), Error> {
    Err(Error::unavailable())
}

/// Judges a password.
#[server(name = JudgePassword, prefix = "/rpc", endpoint = "accounts/strength")]
pub async fn strength(password: String) -> Result<Strength, Error> {
    let _ = password;
    Err(Error::unavailable())
}

/// Who asks.
#[server(prefix = "/rpc", endpoint = "accounts/me")]
pub async fn me() -> Result<Option<Viewer>, Error> {
    Ok(None)
}
