//! Topics of channels and communities, and the presence of members.

use super::{Service, changes::Changes};
use crate::accounts::Viewer;
use crate::communities::ChannelDeleted;
use crate::gateway::{self, Presence, Topics};
use crate::realtime::{Head, Scope};
use crate::shared::{AccountId, ChannelId, CommunityId, Result};
use async_trait::async_trait;
use uuid::Uuid;

/// Adds topics and presence to the gateway.
pub fn register(gateway: &gateway::Service, service: &Service) {
    gateway.add_topics(Scope::Channel, ChannelTopics(service.clone()));
    gateway.end_topics_after::<ChannelDeleted>(Scope::Channel);
    gateway.add_topics(Scope::Community, CommunityTopics(service.clone()));
    gateway.add_catch_up(Scope::Community, Changes(service.clone()));
    gateway.set_presence(service.clone());
}

/// Channels are heard by those who can see them.
struct ChannelTopics(Service);

#[async_trait]
impl Topics for ChannelTopics {
    async fn admit(&self, viewer: &Viewer, id: Uuid) -> Result<()> {
        self.0.access(viewer, ChannelId(id)).await.map(drop)
    }

    async fn heads(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, Head)>> {
        let channels: Vec<_> = ids.iter().copied().map(ChannelId).collect();
        let heads = self.0.heads_of(&channels).await?;
        Ok(heads.into_iter().map(|(id, head)| (id.0, head)).collect())
    }
}

/// Communities are heard by their members.
struct CommunityTopics(Service);

#[async_trait]
impl Topics for CommunityTopics {
    async fn admit(&self, viewer: &Viewer, id: Uuid) -> Result<()> {
        self.0.require_member(viewer, CommunityId(id)).await
    }

    async fn heads(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, Head)>> {
        let communities: Vec<_> = ids.iter().copied().map(CommunityId).collect();
        let revs = self.0.revs_of(&communities).await?;
        let head = |(community, rev): (CommunityId, i64)| (community.0, Head { seq: 0, rev });
        Ok(revs.into_iter().map(head).collect())
    }
}

#[async_trait]
impl Presence for Service {
    async fn connected(&self, viewer: &Viewer) -> Result<Vec<CommunityId>> {
        Self::connected(self, viewer).await
    }

    fn disconnected(&self, account: AccountId, communities: &[CommunityId]) {
        Self::disconnected(self, account, communities);
    }
}
