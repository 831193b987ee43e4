//! What features add to the gateway: commands, topics, catching up, presence.

use crate::accounts::Viewer;
use crate::realtime::{Command, Event, Head, Request, Scope, Sealed, Topic, bus};
use crate::shared::sync::{read, write};
use crate::shared::{CommunityId, Error, Result};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{FutureExt, future::BoxFuture};
use serde_json::value::RawValue;
use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};
use uuid::Uuid;

/// A command's result as JSON.
pub(super) type Done = BoxFuture<'static, Result<Box<RawValue>>>;

type Run = Arc<dyn Fn(Viewer, Request) -> Done + Send + Sync>;
type Begin =
    Arc<dyn for<'a> Fn(&'a Viewer, &'a Request) -> BoxFuture<'a, Result<Done>> + Send + Sync>;

/// How a command runs.
#[derive(Clone)]
pub(super) enum Handler {
    /// Runs alone: later commands wait for its response.
    Run(Run),
    /// Begins in the order of its arrival; later commands of this kind do not wait for its response.
    Begin(Begin),
}

/// The topics of one scope.
#[async_trait]
pub trait Topics: Send + Sync + 'static {
    /// Checks whether the viewer can subscribe.
    ///
    /// # Errors
    /// `not-found`.
    async fn admit(&self, viewer: &Viewer, id: Uuid) -> Result<()>;

    /// Returns the counters of these topics, without those that do not exist.
    async fn heads(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, Head)>>;
}

/// A client that catches up with a topic.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    pub topic: Topic,
    /// Counters of the topic.
    pub head: Head,
    /// Change count that the client has.
    pub rev: i64,
}

impl Missing {
    /// Encodes an event for this client.
    ///
    /// # Errors
    /// The event cannot be serialized, which is a bug.
    pub fn event<E: Event>(&self, event: &E) -> Result<Bytes> {
        let Head { seq, rev } = self.head;
        bus::frame(&Sealed::of(Some(self.topic), seq, rev, event))
    }
}

/// What a client missed.
#[derive(Debug)]
pub enum Missed {
    /// These events bring the client up to date.
    Events(Vec<Bytes>),
    /// Too much: the client starts from a fresh snapshot.
    Reset,
}

/// Finds what a client missed on a topic.
#[async_trait]
pub trait CatchUp: Send + Sync + 'static {
    /// Returns everything that changed after the client's change count.
    async fn missed(&self, viewer: &Viewer, missing: Missing) -> Result<Missed>;
}

/// Records which members are online.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// Records a connection. Returns the communities where it is recorded.
    async fn connected(&self, viewer: &Viewer) -> Result<Vec<CommunityId>>;

    /// Removes a connection from these communities.
    async fn disconnected(&self, viewer: &Viewer, communities: &[CommunityId]);
}

/// Everything that features have added. They do so before the first connection.
#[derive(Default)]
pub(super) struct Registry {
    commands: RwLock<HashMap<&'static str, Handler>>,
    topics: RwLock<HashMap<Scope, Arc<dyn Topics>>>,
    catch_up: RwLock<Vec<(Scope, Arc<dyn CatchUp>)>>,
    presence: RwLock<Option<Arc<dyn Presence>>>,
}

impl Registry {
    pub(super) fn handler(&self, kind: &str) -> Option<Handler> {
        read(&self.commands).get(kind).cloned()
    }

    pub(super) fn topics(&self, scope: Scope) -> Option<Arc<dyn Topics>> {
        read(&self.topics).get(&scope).cloned()
    }

    pub(super) fn catch_up(&self, scope: Scope) -> Vec<Arc<dyn CatchUp>> {
        let all = read(&self.catch_up);
        let of_scope = all.iter().filter(|(own, _)| *own == scope);
        of_scope.map(|(_, source)| Arc::clone(source)).collect()
    }

    pub(super) fn presence(&self) -> Option<Arc<dyn Presence>> {
        read(&self.presence).clone()
    }
}

impl super::Service {
    /// Adds a command of a feature's service that runs alone.
    pub fn add_command<S, C, Running>(
        &self,
        service: &S,
        run: impl Fn(S, Viewer, C) -> Running + Send + Sync + 'static,
    ) where
        S: Clone + Send + Sync + 'static,
        C: Command + 'static,
        Running: Future<Output = Result<C::Done>> + Send + 'static,
    {
        let service = service.clone();
        let run: Run = Arc::new(move |viewer, request| match parse::<C>(&request) {
            Ok(command) => {
                let running = run(service.clone(), viewer, command);
                async move { encode::<C>(&running.await?) }.boxed()
            }
            Err(error) => async { Err(error) }.boxed(),
        });
        self.add_handler(C::KIND, Handler::Run(run));
    }

    /// Adds a command of which many run at once. `begin` gets the request's nonce and returns the
    /// rest of the work once the command has its place in the order.
    pub fn add_ordered_command<S, C, Rest>(
        &self,
        service: &S,
        begin: impl for<'a> Fn(S, &'a Viewer, &'a str, C) -> BoxFuture<'a, Result<Rest>>
        + Send
        + Sync
        + 'static,
    ) where
        S: Clone + Send + Sync + 'static,
        C: Command + Send + 'static,
        Rest: Future<Output = Result<C::Done>> + Send + 'static,
    {
        let service = service.clone();
        let begin: Begin = Arc::new(move |viewer, request| match parse::<C>(request) {
            Ok(command) => {
                let begun = begin(service.clone(), viewer, &request.nonce, command);
                async move {
                    let rest = begun.await?;
                    Ok(async move { encode::<C>(&rest.await?) }.boxed())
                }
                .boxed()
            }
            Err(error) => async { Err(error) }.boxed(),
        });
        self.add_handler(C::KIND, Handler::Begin(begin));
    }

    fn add_handler(&self, kind: &'static str, handler: Handler) {
        write(&self.inner.registry.commands).insert(kind, handler);
    }

    /// Adds the topics of a scope.
    pub fn add_topics(&self, scope: Scope, topics: impl Topics) {
        write(&self.inner.registry.topics).insert(scope, Arc::new(topics));
    }

    /// Adds events of the topics of a scope from which clients catch up.
    pub fn add_catch_up(&self, scope: Scope, source: impl CatchUp) {
        write(&self.inner.registry.catch_up).push((scope, Arc::new(source)));
    }

    /// Sets who records the presence of members.
    pub fn set_presence(&self, presence: impl Presence) {
        *write(&self.inner.registry.presence) = Some(Arc::new(presence));
    }

    /// Ends the topics of a scope after an event of this kind on them.
    pub fn end_topics_after<E: Event>(&self, scope: Scope) {
        let hub = self.inner.hub.clone();
        self.inner.bus.attach(Box::new(move |event| {
            if event.kind == E::KIND && event.topic.scope == scope {
                hub.close_topic(event.topic);
            }
        }));
    }
}

/// Reads the command of a request.
pub(super) fn parse<C: Command>(request: &Request) -> Result<C> {
    serde_json::from_str(request.body.get())
        .map_err(|_| Error::bad_request("malformed", "Invalid request"))
}

pub(super) fn encode<C: Command>(done: &C::Done) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(done).map_err(Error::internal)
}
