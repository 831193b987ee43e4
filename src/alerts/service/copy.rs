//! Alerts in the copy that somebody takes along, and their end with an account.

use super::{MAX_ALERTS, Service};
use crate::accounts::{Copying, Erasure};
use crate::alerts::store;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Error, Result};
use futures::FutureExt;
use serde::Serialize;

/// Notices that are read or erased at once.
const STRETCH: u64 = 500;

impl Service {
    /// Adds the alerts of an account to the copies that it asks for, and what it was told as JSON
    /// Lines, the latest first: by alerts, and by other features.
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
                break;
            };
            if before.is_none() {
                copying.file("alerts-told.jsonl").await?;
            }
            before = Some(last.id);
            copying.write(lines(&notices)?).await?;
        }
        let mut before = None;
        loop {
            let tidings = store::tidings(db, account, before, STRETCH).await?;
            let Some(last) = tidings.last() else {
                return Ok(());
            };
            if before.is_none() {
                copying.file("told.jsonl").await?;
            }
            before = Some(last.id);
            copying.write(lines(&tidings)?).await?;
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
            let notices = store::erase_notices(&tx, account, STRETCH).await?;
            let tidings = store::erase_tidings(&tx, account, STRETCH).await?;
            Ok(notices.max(tidings))
        };
        let erased = self.inner.db.write(account.0, job).await?;
        Ok((erased >= STRETCH).then(|| "notices".to_owned()))
    }
}

/// One line of JSON for each.
fn lines(all: &[impl Serialize]) -> Result<String> {
    let mut text = String::new();
    for one in all {
        text.push_str(&serde_json::to_string(one).map_err(Error::internal)?);
        text.push('\n');
    }
    Ok(text)
}
