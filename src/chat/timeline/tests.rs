//! Snapshot + events = a fresh snapshot, whatever happens on the way.

use super::*;
use crate::accounts::{AccountKind, Profile};
use crate::shared::{AccountId, ChannelId, MessageId};
use proptest::prelude::*;
use uuid::Uuid;

const PAGE: usize = 4;
/// More missed changes than this and the server sends nobody anything but "start again".
const MAX_MISSED: usize = 6;

/// The server's side: a channel as it really is.
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
            parts: Vec::new(),
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

/// Something on its way to the client.
#[derive(Clone, Debug)]
enum Letter {
    Event(Message),
    Missed(Vec<Message>, Head),
    StartAgain,
    /// Taken because the server said "start again", when the client stood at the count.
    Fresh(Snapshot, i64),
    /// Taken because the channel was opened again.
    Snapshot(Snapshot),
    Older(Page),
    Newer(Page),
    Stored(String, i64),
}

/// The client's side, as the page does it.
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

    /// Asks for a page at one end of the rows, as a reader who scrolls there does.
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

/// What becomes of an event.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Now,
    Twice,
    Later,
    Never,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Send {
        own: bool,
        fate: Fate,
    },
    Change {
        which: usize,
        delete: bool,
        fate: Fate,
    },
    CatchUp,
    OpenAgain,
    Scroll {
        up: bool,
    },
    Trim {
        newest: bool,
        keep: usize,
    },
    Arrive {
        which: usize,
    },
    Lose {
        which: usize,
    },
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Now),
        1 => Just(Fate::Twice),
        2 => Just(Fate::Later),
        1 => Just(Fate::Never),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<bool>(), fate()).prop_map(|(own, fate)| Step::Send { own, fate }),
        4 => (any::<usize>(), any::<bool>(), fate())
            .prop_map(|(which, delete, fate)| Step::Change { which, delete, fate }),
        1 => Just(Step::CatchUp),
        1 => Just(Step::OpenAgain),
        3 => any::<bool>().prop_map(|up| Step::Scroll { up }),
        1 => (any::<bool>(), 1..8_usize).prop_map(|(newest, keep)| Step::Trim { newest, keep }),
        6 => any::<usize>().prop_map(|which| Step::Arrive { which }),
        1 => any::<usize>().prop_map(|which| Step::Lose { which }),
    ]
}

fn run(before: usize, steps: &[Step]) -> (Client, Channel) {
    let mut channel = Channel::default();
    for _ in 0..before {
        channel.send(false);
    }
    let mut client = Client {
        timeline: Timeline::new(channel.snapshot()),
        on_the_way: Vec::new(),
        own: Vec::new(),
    };
    for step in steps {
        let event = match *step {
            Step::Send { own, fate } => {
                let message = channel.send(own);
                if own {
                    let nonce = message.nonce.clone();
                    client.timeline.sending(nonce.clone(), message.body.clone());
                    client
                        .on_the_way
                        .push(Letter::Stored(nonce.clone(), message.rev));
                    client.own.push((nonce, message.rev));
                }
                Some((message, fate))
            }
            Step::Change {
                which,
                delete,
                fate,
            } => channel.change(which, delete).map(|message| (message, fate)),
            Step::CatchUp => {
                let missed = channel.missed(client.timeline.rev());
                client.on_the_way.push(missed);
                None
            }
            Step::OpenAgain => {
                let snapshot = Letter::Snapshot(channel.snapshot());
                client.on_the_way.push(snapshot);
                None
            }
            Step::Scroll { up } => {
                client.scroll(up, &channel);
                None
            }
            Step::Trim { newest, keep } => {
                if newest {
                    client.timeline.trim_newest(keep);
                } else {
                    client.timeline.trim_oldest(keep);
                }
                None
            }
            Step::Arrive { which } => {
                if let Some(at) = which.checked_rem(client.on_the_way.len()) {
                    let letter = client.on_the_way.remove(at);
                    client.take(letter, &channel);
                }
                None
            }
            Step::Lose { which } => {
                if let Some(at) = which.checked_rem(client.on_the_way.len()) {
                    client.on_the_way.remove(at);
                }
                None
            }
        };
        if let Some((message, fate)) = event {
            let event = Letter::Event(message);
            match fate {
                Fate::Now => client.take(event, &channel),
                Fate::Later => client.on_the_way.push(event),
                Fate::Twice => {
                    client.take(event.clone(), &channel);
                    client.on_the_way.push(event);
                }
                Fate::Never => {}
            }
        }
    }
    (client, channel)
}

