//! What happens in communities: their channels, their members, who is here.

mod counters;
mod deletion;
mod leaving;
mod limits;

use super::model::{
    Access, Channel, ChannelCreated, Community, Head, Member, MemberChanged, MemberPage, Overview,
};
use super::presence::Gathering;
use super::rules::{self, Permissions, Standing};
use super::store;
use crate::accounts::{self, AccountKind, Profile, Viewer};
use crate::platform::{
    config::Limits,
    database::{Database, Tx},
    idempotency::Once,
    lease::{Lease, Rate},
};
use crate::realtime::{
    Scope, Topic,
    bus::{Published, SharedBus},
};
use crate::shared::sync::lock;
use crate::shared::{AccountId, ChannelId, CommunityId, Error, Result, names, paging, time};
use futures::FutureExt;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Most characters of a channel's name.
const MAX_CHANNEL_NAME: usize = 48;
/// Most channels of a community: every page lists them all.
const MAX_CHANNELS: u64 = 500;
/// So many members are not counted for each page.
const MANY: u64 = 1_000;
/// How long their number is good for.
const COUNT_HOLDS: Duration = Duration::from_secs(10);
/// Members in a page.
const MEMBERS_PAGE: u64 = 100;

/// Communities, channels and members; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    bus: SharedBus,
    lease: Arc<dyn Lease>,
    accounts: accounts::Service,
    lobby: CommunityId,
    gathering: Gathering,
    /// Members of large communities, with the time of the counting.
    counted: Mutex<HashMap<CommunityId, (Instant, u64)>>,
    /// New channels of one account.
    rate: Rate,
    /// Channels that one account may have created.
    most_created: u32,
}

