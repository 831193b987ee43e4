//! A timeline: a stretch of a channel's history that is kept up to date by events.
//!
//! Pure data and rules, the same in the browser and in the tests that prove delivery: snapshot +
//! events, in whatever order and however often they arrive, is a fresh snapshot.

use super::model::{Head, Message, Page, Snapshot};
use crate::shared::{ChannelId, Error};

/// Most changes that are kept beside the rows. They matter for as long as a page is on its way.
const MAX_ASIDE: usize = 512;

/// A message that is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// The mark by which the real message will be known.
    pub nonce: String,
    /// What was written.
    pub text: String,
    /// Why it was refused, when it was.
    pub failed: Option<Error>,
    /// The channel's change count when it was stored, once that is known: whoever has seen all
    /// changes up to there has seen it.
    stored: Option<i64>,
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
    /// The count of the snapshot that this began with.
    base: i64,
    /// Changes beyond `rev` that have been applied already, in their order. Like the next, short
    /// enough for a plain list: trees weigh on every page.
    ahead: Vec<i64>,
    /// Changes of rows that are not shown, by their count: a page or a snapshot that was read
    /// before them may still be on its way.
    aside: Vec<Message>,
    /// Own messages that are not acknowledged, in the order of their sending.
    pending: Vec<Pending>,
}

impl Timeline {
    /// The timeline of a snapshot.
    pub fn new(snapshot: Snapshot) -> Self {
        let last = snapshot.page.messages.last().map_or(0, |row| row.seq);
        Self {
            rows: snapshot.page.messages,
            older: snapshot.page.older,
            newer: snapshot.page.newer,
            head_seq: snapshot.head.seq.max(last),
            rev: snapshot.head.rev,
            base: snapshot.head.rev,
            ..Self::default()
        }
    }

    /// The snapshot that would make the same timeline.
    pub fn snapshot(
        &self,
        channel_id: ChannelId,
        read_seq: i64,
        (may_send, max_length): (bool, usize),
    ) -> Snapshot {
        let page = Page {
            messages: self.rows.clone(),
            older: self.older,
            newer: self.newer,
            rev: self.rev,
        };
        let head = Head {
            seq: self.head_seq,
            rev: self.rev,
        };
        Snapshot {
            channel_id,
            head,
            page,
            read_seq,
            may_send,
            max_length,
        }
    }

    /// Starts again from a fresh snapshot; what is on its way stays, and what was heard since the
    /// snapshot was read. A snapshot that was overtaken by a later one changes nothing.
    pub fn reset(&mut self, snapshot: Snapshot) {
        if snapshot.head.rev < self.base {
            return;
        }
        let old = std::mem::replace(self, Self::new(snapshot));
        self.pending = old.pending;
        self.settle_pending();
        let heard = old.rows.into_iter().chain(old.aside);
        let since: Vec<_> = heard.filter(|message| message.rev > self.rev).collect();
        for message in since {
            self.changed(message);
        }
        self.advance();
    }

    /// Starts again because the server said so. Unlike in [`Timeline::reset`] the snapshot may
    /// stand before what was known when it was asked for (`asked`, the [`Timeline::rev`] of then):
    /// the server was restored from a backup, and what it does not know is gone. What was heard
    /// while the snapshot was on its way is no sign of that. The caller asks for everything after
    /// the snapshot next.
    pub fn restart(&mut self, snapshot: Snapshot, asked: i64) {
        if snapshot.head.rev >= asked {
            self.reset(snapshot);
            return;
        }
        let old = std::mem::replace(self, Self::new(snapshot));
        self.pending = old.pending;
        self.settle_pending();
        for entry in &mut self.pending {
            // Acknowledged by a history that is no more: the writer may send it again.
            if entry.stored.take().is_some() {
                entry.failed = Some(Error::unavailable());
            }
        }
    }

    /// The messages, oldest first.
    pub fn rows(&self) -> &[Message] {
        &self.rows
    }

    /// Own messages on their way, in the order of their sending.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// All changes up to this count have been applied: the place to go on from.
    pub const fn rev(&self) -> i64 {
        self.rev
    }

    /// Number of the newest message known, shown or not.
    pub const fn head_seq(&self) -> i64 {
        self.head_seq
    }

    /// Is the newest message shown?
    pub fn at_end(&self) -> bool {
        !self.newer
    }

