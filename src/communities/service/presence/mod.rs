//! Presence: stores who is connected to this node, and publishes who went online or offline on any
//! node.

use super::{Service, store};
use crate::accounts::Viewer;
use crate::communities::model::{Presence, PresenceChanged};
use crate::platform::{
    presence::{Change, RENEWAL},
    tasks::Worker,
};
use crate::realtime::{Scope, Topic, bus::Published};
use crate::shared::{AccountId, CommunityId, Result};
use async_trait::async_trait;
use std::{collections::HashSet, time::Duration};
use tokio_util::sync::CancellationToken;

/// How long changes are batched.
const MOMENT: Duration = Duration::from_secs(1);

impl Service {
    /// Records a connection of the viewer; publishes their presence if it is the first. Returns the
    /// communities where it was recorded.
    pub async fn connected(&self, viewer: &Viewer) -> Result<Vec<CommunityId>> {
        let communities = store::communities_of(&self.inner.db, viewer.account).await?;
        let communities: Vec<_> = communities.iter().map(|community| community.id).collect();
        self.inner.connected.open(viewer.account, &communities);
        Ok(communities)
    }

    /// Removes a connection from where it was recorded; publishes the change if it was the last.
    pub fn disconnected(&self, account: AccountId, communities: &[CommunityId]) {
        self.inner.connected.close(account, communities);
    }

    /// Returns which of the accounts are online, and the number of all members who are. Without the
    /// store of presence everyone is offline.
    pub(super) async fn online(
        &self,
        community: CommunityId,
        accounts: &[AccountId],
    ) -> (HashSet<AccountId>, u64) {
        let presence = &self.inner.presence;
        let online = presence.online(community, accounts);
        match futures::try_join!(online, presence.count(community)) {
            Ok((online, count)) => (online, count as u64),
            Err(error) => {
                tracing::warn!(error.code = %error.code, "reading presence failed");
                Default::default()
            }
        }
    }

    /// Stores the changes of this node's connections.
    async fn store_presence(&self) {
        let changes = self.inner.connected.unstored();
        if changes.is_empty() {
            return;
        }
        match self.inner.presence.update(self.inner.node, &changes).await {
            Ok(changed) => {
                self.inner.connected.stored(&changes);
                self.inner.gathering.note(&changed);
            }
            // Tried again with the next change or renewal.
            Err(error) => tracing::warn!(error.code = %error.code, "storing presence failed"),
        }
    }

    /// Renews what this node stored, and removes what nodes stored that no longer run.
    async fn renew_presence(&self) {
        let presence = &self.inner.presence;
        let renewed: Result<()> = async {
            if !presence.renew(self.inner.node).await? {
                self.inner.connected.none_stored();
            }
            self.inner.gathering.note(&presence.expire().await?);
            Ok(())
        }
        .await;
        if let Err(error) = renewed {
            tracing::warn!(error.code = %error.code, "renewing presence failed");
        }
    }

    /// Publishes the batched changes.
    async fn publish_presence(&self) {
        let changes = self.inner.gathering.take();
        match self.presence_events(&changes).await {
            Ok(events) => self.inner.bus.publish(&events).await,
            Err(error) => {
                // Tried again in a moment.
                self.inner.gathering.note(&changes.concat());
                tracing::warn!(error.code = %error.code, "publishing presence failed");
            }
        }
    }

    async fn presence_events(&self, changes: &[Vec<Change>]) -> Result<Vec<Published>> {
        let accounts: HashSet<_> = changes
            .iter()
            .flatten()
            .map(|change| change.account)
            .collect();
        let accounts: Vec<_> = accounts.into_iter().collect();
        let profiles = self.inner.accounts.profiles(&accounts).await?;
        let event = |changes: &Vec<Change>| {
            let community = changes.first()?.community;
            let changes = changes.iter().filter_map(|change| {
                let profile = profiles.get(&change.account)?.clone();
                let online = change.online;
                Some(Presence { profile, online })
            });
            let topic = Topic::new(Scope::Community, community.0);
            let changes = changes.collect();
            Some(Published::new(topic, 0, 0, &PresenceChanged { changes }))
        };
        changes.iter().filter_map(event).collect()
    }
}

/// The worker that stores and publishes changes of presence.
pub struct PresencePublisher(pub Service);

#[async_trait]
impl Worker for PresencePublisher {
    fn name(&self) -> &'static str {
        "communities.presence"
    }

    /// Does not publish what is left at shutdown: all connections are closing.
    async fn run(&mut self, cancel: CancellationToken) {
        let service = &self.0;
        let storing = async {
            let mut renewal = tokio::time::interval(RENEWAL);
            loop {
                tokio::select! {
                    biased;
                    _ = renewal.tick() => service.renew_presence().await,
                    () = service.inner.connected.changed() => {}
                }
                service.store_presence().await;
            }
        };
        let publishing = async {
            loop {
                service.publish_presence().await;
                service.inner.gathering.changed().await;
                tokio::time::sleep(MOMENT).await;
            }
        };
        let both = async { tokio::join!(storing, publishing) };
        let _stopped: Option<((), ())> = cancel.run_until_cancelled(both).await;
    }
}

#[cfg(test)]
mod tests;
