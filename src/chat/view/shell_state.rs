//! What all panes of the chat share: the channels, their states and timelines.

use crate::accounts::Viewer;
use crate::chat::rpc::load_states;
use crate::chat::timeline::Timeline;
use crate::chat::{ChannelState, Head, MarkerMoved, MessageChanged, Snapshot};
use crate::communities::rpc::load_overview;
use crate::communities::{Channel, ChannelCreated, ChannelDeleted, MemberPage, Overview};
use crate::offline;
use crate::realtime::{Client, Envelope, Heard, Scope, Topic};
use crate::shared::ChannelId;
use leptos::{prelude::*, task::spawn_local};
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
    /// First page of the first community's members.
    pub members: Option<MemberPage>,
}

/// Timelines, with the viewer's permission to send and the maximum message length.
type Timelines = HashMap<ChannelId, (RwSignal<Timeline>, (bool, usize))>;

/// State that all panes share; a cheap copy.
#[derive(Clone, Copy)]
pub struct ShellState {
    pub viewer: StoredValue<Viewer>,
    pub overview: StoredValue<Overview>,
    /// Channels in the order of creation.
    pub channels: RwSignal<Vec<Channel>>,
    /// States of the channels.
    pub states: RwSignal<HashMap<ChannelId, ChannelState>>,
    pub open: Memo<Option<ChannelId>>,
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
    pub fn provide(data: &ShellData, open: Memo<Option<ChannelId>>) -> Self {
        let states = data.states.iter().map(|state| (state.channel_id, *state));
        let shell = Self {
            viewer: StoredValue::new(data.viewer.clone()),
            overview: StoredValue::new(data.overview.clone()),
            channels: RwSignal::new(data.overview.channels.clone()),
            states: RwSignal::new(states.collect()),
            open,
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
            .with(|states| states.get(&id).map_or(0, |state| state.unread))
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

    /// Adds a channel. false: it is already in the list.
    pub fn add_channel(self, channel: Channel) -> bool {
        let known = |channels: &Vec<Channel>| channels.iter().any(|known| known.id == channel.id);
        if self.channels.try_with_untracked(known) != Some(false) {
            return false;
        }
        let state = ChannelState {
            channel_id: channel.id,
            head: Head::default(),
            read_seq: 0,
            unread: 0,
        };
        self.states.update(|states| {
            states.insert(channel.id, state);
        });
        self.channels.update(|channels| channels.push(channel));
        true
    }

    /// Removes a deleted channel and its data stored in the browser.
    pub fn remove_channel(self, id: ChannelId, client: Client) {
        client.close(Topic::new(Scope::Channel, id.0));
        self.timelines
            .try_update_value(|timelines| timelines.remove(&id));
        self.states.try_update(|states| states.remove(&id));
        self.channels
            .try_update(|channels| channels.retain(|channel| channel.id != id));
        offline::drop(&id.to_string());
    }

    /// Records that the viewer has read a channel up to a number.
    pub fn has_read(self, channel: ChannelId, seq: i64) {
        self.states.update(|states| {
            if let Some(state) = states.get_mut(&channel) {
                state.read_seq = state.read_seq.max(seq);
                if state.read_seq >= state.head.seq {
                    state.unread = 0;
                }
            }
        });
    }

    /// Loads the states of all channels.
    fn refresh(self) {
        spawn_local(async move {
            if let Ok(fresh) = load_states().await {
                self.states.try_update(|states| {
                    for state in fresh {
                        let known = states.entry(state.channel_id).or_insert(state);
                        *known = merged(*known, state);
                    }
                });
            }
        });
    }

    /// Handles an event of the viewer's account.
    pub fn on_account(self, update: &Heard) {
        match update {
            // After each connect: covers events missed in channels that are not open.
            Heard::Complete { .. } | Heard::Reset => self.refresh(),
            Heard::Event(envelope) => {
                let markers = envelope.read::<MarkerMoved>().map(|moved| moved.markers);
                for marker in markers.unwrap_or_default() {
                    self.has_read(marker.channel_id, marker.seq);
                }
            }
            Heard::Heartbeat { .. } => {}
        }
    }

    /// Handles an event of the community.
    pub fn on_community(self, update: &Heard, client: Client) {
        if let Heard::Complete { .. } | Heard::Reset = update {
            self.compare_channels(client);
        }
        let Heard::Event(envelope) = update else {
            return;
        };
        if let Some(created) = envelope.read::<ChannelCreated>() {
            let channel = created.channel.id;
            if self.add_channel(created.channel) {
                self.listen_to(channel, client);
            }
        } else if let Some(deleted) = envelope.read::<ChannelDeleted>() {
            self.remove_channel(deleted.channel_id, client);
        }
    }

    /// Finds channels that were created or deleted while this page was disconnected.
    fn compare_channels(self, client: Client) {
        let ids = |channels: &Vec<Channel>| channels.iter().map(|channel| channel.id).collect();
        let known: Vec<ChannelId> = self.channels.with_untracked(ids);
        spawn_local(async move {
            let Ok(overview) = load_overview().await else {
                return;
            };
            for id in known {
                if !overview.channels.iter().any(|channel| channel.id == id) {
                    self.remove_channel(id, client);
                }
            }
            for channel in overview.channels {
                let id = channel.id;
                if self.add_channel(channel) {
                    self.listen_to(id, client);
                }
            }
            self.refresh();
        });
    }

    fn on_channel(self, envelope: &Envelope) {
        let Some(changed) = envelope.read::<MessageChanged>() else {
            return;
        };
        let message = changed.message;
        let own = self
            .viewer
            .with_value(|viewer| viewer.account == message.author.id);
        self.states.update(|states| {
            let Some(state) = states.get_mut(&message.channel_id) else {
                return;
            };
            if message.seq > state.head.seq {
                state.head.seq = message.seq;
                if !own && !message.deleted {
                    state.unread += 1;
                }
            }
        });
    }

    /// Subscribes to a channel for its entry in the list.
    pub fn listen_to(self, channel: ChannelId, client: Client) {
        let topic = Topic::new(Scope::Channel, channel.0);
        let hear = move |update: Heard| {
            if let Heard::Event(envelope) = update {
                self.on_channel(&envelope);
            }
        };
        self.owner
            .with_value(|owner| owner.with(|| client.listen(topic, || None, hear)));
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
    if state.read_seq >= state.head.seq {
        state.unread = 0;
    }
    state
}
