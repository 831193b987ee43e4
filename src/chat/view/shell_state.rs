//! What all panes of the chat share: the channels, their states and timelines.

use crate::accounts::Viewer;
use crate::chat::rpc::load_states;
use crate::chat::timeline::Timeline;
use crate::chat::{ChannelState, ChannelsAdvanced, Head, MarkerMoved, Snapshot};
use crate::communities::rpc::load_overview;
use crate::communities::{
    Channel, ChannelCreated, ChannelDeleted, Community, Directory, MemberPage, Overview,
};
use crate::offline;
use crate::realtime::{Client, Heard, Replica, Scope, Topic};
use crate::shared::{ChannelId, CommunityId};
use crate::ui::later::load_until_done;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Initial data of the shell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShellData {
    pub viewer: Viewer,
    /// Communities and channels.
    pub overview: Overview,
    /// States of the channels.
    pub states: Vec<ChannelState>,
    /// First page of the shown community's members.
    pub members: Option<MemberPage>,
}

/// Timelines, with the viewer's permission to send and the maximum message length.
type Timelines = HashMap<ChannelId, (RwSignal<Timeline>, (bool, usize))>;

/// State that all panes share; a cheap copy.
#[derive(Clone, Copy)]
pub struct ShellState {
    pub viewer: StoredValue<Viewer>,
    /// All communities and their channels.
    pub directory: RwSignal<Directory>,
    /// The shown community.
    pub community: Memo<Option<CommunityId>>,
    /// Channels of the shown community, in the order of creation.
    pub channels: Memo<Vec<Channel>>,
    /// States of the channels.
    pub states: RwSignal<HashMap<ChannelId, ChannelState>>,
    pub open: Memo<Option<ChannelId>>,
    pub client: Client,
    /// true while the dialog for a new channel is open.
    pub adding: RwSignal<bool>,
    /// true while the dialog for deleting the open channel is open.
    pub deleting: RwSignal<bool>,
    /// Text to insert into the composer.
    pub insert: RwSignal<Option<String>>,
    /// Timelines of the channels that were opened: pending messages survive a visit to another
    /// channel.
    timelines: StoredValue<Timelines>,
    owner: StoredValue<Owner>,
    /// true if a channel was opened on this page before.
    moved: StoredValue<bool>,
}

