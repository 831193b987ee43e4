//! The browser's side: feeds that listen to topics, and a queue of what was asked for.
//!
//! The page says what it wants to hear and to have done; the gateway's loop moves frames between
//! this and the socket. A command stays in the queue until its answer comes, over as many
//! connections as that takes: its nonce makes repeats harmless. On the server all of this exists
//! and does nothing.

use super::{Command, Envelope, Request, Topic};
use crate::shared::{Error, Kind};
use leptos::prelude::*;
use serde_json::value::RawValue;
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// When the server says "later" to a subscription without saying when.
const LATER: Duration = Duration::from_secs(2);

/// How the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// For the first time, or again after a loss: not worth a word yet.
    Connecting,
    /// Up.
    Online,
    /// Gone; another try comes by itself.
    Lost,
    /// This page is older than the server and has to be loaded again.
    Reload,
    /// The server does not want this session any more.
    Ended(Error),
}

/// What a feed hears.
#[derive(Clone, Debug)]
pub enum Heard {
    /// Something happened.
    Event(Arc<Envelope>),
    /// Everything up to here has been sent.
    Complete {
        /// Numbered things.
        seq: i64,
        /// Changes.
        rev: i64,
    },
    /// Too much was missed: start from a fresh snapshot.
    Reset,
    /// The topic stands here; whoever has less asks again.
    Heartbeat {
        /// Changes.
        rev: i64,
    },
}

type Handler = Arc<dyn Fn(Heard) + Send + Sync>;
type Place = Arc<dyn Fn() -> Option<i64> + Send + Sync>;
type Callback = Box<dyn FnOnce(Result<Box<RawValue>, Error>) + Send + Sync>;
type Outgoing = Arc<dyn Fn(Request) + Send + Sync>;

struct Feed {
    topic: Topic,
    /// The change count to go on from; none: only what happens from now on.
    from: Place,
    handler: Handler,
}

struct Entry {
    request: Request,
    answer: Option<Callback>,
    /// Not worth repeating on another connection.
    passing: bool,
}

#[derive(Default)]
struct Inner {
    feeds: HashMap<u64, Feed>,
    next_feed: u64,
    queue: Vec<Entry>,
    outgoing: Option<Outgoing>,
    /// Is it settled that what waits is asked again soon?
    asking_again: bool,
    /// Whose page this is.
    account: Option<Uuid>,
}

/// The page's end of the channel; a copy is the same one.
#[derive(Clone, Copy)]
pub struct Client {
    /// How the connection is.
    pub status: RwSignal<Status>,
    /// Does anything on the page want to be connected?
    pub wanted: RwSignal<bool>,
    inner: StoredValue<Inner>,
}

impl Client {
    /// Puts a client into the context.
    pub fn provide() -> Self {
        let client = Self {
            status: RwSignal::new(Status::Connecting),
            wanted: RwSignal::new(false),
            inner: StoredValue::new(Inner::default()),
        };
        provide_context(client);
        client
    }

    /// The client of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Was there a connection that is gone? What it told may be otherwise by now.
    pub fn is_away(self) -> bool {
        let status = self.status.get();
        !matches!(status, Status::Connecting | Status::Online)
    }

    /// Asks for the connection of an account, which the gateway then keeps.
    pub fn open(self, account: Uuid) {
        self.with(|inner| inner.account = Some(account));
        if !self.wanted.get_untracked() {
            self.wanted.set(true);
        }
    }

    /// Listens to a topic until the surrounding component goes. `from` is asked for the change
    /// count to go on from, now and after every loss.
    pub fn listen(
        self,
        topic: Topic,
        from: impl Fn() -> Option<i64> + Send + Sync + 'static,
        handler: impl Fn(Heard) + Send + Sync + 'static,
    ) {
        let id = self.with(|inner| {
            inner.next_feed += 1;
            let feed = Feed {
                topic,
                from: Arc::new(from),
                handler: Arc::new(handler),
            };
            inner.feeds.insert(inner.next_feed, feed);
            inner.next_feed
        });
        let Some(id) = id else { return };
        self.subscribe(topic);
        on_cleanup(move || {
            let left = self.with(|inner| {
                inner.feeds.remove(&id);
                !inner.feeds.values().any(|feed| feed.topic == topic)
            });
            if left == Some(true) {
                self.control(&super::Unsubscribe { topic });
            }
        });
    }