/// All that is still on its way arrives, and the client asks until it is not behind.
fn settle(client: &mut Client, channel: &Channel) {
    let own = client.own.clone();
    for (nonce, rev) in own {
        // A send is repeated until its answer comes.
        client.timeline.stored(&nonce, rev);
    }
    while !client.on_the_way.is_empty() {
        let letter = client.on_the_way.remove(0);
        client.take(letter, channel);
    }
    while client.timeline.is_behind(channel.head()) {
        let missed = channel.missed(client.timeline.rev());
        client.take(missed, channel);
        while !client.on_the_way.is_empty() {
            let letter = client.on_the_way.remove(0);
            client.take(letter, channel);
        }
    }
}

fn check(client: &Client, channel: &Channel) -> Result<(), TestCaseError> {
    let timeline = &client.timeline;
    let head = channel.head();
    prop_assert_eq!(timeline.rev(), head.rev);
    prop_assert_eq!(timeline.head_seq(), head.seq);
    prop_assert!(timeline.ahead.is_empty());
    prop_assert!(timeline.pending().is_empty(), "{:?}", timeline.pending());
    let rows = timeline.rows();
    let Some((first, last)) = rows.first().zip(rows.last()) else {
        prop_assert_eq!(head.seq, 0);
        return Ok(());
    };
    let window = (first.seq - 1) as usize..last.seq as usize;
    prop_assert_eq!(rows, &channel.messages[window], "the rows of the channel");
    prop_assert_eq!(timeline.older, first.seq > 1);
    prop_assert_eq!(timeline.newer, last.seq < head.seq);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_timeline_is_the_channel(
        before in 0..12_usize,
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let (mut client, channel) = run(before, &steps);
        settle(&mut client, &channel);
        check(&client, &channel)?;
        // Scrolling through all of it finds everything.
        for up in [true, false] {
            while if up { client.timeline.older } else { client.timeline.newer } {
                client.scroll(up, &channel);
                settle(&mut client, &channel);
            }
        }
        check(&client, &channel)?;
        prop_assert_eq!(client.timeline.rows().len(), channel.messages.len());
    }
}

#[test]
fn an_echo_becomes_the_message() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.sending("nonce-1".into(), "1 as sent".into());
    timeline.sending("never".into(), "refused".into());
    assert_eq!(timeline.pending().len(), 2);
    let error = Error::rate_limited("message-rate", "", 3);
    timeline.failed("never", error.clone());
    assert_eq!(timeline.pending()[1].failed, Some(error));
    assert!(timeline.changed(channel.send(true)));
    assert_eq!(timeline.rows().len(), 1);
    assert_eq!(timeline.pending().len(), 1);
    timeline.retrying("never");
    assert_eq!(timeline.pending()[0].failed, None);
    timeline.discard("never");
    assert!(timeline.pending().is_empty());
}

/// The message of an echo may never be seen: others have written so much that the client
/// starts again from a snapshot that it is not in.
#[test]
fn an_echo_does_not_outlive_a_fresh_start() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.sending("nonce-1".into(), "1 as sent".into());
    let sent = channel.send(true);
    for _ in 0..2 * PAGE {
        channel.send(false);
    }
    timeline.reset(channel.snapshot());
    assert_eq!(timeline.pending().len(), 1, "nobody has told yet");
    timeline.stored("nonce-1", sent.rev);
    assert!(timeline.pending().is_empty());
}

#[test]
fn what_waits_is_shown_once_however_often_it_is_told() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.sending("own".into(), "hello".into());
    timeline.failed("own", Error::forbidden());
    // The list of what waits was read while the message was on its way, and says it again.
    timeline.sending("own".into(), "hello".into());
    assert_eq!(timeline.pending().len(), 1);
    assert!(timeline.pending()[0].failed.is_none());
    let mut message = channel.send(true);
    message.nonce = "own".into();
    timeline.changed(message);
    timeline.sending("own".into(), "hello".into());
    assert!(timeline.pending().is_empty());
}

