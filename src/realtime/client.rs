//! The browser's side: feeds that listen to topics, and a queue of commands.
//!
//! The page subscribes and sends commands; the gateway's loop moves frames between this and the
//! socket. A command stays in the queue until its response arrives, over as many connections as
//! necessary: its nonce makes retries harmless. On the server all of this exists and does nothing.

use super::{Command, Heard, Progress, Request, Topic};
use crate::shared::{Error, Kind};
use leptos::prelude::*;
use serde_json::value::RawValue;
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// Delay before a refused subscription is retried, if the server gives none.
const LATER: Duration = Duration::from_secs(2);

/// State of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Connecting for the first time, or again after a loss; not shown to the member yet.
    Connecting,
    Online,
    /// Lost; the client reconnects automatically.
    Lost,
    /// This page is older than the server and must be reloaded.
    Reload,
    /// The server has ended the session.
    Ended(Error),
}

type Handler = Arc<dyn Fn(Heard) + Send + Sync>;
type Place = Arc<dyn Fn() -> Option<i64> + Send + Sync>;
type Callback = Box<dyn FnOnce(Result<Box<RawValue>, Error>) + Send + Sync>;
type Outgoing = Arc<dyn Fn(Request) + Send + Sync>;

struct Feed {
    topic: Topic,
    /// Change count to continue from; None: only new events.
    from: Place,
    handler: Handler,
}

struct Entry {
    request: Request,
    answer: Option<Callback>,
    /// Not repeated on another connection.
    passing: bool,
}

#[derive(Default)]
struct Inner {
    feeds: HashMap<u64, Feed>,
    next_feed: u64,
    queue: Vec<Entry>,
    outgoing: Option<Outgoing>,
    /// true if a retry of waiting commands is scheduled.
    asking_again: bool,
    /// Account of the page.
    account: Option<Uuid>,
}

/// The page's end of the channel; a cheap copy.
#[derive(Clone, Copy)]
pub struct Client {
    pub status: RwSignal<Status>,
    /// true if the page wants a connection.
    pub wanted: RwSignal<bool>,
    inner: StoredValue<Inner>,
}

impl Client {
    /// Adds a client to the Leptos context.
    pub fn provide() -> Self {
        let client = Self {
            status: RwSignal::new(Status::Connecting),
            wanted: RwSignal::new(false),
            inner: StoredValue::new(Inner::default()),
        };
        provide_context(client);
        client
    }

    /// Returns the client from the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// true if the connection was lost; what it reported may be outdated.
    pub fn is_away(self) -> bool {
        let status = self.status.get();
        !matches!(status, Status::Connecting | Status::Online)
    }

    /// Requests a connection of an account, which the gateway then keeps.
    pub fn open(self, account: Uuid) {
        self.with(|inner| inner.account = Some(account));
        if !self.wanted.get_untracked() {
            self.wanted.set(true);
        }
    }

    /// Listens to a topic until the surrounding component is disposed. `from` returns the change
    /// count to continue from, now and after every reconnect.
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

    /// Listens to a topic whose changes are counted, from this change count on, and requests what
    /// is missing. The handler gets each update that is news: events, `Complete` after everything
    /// was sent, `Reset` if it must load everything.
    pub fn follow(self, topic: Topic, rev: i64, handler: impl Fn(Heard) + Send + Sync + 'static) {
        let progress = StoredValue::new(Progress::new(rev));
        let from = move || progress.try_update_value(Progress::ask);
        self.listen(topic, from, move |update| {
            let Some(step) = progress.try_update_value(|known| known.next(&update)) else {
                return;
            };
            if step.news {
                handler(update);
            }
            if step.behind {
                self.subscribe(topic);
            }
        });
    }

    /// Removes the feeds of a topic that has ended.
    pub fn close(self, topic: Topic) {
        self.with(|inner| inner.feeds.retain(|_, feed| feed.topic != topic));
    }

