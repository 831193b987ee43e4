//! What features above keep of accounts: it is part of the copy that somebody takes along, and is
//! erased with the account.

use super::{Copying, Erasure, Service};
use crate::shared::sync::{read, write};
use crate::shared::{AccountId, Result};
use async_trait::async_trait;
use std::sync::Arc;

/// A feature that keeps something of accounts.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Adds what it has of an account to a copy: in pieces, so that it never holds all of it.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()>;

    /// Does one bounded step of erasing what it has of an account, from a place (none: the start),
    /// and returns the place to go on from; none when nothing is left. Steps may be repeated.
    async fn erase(&self, erasure: Erasure, place: Option<String>) -> Result<Option<String>>;
}

impl Service {
    /// Has a feature asked for each copy and for each account that is deleted, after those that
    /// were there before it. Features above do so at start.
    pub fn add_keeper(&self, keeper: impl Keeper + 'static) {
        write(&self.inner.keepers).push(Arc::new(keeper));
    }

    pub(super) fn keepers(&self) -> Vec<Arc<dyn Keeper>> {
        read(&self.inner.keepers).clone()
    }
}
