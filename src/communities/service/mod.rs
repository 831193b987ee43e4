//! Actions on communities: channels, members, presence.

mod changes;
mod counters;
mod deletion;
mod leaving;
mod limits;
mod live;
mod presence;

use super::model::{
    Access, Channel, ChannelCreated, Community, Head, Member, MemberPage, Overview,
};
use super::presence::{Connected, Gathering};
use super::rules::{self, Membership, Permissions};
use super::store;
use crate::accounts::{self, AccountKind, Viewer};
use crate::platform::{
    config::Limits,
    database::{Database, Tx},
    idempotency::Once,
    lease::{Limiter, Rate},
    presence::Presence,
};
use crate::realtime::bus::SharedBus;
use crate::shared::sync::lock;
use crate::shared::{
    AccountId, ChannelId, CommunityId, Error, NodeId, Result, names, paging, time,
};
use futures::FutureExt;
pub use live::register;
pub use presence::PresencePublisher;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Maximum length of a channel name in characters.
const MAX_CHANNEL_NAME: usize = 48;
/// Maximum number of channels in a community: every page lists them all.
const MAX_CHANNELS: u64 = 500;
/// From this number of members on, the count is cached.
const MANY: u64 = 1_000;
/// How long the cached count is valid.
const COUNT_HOLDS: Duration = Duration::from_secs(10);
/// Number of members in a page.
const MEMBERS_PAGE: u64 = 100;

/// Communities, channels and members; clones share the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    bus: SharedBus,
    limiter: Arc<Limiter>,
    accounts: accounts::Service,
    lobby: CommunityId,
    presence: Arc<dyn Presence>,
    /// This process, as the owner of what it stores in `presence`.
    node: NodeId,
    connected: Connected,
    gathering: Gathering,
    /// Member counts of large communities, with the time of counting.
    counted: Mutex<HashMap<CommunityId, (Instant, u64)>>,
    /// Rate limit of new channels per account.
    rate: Rate,
    /// Maximum number of channels that one account can have created.
    most_created: u32,
}

