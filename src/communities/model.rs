//! Communities, channels and members as server and browser share them.

use crate::accounts::{Profile, Viewer};
use crate::realtime::Event;
pub use crate::realtime::Head;
use crate::shared::{AccountId, ChannelId, CommunityId, Timestamp};
use serde::{Deserialize, Serialize};

/// A community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    pub id: CommunityId,
    pub name: String,
    /// Change count of the community's channels and members, read before them.
    pub rev: i64,
}

/// A channel of a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    /// The community that it belongs to.
    pub community_id: CommunityId,
    /// Name, unique in the community.
    pub name: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// The account that created it; None: it no longer exists, or the server created the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<AccountId>,
}

impl Channel {
    /// true if the viewer can request its deletion. Admins can delete any channel; its creator can
    /// until another member has written in it, which the server checks.
    pub fn is_deletable_by(&self, viewer: &Viewer) -> bool {
        viewer.admin || self.creator == Some(viewer.account)
    }
}

/// An entry of the member list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub profile: Profile,
    /// true if the member has a connection now. Bots are always online.
    pub online: bool,
}

/// One page of members, in the order in which they joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    pub members: Vec<Member>,
    /// Total number of members; in a large community, as counted some seconds ago.
    pub total: u64,
    /// Number of members that are online.
    pub online: u64,
    /// Value of `after` for the next page; None: this is the last page.
    pub next: Option<AccountId>,
    /// Change count of the community, read before the members.
    pub rev: i64,
}

/// On a community's topic: a channel was created that every member can see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelCreated {
    pub channel: Channel,
}

impl Event for ChannelCreated {
    const KIND: &'static str = "communities.channel_created";
}

/// On the topics of the community and of the channel, which ends with it: a channel was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelDeleted {
    pub channel_id: ChannelId,
}

impl Event for ChannelDeleted {
    const KIND: &'static str = "communities.channel_deleted";
}

/// A member went online or offline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    pub profile: Profile,
    /// true: went online; false: went offline.
    pub online: bool,
}

/// On a community's topic: recent changes of presence, batched for a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceChanged {
    /// At most one change per account.
    pub changes: Vec<Presence>,
}

impl Event for PresenceChanged {
    const KIND: &'static str = "communities.presence_changed";
}

/// On a community's topic: a member is new, or has another name or picture, or has left: then it is
/// the profile of a deleted account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberChanged {
    /// The member's current profile.
    pub profile: Profile,
}

impl Event for MemberChanged {
    const KIND: &'static str = "communities.member_changed";
}

/// Everything that the shell needs to draw its panes, for one viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub communities: Vec<Community>,
    /// Channels of these communities that the viewer can see.
    pub channels: Vec<Channel>,
}

/// A channel with the viewer's permissions in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub channel: Channel,
    /// The channel's counters.
    pub head: Head,
    pub permissions: super::rules::Permissions,
}
