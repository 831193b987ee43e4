//! Who has sent something to which channel lately.
//!
//! Their next message needs no look at the database before it joins those that are stored together:
//! whether they may send is decided there, in the transaction. Anybody else is looked at first, so
//! that what is refused does not take the writer's time.

use crate::shared::sync::lock;
use crate::shared::{AccountId, ChannelId};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// How long somebody is known.
const KNOWN: Duration = Duration::from_mins(10);
/// Most of them in memory.
const MOST: usize = 20_000;

type Sender = (AccountId, ChannelId);

/// Those who have sent lately.
#[derive(Default)]
pub(super) struct Senders {
    last: Mutex<HashMap<Sender, Instant>>,
}

impl Senders {
    /// Has this one sent something lately?
    pub(super) fn know(&self, sender: Sender) -> bool {
        let last = self.lock().get(&sender).copied();
        last.is_some_and(|last| last.elapsed() < KNOWN)
    }

    /// A message of this one was stored.
    pub(super) fn note(&self, sender: Sender) {
        let now = Instant::now();
        let mut last = self.lock();
        if last.len() >= MOST && !last.contains_key(&sender) {
            last.retain(|_, at| now.duration_since(*at) < KNOWN);
            if last.len() >= MOST {
                // They are looked at once more: cheaper than finding the oldest.
                last.clear();
            }
        }
        last.insert(sender, now);
    }

    /// A message of this one was refused.
    pub(super) fn forget(&self, sender: Sender) {
        self.lock().remove(&sender);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Sender, Instant>> {
        lock(&self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_is_bounded() {
        let senders = Senders::default();
        let channel = ChannelId::new();
        let first = (AccountId::new(), channel);
        senders.note(first);
        assert!(senders.know(first));
        for _ in 0..MOST + 10 {
            senders.note((AccountId::new(), channel));
        }
        assert!(senders.lock().len() <= MOST);
        assert!(!senders.know(first));
        senders.note(first);
        senders.forget(first);
        assert!(!senders.know(first));
    }
}
