//! Counts the changes of a community, publishes them, and finds what a client missed.

use super::{Service, store};
use crate::accounts::{Profile, Viewer};
use crate::communities::model::{ChannelCreated, ChannelDeleted, MemberChanged};
use crate::gateway::{CatchUp, Missed, Missing};
use crate::platform::database::Tx;
use crate::realtime::{
    Event, Scope, Topic,
    bus::{Published, SharedBus},
};
use crate::shared::{AccountId, ChannelId, CommunityId, Result};
use async_trait::async_trait;
use std::collections::HashMap;
use store::Subject;

/// Maximum number of changes with which a client catches up; after more, it starts from a fresh
/// snapshot.
const MOST_MISSED: u64 = if cfg!(test) { 20 } else { 500 };

/// Counts a change in each of the communities, and publishes it after the commit.
pub(super) async fn publish_change<E: Event>(
    (tx, bus): (&Tx, &SharedBus),
    communities: &[CommunityId],
    subject: Subject,
    event: &E,
) -> Result<()> {
    let revs = store::count_community_change(tx, communities, subject).await?;
    let events = revs.into_iter().map(|(community, rev)| {
        let topic = Topic::new(Scope::Community, community.0);
        Published::new(topic, 0, rev, event)
    });
    bus.publish_after(tx, events.collect::<Result<_>>()?);
    Ok(())
}

/// Publishes a member's new or changed profile in all of their communities.
pub(super) async fn publish_member(
    tx: Tx,
    bus: SharedBus,
    profile: Profile,
    communities: Option<CommunityId>,
) -> Result<()> {
    let communities = match communities {
        Some(community) => vec![community],
        None => {
            let all = store::communities_of(&tx, profile.id).await?;
            all.into_iter().map(|community| community.id).collect()
        }
    };
    let member = Subject::Member(profile.id);
    publish_change(
        (&tx, &bus),
        &communities,
        member,
        &MemberChanged { profile },
    )
    .await
}

/// Channels and members that changed in a community.
pub(super) struct Changes(pub(super) Service);

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