    /// Nothing is heard on a topic any more, as it has ended.
    pub fn close(self, topic: Topic) {
        self.with(|inner| inner.feeds.retain(|_, feed| feed.topic != topic));
    }

    /// Asks for what is missing on a topic.
    pub fn subscribe(self, topic: Topic) {
        let places = self.with(|inner| {
            let on_topic = inner.feeds.values().filter(|feed| feed.topic == topic);
            on_topic
                .map(|feed| Arc::clone(&feed.from))
                .collect::<Vec<_>>()
        });
        // The feed that has least decides; those that have more ignore what they know.
        let rev = places
            .unwrap_or_default()
            .iter()
            .filter_map(|from| from())
            .min();
        let client = self;
        self.enqueue(
            nonce(),
            &super::Subscribe { topic, rev },
            true,
            move |answer| match answer {
                Ok(done) if done.reset => client.tell(topic, &Heard::Reset),
                Ok(done) => {
                    let (seq, rev) = (done.head.seq, done.head.rev);
                    client.tell(topic, &Heard::Complete { seq, rev });
                }
                Err(error) if may_pass(error.kind) => {
                    // Without this the topic would stay silent for as long as the connection lasts.
                    let wait = error.retry_after().map_or(LATER, Duration::from_secs);
                    set_timeout(move || client.subscribe_if_heard(topic), wait);
                }
                Err(error) => leptos::logging::warn!("{topic}: {error}"),
            },
        );
    }

    /// The same, unless nobody listens any more.
    fn subscribe_if_heard(self, topic: Topic) {
        let heard = self.with(|inner| inner.feeds.values().any(|feed| feed.topic == topic));
        if heard == Some(true) {
            self.subscribe(topic);
        }
    }

    /// Has something done. It is repeated over new connections until the answer comes.
    pub fn ask<C: Command>(
        self,
        nonce: String,
        command: &C,
        answer: impl FnOnce(Result<C::Done, Error>) + Send + Sync + 'static,
    ) {
        self.enqueue(nonce, command, false, answer);
    }

    /// Asks over the connection that is up now. When that goes before the answer comes, nothing is
    /// heard: for those who keep a queue of their own.
    pub fn ask_once<C: Command>(
        self,
        nonce: String,
        command: &C,
        answer: impl FnOnce(Result<C::Done, Error>) + Send + Sync + 'static,
    ) {
        self.enqueue(nonce, command, true, answer);
    }

    /// Is a connection of this account the one that the page asked for? Somebody else may have
    /// signed in meanwhile, in another tab. For the gateway's loop.
    pub fn is_for(self, account: Uuid) -> bool {
        self.with(|inner| inner.account)
            .flatten()
            .is_none_or(|own| own == account)
    }

    /// Says something that is only worth it now, such as that somebody is typing.
    pub fn mention<C: Command>(self, command: &C) {
        if self.status.get_untracked() == Status::Online {
            self.control(command);
        }
    }

    fn control<C: Command>(self, command: &C) {
        self.enqueue(nonce(), command, true, |_| ());
    }

    fn enqueue<C: Command>(
        self,
        nonce: String,
        command: &C,
        passing: bool,
        answer: impl FnOnce(Result<C::Done, Error>) + Send + Sync + 'static,
    ) {
        let Ok(request) = Request::of(nonce, command) else {
            return;
        };
        let online = self.status.get_untracked() == Status::Online;
        if passing && !online {
            // Subscriptions are made anew with every connection; the rest is not worth keeping.
            return;
        }
        let answer = move |result: Result<Box<RawValue>, Error>| {
            answer(result.and_then(|done| {
                serde_json::from_str(done.get()).map_err(|_| Error::unavailable())
            }));
        };
        let outgoing = self.with(|inner| {
            inner.queue.push(Entry {
                request: request.clone(),
                answer: Some(Box::new(answer)),
                passing,
            });
            inner.outgoing.clone()
        });
        if let (true, Some(Some(outgoing))) = (online, outgoing) {
            outgoing(request);
        }
    }

