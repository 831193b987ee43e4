//! Notifications are stored, listed and marked as seen; each belongs to one account, and only that
//! account sees it.

use super::model::{
    NOTIFICATIONS, Notification, NotificationCreated, NotificationPage, NotificationsSeen,
    UnseenCount,
};
use super::store::{self, NewRow};
use crate::accounts::{self, Copying, Erasure, PersonalData, Viewer};
use crate::platform::{
    database::{Database, Tx},
    tasks::Worker,
};
use crate::realtime::{
    Scope, Topic,
    bus::{Published, SharedBus},
};
use crate::shared::{AccountId, Error, NotificationId, Result, paging, time};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Number of notifications on a page.
const PAGE: u64 = 50;
/// Maximum of the unseen count.
const MAX_UNSEEN: u64 = 1_000;
/// Number of notifications exported or deleted per step.
const BATCH: u64 = 500;
/// Notifications are deleted after this time.
const KEPT: TimeDelta = TimeDelta::days(180);
/// Interval between deletions of old notifications.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// A new notification for a member.
#[derive(Clone, Debug)]
pub struct NewNotification {
    pub account: AccountId,
    /// Identifies the renderer that can read `body`.
    pub kind: &'static str,
    /// What it is about.
    pub subject: String,
    /// Data for the text in the reader's language.
    pub body: Value,
}

impl NewNotification {
    /// A notification with this data as its body.
    ///
    /// # Errors
    /// The data cannot be serialized as JSON, which is a bug.
    pub fn new(
        account: AccountId,
        kind: &'static str,
        subject: String,
        body: &impl Serialize,
    ) -> Result<Self> {
        Ok(Self {
            account,
            kind,
            subject,
            body: serde_json::to_value(body).map_err(Error::internal)?,
        })
    }
}

/// The notifications service; clones share the state.
#[derive(Clone)]
pub struct Service {
    db: Database,
    bus: SharedBus,
}

impl Service {
    /// Starts the service and registers the notifications for data export and account deletion.
    pub fn start(db: Database, bus: SharedBus, accounts: &accounts::Service) -> Self {
        let service = Self { db, bus };
        accounts.add_personal_data(service.clone());
        service
    }

    /// Stores notifications in the caller's transaction and publishes them after its commit. An
    /// account that has a notification of this kind and subject already gets no other.
    pub async fn notify(&self, tx: &Tx, new: Vec<NewNotification>) -> Result<()> {
        let now = time::now();
        let row = |new: NewNotification| NewRow {
            account: new.account,
            subject: new.subject,
            notification: Notification {
                id: NotificationId::new(),
                kind: new.kind.to_owned(),
                body: new.body,
                created_at: now,
                seen: false,
            },
        };
        let rows: Vec<_> = new.into_iter().map(row).collect();
        let inserted: HashSet<_> = store::insert(tx, &rows).await?.into_iter().collect();
        let mut events = Vec::with_capacity(inserted.len());
        let mut changes: BTreeMap<AccountId, i64> = BTreeMap::new();
        for row in rows {
            if inserted.contains(&row.notification.id) {
                *changes.entry(row.account).or_default() += 1;
                let notification = row.notification;
                events.push((row.account, NotificationCreated { notification }));
            }
        }
        let taken: Vec<_> = changes.iter().map(|(id, count)| (*id, *count)).collect();
        let mut revs = accounts::Service::count_changes(tx, NOTIFICATIONS, &taken).await?;
        // The last event of an account has its last number.
        let events = events.into_iter().rev().filter_map(|(account, event)| {
            let rev = revs.get_mut(&account)?;
            *rev -= 1;
            Some(Published::new(topic(account), 0, *rev + 1, &event))
        });
        let mut events = events.collect::<Result<Vec<_>>>()?;
        events.reverse();
        self.bus.publish_after(tx, events);
        Ok(())
    }

