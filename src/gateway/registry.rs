//! What the gateway knows of features: commands, topics, catching up, presence.

use crate::accounts::Viewer;
use crate::realtime::{Command, Event, Head, Request, Scope, Sealed, Topic, bus};
use crate::shared::sync::read;
use crate::shared::{AccountId, CommunityId, Error, Result};
use async_trait::async_trait;
use bytes::Bytes;
use futures::future::BoxFuture;
use serde_json::value::RawValue;
use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};
use uuid::Uuid;

/// A command's result as JSON.
pub(super) type Done = BoxFuture<'static, Result<Box<RawValue>>>;

pub(super) type Run = Arc<dyn Fn(Viewer, Request) -> Done + Send + Sync>;
pub(super) type Begin =
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
    fn disconnected(&self, account: AccountId, communities: &[CommunityId]);
}

/// Everything that features have added. They do so before the first connection.
#[derive(Default)]
pub(super) struct Registry {
    pub(super) commands: RwLock<HashMap<&'static str, Handler>>,
    pub(super) topics: RwLock<HashMap<Scope, Arc<dyn Topics>>>,
    pub(super) catch_up: RwLock<Vec<(Scope, Arc<dyn CatchUp>)>>,
    pub(super) presence: RwLock<Option<Arc<dyn Presence>>>,
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

/// Reads the command of a request.
pub(super) fn parse<C: Command>(request: &Request) -> Result<C> {
    serde_json::from_str(request.body.get())
        .map_err(|_| Error::bad_request("malformed", "Invalid request"))
}

pub(super) fn encode<C: Command>(done: &C::Done) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(done).map_err(Error::internal)
}