impl Service {
    /// Finds or creates the Lobby with its first channel, and adds every new account to it in the
    /// transaction that creates the account.
    pub async fn start(
        db: Database,
        bus: SharedBus,
        limiter: Arc<Limiter>,
        presence: Arc<dyn Presence>,
        accounts: accounts::Service,
        limits: &Limits,
    ) -> Result<Self> {
        let lobby = match store::lobby(&db).await? {
            Some(lobby) => lobby,
            None => make_lobby(&db).await?,
        };
        let joined = Arc::clone(&bus);
        accounts.on_created(move |tx, profile| {
            let bus = Arc::clone(&joined);
            async move {
                store::insert_membership(&tx, lobby, profile.id).await?;
                changes::publish_member(tx, bus, profile, Some(lobby)).await
            }
            .boxed()
        });
        let changed = Arc::clone(&bus);
        accounts.on_changed(move |tx, profile| {
            changes::publish_member(tx, Arc::clone(&changed), profile, None).boxed()
        });
        let inner = Inner {
            db,
            bus,
            limiter,
            accounts,
            lobby,
            presence,
            node: NodeId::new(),
            connected: Connected::default(),
            gathering: Gathering::default(),
            counted: Mutex::default(),
            rate: limits.channels.rate(),
            most_created: limits.channels_per_account,
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        service.inner.accounts.add_personal_data(service.clone());
        Ok(service)
    }

    /// Returns the community that every account belongs to.
    pub fn lobby(&self) -> CommunityId {
        self.inner.lobby
    }

    /// Returns the viewer's communities and the channels that they can see in them.
    pub async fn overview(&self, viewer: &Viewer) -> Result<Overview> {
        let communities = store::communities_of(&self.inner.db, viewer.account).await?;
        let channels = self.channels(&communities).await?;
        Ok(Overview {
            communities,
            channels: channels.into_iter().map(|(channel, _)| channel).collect(),
        })
    }

    /// Returns the channels that the viewer can see, with their counters.
    pub async fn visible_channels(&self, viewer: &Viewer) -> Result<Vec<(Channel, Head)>> {
        let communities = store::communities_of(&self.inner.db, viewer.account).await?;
        self.channels(&communities).await
    }

    async fn channels(&self, communities: &[Community]) -> Result<Vec<(Channel, Head)>> {
        let ids: Vec<_> = communities.iter().map(|community| community.id).collect();
        store::channels_of(&self.inner.db, &ids).await
    }

    /// Returns the channels of the Lobby with their counters, as of this transaction.
    pub async fn lobby_channels(&self, tx: &Tx) -> Result<Vec<(Channel, Head)>> {
        store::channels_of(tx, &[self.inner.lobby]).await
    }

    /// Returns a channel with the viewer's permissions in it.
    ///
    /// # Errors
    /// `not-found`, also for channels that the viewer cannot see.
    pub async fn access(&self, viewer: &Viewer, channel: ChannelId) -> Result<Access> {
        let found = store::channel_for(&self.inner.db, channel, viewer.account).await?;
        let (channel, head, member) = found.ok_or_else(Error::not_found)?;
        let permissions = rules::permissions(Membership {
            member,
            kind: viewer.kind,
        });
        if !permissions.allow(Permissions::VIEW) {
            return Err(Error::not_found());
        }
        Ok(Access {
            channel,
            head,
            permissions,
        })
    }

    /// Parses the id of a community of which the viewer is a member. None: the Lobby.
    ///
    /// # Errors
    /// `bad-community`, `not-found`.
    pub async fn requested(&self, viewer: &Viewer, id: Option<&str>) -> Result<CommunityId> {
        let community = match id {
            None => self.lobby(),
            Some(id) => id
                .parse()
                .map_err(|_| Error::bad_request("bad-community", "Invalid community"))?,
        };
        self.require_member(viewer, community).await?;
        Ok(community)
    }

    /// Checks that the viewer is a member of this community.
    ///
    /// # Errors
    /// `not-found` if not.
    pub async fn require_member(&self, viewer: &Viewer, community: CommunityId) -> Result<()> {
        if store::is_member(&self.inner.db, community, viewer.account).await? {
            Ok(())
        } else {
            Err(Error::not_found())
        }
    }

    /// Creates a channel that every member of the community can see.
    ///
    /// # Errors
    /// `not-found`, `forbidden`, `name-…`, `channel-exists`, `too-many-channels`,
    /// `too-many-own-channels`.
    pub async fn create_channel(
        &self,
        viewer: &Viewer,
        community: CommunityId,
        name: &str,
    ) -> Result<Channel> {
        self.require_member(viewer, community).await?;
        let membership = Membership {
            member: true,
            kind: viewer.kind,
        };
        if !rules::permissions(membership).allow(Permissions::CREATE_CHANNELS) {
            return Err(Error::forbidden());
        }
        let once = Once::of(viewer.account, "channels.create", &(community, name))?;
        if let Some(made) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(made);
        }
        let name = name.trim_start_matches(|c: char| c == '#' || c.is_whitespace());
        self.limit_new_channels(viewer).await?;
        let name = names::clean(name, MAX_CHANNEL_NAME)?;
        let channel = Channel {
            id: ChannelId::new(),
            community_id: community,
            name,
            created_at: time::now(),
            creator: Some(viewer.account),
        };
        let (creator, most) = (viewer.account, self.inner.most_created);
        let bus = Arc::clone(&self.inner.bus);
        self.inner
            .db
            .write_once(community.0, once, move |tx| async move {
                if store::channel_count(&tx, community).await? >= MAX_CHANNELS {
                    return Err(Error::conflict(
                        "too-many-channels",
                        format!("Too many channels: at most {MAX_CHANNELS} per community"),
                    )
                    .with("max", MAX_CHANNELS));
                }
                if store::created_count(&tx, creator).await? >= u64::from(most) {
                    return Err(Error::conflict(
                        "too-many-own-channels",
                        format!("Too many channels: at most {most} per account"),
                    )
                    .with("max", most));
                }
                let name_key = names::folded(&channel.name);
                store::insert_channel(&tx, &channel, name_key).await?;
                let subject = store::Subject::Channel(channel.id);
                let created = ChannelCreated { channel };
                changes::publish_change((&tx, &bus), &[community], subject, &created).await?;
                Ok(created.channel)
            })
            .await
    }

