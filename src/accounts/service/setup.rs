//! Setting an instance up: who becomes its first admin.
//!
//! On this machine alone (a loopback address, no public address, no proxy in between) the first
//! account does. Anywhere else strangers may be faster than the owner, so it takes a token that
//! `serve` prints; it is good until an admin exists, and another one is made with every start.

use super::{Service, sessions::secret, sign_in::hashed};
use crate::{
    accounts::store,
    platform::{config::Config, database::Tx},
    shared::{Error, Kind, Result},
};
use std::net::SocketAddr;

pub(super) struct SetUp {
    /// Is the instance for this machine alone?
    local: bool,
    token: String,
}

impl SetUp {
    pub(super) fn new(config: &Config) -> Self {
        let loopback = config.site().site_addr.ip().is_loopback();
        Self {
            local: loopback && config.server.public_url.is_empty(),
            token: secret(),
        }
    }
}

impl Service {
    /// The token with which the next account becomes the first admin; none when there is one.
    pub async fn setup_token(&self) -> Result<Option<&str>> {
        let exists = store::any_operator(&self.inner.db).await?;
        Ok((!exists).then_some(self.inner.setup.token.as_str()))
    }

    /// The link with that token, for an instance that listens on this address.
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

    /// Did this request come from the machine itself, to an instance that is for it alone?
    pub(super) fn is_local(&self, forwarded: bool) -> bool {
        self.inner.setup.local && !forwarded
    }

    /// Does the account that is being made run the instance?
    ///
    /// # Errors
    /// `setup-token-wrong`, also when there is an admin already.
    pub(super) async fn becomes_operator(
        &self,
        tx: &Tx,
        token: Option<&str>,
        forwarded: bool,
    ) -> Result<bool> {
        let Some(token) = token else {
            return Ok(self.is_local(forwarded) && self.is_first(tx).await?);
        };
        // Compared by hash: how long it takes says nothing about the token.
        if hashed(token) != hashed(&self.inner.setup.token) {
            return Err(wrong());
        }
        store::lock_first_person(tx).await?;
        if store::any_operator(tx).await? {
            return Err(wrong());
        }
        Ok(true)
    }

    /// Is nobody registered yet?
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
