//! Alerts in the copy that somebody takes along, and their end with an account.

use super::{MAX_ALERTS, Service};
use crate::accounts::{Copying, Erasure};
use crate::alerts::store;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Error, Result};
use futures::FutureExt;

/// Notices that are read or erased at once.
const STRETCH: u64 = 500;

impl Service {
    /// Adds the alerts of an account to the copies that it asks for, and what it was told as JSON
    /// Lines, the latest first.
    pub(super) fn copy_with_accounts(&self) {
        let service = self.clone();
        self.inner.accounts.on_export(move |account, copying| {
            let service = service.clone();
            async move { service.copy_all(account, &copying).await }.boxed()
        });
    }

    async fn copy_all(&self, account: AccountId, copying: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let alerts = store::alerts(db, account, MAX_ALERTS).await?;
        if !alerts.is_empty() {
            copying.file("alerts.json").await?;
            let text = serde_json::to_string_pretty(&alerts).map_err(Error::internal)?;
            copying.write(text).await?;
        }
        let mut before = None;
        loop {
            let notices = store::notices(db, account, before, STRETCH).await?;
            let Some(last) = notices.last() else {
                return Ok(());
            };
            if before.is_none() {
                copying.file("alerts-told.jsonl").await?;
            }
            before = Some(last.id);
            let mut text = String::new();
            for notice in &notices {
                text.push_str(&serde_json::to_string(notice).map_err(Error::internal)?);
                text.push('\n');
            }
            copying.write(text).await?;
        }
    }

    /// Erases alerts with their account.
    pub(super) fn erase_with_accounts(&self) {
        let service = self.clone();
        self.inner.accounts.on_erase(move |erasure, _| {
            let service = service.clone();
            async move { service.erase_step(erasure).await }.boxed()
        });
    }

    async fn erase_step(&self, erasure: Erasure) -> Result<Option<String>> {
        let account = erasure.account;
        let job = move |tx: Tx| async move {
            // At most as many as an account may have.
            store::erase(&tx, account).await?;
            store::erase_notices(&tx, account, STRETCH).await
        };
        let erased = self.inner.db.write(account.0, job).await?;
        Ok((erased >= STRETCH).then(|| "notices".to_owned()))
    }
}