    /// Replaces the body of a notification in the caller's transaction; pages load it with their
    /// next list.
    pub async fn set_body(
        tx: &Tx,
        account: AccountId,
        kind: &str,
        subject: &str,
        body: &impl Serialize,
    ) -> Result<()> {
        let body = serde_json::to_value(body).map_err(Error::internal)?;
        store::set_body(tx, account, (kind, subject), &body).await
    }

    /// The viewer's notifications, newest first.
    pub async fn page(
        &self,
        viewer: &Viewer,
        before: Option<NotificationId>,
    ) -> Result<NotificationPage> {
        let mut notifications =
            store::list(&self.db, viewer.account, before, PAGE.saturating_add(1)).await?;
        let more = paging::cut(&mut notifications, PAGE);
        let last = notifications.last().map(|one| one.id);
        Ok(NotificationPage {
            notifications,
            next: last.filter(|_| more),
        })
    }

    /// Number of the viewer's unseen notifications.
    pub async fn unseen(&self, viewer: &Viewer) -> Result<UnseenCount> {
        Ok(UnseenCount {
            account: viewer.account,
            rev: viewer.rev,
            unseen: shown(store::unseen(&self.db, viewer.account).await?),
        })
    }

    /// The viewer's latest unseen notification of one kind.
    pub async fn latest_unseen(
        &self,
        viewer: &Viewer,
        kind: &str,
    ) -> Result<Option<NotificationId>> {
        store::latest_unseen(&self.db, viewer.account, kind).await
    }

    /// Marks the viewer's notifications up to this one as seen, of one kind or all.
    pub async fn see(
        &self,
        viewer: &Viewer,
        kind: Option<String>,
        up_to: NotificationId,
    ) -> Result<()> {
        let account = viewer.account;
        let bus = Arc::clone(&self.bus);
        let job = move |tx: Tx| async move {
            let new = store::see(&tx, account, kind.as_deref(), up_to, time::now()).await?;
            if new == 0 {
                return Ok(());
            }
            let unseen = shown(store::unseen(&tx, account).await?);
            let rev = accounts::Service::count_change(&tx, account, NOTIFICATIONS).await?;
            let event = Published::new(topic(account), 0, rev, &NotificationsSeen { unseen })?;
            bus.publish_after(&tx, vec![event]);
            Ok(())
        };
        self.db.write(account.0, job).await
    }

    /// Deletes old notifications in batches.
    pub(super) async fn sweep(&self) -> Result<()> {
        let before = time::now() - KEPT;
        let job = move |tx: Tx| async move { store::delete_before(&tx, before, BATCH).await };
        while self.db.write(Uuid::nil(), job).await? >= BATCH {}
        Ok(())
    }
}

/// The unseen count as shown, up to the maximum.
fn shown(unseen: u64) -> u32 {
    u32::try_from(unseen.min(MAX_UNSEEN)).unwrap_or(0)
}

fn topic(account: AccountId) -> Topic {
    Topic::new(Scope::Account, account.0)
}

#[async_trait]
impl PersonalData for Service {
    /// Exports the notifications as JSON Lines, newest first.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let mut before = None;
        loop {
            let notifications = store::list(&self.db, account, before, BATCH).await?;
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
        let job = move |tx: Tx| async move { store::delete_of(&tx, account, BATCH).await };
        let deleted = self.db.write(account.0, job).await?;
        Ok((deleted >= BATCH).then(|| "notifications".to_owned()))
    }
}

/// Deletes old notifications; see [`Worker::run`].
pub struct Sweeper(pub Service);

#[async_trait]
impl Worker for Sweeper {
    fn name(&self) -> &'static str {
        "notifications.sweeper"
    }

    /// Stops at once: each batch is a transaction.
    async fn run(&mut self, cancel: CancellationToken) {
        let sweep = async {
            loop {
                if let Err(error) = self.0.sweep().await {
                    tracing::warn!(error.code = %error.code, "removing old notifications failed; retrying later");
                }
                tokio::time::sleep(SWEEP_EVERY).await;
            }
        };
        cancel.run_until_cancelled(sweep).await;
    }
}
