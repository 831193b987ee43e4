//! An open channel: its timeline, its read marker, and what arrives for it.

use super::scroll::Scroller;
use super::shell_state::ShellState;
use super::typing::Writers;
use super::walk;
use crate::accounts::Viewer;
use crate::chat::rpc::{Direction, load_history, load_snapshot};
use crate::chat::timeline::Timeline;
use crate::chat::{CaughtUp, Head, IsTyping, MarkRead, MessageChanged, MessagesChanged, Snapshot};
use crate::offline;
use crate::realtime::{Client, Envelope, Heard, Scope, Topic, nonce};
use crate::shared::{ChannelId, MessageId};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// Maximum number of rows on the page; the far end is trimmed.
const MOST_ROWS: usize = 400;

/// Extra rows before trimming, so that it does not happen with each message.
const SLACK: usize = 100;

/// Delay before a failed snapshot request is retried.
const AGAIN: Duration = Duration::from_secs(3);

/// Delay before the read marker is sent.
const READING: Duration = Duration::from_millis(400);

/// State that the components of an open channel share; a cheap copy.
#[derive(Clone, Copy)]
pub struct Room {
    pub channel: ChannelId,
    pub viewer: StoredValue<Viewer>,
    pub timeline: RwSignal<Timeline>,
    /// The unread line is after this number.
    pub unread_after: RwSignal<Option<i64>>,
    /// true if the viewer can send messages here.
    pub may_send: bool,
    /// The message that is about to be deleted.
    pub deleting: RwSignal<Option<MessageId>>,
    /// Scroll position.
    pub scroller: Scroller,
    pub client: Client,
    shell: ShellState,
    loading: RwSignal<bool>,
    /// true while missing changes are requested.
    catching_up: StoredValue<bool>,
    /// Number of unseen messages below.
    pub below: RwSignal<u32>,
    marking: StoredValue<bool>,
    /// true if editing was started from the composer.
    from_composer: StoredValue<bool>,
    first: bool,
}

impl Room {
    pub fn provide(snapshot: Snapshot) -> Self {
        let shell = expect_context::<ShellState>();
        let unread = snapshot.head.seq > snapshot.read_seq;
        let room = Self {
            channel: snapshot.channel_id,
            may_send: snapshot.may_send,
            viewer: shell.viewer,
            unread_after: RwSignal::new(unread.then_some(snapshot.read_seq)),
            timeline: shell.timeline(snapshot),
            deleting: RwSignal::new(None),
            scroller: Scroller::new(),
            shell,
            client: Client::of_context(),
            loading: RwSignal::new(false),
            catching_up: StoredValue::new(false),
            below: RwSignal::new(0),
            marking: StoredValue::new(false),
            from_composer: StoredValue::new(false),
            first: !shell.has_moved(),
        };
        provide_context(room);
        room
    }

    /// true if this is the first channel opened on this page.
    pub fn is_first(self) -> bool {
        self.first
    }

    /// true if the composer takes the focus: the viewer came from another channel and has a fine
    /// pointer, so probably a keyboard; not after a page load.
    pub fn takes_focus(self) -> bool {
        let fine = || window().match_media("(pointer: fine)").ok().flatten();
        !self.first && fine().is_some_and(|query| query.matches())
    }

    pub fn name(self) -> String {
        self.shell.channel_name(self.channel)
    }

    /// Text to insert into the composer.
    pub fn insert(self) -> RwSignal<Option<String>> {
        self.shell.insert
    }

    /// Opens the viewer's last message for editing. false: there is none on the page.
    pub fn edit_last(self) -> bool {
        let own = self.viewer.with_value(|viewer| viewer.account);
        let last = self.timeline.with_untracked(|timeline| {
            let rows = timeline.rows().iter().rev();
            let mut mine = rows.filter(|row| row.author.id == own && !row.deleted);
            mine.next().map(|row| row.id)
        });
        let opened = last.is_some_and(walk::edit);
        self.from_composer.set_value(opened);
        opened
    }

    /// true if the focus returns to the composer after an edit. Resets the flag.
    pub fn is_back_to_composer(self) -> bool {
        let answer = |from: &mut bool| std::mem::take(from);
        self.from_composer.try_update_value(answer) == Some(true)
    }

