//! Alerts in the copy that somebody takes along, and their end with an account.

use super::{MAX_ALERTS, Service};
use crate::accounts::{Copying, Erasure, Keeper};
use crate::alerts::store;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Result};
use async_trait::async_trait;

/// Notices that are read or erased at once.
const STRETCH: u64 = 500;

#[async_trait]
impl Keeper for Service {
    /// The alerts, and what their owner was told as JSON Lines, the latest first.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let alerts = store::alerts(db, account, MAX_ALERTS).await?;
        if !alerts.is_empty() {
            copy.json("alerts.json", &alerts).await?;
        }
        let mut before = None;
        loop {
            let notices = store::notices(db, account, before, STRETCH).await?;
            let Some(last) = notices.last() else {
                break;
            };
            if before.is_none() {
                copy.file("alerts-told.jsonl").await?;
            }
            before = Some(last.id);
            copy.lines(&notices).await?;
        }
        let mut before = None;
        loop {
            let tidings = store::tidings(db, account, before, STRETCH).await?;
            let Some(last) = tidings.last() else {
                return Ok(());
            };
            if before.is_none() {
                copy.file("told.jsonl").await?;
            }
            before = Some(last.id);
            copy.lines(&tidings).await?;
        }
    }

    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
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