    /// A connection is up: everything is subscribed to and asked for again. For the gateway's
    /// loop.
    pub fn connected(self, outgoing: impl Fn(Request) + Send + Sync + 'static) {
        let outgoing: Outgoing = Arc::new(outgoing);
        let (topics, waiting) = self
            .with(|inner| {
                inner.outgoing = Some(Arc::clone(&outgoing));
                inner.queue.retain(|entry| !entry.passing);
                let mut topics: Vec<_> = inner.feeds.values().map(|feed| feed.topic).collect();
                topics.sort_unstable();
                topics.dedup();
                let waiting: Vec<_> = inner
                    .queue
                    .iter()
                    .map(|entry| entry.request.clone())
                    .collect();
                (topics, waiting)
            })
            .unwrap_or_default();
        self.status.set(Status::Online);
        for topic in topics {
            self.subscribe(topic);
        }
        waiting.into_iter().for_each(|request| outgoing(request));
    }

    /// The connection is gone. For the gateway's loop.
    pub fn disconnected(self, status: Status) {
        self.with(|inner| inner.outgoing = None);
        if self.status.get_untracked() != status {
            self.status.set(status);
        }
    }

    /// An answer came. For the gateway's loop. An answer that says "later" leaves the command in
    /// the queue for the next connection; true: it has to be asked again.
    pub fn answered(self, nonce: &str, result: Result<Box<RawValue>, Error>) -> bool {
        let later = matches!(&result, Err(error) if error.kind == Kind::Unavailable);
        let answer = self.with(|inner| {
            let at = inner
                .queue
                .iter()
                .position(|entry| entry.request.nonce == nonce)?;
            if later && !inner.queue.get(at)?.passing {
                return None;
            }
            inner.queue.remove(at).answer
        });
        if let Some(Some(answer)) = answer {
            answer(result);
            return false;
        }
        // One repeat for all that waits, however many are told to come later.
        later && self.with(|inner| std::mem::replace(&mut inner.asking_again, true)) == Some(false)
    }

    /// Sends what waits for an answer once more. For the gateway's loop.
    pub fn ask_again(self) {
        let waiting = self.with(|inner| {
            inner.asking_again = false;
            let outgoing = inner.outgoing.clone()?;
            let entries = inner.queue.iter().filter(|entry| !entry.passing);
            Some((
                outgoing,
                entries
                    .map(|entry| entry.request.clone())
                    .collect::<Vec<_>>(),
            ))
        });
        if let Some(Some((outgoing, waiting))) = waiting {
            waiting.into_iter().for_each(|request| outgoing(request));
        }
    }

    /// Tells every feed of a topic. For the gateway's loop.
    pub fn tell(self, topic: Topic, update: &Heard) {
        let handlers = self.with(|inner| {
            let on_topic = inner.feeds.values().filter(|feed| feed.topic == topic);
            on_topic
                .map(|feed| Arc::clone(&feed.handler))
                .collect::<Vec<_>>()
        });
        // Outside the borrow: a handler may listen or ask itself.
        for handler in handlers.unwrap_or_default() {
            handler(update.clone());
        }
    }

    /// None when the page is being taken down.
    fn with<T>(self, work: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        self.inner.try_update_value(work)
    }
}

/// May the same question be answered better a little later?
const fn may_pass(kind: Kind) -> bool {
    matches!(kind, Kind::RateLimited | Kind::Unavailable | Kind::Internal)
}

/// A mark that nobody has used before.
pub fn nonce() -> String {
    Uuid::new_v4().to_string()
}
