//! A timeline: a part of a channel's history that events keep up to date.
//!
//! Pure data and rules, the same in the browser and in the tests of delivery: a snapshot plus
//! events, in any order and with repeats, equals a fresh snapshot.

use super::model::{Head, Message, Page, Snapshot};
use crate::shared::{ChannelId, Error};

/// Maximum number of changes set aside. They matter only while a page is being loaded.
const MAX_ASIDE: usize = 512;

/// The viewer's own message that has not arrived as an event yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Nonce that identifies the real message.
    pub nonce: String,
    /// Text of the message.
    pub text: String,
    /// Error of a refused message; None: not refused.
    pub failed: Option<Error>,
    /// The channel's change count when the message was stored, once known: a client that has
    /// applied all changes up to it has seen the message.
    stored: Option<i64>,
}

/// One channel's timeline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Messages without gaps, by `seq`.
    rows: Vec<Message>,
    /// true if the server has older messages.
    pub older: bool,
    /// true if there are newer messages that are not in `rows`. Then new messages are not added.
    pub newer: bool,
    /// Number of the newest message known.
    head_seq: i64,
    /// All changes up to this count have been applied.
    rev: i64,
    /// Change count of the first snapshot.
    base: i64,
    /// Changes beyond `rev` that have been applied, in order. This list and the next are short
    /// enough for a `Vec`; trees would add to the size of every page.
    ahead: Vec<i64>,
    /// Changes of rows that are not shown, by change count: a page or snapshot from before them may
    /// still be loading.
    aside: Vec<Message>,
    /// The viewer's own unconfirmed messages, in the order of sending.
    pending: Vec<Pending>,
}

impl Timeline {
    /// Creates the timeline of a snapshot.
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

    /// Returns the snapshot that would create the same timeline.
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

    /// Starts again from a fresh snapshot. Keeps pending messages and changes that arrived after
    /// the snapshot was read. A snapshot older than the last one changes nothing.
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

    /// Starts again because the server requested it. Unlike in [`Timeline::reset`], the snapshot
    /// can be older than what was known when it was requested (`asked`, the value of
    /// [`Timeline::rev`] then): the server was restored from a backup, and changes that it does not
    /// know are dropped. Changes that arrive while the snapshot is loading do not count as a sign
    /// of that. The caller then requests everything after the snapshot.
    pub fn restart(&mut self, snapshot: Snapshot, asked: i64) {
        if snapshot.head.rev >= asked {
            self.reset(snapshot);
            return;
        }
        let old = std::mem::replace(self, Self::new(snapshot));
        self.pending = old.pending;
        self.settle_pending();
        for entry in &mut self.pending {
            // Confirmed in a history that no longer exists: the member can send it again.
            if entry.stored.take().is_some() {
                entry.failed = Some(Error::unavailable());
            }
        }
    }

    pub fn rows(&self) -> &[Message] {
        &self.rows
    }

    /// Returns the viewer's own messages that are being sent, in the order of sending.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// Returns the count up to which all changes have been applied: the position to continue from.
    pub const fn rev(&self) -> i64 {
        self.rev
    }

    /// Returns the number of the newest message known, shown or not.
    pub const fn head_seq(&self) -> i64 {
        self.head_seq
    }

    /// true if the newest message is shown.
    pub fn at_end(&self) -> bool {
        !self.newer
    }

    /// Applies a live change. false: earlier changes are missing; request everything after
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

    /// Applies changes that the server sent in response to a request for missed changes.
    pub fn caught_up(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.apply(message);
        }
    }

    /// Records that the server has sent all changes up to `head`.
    pub fn complete(&mut self, head: Head) {
        self.rev = self.rev.max(head.rev);
        self.head_seq = self.head_seq.max(head.seq);
        self.advance();
    }

    /// true if a channel with the counters `head` has changes that are missing here.
    pub fn is_behind(&self, head: Head) -> bool {
        head.rev > self.rev
    }

    fn advance(&mut self) {
        // Consecutive counts after `rev` are no longer ahead.
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

    /// Removes pending messages that are among the rows.
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

    /// Inserts or replaces one row; a version older than the present one changes nothing.
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
                // Outside the shown rows: it arrives with its page.
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

    /// Adds a page of older messages. Ignores a page that does not adjoin the rows (they have
    /// changed meanwhile) or that was read before the snapshot.
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

    /// Adds a page of newer messages, like [`Timeline::prepend`].
    pub fn append(&mut self, page: Page) {
        if self.joins(&page) {
            let last = self.rows.last().map_or(0, |row| row.seq);
            if page.messages.last().is_none_or(|row| row.seq >= last) {
                self.newer = page.newer;
            }
            self.merge(page.messages);
            // The page lacks messages that were sent while it was loading.
            let last = self.rows.last().map_or(0, |row| row.seq);
            self.newer |= last < self.head_seq;
            self.place_aside();
        }
    }

    /// true if there is no gap between the rows and the page, and the page is not older than the
    /// snapshot.
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

    /// Applies the changes set aside whose rows are shown now; the others stay aside.
    fn place_aside(&mut self) {
        for message in std::mem::take(&mut self.aside) {
            self.apply(message);
        }
    }

    /// Drops the newest rows beyond `keep`, while the member reads far up in the history.
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

    /// Shows the viewer's own message before the server has it. A message that is already shown
    /// keeps its place and loses its error.
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

    /// Records that the server stored a message as the channel's change `rev`. The message itself
    /// arrives as an event and replaces its echo, unless it has come and gone already.
    pub fn stored(&mut self, nonce: &str, rev: i64) {
        if let Some(entry) = self.find(nonce) {
            entry.stored = Some(rev);
            entry.failed = None;
        }
        self.advance();
    }

    /// Marks a message as refused, with the error; the member can send it again or discard it.
    pub fn failed(&mut self, nonce: &str, error: Error) {
        if let Some(entry) = self.find(nonce) {
            entry.failed = Some(error);
        }
    }

    /// Marks a refused message as being sent again.
    pub fn retrying(&mut self, nonce: &str) {
        if let Some(entry) = self.find(nonce) {
            entry.failed = None;
        }
    }

    /// Removes a refused message.
    pub fn discard(&mut self, nonce: &str) {
        self.pending.retain(|entry| entry.nonce != nonce);
    }

    fn find(&mut self, nonce: &str) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|entry| entry.nonce == nonce)
    }
}

#[cfg(test)]
mod tests;
