//! What features above tell members: kept, counted and heard like what alerts told them.

use super::{Service, topic};
use crate::accounts::Viewer;
use crate::alerts::model::{AlertsSeen, Tiding, Told};
use crate::alerts::store;
use crate::platform::database::Tx;
use crate::realtime::bus::{Published, SharedBus};
use crate::shared::{AccountId, NoticeId, Result, time};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// The most unseen notices that are told.
const MAX_UNSEEN: u64 = 1_000;

/// Something that a member is to be told.
#[derive(Clone, Debug)]
pub struct News {
    pub account: AccountId,
    /// What kind it is.
    pub kind: &'static str,
    /// What it is about.
    pub subject: Uuid,
    /// What a sentence is made of.
    pub body: Value,
}

impl Service {
    /// Tells members something in the transaction in which it comes about, and their open pages
    /// after its commit. Whoever calls makes sure that it comes about once; of each kind and subject
    /// one is kept.
    pub async fn tell(&self, tx: &Tx, news: Vec<News>) -> Result<()> {
        if news.is_empty() {
            return Ok(());
        }
        let now = time::now();
        let told = news.into_iter().map(|one| {
            let tiding = Tiding {
                id: NoticeId::new(),
                kind: one.kind.to_owned(),
                body: one.body,
                created_at: now,
                seen: false,
            };
            (one.account, one.subject, tiding)
        });
        let told: Vec<_> = told.collect();
        store::insert_tidings(tx, &told).await?;
        let events = told.into_iter().map(|(account, _, tiding)| {
            let event = Told { tiding };
            Published::new(topic(account), 0, 0, &event)
        });
        let events = events.collect::<Result<Vec<_>>>()?;
        let bus = Arc::clone(&self.inner.bus);
        tx.after_commit(move || events.into_iter().for_each(|event| bus.publish(event)));
        Ok(())
    }

    /// The latest of one kind that the viewer has not seen.
    pub async fn latest_unseen(&self, viewer: &Viewer, kind: &str) -> Result<Option<NoticeId>> {
        store::latest_unseen(&self.inner.db, viewer.account, kind).await
    }

    /// Notes that the viewer has seen what they were told of one kind, up to a notice: on the page
    /// that it is about.
    pub async fn see_kind(
        &self,
        viewer: &Viewer,
        kind: &'static str,
        up_to: NoticeId,
    ) -> Result<()> {
        let account = viewer.account;
        let bus = Arc::clone(&self.inner.bus);
        let job = move |tx: Tx| async move {
            let new = store::see_tidings(&tx, account, Some(kind), up_to, time::now()).await?;
            seen(&tx, bus, account, new).await
        };
        self.inner.db.write(account.0, job).await
    }
}

/// A count as it is told.
pub(super) fn shown(unseen: u64) -> u32 {
    u32::try_from(unseen.min(MAX_UNSEEN)).unwrap_or(0)
}

/// Tells an account's pages how much is left when some was seen.
pub(super) async fn seen(tx: &Tx, bus: SharedBus, account: AccountId, new: u64) -> Result<()> {
    if new == 0 {
        return Ok(());
    }
    let unseen = shown(store::unseen(tx, account).await?);
    let event = Published::new(topic(account), 0, 0, &AlertsSeen { unseen })?;
    tx.after_commit(move || bus.publish(event));
    Ok(())
}
