//! Topics of channels and communities, what a client missed on them, and the presence of members.

use super::Service;
use super::store::{self, Subject};
use crate::accounts::{Profile, Viewer};
use crate::communities::{ChannelCreated, ChannelDeleted, MemberChanged};
use crate::gateway::{self, CatchUp, Missed, Missing, Presence, Topics};
use crate::realtime::{Head, Scope};
use crate::shared::{AccountId, ChannelId, CommunityId, Result};
use async_trait::async_trait;
use std::collections::HashMap;
use uuid::Uuid;

/// Maximum number of changes with which a client catches up; after more, it starts from a fresh
/// snapshot.
const MOST_MISSED: u64 = if cfg!(test) { 20 } else { 500 };

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

/// Channels and members that changed in a community.
struct Changes(Service);

#[async_trait]
impl CatchUp for Changes {
    /// Sends the current state of each, so that the order does not matter.
    async fn missed(&self, viewer: &Viewer, missing: Missing) -> Result<Missed> {
        let inner = &self.0.inner;
        let community = CommunityId(missing.topic.id);
        let changes =
            store::changes_after(&inner.db, community, missing.rev, MOST_MISSED + 1).await?;
        if changes.len() as u64 > MOST_MISSED {
            return Ok(Missed::Reset);
        }
        let accounts = &inner.accounts;
        accounts
            .charge_catch_up(viewer.account, changes.len())
            .await;
        let (mut channels, mut members) = (Vec::<ChannelId>::new(), Vec::<AccountId>::new());
        for change in changes {
            match change {
                Subject::Channel(id) => channels.push(id),
                Subject::Member(id) => members.push(id),
            }
        }
        let known = store::channels_among(&inner.db, &channels).await?;
        let mut known: HashMap<_, _> = known.into_iter().map(|one| (one.id, one)).collect();
        let there = store::members_of(&inner.db, community, &members).await?;
        let mut profiles = accounts.profiles(&there).await?;
        let channels = channels.into_iter().map(|id| match known.remove(&id) {
            Some(channel) => missing.event(&ChannelCreated { channel }),
            None => missing.event(&ChannelDeleted { channel_id: id }),
        });
        let members = members.into_iter().map(|id| {
            let profile = profiles.remove(&id);
            let profile = profile.unwrap_or_else(|| Profile::deleted(id));
            missing.event(&MemberChanged { profile })
        });
        let frames = channels.chain(members).collect::<Result<_>>()?;
        Ok(Missed::Events(frames))
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