#[test]
fn a_timeline_can_be_opened_again_from_itself() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    for _ in 0..5 {
        timeline.changed(channel.send(false));
    }
    timeline.sending("own".into(), "hello".into());
    let before = timeline.clone();
    timeline.reset(timeline.snapshot(ChannelId::new(), 0, (true, 4_000)));
    assert_eq!(timeline.rows(), before.rows());
    assert_eq!(timeline.pending(), before.pending());
    assert_eq!(timeline.rev(), before.rev());
    assert!(timeline.changed(channel.send(false)));
}

#[test]
fn a_gap_is_noticed_and_closed() {
    let mut channel = Channel::default();
    channel.send(false);
    let mut timeline = Timeline::new(channel.snapshot());
    let lost = channel.send(false);
    let heard = channel.send(false);
    assert!(!timeline.changed(heard));
    assert!(timeline.is_behind(channel.head()));
    assert!(timeline.changed(lost), "events may come late");
    assert!(!timeline.is_behind(channel.head()));
    assert_eq!(timeline.rows(), channel.messages);
}

/// An edit of a message that is not shown comes while its page is on the way.
#[test]
fn a_page_does_not_bring_back_an_old_text() {
    let mut channel = Channel::default();
    for _ in 0..2 * PAGE {
        channel.send(false);
    }
    let mut timeline = Timeline::new(channel.snapshot());
    let page = channel.page(0, PAGE);
    assert!(timeline.changed(channel.change(0, false).unwrap()));
    timeline.prepend(page);
    assert_eq!(timeline.rows(), channel.messages);
}

/// The last page was read before the newest message was sent.
#[test]
fn the_last_page_knows_when_it_is_the_last_no_more() {
    let mut channel = Channel::default();
    for _ in 0..2 * PAGE {
        channel.send(false);
    }
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.trim_newest(1);
    let page = channel.page(PAGE + 1, 2 * PAGE);
    assert!(timeline.changed(channel.send(false)));
    timeline.append(page);
    assert!(timeline.newer, "one is missing");
    timeline.append(channel.page(2 * PAGE, 2 * PAGE + 1));
    assert!(!timeline.newer);
    assert_eq!(timeline.rows(), &channel.messages[PAGE..]);
}

/// What is heard while a fresh snapshot is on its way makes it older than what is known. That is
/// no restored backup: an acknowledged message did not fail.
#[test]
fn a_fresh_start_that_was_overtaken_fails_nothing() {
    let mut channel = Channel::default();
    let mut timeline = Timeline::new(channel.snapshot());
    let asked = timeline.rev();
    let fresh = channel.snapshot();
    let heard = channel.send(false);
    timeline.sending("own".into(), "hello".into());
    timeline.stored("own", 2);
    assert!(timeline.changed(heard.clone()));
    timeline.restart(fresh, asked);
    assert_eq!(timeline.rows(), [heard]);
    let [waiting] = timeline.pending() else {
        panic!("{:?}", timeline.pending());
    };
    assert!(waiting.failed.is_none());
}

/// The server was restored from a backup: what came after it is gone, and the counters are taken
/// again by other messages.
#[test]
fn a_restored_history_takes_the_place_of_what_is_no_more() {
    let mut channel = Channel::default();
    for _ in 0..3 {
        channel.send(false);
    }
    let backup = channel.snapshot();
    let mut timeline = Timeline::new(channel.snapshot());
    timeline.changed(channel.send(false));
    timeline.changed(channel.change(0, false).unwrap());
    timeline.sending("acknowledged".into(), "and lost".into());
    timeline.stored("acknowledged", 6);
    timeline.sending("waiting".into(), "still".into());
    assert_eq!(timeline.rev(), 5);

    let asked = timeline.rev();
    timeline.restart(backup.clone(), asked);
    assert_eq!(timeline.rows(), backup.page.messages);
    assert_eq!((timeline.rev(), timeline.head_seq()), (3, 3));
    let [lost, waiting] = timeline.pending() else {
        panic!("{:?}", timeline.pending());
    };
    assert!(lost.failed.is_some(), "it can be sent again");
    assert!(waiting.failed.is_none(), "it is on its way");

    let mut restored = Channel {
        messages: backup.page.messages,
        rev: backup.head.rev,
    };
    assert!(timeline.changed(restored.send(false)));
    assert_eq!(timeline.rows(), restored.messages);
    assert!(!timeline.is_behind(restored.head()));
}
