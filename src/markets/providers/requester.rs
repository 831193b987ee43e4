//! On whose behalf a data source is asked. No requester may use up the requests of sources that
//! count them: each request carries its requester down to the [`Limits`](super::Limits) of a
//! source.

use crate::{
    accounts::{AccountKind, Profile, Viewer, guard::Caller},
    shared::AccountId,
};
use axum::{extract::FromRequestParts, http::request::Parts};
use std::convert::Infallible;

tokio::task_local! {
    static REQUESTER: Requester;
}

/// On whose behalf a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Requester {
    /// The server itself, for alerts, orders, predictions and seasons: part of each day is reserved
    /// for it.
    Server,
    /// Any requester, for cached data that is no longer fresh.
    Renewal,
    /// A member, with a share of each day.
    Account(AccountId),
    /// All guests, and all pages that show what members wrote: together they have one share.
    Readers,
    /// A visitor who is not signed in, and gets cached data.
    Visitor,
}

impl Requester {
    /// Returns the requester of the current task.
    pub fn current() -> Self {
        REQUESTER
            .try_with(|requester| *requester)
            .unwrap_or(Self::Server)
    }

    /// Runs a request on behalf of this requester.
    pub async fn asks<T>(self, question: impl Future<Output = T>) -> T {
        REQUESTER.scope(self, question).await
    }

    /// Returns the requester for data that is cached already.
    pub(super) fn again(self) -> Self {
        match self {
            Self::Account(_) | Self::Readers => Self::Renewal,
            one => one,
        }
    }
}

impl Requester {
    /// Guests share one requester, because a visitor can join under any number of names.
    fn of(account: AccountId, kind: AccountKind) -> Self {
        match kind {
            AccountKind::Guest => Self::Readers,
            _ => Self::Account(account),
        }
    }
}

impl From<&Viewer> for Requester {
    fn from(viewer: &Viewer) -> Self {
        Self::of(viewer.account, viewer.kind)
    }
}

impl From<&Profile> for Requester {
    fn from(author: &Profile) -> Self {
        Self::of(author.id, author.kind)
    }
}

/// The sender of a request; an invalid token counts as not signed in.
impl<S: Sync> FromRequestParts<S> for Requester {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let caller = parts.extensions.get::<Caller>();
        let viewer = caller.and_then(|caller| caller.viewer.as_ref().ok()?.as_ref());
        Ok(viewer.map_or(Self::Visitor, Self::from))
    }
}
