//! Tracks which channels have something to read.
//!
//! Most messages are no commands. A message that directly follows the previous one and is no
//! command is recorded as such when it is published, and the database is not read for it.
//! Everything else (a command, a gap, the first message after the start) marks the channel, which
//! is then read from its cursor on: an event is only a hint.

use super::super::rules;
use crate::accounts::AccountKind;
use crate::chat::MessageChanged;
use crate::realtime::{Event, Scope, bus::Published, bus::Sink};
use crate::shared::ChannelId;
use crate::shared::sync::lock;
use serde::Deserialize;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::Notify;

/// Channels to read, each once, first come first served; and ranges that need no reading.
#[derive(Default)]
pub struct Wake {
    queue: Mutex<Queue>,
    notify: Notify,
}

#[derive(Default)]
struct Queue {
    order: VecDeque<ChannelId>,
    waiting: HashSet<ChannelId>,
    quiet: HashMap<ChannelId, Quiet>,
}

/// Range of messages without gaps and without commands: after `after`, up to `last`.
#[derive(Clone, Copy)]
struct Quiet {
    after: i64,
    last: i64,
}

/// The fields of an event that the bot needs.
#[derive(Deserialize)]
struct Heard<'a> {
    #[serde(borrow)]
    body: HeardBody<'a>,
}

#[derive(Deserialize)]
struct HeardBody<'a> {
    #[serde(borrow)]
    message: HeardMessage<'a>,
}

#[derive(Deserialize)]
struct HeardMessage<'a> {
    seq: i64,
    #[serde(borrow)]
    body: Cow<'a, str>,
    author: HeardAuthor,
    #[serde(default)]
    deleted: bool,
}

#[derive(Deserialize)]
struct HeardAuthor {
    kind: AccountKind,
}

/// Parses a message's command. Ignores bots: bots that reply to bots would never stop.
pub fn asks(kind: AccountKind, deleted: bool, body: &str) -> Option<rules::Command> {
    if deleted || kind == AccountKind::Bot {
        return None;
    }
    rules::parse(body)
}

impl Wake {
    /// Returns a listener for all published messages.
    pub fn sink(self: &Arc<Self>) -> Sink {
        let wake = Arc::clone(self);
        Box::new(move |event| {
            if event.kind == MessageChanged::KIND && event.topic.scope == Scope::Channel {
                wake.hear(event);
            }
        })
    }

    fn hear(&self, event: &Published) {
        let channel = ChannelId(event.topic.id);
        let json = event.frame.get(1..).unwrap_or_default();
        match serde_json::from_slice::<Heard>(json) {
            Ok(Heard { body }) => {
                let HeardMessage {
                    seq,
                    body,
                    author,
                    deleted,
                } = body.message;
                self.note(channel, seq, asks(author.kind, deleted, &body).is_some());
            }
            Err(_) => self.mark(channel),
        }
    }

    /// Records a new or changed message.
    fn note(&self, channel: ChannelId, seq: i64, asks: bool) {
        let mut queue = self.lock();
        let quiet = queue.quiet.get(&channel).copied();
        let last = quiet.map_or(0, |quiet| quiet.last);
        if quiet.is_some() && seq <= last {
            // An edit: a command is answered once, as first sent.
            return;
        }
        let follows = quiet.is_some() && seq == last + 1;
        if follows && !asks {
            queue.quiet.insert(
                channel,
                Quiet {
                    last: seq,
                    ..quiet.unwrap_or(Quiet {
                        after: seq,
                        last: seq,
                    })
                },
            );
            return;
        }
        // Read from the database, with all messages before it.
        let after = if asks { seq } else { seq - 1 };
        queue.quiet.insert(channel, Quiet { after, last: seq });
        drop(queue);
        self.mark(channel);
    }

    /// Returns how far a channel needs no reading if everything up to `reached` is handled.
    pub fn quiet_to(&self, channel: ChannelId, reached: i64) -> i64 {
        match self.lock().quiet.get(&channel) {
            Some(quiet) if quiet.after <= reached => quiet.last.max(reached),
            _ => reached,
        }
    }

    /// Marks a channel as having something to read.
    pub fn mark(&self, channel: ChannelId) {
        let mut queue = self.lock();
        if queue.waiting.insert(channel) {
            queue.order.push_back(channel);
            self.notify.notify_one();
        }
    }

    /// Takes the channel that has waited longest, except channels that are being read.
    pub fn take(&self, busy: &HashSet<ChannelId>) -> Option<ChannelId> {
        let mut queue = self.lock();
        let at = queue.order.iter().position(|id| !busy.contains(id))?;
        let channel = queue.order.remove(at)?;
        queue.waiting.remove(&channel);
        Some(channel)
    }

    /// Waits until a channel was marked since the last wait.
    pub async fn marked(&self) {
        self.notify.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        lock(&self.queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn each_once_in_order_and_never_twice_at_a_time() {
        let wake = Wake::default();
        let [a, b] = [1, 2].map(|n| ChannelId(Uuid::from_u128(n)));
        for channel in [a, b, a] {
            wake.mark(channel);
        }
        let mut busy = HashSet::from([a]);
        assert_eq!(wake.take(&busy), Some(b));
        assert_eq!(wake.take(&busy), None);
        busy.clear();
        assert_eq!(wake.take(&busy), Some(a));
        wake.mark(a);
        assert_eq!(wake.take(&busy), Some(a), "marked again while it was read");
        assert_eq!(wake.take(&busy), None);
    }

    proptest! {
        /// For any messages, lost events and reads: no command lies in a range that needs no
        /// reading, and a channel that is not marked has nothing left to read.
        #[test]
        fn nothing_that_asks_is_passed_over(
            said in prop::collection::vec((any::<bool>(), 0..10_u8, any::<bool>()), 1..80),
        ) {
            let wake = Wake::default();
            let channel = ChannelId(Uuid::from_u128(1));
            let mut asked: Vec<i64> = Vec::new();
            let mut cursor = 0_i64;
            let mut answered: Vec<i64> = Vec::new();
            let mut lost = false;
            for (seq, (asks, luck, reads)) in (1_i64..).zip(said) {
                if asks {
                    asked.push(seq);
                }
                if luck == 0 {
                    lost = true;
                } else {
                    wake.note(channel, seq, asks);
                    lost = false;
                }
                if reads && wake.take(&HashSet::new()).is_some() {
                    // A turn: everything after the cursor is read and answered.
                    let from = wake.quiet_to(channel, cursor);
                    answered.extend(asked.iter().copied().filter(|n| *n > from));
                    cursor = wake.quiet_to(channel, seq);
                }
            }
            let marked = wake.take(&HashSet::new()).is_some();
            if marked {
                let from = wake.quiet_to(channel, cursor);
                answered.extend(asked.iter().copied().filter(|n| *n > from));
            } else if !lost {
                // An event lost at the very end is found by the next comparison of all channels.
                answered.dedup();
                let left: Vec<_> = asked.iter().filter(|n| !answered.contains(n)).collect();
                prop_assert!(left.is_empty(), "{left:?}");
            }
            let mut once = answered.clone();
            once.dedup();
            prop_assert_eq!(&once, &answered, "nothing is read twice");
            if marked {
                prop_assert_eq!(answered, asked);
            }
        }
    }
}
