//! Communities, channels and members as both sides see them.

use crate::accounts::{Profile, Viewer};
use crate::realtime::Event;
pub use crate::realtime::Head;
use crate::shared::{AccountId, ChannelId, CommunityId, Timestamp};
use serde::{Deserialize, Serialize};

/// A community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    pub id: CommunityId,
    /// Its name.
    pub name: String,
}

/// A channel of a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    /// Where it is.
    pub community_id: CommunityId,
    /// Its name, unique in the community.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it, while that account exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<AccountId>,
}

impl Channel {
    /// May the viewer ask for its deletion? Admins may delete any channel; its creator may, as long as
    /// no other member has written in it, which the server checks.
    pub fn is_deletable_by(&self, viewer: &Viewer) -> bool {
        viewer.operator || self.creator == Some(viewer.account)
    }
}

/// Somebody in the member list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub profile: Profile,
    /// Has a connection right now. Bots always are.
    pub online: bool,
}

/// One page of members, by shown name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    pub members: Vec<Member>,
    /// How many there are in all; of a large community, how many there were some seconds ago.
    pub total: u64,
    /// How many of them are here now.
    pub online: u64,
    /// Pass this as `after` for the next page; none: this is the last.
    pub next: Option<String>,
}

/// On a community's topic: a channel was made that everybody in it may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelCreated {
    /// The channel.
    pub channel: Channel,
}

impl Event for ChannelCreated {
    const KIND: &'static str = "communities.channel_created";
}

/// On a community's topic and on the channel's own, which ends with it: a channel was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelDeleted {
    pub channel_id: ChannelId,
}

impl Event for ChannelDeleted {
    const KIND: &'static str = "communities.channel_deleted";
}

/// Somebody came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    pub profile: Profile,
    /// Came (true) or went.
    pub online: bool,
}

/// On a community's topic: who came and went of late, gathered for a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceChanged {
    /// Each account once.
    pub changes: Vec<Presence>,
}

impl Event for PresenceChanged {
    const KIND: &'static str = "communities.presence_changed";
}

/// On a community's topic: a member has another name or picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberChanged {
    /// How they are now.
    pub profile: Profile,
}

impl Event for MemberChanged {
    const KIND: &'static str = "communities.member_changed";
}

/// Everything the shell needs to draw its panes, for one viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The viewer's communities.
    pub communities: Vec<Community>,
    /// The channels of these communities that the viewer may see.
    pub channels: Vec<Channel>,
}

/// A channel with what one viewer may do in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The channel.
    pub channel: Channel,
    /// Where it stands.
    pub head: Head,
    /// What the viewer may do.
    pub permissions: super::rules::Permissions,
}