    /// Requests missing changes of a topic.
    pub fn subscribe(self, topic: Topic) {
        let places = self.with(|inner| {
            let on_topic = inner.feeds.values().filter(|feed| feed.topic == topic);
            on_topic
                .map(|feed| Arc::clone(&feed.from))
                .collect::<Vec<_>>()
        });
        // The feed with the lowest count decides; the others ignore what they already have.
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
                Ok(done) if done.reset => {
                    let rev = done.head.rev;
                    client.tell(topic, &Heard::Reset { rev });
                }
                Ok(done) => {
                    let (seq, rev) = (done.head.seq, done.head.rev);
                    client.tell(topic, &Heard::Complete { seq, rev });
                }
                Err(error) if error.may_pass() => {
                    // Without a retry the topic would stay silent as long as the connection lasts.
                    let wait = error.retry_after().map_or(LATER, Duration::from_secs);
                    set_timeout(move || client.subscribe_if_heard(topic), wait);
                }
                Err(error) => leptos::logging::warn!("{topic}: {error}"),
            },
        );
    }

    /// The same, if a feed still listens to the topic.
    fn subscribe_if_heard(self, topic: Topic) {
        let heard = self.with(|inner| inner.feeds.values().any(|feed| feed.topic == topic));
        if heard == Some(true) {
            self.subscribe(topic);
        }
    }

    /// Sends a command. It is repeated over new connections until its response arrives.
    pub fn ask<C: Command>(
        self,
        nonce: String,
        command: &C,
        answer: impl FnOnce(Result<C::Done, Error>) + Send + Sync + 'static,
    ) {
        self.enqueue(nonce, command, false, answer);
    }

    /// Sends a command over the current connection only. If that is lost before the response,
    /// `answer` is never called: for callers with their own queue.
    pub fn ask_once<C: Command>(
        self,
        nonce: String,
        command: &C,
        answer: impl FnOnce(Result<C::Done, Error>) + Send + Sync + 'static,
    ) {
        self.enqueue(nonce, command, true, answer);
    }

    /// true if a connection of this account is the one that the page requested. Another account may
    /// have signed in meanwhile, in another tab. For the gateway's loop.
    pub fn is_for(self, account: Uuid) -> bool {
        self.with(|inner| inner.account)
            .flatten()
            .is_none_or(|own| own == account)
    }

    /// Sends a command that only matters now, such as a typing event.
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
            // Subscriptions are renewed with every connection; other passing commands are dropped.
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

    /// Called when a connection is up: renews all subscriptions and repeats waiting commands. For
    /// the gateway's loop.
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

    /// Called when the connection is lost. For the gateway's loop.
    pub fn disconnected(self, status: Status) {
        self.with(|inner| inner.outgoing = None);
        if self.status.get_untracked() != status {
            self.status.set(status);
        }
    }

    /// Handles a response. `unavailable` leaves the command in the queue for the next connection;
    /// true: the caller schedules a retry. For the gateway's loop.
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
        // One retry for all waiting commands.
        later && self.with(|inner| std::mem::replace(&mut inner.asking_again, true)) == Some(false)
    }

    /// Sends all waiting commands again. For the gateway's loop.
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

    /// Passes an update to every feed of a topic. For the gateway's loop.
    pub fn tell(self, topic: Topic, update: &Heard) {
        let handlers = self.with(|inner| {
            let on_topic = inner.feeds.values().filter(|feed| feed.topic == topic);
            on_topic
                .map(|feed| Arc::clone(&feed.handler))
                .collect::<Vec<_>>()
        });
        // Outside the borrow, because a handler can listen or send itself.
        for handler in handlers.unwrap_or_default() {
            handler(update.clone());
        }
    }

    /// None: the page is being disposed.
    fn with<T>(self, work: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        self.inner.try_update_value(work)
    }
}

/// Returns a unique nonce.
pub fn nonce() -> String {
    Uuid::new_v4().to_string()
}
