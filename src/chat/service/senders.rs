//! Remembers which accounts have sent to which channel recently.
//!
//! Their next message joins the batch without a database read before it: the transaction of the
//! batch checks permission. All others are checked by a read first, so refused messages do not take
//! the writer's time.

use crate::shared::sync::lock;
use crate::shared::{AccountId, ChannelId};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// How long a sender is remembered.
const KNOWN: Duration = Duration::from_mins(10);
/// Maximum number of senders in memory.
const MOST: usize = 20_000;

type Sender = (AccountId, ChannelId);

/// Accounts that have sent to a channel recently.
#[derive(Default)]
pub(super) struct Senders {
    last: Mutex<HashMap<Sender, Instant>>,
}

impl Senders {
    /// true if this sender has sent a message recently.
    pub(super) fn know(&self, sender: Sender) -> bool {
        let last = self.lock().get(&sender).copied();
        last.is_some_and(|last| last.elapsed() < KNOWN)
    }

    /// Remembers a sender whose message was stored.
    pub(super) fn note(&self, sender: Sender) {
        let now = Instant::now();
        let mut last = self.lock();
        if last.len() >= MOST && !last.contains_key(&sender) {
            last.retain(|_, at| now.duration_since(*at) < KNOWN);
            if last.len() >= MOST {
                // Checking all senders again is cheaper than finding the oldest.
                last.clear();
            }
        }
        last.insert(sender, now);
    }

    /// Forgets a sender whose message was refused.
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
