//! Notifications of other features: stored, counted and published like those of alerts.

use super::{Service, topic};
use crate::accounts::Viewer;
use crate::alerts::model::{AlertsSeen, Notification, Notified};
use crate::alerts::store;
use crate::platform::database::Tx;
use crate::realtime::bus::{Published, SharedBus};
use crate::shared::{AccountId, NotificationId, Result, time};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// Maximum of the unseen count.
const MAX_UNSEEN: u64 = 1_000;

/// A new notification for a member.
#[derive(Clone, Debug)]
pub struct NewNotification {
    pub account: AccountId,
    /// Identifies the renderer that can read `body`.
    pub kind: &'static str,
    /// What it is about.
    pub subject: Uuid,
    /// Data for the text in the reader's language.
    pub body: Value,
}

impl Service {
    /// Stores notifications in the caller's transaction and publishes them after its commit. At
    /// most one per kind and subject is stored; the caller ensures that its cause happens once.
    pub async fn notify(&self, tx: &Tx, new: Vec<NewNotification>) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let now = time::now();
        let told = new.into_iter().map(|one| {
            let notification = Notification {
                id: NotificationId::new(),
                kind: one.kind.to_owned(),
                body: one.body,
                created_at: now,
                seen: false,
            };
            (one.account, one.subject, notification)
        });
        let told: Vec<_> = told.collect();
        store::insert_notifications(tx, &told).await?;
        let events = told.into_iter().map(|(account, _, notification)| {
            let event = Notified { notification };
            Published::new(topic(account), 0, 0, &event)
        });
        let events = events.collect::<Result<Vec<_>>>()?;
        self.inner.bus.publish_after(tx, events);
        Ok(())
    }

    /// The viewer's latest unseen notification of one kind.
    pub async fn latest_unseen(
        &self,
        viewer: &Viewer,
        kind: &str,
    ) -> Result<Option<NotificationId>> {
        store::latest_unseen(&self.inner.db, viewer.account, kind).await
    }

    /// Marks the viewer's notifications of one kind up to this one as seen, on the page that they
    /// are about.
    pub async fn see_kind(
        &self,
        viewer: &Viewer,
        kind: &'static str,
        up_to: NotificationId,
    ) -> Result<()> {
        let account = viewer.account;
        let bus = Arc::clone(&self.inner.bus);
        let job = move |tx: Tx| async move {
            let new =
                store::see_notifications(&tx, account, Some(kind), up_to, time::now()).await?;
            seen(&tx, &bus, account, new).await
        };
        self.inner.db.write(account.0, job).await
    }
}

/// The unseen count as shown, up to the maximum.
pub(super) fn shown(unseen: u64) -> u32 {
    u32::try_from(unseen.min(MAX_UNSEEN)).unwrap_or(0)
}

/// Publishes the account's new unseen count if some were marked as seen.
pub(super) async fn seen(tx: &Tx, bus: &SharedBus, account: AccountId, new: u64) -> Result<()> {
    if new == 0 {
        return Ok(());
    }
    let unseen = shown(store::unseen(tx, account).await?);
    let event = Published::new(topic(account), 0, 0, &AlertsSeen { unseen })?;
    bus.publish_after(tx, vec![event]);
    Ok(())
}