    /// Returns one page of a community's members, in the order in which they joined.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn members(
        &self,
        viewer: &Viewer,
        community: CommunityId,
        after: Option<AccountId>,
    ) -> Result<MemberPage> {
        self.require_member(viewer, community).await?;
        let db = &self.inner.db;
        let revs = store::revs_of(db, &[community]).await?;
        let mut ids = store::member_ids(db, community, after, MEMBERS_PAGE + 1).await?;
        let more = paging::cut(&mut ids, MEMBERS_PAGE);
        let next = ids.last().copied().filter(|_| more);
        let (here, online) = self.online(community, &ids).await;
        let mut profiles = self.inner.accounts.profiles(&ids).await?;
        let members = ids.iter().filter_map(|id| {
            let profile = profiles.remove(id)?;
            let online = here.contains(id) || profile.kind == AccountKind::Bot;
            Some(Member { profile, online })
        });
        Ok(MemberPage {
            members: members.collect(),
            total: self.member_count(community).await?,
            online,
            next,
            rev: revs.first().map_or(0, |(_, rev)| *rev),
        })
    }

    /// Number of members of a community. Counting many is slow, so their count is cached.
    async fn member_count(&self, community: CommunityId) -> Result<u64> {
        let counted = |counts: &HashMap<_, (Instant, u64)>| counts.get(&community).copied();
        if let Some((at, count)) = counted(&lock(&self.inner.counted))
            && at.elapsed() < COUNT_HOLDS
        {
            return Ok(count);
        }
        let count = store::member_count(&self.inner.db, community).await?;
        if count >= MANY {
            lock(&self.inner.counted).insert(community, (Instant::now(), count));
        }
        Ok(count)
    }

    /// Returns the permissions of the given accounts in the given channels, as of this transaction;
    /// pairs without any permission are left out.
    pub async fn permissions_of(
        tx: &Tx,
        asked: &[(ChannelId, AccountId, AccountKind)],
    ) -> Result<HashMap<(ChannelId, AccountId), Permissions>> {
        if asked.is_empty() {
            return Ok(HashMap::new());
        }
        let mut kinds: HashMap<_, _> = asked
            .iter()
            .map(|(channel, account, kind)| ((*channel, *account), *kind))
            .collect();
        let pairs: Vec<_> = kinds.keys().copied().collect();
        let members = store::members_among(tx, &pairs).await?.into_iter();
        let permissions = members.filter_map(|pair| {
            let kind = kinds.remove(&pair)?;
            Some((pair, rules::permissions(Membership { member: true, kind })))
        });
        Ok(permissions.collect())
    }

    /// Returns the accounts that are connected to this node and can see some of these channels, with
    /// those channels.
    pub async fn readers_here(
        &self,
        channels: &[ChannelId],
    ) -> Result<Vec<(AccountId, Vec<ChannelId>)>> {
        let mut of: HashMap<CommunityId, Vec<ChannelId>> = HashMap::new();
        for channel in store::channels_among(&self.inner.db, channels).await? {
            of.entry(channel.community_id).or_default().push(channel.id);
        }
        Ok(self.inner.connected.members_of(&of))
    }

    /// Returns the names of channels without a permission check: for their authors.
    pub async fn channel_names(
        &self,
        channels: &[ChannelId],
    ) -> Result<HashMap<ChannelId, String>> {
        store::channel_names(&self.inner.db, channels).await
    }
}

async fn make_lobby(db: &Database) -> Result<CommunityId> {
    let lobby = Community {
        id: CommunityId::new(),
        name: "Lobby".into(),
        rev: 0,
    };
    let channel = Channel {
        id: ChannelId::new(),
        community_id: lobby.id,
        name: "general".into(),
        created_at: time::now(),
        creator: None,
    };
    db.write(lobby.id.0, move |tx| async move {
        store::insert_community(&tx, &lobby, true).await?;
        let name_key = names::folded(&channel.name);
        store::insert_channel(&tx, &channel, name_key).await?;
        Ok(lobby.id)
    })
    .await
}
