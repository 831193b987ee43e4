//! Setup of an instance: which account becomes the first admin.
//!
//! On a local instance (loopback address, no public address, no proxy) the first account does.
//! Elsewhere a stranger could register before the owner, so it takes a token that `serve` prints.
//! The token works until an admin exists; each start creates a new one.

use super::{Service, secrets::hashed};
use crate::{
    accounts::store,
    platform::database::Tx,
    shared::{Error, Kind, Result},
};
use std::net::SocketAddr;

impl Service {
    /// Returns the token that makes the next account the first admin. None: there is an admin.
    pub async fn setup_token(&self) -> Result<Option<&str>> {
        let exists = store::any_admin(&self.inner.db).await?;
        Ok((!exists).then_some(self.inner.setup_token.as_str()))
    }

    /// Returns the link with that token, for an instance that listens on `address`.
    pub async fn setup_link(&self, address: SocketAddr) -> Result<Option<String>> {
        let url = self.inner.server.public_url.trim_end_matches('/');
        let token = self.setup_token().await?;
        Ok(token.map(|token| {
            if url.is_empty() {
                format!("http://{address}/register?setup={token}")
            } else {
                format!("{url}/register?setup={token}")
            }
        }))
    }

    /// true if the request came from the same machine, to an instance that serves only this
    /// machine.
    pub(super) fn is_local(&self, forwarded: bool) -> bool {
        self.inner.local && !forwarded
    }

    /// true if the new account becomes an admin.
    ///
    /// # Errors
    /// `setup-token-wrong`, also if there is an admin already.
    pub(super) async fn becomes_admin(
        &self,
        tx: &Tx,
        token: Option<&str>,
        forwarded: bool,
    ) -> Result<bool> {
        let Some(token) = token else {
            return Ok(self.is_local(forwarded) && self.is_first(tx).await?);
        };
        // Compares hashes, so that the time reveals nothing about the token.
        if hashed(token) != hashed(&self.inner.setup_token) {
            return Err(wrong());
        }
        store::lock_first_person(tx).await?;
        if store::any_admin(tx).await? {
            return Err(wrong());
        }
        Ok(true)
    }

    /// true if no member has registered yet.
    async fn is_first(&self, tx: &Tx) -> Result<bool> {
        if store::any_person(tx).await? {
            return Ok(false);
        }
        store::lock_first_person(tx).await?;
        Ok(!store::any_person(tx).await?)
    }
}

fn wrong() -> Error {
    Error::new(
        Kind::Forbidden,
        "setup-token-wrong",
        "Invalid or used setup token; register without it, or use the last one that the server printed",
    )
}
