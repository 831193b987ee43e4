//! How far a page is with a topic, and what it knows of the topic's items.

use super::Envelope;
use std::{collections::HashMap, ops::Deref, sync::Arc};
use uuid::Uuid;

/// An update of a feed.
#[derive(Clone, Debug)]
pub enum Heard {
    /// An event on the topic.
    Event(Arc<Envelope>),
    /// Everything up to these counters has been sent.
    Complete {
        /// Sequence number.
        seq: i64,
        /// Change count.
        rev: i64,
    },
    /// Too much was missed: start from a fresh snapshot.
    Reset {
        /// Change count; a fresh snapshot is not older.
        rev: i64,
    },
    /// Current counter of the topic; a feed that is behind requests the rest.
    Heartbeat {
        /// Change count.
        rev: i64,
    },
}

/// The change count up to which a page has everything of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    rev: i64,
    /// true while missing changes are requested.
    asking: bool,
}

/// What to do with an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// true if it is news for the page.
    pub news: bool,
    /// true if changes are missing: request them.
    pub behind: bool,
}

impl Progress {
    /// The page has everything up to this change count.
    pub const fn new(rev: i64) -> Self {
        Self { rev, asking: false }
    }

    /// Returns the change count from which missing changes are requested.
    pub fn ask(&mut self) -> i64 {
        self.asking = true;
        self.rev
    }

    /// Records an update.
    pub fn next(&mut self, update: &Heard) -> Step {
        let mut step = Step {
            news: true,
            behind: false,
        };
        match update {
            Heard::Event(envelope) => match envelope.rev {
                // Not counted.
                0 => {}
                rev if rev <= self.rev => step.news = false,
                rev if rev == self.rev + 1 => self.rev = rev,
                _ => step.behind = !self.asking,
            },
            Heard::Complete { rev, .. } => {
                self.asking = false;
                self.rev = self.rev.max(*rev);
            }
            Heard::Reset { rev } => {
                self.asking = false;
                self.rev = *rev;
            }
            Heard::Heartbeat { rev } => {
                step.news = false;
                step.behind = *rev > self.rev && !self.asking;
            }
        }
        step
    }
}

/// Something with an id in a topic.
pub trait Item {
    fn key(&self) -> Uuid;
}

/// The items of a topic as a page knows them. Updates can come twice and in any order: each item
/// has its latest known state.
#[derive(Clone, Debug)]
pub struct Replica<T> {
    items: Vec<T>,
    /// Items without their own count are known as of this change count.
    since: i64,
    /// Change counts as of which items are known; also of removed ones.
    revs: HashMap<Uuid, i64>,
}

impl<T> Deref for Replica<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T: Item> Replica<T> {
    /// The items as of a change count that was read before them.
    pub fn new(items: Vec<T>, rev: i64) -> Self {
        Self {
            items,
            since: rev,
            revs: HashMap::new(),
        }
    }

    /// Returns an item for changes that are not counted.
    pub fn get_mut(&mut self, key: Uuid) -> Option<&mut T> {
        self.items.iter_mut().find(|item| item.key() == key)
    }

    /// true if it was removed.
    pub fn is_gone(&self, key: Uuid) -> bool {
        self.revs.contains_key(&key) && !self.iter().any(|item| item.key() == key)
    }

    /// Adds or replaces an item as of a change count. false: a later state is known.
    pub fn put(&mut self, item: T, rev: i64) -> bool {
        let news = self.note(item.key(), rev);
        if news {
            self.show(item);
        }
        news
    }

    /// Removes an item as of a change count. false: a later state is known.
    pub fn remove(&mut self, key: Uuid, rev: i64) -> bool {
        let news = self.note(key, rev);
        if news {
            self.hide(key);
        }
        news
    }

    /// Adds or replaces an item; the next counted state decides.
    pub fn show(&mut self, item: T) {
        match self.get_mut(item.key()) {
            Some(known) => *known = item,
            None => self.items.push(item),
        }
    }

    /// Removes an item; the next counted state decides.
    pub fn hide(&mut self, key: Uuid) {
        self.items.retain(|item| item.key() != key);
    }

    /// Adds another page of items, as of a change count that was read before them.
    pub fn add_page(&mut self, page: Vec<T>, rev: i64) {
        // Requested before a reset.
        if rev < self.since {
            return;
        }
        for item in page {
            let key = item.key();
            if self.revs.get(&key).is_none_or(|known| *known < rev) {
                self.revs.insert(key, rev);
                self.show(item);
            }
        }
    }

    /// Forgets all change counts: changes up to this one were missed, and [`Self::restart`] follows.
    pub fn forget(&mut self, rev: i64) {
        self.revs.clear();
        self.since = rev;
    }

    /// Replaces all items by a fresh snapshot, but for what changed after it.
    pub fn restart(&mut self, items: Vec<T>, rev: i64) {
        let old = std::mem::replace(self, Self::new(items, rev));
        let mut states: HashMap<_, _> = old.items.into_iter().map(|one| (one.key(), one)).collect();
        for (key, known) in old.revs {
            match states.remove(&key) {
                Some(item) => self.put(item, known),
                None => self.remove(key, known),
            };
        }
    }

    fn note(&mut self, key: Uuid, rev: i64) -> bool {
        let known = *self.revs.get(&key).unwrap_or(&self.since);
        if rev > known {
            self.revs.insert(key, rev);
        }
        rev > known
    }
}

#[cfg(test)]
mod tests;
