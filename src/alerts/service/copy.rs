//! Alerts in the data export of an account, and their deletion with it.

use super::{MAX_ALERTS, Service};
use crate::accounts::{Copying, Erasure, PersonalData};
use crate::alerts::store;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Result};
use async_trait::async_trait;

/// Number of notifications read or deleted per step.
const STRETCH: u64 = 500;

#[async_trait]
impl PersonalData for Service {
    /// Exports the alerts, and the notifications as JSON Lines, newest first.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let db = &self.inner.db;
        let alerts = store::alerts(db, account, MAX_ALERTS).await?;
        if !alerts.is_empty() {
            copy.json("alerts.json", &alerts).await?;
        }
        let mut before = None;
        loop {
            let alert_notifications =
                store::alert_notifications(db, account, before, STRETCH).await?;
            let Some(last) = alert_notifications.last() else {
                break;
            };
            if before.is_none() {
                copy.file("alert-notifications.jsonl").await?;
            }
            before = Some(last.id);
            copy.lines(&alert_notifications).await?;
        }
        let mut before = None;
        loop {
            let notifications = store::notifications(db, account, before, STRETCH).await?;
            let Some(last) = notifications.last() else {
                return Ok(());
            };
            if before.is_none() {
                copy.file("notifications.jsonl").await?;
            }
            before = Some(last.id);
            copy.lines(&notifications).await?;
        }
    }

    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
        let account = erasure.account;
        let job = move |tx: Tx| async move {
            // Bounded by the limit of an account.
            store::erase(&tx, account).await?;
            let alert_notifications =
                store::erase_alert_notifications(&tx, account, STRETCH).await?;
            let notifications = store::erase_notifications(&tx, account, STRETCH).await?;
            Ok(alert_notifications.max(notifications))
        };
        let erased = self.inner.db.write(account.0, job).await?;
        Ok((erased >= STRETCH).then(|| "alert_notifications".to_owned()))
    }
}
