//! Opens connections and sends heartbeats.

use super::model::{Goodbye, Heartbeat};
use super::protocol::Frame;
use super::registry::{CatchUp, Missed, Missing, Registry, Topics};
use crate::accounts::{self, AccountChanged, PreferencesChanged, SessionEnded, Viewer};
use crate::platform::{
    config::Limits,
    tasks::{Tasks, Worker},
};
use crate::realtime::{
    Event, Head, Scope, Sealed, Topic,
    bus::{self, Published, SharedBus},
    hub::Hub,
};
use crate::shared::sync::lock;
use crate::shared::{AccountId, Error, Kind, Result};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use server_fn::BoxedStream;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Time between two heartbeats of one connection.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(20);

/// A connection that is silent for this time counts as dead.
const SILENCE: Duration = Duration::from_secs(3 * HEARTBEAT.as_secs());

/// Reconnects per second after the server has stopped.
const COME_BACK: usize = 500;

/// Time limit of a heartbeat's database query.
const PATIENCE: Duration = Duration::from_millis(800);

/// The gateway; clones share the same service.
#[derive(Clone)]
pub struct Service {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) hub: Hub,
    pub(super) bus: SharedBus,
    pub(super) tasks: Tasks,
    pub(super) accounts: accounts::Service,
    pub(super) registry: Registry,
    most_connections: u32,
    connections: Mutex<HashMap<AccountId, u32>>,
}

impl Service {
    /// Creates a gateway whose connections receive the events published on `bus`.
    pub fn new(bus: SharedBus, tasks: Tasks, accounts: accounts::Service, limits: &Limits) -> Self {
        let hub = Hub::default();
        let deliver_to = hub.clone();
        bus.attach(Box::new(move |event| {
            deliver_to.deliver(event);
            if event.kind == SessionEnded::KIND {
                deliver_to.cut_topic(event.topic);
            }
        }));
        let own_topics = OwnTopics(accounts.clone());
        let inner = Inner {
            hub,
            bus,
            tasks,
            accounts,
            registry: Registry::default(),
            most_connections: limits.connections,
            connections: Mutex::default(),
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        service.add_topics(Scope::Account, own_topics.clone());
        service.add_catch_up(Scope::Account, own_topics);
        service
    }

    /// Returns the frames for a client that is refused: the error, then the end.
    pub fn refuse(error: Error) -> BoxedStream<Frame, Error> {
        let goodbye = goodbye(error);
        stream::iter(goodbye.map(|frame| Ok(Frame(frame)))).into()
    }

    /// Number of connections.
    pub fn connection_count(&self) -> usize {
        self.inner.hub.connection_count()
    }

    /// Number of topics with subscribers.
    pub fn topic_count(&self) -> usize {
        self.inner.hub.topics().len()
    }

    /// Sends an event to the connections of this node on a topic.
    ///
    /// # Errors
    /// The event cannot be serialized, which is a bug.
    pub fn tell<E: Event>(&self, topic: Topic, event: &E) -> Result<()> {
        if self.inner.hub.is_heard(topic) {
            let event = Published::new(topic, 0, 0, event)?;
            self.inner.hub.deliver(&event);
        }
        Ok(())
    }

    /// true if a connection is subscribed to this topic.
    #[cfg(test)]
    pub(super) fn is_heard(&self, topic: Topic) -> bool {
        self.inner.hub.is_heard(topic)
    }

    /// Error sent when the server stops. Its delay grows with the number of connections, so that
    /// they do not all reconnect in one second.
    pub(super) fn come_back(&self) -> Error {
        let seconds = (self.connection_count() / COME_BACK).clamp(2, 30);
        Error::unavailable().with("seconds", seconds)
    }

    /// Counts a connection of the account; None: it has too many.
    pub(super) fn take_place(&self, account: AccountId) -> Option<Place> {
        let mut connections = lock(&self.inner.connections);
        let count = connections.entry(account).or_default();
        if *count >= self.inner.most_connections {
            return None;
        }
        *count += 1;
        drop(connections);
        Some(Place {
            service: self.clone(),
            account,
        })
    }
}

/// One connection of an account, counted as long as this lives.
pub(super) struct Place {
    service: Service,
    account: AccountId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut connections = lock(&self.service.inner.connections);
        if let Some(count) = connections.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&self.account);
            }
        }
    }
}

