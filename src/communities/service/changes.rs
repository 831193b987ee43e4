//! Counts the changes of communities and publishes them.

use super::store::{self, Subject};
use crate::accounts::Profile;
use crate::communities::model::MemberChanged;
use crate::platform::database::Tx;
use crate::realtime::{
    Event, Scope, Topic,
    bus::{Published, SharedBus},
};
use crate::shared::{CommunityId, Result};

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
