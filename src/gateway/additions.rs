//! What features add to the gateway at start: commands, topics, catching up, presence.

use super::registry::{Begin, CatchUp, Handler, Presence, Run, Topics, encode, parse};
use super::service::Service;
use crate::accounts::Viewer;
use crate::realtime::{Command, Event, Scope};
use crate::shared::Result;
use crate::shared::sync::write;
use futures::{FutureExt, future::BoxFuture};
use std::sync::Arc;

impl Service {
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