/// Encodes the last frame, with whether the client can reconnect.
pub(super) fn goodbye(error: Error) -> Option<Bytes> {
    // Server errors do not end the session.
    let resume = !matches!(
        error.kind,
        Kind::Unauthenticated | Kind::Forbidden | Kind::BadRequest
    );
    control(&Goodbye { error, resume })
}

/// The topics of accounts: each account subscribes to its own.
#[derive(Clone)]
struct OwnTopics(accounts::Service);

#[async_trait]
impl Topics for OwnTopics {
    async fn admit(&self, viewer: &Viewer, id: Uuid) -> Result<()> {
        if id == viewer.account.0 {
            Ok(())
        } else {
            Err(Error::not_found())
        }
    }

    async fn heads(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, Head)>> {
        let accounts: Vec<_> = ids.iter().copied().map(AccountId).collect();
        let revs = self.0.revs_of(&accounts).await?;
        let head = |(account, rev): (AccountId, i64)| (account.0, Head { seq: 0, rev });
        Ok(revs.into_iter().map(head).collect())
    }
}

#[async_trait]
impl CatchUp for OwnTopics {
    async fn missed(&self, viewer: &Viewer, missing: Missing) -> Result<Missed> {
        let kinds = self.0.changes_after(viewer.account, missing.rev).await?;
        let mut frames = Vec::new();
        if kinds.iter().any(|kind| kind == accounts::PREFERENCES)
            && let Some(account) = self.0.account(viewer.account).await?
        {
            let preferences = account.preferences.unwrap_or_default();
            frames.push(missing.event(&PreferencesChanged { preferences })?);
        }
        if !kinds.is_empty() {
            frames.push(missing.event(&AccountChanged { kinds })?);
        }
        Ok(Missed::Events(frames))
    }
}

/// The worker that sends the topics' counters to connections.
pub struct Heartbeats(pub Service);

#[async_trait]
impl Worker for Heartbeats {
    fn name(&self) -> &'static str {
        "gateway.heartbeats"
    }

    /// Handles one slice of the connections per second, so that they do not all respond at once.
    async fn run(&mut self, cancel: CancellationToken) {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut slice = 0;
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = cancel.cancelled() => break,
            }
            slice = (slice + 1) % HEARTBEAT.as_secs();
            if let Err(error) = self.beat(slice).await {
                tracing::warn!(error.code = %error.code, "heartbeat failed");
            }
        }
        self.0.inner.hub.stop();
    }
}

impl Heartbeats {
    pub(super) async fn beat(&self, slice: u64) -> Result<()> {
        let inner = &self.0.inner;
        let connections = inner.hub.slice(slice, HEARTBEAT.as_secs(), SILENCE);
        let mut heard: BTreeMap<Scope, BTreeSet<Uuid>> = BTreeMap::new();
        for topic in connections.iter().flat_map(|(_, topics)| topics) {
            heard.entry(topic.scope).or_default().insert(topic.id);
        }
        let mut heads = HashMap::new();
        for (scope, ids) in heard {
            let Some(topics) = inner.registry.topics(scope) else {
                continue;
            };
            let ids: Vec<_> = ids.into_iter().collect();
            for chunk in ids.chunks(500) {
                // A slow database must not look like a dead server: the heartbeat goes out without
                // the counters.
                match tokio::time::timeout(PATIENCE, topics.heads(chunk)).await {
                    Ok(Ok(known)) => heads.extend(
                        known
                            .into_iter()
                            .map(|(id, head)| (Topic::new(scope, id), head)),
                    ),
                    Ok(Err(_)) | Err(_) => break,
                }
            }
        }
        for (outlet, topics) in connections {
            let of = |topic: &Topic| Some((*topic, *heads.get(topic)?));
            let counted = |(_, head): &(Topic, Head)| *head != Head::default();
            let heads = topics.iter().filter_map(of).filter(counted).collect();
            if let Some(frame) = control(&Heartbeat { heads }) {
                outlet.offer(frame);
            }
        }
        Ok(())
    }
}

/// Encodes a control frame; None: it cannot be serialized, which is a bug (logged).
pub(super) fn control<E: Event>(event: &E) -> Option<Bytes> {
    bus::frame(&Sealed::of(None, 0, 0, event)).ok()
}
