//! The viewer's communities and channels as a page knows them.

use super::model::{Channel, Community, Member, Overview};
use crate::realtime::{Item, Replica};
use crate::shared::CommunityId;
use uuid::Uuid;

impl Item for Channel {
    fn key(&self) -> Uuid {
        self.id.0
    }
}

impl Item for Member {
    fn key(&self) -> Uuid {
        self.profile.id.0
    }
}

/// Communities with the channels that the viewer can see in them. Each community's channels follow
/// its topic.
#[derive(Clone, Debug)]
pub struct Directory(Vec<(Community, Replica<Channel>)>);

impl Directory {
    pub fn new(overview: Overview) -> Self {
        let Overview {
            communities,
            mut channels,
        } = overview;
        let communities = communities.into_iter().map(|community| {
            let own = channels.extract_if(.., |one| one.community_id == community.id);
            let channels = Replica::new(own.collect(), community.rev);
            (community, channels)
        });
        Self(communities.collect())
    }

    pub fn communities(&self) -> impl Iterator<Item = &Community> {
        self.0.iter().map(|(community, _)| community)
    }

    /// The community with this id, else the first.
    pub fn community_or_first(&self, id: Option<CommunityId>) -> Option<&Community> {
        let known = self.communities().find(|one| Some(one.id) == id);
        known.or_else(|| self.communities().next())
    }

    /// All channels, by community.
    pub fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.0.iter().flat_map(|(_, channels)| channels.iter())
    }

    /// The channels of one community, in the order of creation.
    pub fn channels_of(&self, id: CommunityId) -> &[Channel] {
        let community = self.0.iter().find(|(community, _)| community.id == id);
        community.map_or(&[], |(_, channels)| channels)
    }

    /// The channels of one community, for changes.
    pub fn channels_mut(&mut self, id: CommunityId) -> Option<&mut Replica<Channel>> {
        let community = self.0.iter_mut().find(|(community, _)| community.id == id);
        community.map(|(_, channels)| channels)
    }

    /// Starts one community again from a fresh overview.
    pub fn restart(&mut self, id: CommunityId, fresh: Overview) {
        let mut fresh = Self::new(fresh).0.into_iter();
        if let (Some(known), Some((community, channels))) = (
            self.channels_mut(id),
            fresh.find(|(community, _)| community.id == id),
        ) {
            known.restart(channels.to_vec(), community.rev);
        }
    }
}
