//! A timeline: a stretch of a channel's history that is kept up to date by events.
//!
//! Pure data and rules, the same in the browser and in the tests that prove delivery: snapshot +
//! events, in whatever order and however often they arrive, is a fresh snapshot.

use super::model::{Head, Message, Page, Snapshot};
use crate::shared::Error;
use std::collections::BTreeSet;

/// A message that is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// The mark by which the real message will be known.
    pub nonce: String,
    /// What was written.
    pub text: String,
    /// Why it was refused, when it was.
    pub failed: Option<Error>,
}

/// One channel's timeline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// A stretch without holes, by `seq`.
    rows: Vec<Message>,
    /// Are there older messages on the server?
    pub older: bool,
    /// Are there newer ones that are not in `rows`? Then new messages are not added.
    pub newer: bool,
    /// Number of the newest message known.
    head_seq: i64,
    /// All changes up to this count have been applied.
    rev: i64,
    /// Changes beyond `rev` that have been applied already.
    ahead: BTreeSet<i64>,
    /// Own messages that are not acknowledged, in the order of their sending.
    pending: Vec<Pending>,
}

impl Timeline {
    /// The timeline of a snapshot.
    #[must_use]
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            rows: snapshot.page.messages,
            older: snapshot.page.older,
            newer: snapshot.page.newer,
            head_seq: snapshot.head.seq,
            rev: snapshot.head.rev,
            ahead: BTreeSet::new(),
            pending: Vec::new(),
        }
    }

    /// Starts again from a fresh snapshot; what is on its way stays.
    pub fn reset(&mut self, snapshot: Snapshot) {
        let pending = std::mem::take(&mut self.pending);
        *self = Self::new(snapshot);
        self.pending = pending;
        let arrived: Vec<_> = self.rows.iter().map(|row| row.nonce.clone()).collect();
        self.pending.retain(|entry| !arrived.contains(&entry.nonce));
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn rows(&self) -> &[Message] {
        &self.rows
    }

    /// Own messages on their way, in the order of their sending.
    #[must_use]
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// All changes up to this count have been applied: the place to go on from.
    #[must_use]
    pub const fn rev(&self) -> i64 {
        self.rev
    }

    /// Number of the newest message known, shown or not.
    #[must_use]
    pub const fn head_seq(&self) -> i64 {
        self.head_seq
    }

    /// Is the newest message shown?
    #[must_use]
    pub fn at_end(&self) -> bool {
        !self.newer
    }

    /// Takes a live change. False: changes before it are missing, ask for everything after
    /// [`Timeline::rev`].
    pub fn changed(&mut self, message: Message) -> bool {
        let rev = message.rev;
        self.apply(message);
        if rev > self.rev {
            self.ahead.insert(rev);
            self.advance();
        }
        self.ahead.is_empty()
    }

    /// Takes changes that the server sent after a question for what was missed.
    pub fn caught_up(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.apply(message);
        }
    }

    /// The server says that all changes up to `head` have been sent.
    pub fn complete(&mut self, head: Head) {
        self.rev = self.rev.max(head.rev);
        self.head_seq = self.head_seq.max(head.seq);
        self.advance();
    }

    /// Is something missing that a channel standing at `head` has?
    #[must_use]
    pub fn is_behind(&self, head: Head) -> bool {
        head.rev > self.rev
    }

    fn advance(&mut self) {
        self.ahead.retain(|rev| *rev > self.rev);
        while self.ahead.first() == Some(&(self.rev + 1)) {
            self.ahead.pop_first();
            self.rev += 1;
        }
    }

    /// Puts one row where it belongs; older versions than the one that is there change nothing.
    fn apply(&mut self, message: Message) {
        self.pending.retain(|entry| entry.nonce != message.nonce);
        let newest = message.seq > self.head_seq;
        self.head_seq = self.head_seq.max(message.seq);
        match self.rows.binary_search_by_key(&message.seq, |row| row.seq) {
            Ok(at) => {
                if let Some(row) = self.rows.get_mut(at)
                    && row.rev < message.rev
                {
                    *row = message;
                }
            }
            Err(at) => {
                let before_all = at == 0 && !self.rows.is_empty();
                let after_all = at == self.rows.len();
                // Older than the stretch that is shown: it comes with its page.
                let hidden = (before_all && self.older)
                    || (after_all && self.newer)
                    || (self.rows.is_empty() && self.older && !newest);
                if !hidden {
                    self.rows.insert(at, message);
                }
            }
        }
    }

    /// Adds a page of older messages.
    pub fn prepend(&mut self, page: Page) {
        self.older = page.older;
        self.merge(page.messages);
    }

    /// Adds a page of newer messages.
    pub fn append(&mut self, page: Page) {
        self.newer = page.newer;
        self.merge(page.messages);
    }

    fn merge(&mut self, messages: Vec<Message>) {
        for message in messages {
            match self.rows.binary_search_by_key(&message.seq, |row| row.seq) {
                Ok(at) => {
                    if let Some(row) = self.rows.get_mut(at)
                        && row.rev < message.rev
                    {
                        *row = message;
                    }
                }
                Err(at) => self.rows.insert(at, message),
            }
        }
    }

    /// Drops the newest rows beyond `keep`: somebody reads far up in the history.
    pub fn trim_newest(&mut self, keep: usize) {
        if self.rows.len() > keep {
            self.rows.truncate(keep);
            self.newer = true;
        }
    }

    /// Drops the oldest rows beyond `keep`.
    pub fn trim_oldest(&mut self, keep: usize) {
        if self.rows.len() > keep {
            self.rows.drain(..self.rows.len() - keep);
            self.older = true;
        }
    }

    /// Shows an own message before the server has it.
    pub fn sending(&mut self, nonce: String, text: String) {
        self.pending.push(Pending {
            nonce,
            text,
            failed: None,
        });
    }

    /// The server refused a message; it stays with the reason, to be sent again or discarded.
    pub fn failed(&mut self, nonce: &str, error: Error) {
        if let Some(entry) = self.find(nonce) {
            entry.failed = Some(error);
        }
    }

    /// A refused message is on its way again; its text.
    pub fn retrying(&mut self, nonce: &str) -> Option<String> {
        let entry = self.find(nonce)?;
        entry.failed = None;
        Some(entry.text.clone())
    }

    /// Takes a refused message away.
    pub fn discard(&mut self, nonce: &str) {
        self.pending.retain(|entry| entry.nonce != nonce);
    }

    fn find(&mut self, nonce: &str) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|entry| entry.nonce == nonce)
    }
}
