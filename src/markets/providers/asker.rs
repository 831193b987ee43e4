//! Who has a source asked. Sources that count their requests are not everybody's to use up: the
//! question carries its asker on the way down to the [`Limits`](super::Limits) of a source.

use crate::{
    accounts::{AccountKind, Profile, Viewer, guard::Caller},
    shared::AccountId,
};
use axum::{extract::FromRequestParts, http::request::Parts};
use std::convert::Infallible;

tokio::task_local! {
    static ASKER: Asker;
}

/// In whose name something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The server itself, for alerts, orders, calls and seasons: a part of each day is its own.
    Server,
    /// Anybody, about what is kept and no longer new.
    Renewal,
    /// A member, who has a share of each day.
    Account(AccountId),
    /// All guests, and all pages that show what somebody wrote: together they have the share of one.
    Readers,
    /// Somebody who is not signed in, and gets what is kept.
    Nobody,
}

impl Asker {
    /// In whose name the running question is asked.
    pub fn current() -> Self {
        ASKER.try_with(|asker| *asker).unwrap_or(Self::Server)
    }

    /// Asks something in this one's name.
    pub async fn asks<T>(self, question: impl Future<Output = T>) -> T {
        ASKER.scope(self, question).await
    }

    /// The same one, for something that is kept already.
    pub(super) fn again(self) -> Self {
        match self {
            Self::Account(_) | Self::Readers => Self::Renewal,
            one => one,
        }
    }
}

impl Asker {
    /// Whoever looks in with a name only can do so under any number of names.
    fn of(account: AccountId, kind: AccountKind) -> Self {
        match kind {
            AccountKind::Guest => Self::Readers,
            _ => Self::Account(account),
        }
    }
}

impl From<&Viewer> for Asker {
    fn from(viewer: &Viewer) -> Self {
        Self::of(viewer.account, viewer.kind)
    }
}

impl From<&Profile> for Asker {
    fn from(author: &Profile) -> Self {
        Self::of(author.id, author.kind)
    }
}

/// Whoever sends a request; a token that is not taken is nobody's.
impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let caller = parts.extensions.get::<Caller>();
        let viewer = caller.and_then(|caller| caller.viewer.as_ref().ok()?.as_ref());
        Ok(viewer.map_or(Self::Nobody, Self::from))
    }
}