    /// Takes a live change. False: changes before it are missing, ask for everything after
    /// [`Timeline::rev`].
    pub fn changed(&mut self, message: Message) -> bool {
        let rev = message.rev;
        self.apply(message);
        if rev > self.rev {
            if let Err(at) = self.ahead.binary_search(&rev) {
                self.ahead.insert(at, rev);
            }
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
    pub fn is_behind(&self, head: Head) -> bool {
        head.rev > self.rev
    }

    fn advance(&mut self) {
        // What joins what is known, one after the other, is ahead no more.
        let mut known = self.rev;
        self.ahead.retain(|rev| {
            if *rev == known + 1 {
                known = *rev;
            }
            *rev > known
        });
        self.rev = known;
        let rev = self.rev;
        self.pending
            .retain(|entry| entry.stored.is_none_or(|stored| stored > rev));
    }

    /// What is among the rows is on its way no more.
    fn settle_pending(&mut self) {
        let rows = &self.rows;
        self.pending
            .retain(|entry| !rows.iter().any(|row| row.nonce == entry.nonce));
    }

    fn set_aside(&mut self, message: Message) {
        match self.aside.binary_search_by_key(&message.rev, |row| row.rev) {
            Ok(at) => {
                if let Some(row) = self.aside.get_mut(at) {
                    *row = message;
                }
            }
            Err(at) => self.aside.insert(at, message),
        }
        if self.aside.len() > MAX_ASIDE {
            self.aside.remove(0);
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
                if hidden {
                    self.set_aside(message);
                } else {
                    self.rows.insert(at, message);
                }
            }
        }
    }

    /// Adds a page of older messages. One that does not join the rows, because they are others
    /// by now, or that was read before the snapshot, changes nothing.
    pub fn prepend(&mut self, page: Page) {
        if self.joins(&page) {
            let first = self.rows.first().map_or(i64::MAX, |row| row.seq);
            if page.messages.first().is_none_or(|row| row.seq <= first) {
                self.older = page.older;
            }
            self.merge(page.messages);
            self.place_aside();
        }
    }

    /// Adds a page of newer messages, as [`Timeline::prepend`].
    pub fn append(&mut self, page: Page) {
        if self.joins(&page) {
            let last = self.rows.last().map_or(0, |row| row.seq);
            if page.messages.last().is_none_or(|row| row.seq >= last) {
                self.newer = page.newer;
            }
            self.merge(page.messages);
            // What came while the page was on its way is not in it.
            let last = self.rows.last().map_or(0, |row| row.seq);
            self.newer |= last < self.head_seq;
            self.place_aside();
        }
    }

    /// Is there no hole between the rows and the page, and none in what is known of its rows?
    fn joins(&self, page: &Page) -> bool {
        if page.rev < self.base {
            return false;
        }
        let ends = |rows: &[Message]| Some((rows.first()?.seq, rows.last()?.seq));
        match (ends(&self.rows), ends(&page.messages)) {
            (Some((first, last)), Some((page_first, page_last))) => {
                page_first <= last + 1 && first <= page_last + 1
            }
            _ => true,
        }
    }

    fn merge(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.head_seq = self.head_seq.max(message.seq);
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
        self.settle_pending();
    }

    /// Changes whose rows are shown now find them; the others stay aside.
    fn place_aside(&mut self) {
        for message in std::mem::take(&mut self.aside) {
            self.apply(message);
        }
    }

    /// Drops the newest rows beyond `keep`: somebody reads far up in the history.
    pub fn trim_newest(&mut self, keep: usize) {
        if self.rows.len() > keep {
            for row in self.rows.split_off(keep) {
                self.set_aside(row);
            }
            self.newer = true;
        }
    }

    /// Drops the oldest rows beyond `keep`.
    pub fn trim_oldest(&mut self, keep: usize) {
        if self.rows.len() > keep {
            let rest = self.rows.split_off(self.rows.len() - keep);
            for row in std::mem::replace(&mut self.rows, rest) {
                self.set_aside(row);
            }
            self.older = true;
        }
    }

    /// Shows an own message before the server has it. One that is shown already stays where it is,
    /// and nothing is wrong with it any more.
    pub fn sending(&mut self, nonce: String, text: String) {
        if let Some(entry) = self.find(&nonce) {
            entry.failed = None;
            return;
        }
        if self.rows.iter().any(|row| row.nonce == nonce) {
            return;
        }
        self.pending.push(Pending {
            nonce,
            text,
            failed: None,
            stored: None,
        });
    }

    /// The server has stored a message, as the channel's change `rev`. The message itself comes
    /// as an event and replaces its echo, unless it has been and gone.
    pub fn stored(&mut self, nonce: &str, rev: i64) {
        if let Some(entry) = self.find(nonce) {
            entry.stored = Some(rev);
            entry.failed = None;
        }
        self.advance();
    }

    /// The server refused a message; it stays with the reason, to be sent again or discarded.
    pub fn failed(&mut self, nonce: &str, error: Error) {
        if let Some(entry) = self.find(nonce) {
            entry.failed = Some(error);
        }
    }

    /// A refused message is on its way again.
    pub fn retrying(&mut self, nonce: &str) {
        if let Some(entry) = self.find(nonce) {
            entry.failed = None;
        }
    }

    /// Takes a refused message away.
    pub fn discard(&mut self, nonce: &str) {
        self.pending.retain(|entry| entry.nonce != nonce);
    }

    fn find(&mut self, nonce: &str) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|entry| entry.nonce == nonce)
    }
}

#[cfg(test)]
mod tests;
