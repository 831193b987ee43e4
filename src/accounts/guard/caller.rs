//! The sender of a request.

use crate::accounts::{Device, DeviceKind, Viewer, service::client};
use crate::shared::{AccountId, Error, Result};
use axum::{extract::FromRequestParts, http::request::Parts};

/// Which credentials a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// No credentials.
    None,
    /// The browser's cookies.
    Cookie,
    /// A program's token.
    Bearer,
}

/// The sender of a request, with its network address and user agent.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The viewer; `Ok(None)`: not signed in; an error: the token was refused.
    pub viewer: Result<Option<Viewer>>,
    /// Which credentials the request has.
    pub via: Via,
    /// Network address; empty if unknown.
    pub address: String,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// true if a header claims that a proxy forwarded the request. Any client can send one: see
    /// [`crate::platform::net::says_forwarded`].
    pub forwarded: bool,
}

impl Caller {
    /// Returns the viewer.
    ///
    /// # Errors
    /// 401 if the request is not signed in.
    pub fn viewer(self) -> Result<Viewer> {
        self.viewer?.ok_or_else(Error::unauthenticated)
    }

    /// Returns the caller's account. A refused token counts as no account, so its requests are
    /// limited by network; this also limits guessing tokens.
    pub fn account(&self) -> Option<AccountId> {
        let viewer = self.viewer.as_ref().ok()?.as_ref();
        viewer.map(|viewer| viewer.account)
    }

    /// Returns the key under which this request is rate limited: the account, else the network.
    pub fn client(&self) -> String {
        client(self.account(), &self.address)
    }

    /// Returns the device that signs in with this request.
    pub fn device(&self, kind: DeviceKind) -> Device {
        Device {
            kind,
            address: self.address.clone(),
            user_agent: self.user_agent.clone(),
            forwarded: self.forwarded,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Error::internal("a route without `accounts::guard`"))
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        Caller::from_request_parts(parts, state).await?.viewer()
    }
}
