//! Personal data of accounts in other features: exported on request, deleted with the account.

use super::{Copying, Erasure, Service};
use crate::shared::sync::{read, write};
use crate::shared::{AccountId, Result};
use async_trait::async_trait;
use std::sync::Arc;

/// A feature that stores personal data.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// Writes the feature's data of an account to an export, in pieces, so that memory use is
    /// bounded.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()>;

    /// Deletes the feature's data of an account, one bounded step per call. `place: None` is the
    /// start. Returns the place of the next step; None: done. Steps can be repeated.
    async fn erase(&self, erasure: Erasure, place: Option<String>) -> Result<Option<String>>;
}

impl Service {
    /// Registers a feature for exports and deletions; it runs after those registered before.
    /// Features call this at start.
    pub fn add_personal_data(&self, feature: impl PersonalData + 'static) {
        write(&self.inner.personal_data).push(Arc::new(feature));
    }

    pub(super) fn personal_data(&self) -> Vec<Arc<dyn PersonalData>> {
        read(&self.inner.personal_data).clone()
    }
}