    /// Marks everything as read and goes to the newest message.
    pub fn all_read(self) {
        self.unread_after.set(None);
        self.jump_to_latest();
    }

    /// Path of the channel's page.
    pub fn path(self) -> Option<String> {
        self.shell.channel_path(self.channel)
    }

    pub fn topic(self) -> Topic {
        Topic::new(Scope::Channel, self.channel.0)
    }

    /// Handles one update of the channel.
    pub fn hear(self, update: &Heard, writers: Writers) {
        match update {
            Heard::Event(envelope) => self.on_event(envelope, writers),
            Heard::Complete { seq, rev } => {
                self.catching_up.try_set_value(false);
                let head = Head {
                    seq: *seq,
                    rev: *rev,
                };
                self.timeline.try_update(|timeline| timeline.complete(head));
                self.mark_read();
            }
            Heard::Reset { .. } => self.start_again(),
            Heard::Heartbeat { rev } => {
                let head = Head { seq: 0, rev: *rev };
                let behind = |timeline: &Timeline| timeline.is_behind(head);
                if self.timeline.try_with_untracked(behind) == Some(true) {
                    self.catch_up();
                }
            }
        }
    }

    fn on_event(self, envelope: &Envelope, writers: Writers) {
        if let Some(changed) = envelope.read::<MessageChanged>() {
            let message = changed.message;
            writers.forget(message.author.id);
            let own = self
                .viewer
                .with_value(|viewer| viewer.account == message.author.id);
            let new = message.seq > self.timeline.with_untracked(Timeline::head_seq);
            self.shell.has_advanced(self.channel, message.seq);
            let mut complete = true;
            let at_end = self.scroller.at_end.get_untracked();
            let change = || {
                self.timeline.update(|timeline| {
                    complete = timeline.changed(message);
                    // At the end, old rows can be loaded again, so they are trimmed.
                    if at_end && timeline.at_end() && timeline.rows().len() > MOST_ROWS + SLACK {
                        timeline.trim_oldest(MOST_ROWS);
                    }
                });
            };
            walk::keeping_focus(|| self.scroller.keeping_place(change));
            if !complete {
                self.catch_up();
            }
            if new && own {
                self.mark_read();
            } else if new {
                self.arrived();
            }
        } else if let Some(changed) = envelope.read::<MessagesChanged>() {
            let mut complete = true;
            self.scroller.keeping_place(|| {
                self.timeline.update(|timeline| {
                    for message in changed.messages {
                        complete = timeline.changed(message);
                    }
                });
            });
            if !complete {
                self.catch_up();
            }
        } else if let Some(missed) = envelope.read::<CaughtUp>() {
            self.scroller.keeping_place(|| {
                self.timeline
                    .update(|timeline| timeline.caught_up(missed.messages));
            });
        } else if let Some(typing) = envelope.read::<IsTyping>() {
            let own = self
                .viewer
                .with_value(|viewer| viewer.account == typing.profile.id);
            if !own {
                writers.note(typing.profile);
            }
        }
    }

    /// Handles a new message of another member.
    fn arrived(self) {
        let seen = self.scroller.at_end.get_untracked() && !document().hidden();
        if seen {
            self.mark_read();
            return;
        }
        self.below.update(|below| *below += 1);
        if document().hidden() && self.unread_after.get_untracked().is_none() {
            let read = self.read_seq();
            self.unread_after.set(Some(read));
        }
    }

    fn read_seq(self) -> i64 {
        let state = |states: &std::collections::HashMap<ChannelId, crate::chat::ChannelState>| {
            states.get(&self.channel).map_or(0, |state| state.read_seq)
        };
        self.shell.states.with_untracked(state)
    }

    /// Requests missing changes, one request at a time.
    fn catch_up(self) {
        if self
            .catching_up
            .try_update_value(|asked| std::mem::replace(asked, true))
            == Some(false)
        {
            self.client.subscribe(self.topic());
        }
    }