impl Service {
    /// Finds or makes the Lobby with its first channel, and has every new account join it in the
    /// transaction that makes the account.
    pub async fn start(
        db: Database,
        bus: SharedBus,
        lease: Arc<dyn Lease>,
        accounts: accounts::Service,
        limits: &Limits,
    ) -> Result<Self> {
        let lobby = match store::lobby(&db).await? {
            Some(lobby) => lobby,
            None => make_lobby(&db).await?,
        };
        accounts.on_created(move |tx, profile| {
            async move { store::insert_membership(&tx, lobby, profile.id).await }.boxed()
        });
        let (tell_db, tell_bus) = (db.clone(), Arc::clone(&bus));
        accounts.on_changed(move |profile| {
            tell_of_change(tell_db.clone(), Arc::clone(&tell_bus), profile).boxed()
        });
        let inner = Inner {
            db,
            bus,
            lease,
            accounts,
            lobby,
            gathering: Gathering::default(),
            counted: Mutex::default(),
            rate: limits.channels.rate(),
            most_created: limits.channels_per_account,
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        service.inner.accounts.add_keeper(service.clone());
        Ok(service)
    }

    /// The community that every account belongs to.
    pub fn lobby(&self) -> CommunityId {
        self.inner.lobby
    }

    /// The viewer's communities and the channels that they may see in them.
    pub async fn overview(&self, viewer: &Viewer) -> Result<Overview> {
        let communities = store::communities_of(&self.inner.db, viewer.account).await?;
        let channels = self.channels(&communities).await?;
        Ok(Overview {
            communities,
            channels: channels.into_iter().map(|(channel, _)| channel).collect(),
        })
    }

    /// The channels that the viewer may see, with where they stand.
    pub async fn visible_channels(&self, viewer: &Viewer) -> Result<Vec<(Channel, Head)>> {
        let communities = store::communities_of(&self.inner.db, viewer.account).await?;
        self.channels(&communities).await
    }

    async fn channels(&self, communities: &[Community]) -> Result<Vec<(Channel, Head)>> {
        let ids: Vec<_> = communities.iter().map(|community| community.id).collect();
        store::channels_of(&self.inner.db, &ids).await
    }

    /// The channels of the Lobby, with where they stand, as of this transaction.
    pub async fn lobby_channels(&self, tx: &Tx) -> Result<Vec<(Channel, Head)>> {
        store::channels_of(tx, &[self.inner.lobby]).await
    }

    /// A channel with what the viewer may do in it; 404 when they may not see it.
    ///
    /// # Errors
    /// `not-found`, also for channels that are none of the viewer's business.
    pub async fn access(&self, viewer: &Viewer, channel: ChannelId) -> Result<Access> {
        let found = store::channel_for(&self.inner.db, channel, viewer.account).await?;
        let (channel, head, member) = found.ok_or_else(Error::not_found)?;
        let permissions = rules::permissions(Standing {
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

    /// Is the viewer in this community? 404 when not.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn require_member(&self, viewer: &Viewer, community: CommunityId) -> Result<()> {
        if store::is_member(&self.inner.db, community, viewer.account).await? {
            Ok(())
        } else {
            Err(Error::not_found())
        }
    }

    /// Makes a channel that everybody in the community may see.
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
        let standing = Standing {
            member: true,
            kind: viewer.kind,
        };
        if !rules::permissions(standing).allow(Permissions::CREATE_CHANNELS) {
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
        let event = Published::new(
            Topic::new(Scope::Community, community.0),
            0,
            0,
            &ChannelCreated {
                channel: channel.clone(),
            },
        )?;
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
                tx.after_commit(move || bus.publish(event));
                Ok(channel)
            })
            .await
    }

    /// One page of a community's members, in the order of their joining.
    ///
    /// # Errors
    /// `not-found`, `bad-cursor`.
    pub async fn members(
        &self,
        viewer: &Viewer,
        community: CommunityId,
        after: Option<&str>,
    ) -> Result<MemberPage> {
        self.require_member(viewer, community).await?;
        let after = paging::cursor::<AccountId>(after)?;
        let db = &self.inner.db;
        let mut ids = store::member_ids(db, community, after, MEMBERS_PAGE + 1).await?;
        let page = usize::try_from(MEMBERS_PAGE).unwrap_or(usize::MAX);
        let more = ids.len() > page;
        ids.truncate(page);
        let next = more.then(|| ids.last().map(ToString::to_string)).flatten();
        let set = presence_set(community);
        let keys: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let here = self.inner.lease.held(&set, &keys).await;
        let mut profiles = self.inner.accounts.profiles(&ids).await?;
        let members = ids.iter().zip(here).filter_map(|(id, here)| {
            let profile = profiles.remove(id)?;
            let online = here || profile.kind == AccountKind::Bot;
            Some(Member { profile, online })
        });
        Ok(MemberPage {
            members: members.collect(),
            total: self.member_count(community).await?,
            online: self.inner.lease.count(&set).await as u64,
            next,
        })
    }

    /// How many members a community has. Counting many takes a while, so that is done now and then.
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

    /// A device of the viewer connected; tells their communities when it is the first. Returns
    /// where it is noted as being here.
    pub async fn connected(&self, viewer: &Viewer) -> Result<Vec<CommunityId>> {
        let communities = store::communities_of(&self.inner.db, viewer.account).await?;
        let communities: Vec<_> = communities.iter().map(|community| community.id).collect();
        let member = viewer.account.to_string();
        for community in &communities {
            if self
                .inner
                .lease
                .enter(&presence_set(*community), &member)
                .await
            {
                self.inner
                    .gathering
                    .note(*community, viewer.profile(), true);
            }
        }
        Ok(communities)
    }

    /// A device of the viewer is gone from where it was noted; tells when it was the last.
    pub async fn disconnected(&self, viewer: &Viewer, communities: &[CommunityId]) {
        let member = viewer.account.to_string();
        for community in communities {
            if self
                .inner
                .lease
                .leave(&presence_set(*community), &member)
                .await
            {
                self.inner
                    .gathering
                    .note(*community, viewer.profile(), false);
            }
        }
    }

    pub(super) fn gathering(&self) -> &Gathering {
        &self.inner.gathering
    }

    /// Tells communities who came and went.
    pub(super) fn tell_presence(&self) {
        for (community, changed) in self.inner.gathering.take() {
            let topic = Topic::new(Scope::Community, community.0);
            // A failure is in the log; the members' list is read again now and then.
            if let Ok(event) = Published::new(topic, 0, 0, &changed) {
                self.inner.bus.publish(event);
            }
        }
    }

    /// What some people may do in some channels, as of this transaction; who may do nothing is
    /// not there.
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
            Some((pair, rules::permissions(Standing { member: true, kind })))
        });
        Ok(permissions.collect())
    }

    /// The names of some channels, without asking who may see them: for their own authors.
    pub async fn channel_names(
        &self,
        channels: &[ChannelId],
    ) -> Result<HashMap<ChannelId, String>> {
        store::channel_names(&self.inner.db, channels).await
    }
}

/// Tells a member's communities how they are now. What is stored stays, whoever hears of it.
async fn tell_of_change(db: Database, bus: SharedBus, profile: Profile) {
    let told: Result<()> = async {
        let change = MemberChanged { profile };
        for community in store::communities_of(&db, change.profile.id).await? {
            let topic = Topic::new(Scope::Community, community.id.0);
            bus.publish(Published::new(topic, 0, 0, &change)?);
        }
        Ok(())
    }
    .await;
    if let Err(error) = told {
        tracing::warn!(error.code = %error.code, "publishing a changed profile failed");
    }
}

fn presence_set(community: CommunityId) -> String {
    format!("presence:{community}")
}

async fn make_lobby(db: &Database) -> Result<CommunityId> {
    let lobby = Community {
        id: CommunityId::new(),
        name: "Lobby".into(),
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
