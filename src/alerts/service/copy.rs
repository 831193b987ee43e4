//! Alerts in the data export of an account, and their deletion with it.

use super::{MAX_ALERTS, Service};
use crate::accounts::{Copying, Erasure, PersonalData};
use crate::alerts::store;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Result};
use async_trait::async_trait;

#[async_trait]
impl PersonalData for Service {
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let alerts = store::alerts(&self.inner.db, account, MAX_ALERTS).await?;
        if !alerts.is_empty() {
            copy.json("alerts.json", &alerts).await?;
        }
        Ok(())
    }

    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
        let account = erasure.account;
        // Bounded by the limit of an account.
        let job = move |tx: Tx| async move { store::erase(&tx, account).await };
        self.inner.db.write(account.0, job).await?;
        Ok(None)
    }
}