impl ShellState {
    /// `wanted` and `open` are the community and the channel in the address.
    pub fn provide(
        data: &ShellData,
        wanted: Memo<Option<CommunityId>>,
        open: Memo<Option<ChannelId>>,
    ) -> Self {
        let states = data.states.iter().map(|state| (state.channel_id, *state));
        let directory = RwSignal::new(Directory::new(data.overview.clone()));
        let community = Memo::new(move |_| {
            let shown =
                |directory: &Directory| Some(directory.community_or_first(wanted.get())?.id);
            directory.with(shown)
        });
        let channels = Memo::new(move |_| {
            let of_it =
                |directory: &Directory| Some(directory.channels_of(community.get()?).to_vec());
            directory.with(of_it).unwrap_or_default()
        });
        let shell = Self {
            viewer: StoredValue::new(data.viewer.clone()),
            directory,
            community,
            channels,
            states: RwSignal::new(states.collect()),
            open,
            client: Client::of_context(),
            adding: RwSignal::new(false),
            deleting: RwSignal::new(false),
            insert: RwSignal::new(None),
            timelines: StoredValue::new(HashMap::new()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            moved: StoredValue::new(false),
        };
        provide_context(shell);
        shell
    }

    /// Name of a channel in the list. The page's title still reads it for a moment after the shell
    /// is disposed.
    pub fn channel_name(self, id: ChannelId) -> String {
        let name = |channels: &Vec<Channel>| {
            let channel = channels.iter().find(|channel| channel.id == id);
            channel.map_or_else(String::new, |channel| channel.name.clone())
        };
        self.channels.try_with(name).unwrap_or_default()
    }

    /// Number of unread messages of a channel.
    pub fn unread(self, id: ChannelId) -> u32 {
        self.states
            .with(|states| states.get(&id).map_or(0, ChannelState::unread))
    }

    /// Path of a channel's page.
    pub fn channel_path(self, id: ChannelId) -> Option<String> {
        self.channels.with_untracked(|channels| {
            let channel = channels.iter().find(|channel| channel.id == id)?;
            Some(format!("/channels/{}/{id}", channel.community_id))
        })
    }

    /// true if a channel was opened on this page.
    pub fn was_used(self) -> bool {
        self.moved.get_value()
    }

    /// Records that a channel was opened; returns true if it is not the first on this page.
    pub fn has_moved(self) -> bool {
        let before = |moved: &mut bool| std::mem::replace(moved, true);
        self.moved.try_update_value(before).unwrap_or(false)
    }

    /// Returns the timeline of a channel that was opened on this page.
    pub fn known_timeline(self, id: ChannelId) -> Option<RwSignal<Timeline>> {
        let known = |timelines: &Timelines| timelines.get(&id).map(|(timeline, _)| *timeline);
        self.timelines.try_with_value(known).flatten()
    }

    /// Returns the last known state of a channel opened on this page, for when loading it fails.
    pub fn snapshot_of(self, id: ChannelId) -> Option<Snapshot> {
        let known = |timelines: &Timelines| timelines.get(&id).copied();
        let (timeline, may) = self.timelines.with_value(known)?;
        let read_seq = self
            .states
            .with_untracked(|states| states.get(&id).map_or(0, |state| state.read_seq));
        Some(timeline.with_untracked(|timeline| timeline.snapshot(id, read_seq, may)))
    }

    /// Returns the timeline of the channel being opened, updated with the snapshot.
    pub fn timeline(self, snapshot: Snapshot) -> RwSignal<Timeline> {
        let id = snapshot.channel_id;
        let may = (snapshot.may_send, snapshot.max_length);
        if let Some(timeline) = self.known_timeline(id) {
            timeline.update(|timeline| timeline.reset(snapshot));
            return timeline;
        }
        let create = || RwSignal::new(Timeline::new(snapshot));
        let timeline = self.owner.with_value(|owner| owner.with(create));
        self.timelines.update_value(|timelines| {
            timelines.insert(id, (timeline, may));
        });
        timeline
    }

    /// Data of the shown community.
    pub fn shown_community(self) -> Option<Community> {
        self.directory.with(|directory| {
            let shown = directory.community_or_first(self.community.get());
            shown.cloned()
        })
    }

    /// Shows a channel that this page created.
    pub fn add_channel(self, channel: Channel) {
        self.directory.update(|directory| {
            if let Some(channels) = directory.channels_mut(channel.community_id) {
                channels.show(channel);
            }
        });
    }

    /// Removes a channel that this page deleted.
    pub fn remove_channel(self, channel: ChannelId) {
        self.directory.update(|directory| {
            let community = directory.channels().find(|one| one.id == channel);
            let community = community.map(|channel| channel.community_id);
            if let Some(channels) = community.and_then(|id| directory.channels_mut(id)) {
                channels.hide(channel.0);
            }
        });
        self.forget(channel);
    }

    /// Removes what this browser stores of a deleted channel.
    fn forget(self, id: ChannelId) {
        self.client.close(Topic::new(Scope::Channel, id.0));
        self.timelines
            .try_update_value(|timelines| timelines.remove(&id));
        self.states.try_update(|states| states.remove(&id));
        offline::drop(&id.to_string());
    }

    /// Records the number of a channel's last message.
    pub fn has_advanced(self, channel_id: ChannelId, seq: i64) {
        let known = |states: &HashMap<_, ChannelState>| {
            states
                .get(&channel_id)
                .is_some_and(|state| state.head.seq >= seq)
        };
        if self.states.with_untracked(known) {
            return;
        }
        self.change_state(channel_id, |state| state.head.seq = state.head.seq.max(seq));
    }

    /// Records that the viewer has read a channel up to a number.
    pub fn has_read(self, channel: ChannelId, seq: i64) {
        self.change_state(channel, |state| state.read_seq = state.read_seq.max(seq));
    }

    fn change_state(self, channel_id: ChannelId, change: impl FnOnce(&mut ChannelState)) {
        self.states.update(|states| {
            change(states.entry(channel_id).or_insert(ChannelState {
                channel_id,
                head: Head::default(),
                read_seq: 0,
            }));
        });
    }

    /// Loads the states of all channels.
    fn refresh(self) {
        load_until_done(load_states, move |fresh| {
            self.states.try_update(|states| {
                for state in fresh {
                    let known = states.entry(state.channel_id).or_insert(state);
                    *known = merged(*known, state);
                }
            });
        });
    }

    /// Handles an event of the viewer's account.
    pub fn on_account(self, update: &Heard) {
        match update {
            // After each connection: what was not counted may be missing.
            Heard::Complete { .. } | Heard::Reset { .. } => self.refresh(),
            Heard::Event(envelope) => {
                if let Some(advanced) = envelope.read::<ChannelsAdvanced>() {
                    for advance in advanced.channels {
                        self.has_advanced(advance.channel_id, advance.seq);
                    }
                } else if let Some(moved) = envelope.read::<MarkerMoved>() {
                    for marker in moved.markers {
                        self.has_read(marker.channel_id, marker.seq);
                    }
                }
            }
            Heard::Heartbeat { .. } => {}
        }
    }

    /// Handles an event of a community.
    pub fn on_community(self, update: &Heard, community: CommunityId) {
        match update {
            Heard::Event(envelope) => {
                let rev = envelope.rev;
                if let Some(created) = envelope.read::<ChannelCreated>() {
                    self.change_channels(community, |channels| {
                        channels.put(created.channel, rev);
                    });
                } else if let Some(deleted) = envelope.read::<ChannelDeleted>() {
                    let id = deleted.channel_id;
                    let mut news = false;
                    self.change_channels(community, |channels| news = channels.remove(id.0, rev));
                    if news {
                        self.forget(id);
                    }
                }
            }
            Heard::Reset { rev } => {
                let rev = *rev;
                self.change_channels(community, |channels| channels.forget(rev));
                load_until_done(load_overview, move |fresh| {
                    self.directory
                        .try_update(|directory| directory.restart(community, fresh));
                    self.refresh();
                });
            }
            Heard::Complete { .. } | Heard::Heartbeat { .. } => {}
        }
    }

    fn change_channels(self, id: CommunityId, change: impl FnOnce(&mut Replica<Channel>)) {
        self.directory.update(|directory| {
            if let Some(channels) = directory.channels_mut(id) {
                change(channels);
            }
        });
    }
}

/// Merges states: what arrived meanwhile as an event is newer than the response.
fn merged(known: ChannelState, fresh: ChannelState) -> ChannelState {
    let mut state = if known.head.seq > fresh.head.seq {
        known
    } else {
        fresh
    };
    state.read_seq = known.read_seq.max(fresh.read_seq);
    state
}