    /// Loads a fresh snapshot.
    fn start_again(self) {
        let Some(asked) = self.timeline.try_with_untracked(Timeline::rev) else {
            return;
        };
        spawn_local(async move {
            match load_snapshot(self.channel).await {
                Ok(snapshot) => {
                    self.timeline
                        .try_update(|timeline| timeline.restart(snapshot, asked));
                }
                Err(error) => {
                    // Not immediately: the next response may be a reset again.
                    leptos::logging::warn!("{error}");
                    let again = move || {
                        if !self.timeline.is_disposed() {
                            self.start_again();
                        }
                    };
                    set_timeout(again, AGAIN);
                    return;
                }
            }
            // Requests the changes since the snapshot; that can lead to another reset.
            self.catching_up.try_set_value(true);
            self.client.subscribe(self.topic());
        });
    }

    /// Moves the read marker to the newest message if it is visible to the viewer.
    pub fn mark_read(self) {
        let (end, seq) = self
            .timeline
            .try_with_untracked(|timeline| (timeline.at_end(), timeline.head_seq()))
            .unwrap_or_default();
        let visible = self.scroller.at_end.try_get_untracked() == Some(true);
        if !end || !visible || document().hidden() {
            return;
        }
        self.below.try_set(0);
        if seq <= self.read_seq() {
            return;
        }
        if self
            .marking
            .try_update_value(|marking| std::mem::replace(marking, true))
            != Some(false)
        {
            return;
        }
        set_timeout(move || self.tell_mark(), READING);
    }

    /// Sends the read marker to the server, if it has moved.
    pub fn tell_mark(self) {
        let told = |marking: &mut bool| std::mem::take(marking);
        if self.marking.try_update_value(told) != Some(true) {
            return;
        }
        let seq = self.timeline.with_untracked(Timeline::head_seq);
        let mark = MarkRead {
            channel_id: self.channel,
            seq,
        };
        self.shell.has_read(self.channel, seq);
        self.client.ask(nonce(), &mark, |_| ());
    }

    /// Sends a message: shown at once, delivered as soon as there is a connection.
    pub fn send(self, text: &str) {
        let mark = nonce();
        self.timeline
            .update(|timeline| timeline.sending(mark.clone(), text.to_owned()));
        self.jump_to_latest();
        self.unread_after.set(None);
        offline::send(&self.channel.to_string(), &mark, text);
    }

    /// Sends a refused message again, with the same nonce.
    pub fn retry(self, mark: &str) {
        self.timeline.update(|timeline| timeline.retrying(mark));
        offline::retry(mark);
    }

    /// Removes a refused message.
    pub fn discard(self, mark: &str) {
        self.timeline.update(|timeline| timeline.discard(mark));
        offline::discard(mark);
    }

    /// Loads the page before the oldest message.
    pub fn load_older(self) {
        let first = |timeline: &Timeline| Some(timeline.rows().first()?.seq);
        self.load(Direction::Older, self.timeline.with_untracked(first));
    }

    /// Loads the page after the newest shown message.
    pub fn load_newer(self) {
        let last = |timeline: &Timeline| Some(timeline.rows().last()?.seq);
        self.load(Direction::Newer, self.timeline.with_untracked(last));
    }

    fn load(self, direction: Direction, from: Option<i64>) {
        let Some(seq) = from.filter(|_| !self.loading.get_untracked()) else {
            return;
        };
        self.loading.set(true);
        spawn_local(async move {
            if let Ok(page) = load_history(self.channel, seq, direction).await {
                self.scroller.keeping_place(|| {
                    self.timeline.try_update(|timeline| match direction {
                        Direction::Older => {
                            timeline.prepend(page);
                            timeline.trim_newest(MOST_ROWS);
                        }
                        Direction::Newer => {
                            timeline.append(page);
                            timeline.trim_oldest(MOST_ROWS);
                        }
                    });
                });
            }
            self.loading.try_set(false);
        });
    }

    /// Goes to the newest message, and loads it if it is not on the page.
    pub fn jump_to_latest(self) {
        self.below.set(0);
        if self.timeline.with_untracked(|timeline| timeline.newer) {
            self.start_again();
        }
        self.scroller.to_end();
        self.mark_read();
    }

    /// Handles scrolling.
    pub fn scrolled(self) {
        let (start_near, end_near) = self.scroller.measure();
        let (older, newer) = self
            .timeline
            .with_untracked(|rows| (rows.older, rows.newer));
        if start_near && older {
            self.load_older();
        } else if end_near && newer {
            self.load_newer();
        }
        if self.scroller.at_end.get_untracked() {
            self.mark_read();
        }
    }
}
