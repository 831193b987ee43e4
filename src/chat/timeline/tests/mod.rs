//! Test models of a channel and of a client with its timeline.

mod by_hand;
mod interleavings;

use super::*;
use crate::accounts::{AccountKind, Profile};
use crate::shared::{AccountId, ChannelId, MessageId};
use uuid::Uuid;

const PAGE: usize = 4;
/// Above this number of missed changes the server only sends "start again".
const MAX_MISSED: usize = 6;

/// The server's side: the true state of a channel.
#[derive(Default)]
struct Channel {
    messages: Vec<Message>,
    rev: i64,
}

impl Channel {
    fn head(&self) -> Head {
        Head {
            seq: self.messages.len() as i64,
            rev: self.rev,
        }
    }

    fn send(&mut self, own: bool) -> Message {
        let seq = self.messages.len() as i64 + 1;
        self.rev += 1;
        let message = Message {
            id: MessageId(Uuid::from_u128(seq.unsigned_abs().into())),
            channel_id: ChannelId(Uuid::nil()),
            seq,
            rev: self.rev,
            author: Profile {
                id: AccountId(Uuid::from_u128(own.into())),
                username: "ada".into(),
                display_name: "Ada".into(),
                kind: AccountKind::Person,
                avatar: None,
            },
            body: format!("{seq} as sent"),
            cards: Vec::new(),
            nonce: format!("nonce-{seq}"),
            created_at: crate::shared::Timestamp::default(),
            edited_at: None,
            deleted: false,
        };
        self.messages.push(message.clone());
        message
    }

    /// Edits or deletes one of the messages.
    fn change(&mut self, which: usize, delete: bool) -> Option<Message> {
        let at = which.checked_rem(self.messages.len())?;
        let message = &mut self.messages[at];
        if message.deleted {
            return None;
        }
        self.rev += 1;
        message.rev = self.rev;
        message.deleted = delete;
        message.body = if delete {
            String::new()
        } else {
            format!("{} as of {}", message.seq, self.rev)
        };
        Some(message.clone())
    }

    /// Rows `from..to` by index, as a page.
    fn page(&self, from: usize, to: usize) -> Page {
        Page {
            messages: self.messages[from..to].to_vec(),
            older: from > 0,
            newer: to < self.messages.len(),
            rev: self.rev,
        }
    }

    fn snapshot(&self) -> Snapshot {
        let end = self.messages.len();
        Snapshot {
            channel_id: ChannelId(Uuid::nil()),
            head: self.head(),
            page: self.page(end.saturating_sub(PAGE), end),
            read_seq: 0,
            may_send: true,
            max_length: 4_000,
        }
    }

    fn missed(&self, rev: i64) -> Letter {
        let mut messages: Vec<_> = self.messages.clone();
        messages.retain(|message| message.rev > rev);
        messages.sort_by_key(|message| message.rev);
        if messages.len() > MAX_MISSED {
            Letter::StartAgain
        } else {
            Letter::Missed(messages, self.head())
        }
    }
}

/// A delivery in flight to the client.
#[derive(Clone, Debug)]
enum Letter {
    Event(Message),
    Missed(Vec<Message>, Head),
    StartAgain,
    /// Snapshot loaded after "start again", with the client's `rev` at that time.
    Fresh(Snapshot, i64),
    /// Snapshot loaded because the channel was opened again.
    Snapshot(Snapshot),
    Older(Page),
    Newer(Page),
    Stored(String, i64),
}

/// The client's side, as the page implements it.
struct Client {
    timeline: Timeline,
    on_the_way: Vec<Letter>,
    own: Vec<(String, i64)>,
}

impl Client {
    fn take(&mut self, letter: Letter, channel: &Channel) {
        match letter {
            Letter::Event(message) => {
                if !self.timeline.changed(message) {
                    let missed = channel.missed(self.timeline.rev());
                    self.on_the_way.push(missed);
                }
            }
            Letter::Missed(messages, head) => {
                self.timeline.caught_up(messages);
                self.timeline.complete(head);
            }
            Letter::StartAgain => {
                let fresh = Letter::Fresh(channel.snapshot(), self.timeline.rev());
                self.on_the_way.push(fresh);
            }
            Letter::Fresh(snapshot, asked) => {
                self.timeline.restart(snapshot, asked);
                let missed = channel.missed(self.timeline.rev());
                self.on_the_way.push(missed);
            }
            Letter::Snapshot(snapshot) => self.timeline.reset(snapshot),
            Letter::Older(page) => self.timeline.prepend(page),
            Letter::Newer(page) => self.timeline.append(page),
            Letter::Stored(nonce, rev) => self.timeline.stored(&nonce, rev),
        }
    }

    /// Requests a page at one end of the rows, as scrolling there does.
    fn scroll(&mut self, up: bool, channel: &Channel) {
        let rows = self.timeline.rows();
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return;
        };
        let letter = if up && self.timeline.older {
            let to = (first.seq - 1) as usize;
            Letter::Older(channel.page(to.saturating_sub(PAGE), to))
        } else if !up && self.timeline.newer {
            let from = last.seq as usize;
            let to = (from + PAGE).min(channel.messages.len());
            Letter::Newer(channel.page(from, to))
        } else {
            return;
        };
        self.on_the_way.push(letter);
    }
}
