//! One connection: runs its requests in the order of their arrival until it ends.

use super::model::{Answer, Hello, PROTOCOL, Ping, Welcome};
use super::protocol::Frame;
use super::registry::{Done, Handler, Missed, Missing, encode, parse};
use super::service::{HEARTBEAT, Place, Service, control, goodbye};
use crate::accounts::{self, Viewer};
use crate::realtime::{
    Command, Request, Scope, Subscribe, Subscribed, Topic, Unsubscribe, check_nonce,
    hub::{self, Connection, Frames},
};
use crate::shared::{AccountId, CommunityId, Error, Kind, Result, Timestamp, time::now};
use chrono::TimeDelta;
use futures::{Stream, StreamExt, future::BoxFuture};
use serde_json::value::RawValue;
use server_fn::BoxedStream;
use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::sync::oneshot;

/// Maximum interval between checks of the session's expiry, because the clock can jump.
const LOOK_AT_CLOCK: Duration = if cfg!(test) {
    Duration::from_millis(50)
} else {
    Duration::from_mins(1)
};
/// Delay before a failed check of the session is repeated.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(5);
/// A member who reconnects within this time stays online.
const ABSENCE: Duration = Duration::from_secs(5);
/// Maximum number of topics of one connection.
const MAX_TOPICS: usize = 1_000;
/// Maximum number of ordered commands of one connection that wait for their result.
const MAX_UNDER_WAY: usize = 32;
/// Minimum time for the response to a refused request.
const REFUSAL: Duration = Duration::from_millis(20);

impl Service {
    /// Connects a viewer: runs their requests and returns the frames for them.
    pub fn connect(
        &self,
        viewer: Viewer,
        input: impl Stream<Item = Result<Request>> + Send + Unpin + 'static,
    ) -> BoxedStream<Frame, Error> {
        let Some(place) = self.take_place(viewer.account) else {
            let error = Error::rate_limited(
                "too-many-connections",
                "Too many open connections of this account; close some",
                60,
            );
            return Self::refuse(error);
        };
        let (connection, frames) = self.inner.hub.connect();
        let running = Running::new(self.clone(), viewer, connection, place);
        let talk = Talk {
            running: Some(Box::pin(running.run(input))),
            frames,
        };
        talk.into()
    }
}

/// A connection as the stream of its frames. Polling the stream also runs its requests, so that a
/// connection is one task.
struct Talk {
    running: Option<BoxFuture<'static, ()>>,
    frames: Frames,
}

impl Stream for Talk {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(running) = &mut self.running
            && running.as_mut().poll(context).is_ready()
        {
            self.running = None;
        }
        let frame = ready!(self.frames.poll_next(context));
        Poll::Ready(frame.map(|frame| Ok(Frame(frame))))
    }
}

/// A connection and the state of its task.
pub(super) struct Running {
    gateway: Service,
    viewer: Viewer,
    connection: Connection,
    /// Counts the connection; released when it ends.
    _place: Place,
    greeted: bool,
    /// Ordered commands that are running, with their nonces.
    under_way: VecDeque<(String, Done)>,
    /// Time of the next check whether the session is alive.
    lives_until: Timestamp,
}

/// What follows a request.
enum Next {
    GoOn,
    End(Option<Error>),
}

impl Running {
    pub(super) fn new(
        gateway: Service,
        viewer: Viewer,
        connection: Connection,
        place: Place,
    ) -> Self {
        Self {
            gateway,
            viewer,
            connection,
            _place: place,
            greeted: false,
            under_way: VecDeque::new(),
            lives_until: now(),
        }
    }

    /// Runs requests until the connection ends.
    pub(super) async fn run(mut self, input: impl Stream<Item = Result<Request>> + Send + Unpin) {
        if let Some(error) = Box::pin(self.begin()).await
            && let Some(frame) = goodbye(error)
        {
            self.connection.send(frame).await;
            return;
        }
        let _here = arrive(&self.gateway, &self.viewer).await;
        if let Some(error) = self.serve(input).await
            && let Some(frame) = goodbye(error)
        {
            self.connection.send(frame).await;
        }
    }

    /// Subscribes to the topic of the session. Returns the error to send if the session is over.
    async fn begin(&mut self) -> Option<Error> {
        let session = Topic::new(Scope::Session, self.viewer.session.0);
        self.connection.subscribe(session);
        // It may have ended between the guard's check and the subscription.
        let accounts = self.gateway.inner.accounts.clone();
        match accounts.lives_until(&self.viewer).await {
            Ok(end) => self.lives_until = end,
            Err(error) => return Some(error),
        }
        None
    }

    /// Checks the session's expiry; it may have been extended since the last check.
    async fn still_lives(&mut self) -> Next {
        if now() < self.lives_until {
            return Next::GoOn;
        }
        let accounts = self.gateway.inner.accounts.clone();
        match accounts.lives_until(&self.viewer).await {
            Ok(end) => self.lives_until = end,
            Err(error) if error.kind == Kind::Unauthenticated => return Next::End(Some(error)),
            // The database is unavailable; that does not sign anyone out.
            Err(_) => self.lives_until = now() + ASK_AGAIN,
        }
        Next::GoOn
    }

    /// Time until the next check of the session's expiry.
    fn until_expiry(&self) -> Duration {
        let left = self.lives_until - now();
        left.to_std().unwrap_or_default().min(LOOK_AT_CLOCK)
    }

    /// Runs requests. Returns the error to send if the server ends the connection.
    async fn serve(
        &mut self,
        mut input: impl Stream<Item = Result<Request>> + Send + Unpin,
    ) -> Option<Error> {
        let expiry = tokio::time::sleep(self.until_expiry());
        tokio::pin!(expiry);
        loop {
            let under_way = self.under_way.len();
            let next = tokio::select! {
                biased;
                end = self.connection.ended() => match end {
                    hub::End::Cut => return None,
                    hub::End::Silent => Next::End(Some(Error::unavailable())),
                    hub::End::Stopping => Next::End(Some(self.gateway.come_back())),
                },
                () = &mut expiry => {
                    let next = Box::pin(self.still_lives()).await;
                    let again = tokio::time::Instant::now() + self.until_expiry();
                    expiry.as_mut().reset(again);
                    next
                },
                request = input.next(), if under_way < MAX_UNDER_WAY => match request {
                    // Boxed, so that an idle connection reserves no memory for it.
                    Some(Ok(request)) => Box::pin(self.handle(request)).await,
                    Some(Err(error)) => Next::End(Some(error)),
                    None => Next::End(None),
                },
                result = oldest(&mut self.under_way), if under_way > 0 => self.finished(result).await,
            };
            if let Next::End(error) = next {
                // Responds to the running commands before the last frame.
                Box::pin(self.finish_all()).await;
                return error;
            }
        }
    }

    /// Responds to the ordered command whose turn it is.
    async fn finished(&mut self, result: Result<Box<RawValue>>) -> Next {
        let Some((nonce, _)) = self.under_way.pop_front() else {
            return Next::GoOn;
        };
        self.answer(nonce, result).await
    }

    /// Responds to all running commands.
    async fn finish_all(&mut self) {
        while !self.under_way.is_empty() {
            let result = oldest(&mut self.under_way).await;
            self.finished(result).await;
        }
    }

    /// Runs one request and responds to it. Ordered commands are confirmed later; all other requests
    /// wait for those before them.
    async fn handle(&mut self, request: Request) -> Next {
        self.connection.heard();
        let nonce = request.nonce.clone();
        if let Err(error) = check_nonce(&nonce) {
            return Next::End(Some(error));
        }
        if !self.greeted && request.kind != Hello::KIND {
            return Next::End(Some(Error::bad_request(
                "hello-first",
                "The first command must be gateway.hello",
            )));
        }
        let accounts = self.gateway.inner.accounts.clone();
        let turn = take_turn(&accounts, self.viewer.account, &request.kind);
        let handler = self.gateway.inner.registry.handler(&request.kind);
        let result = match (turn.await, handler) {
            (Ok(()), Some(Handler::Begin(begin))) => match begin(&self.viewer, &request).await {
                Ok(rest) => {
                    self.under_way.push_back((nonce, rest));
                    return Next::GoOn;
                }
                Err(error) => Err(error),
            },
            (Ok(()), Some(Handler::Run(run))) => {
                self.finish_all().await;
                run(accounts.as_of_now(&self.viewer), request).await
            }
            (Ok(()), None) => {
                self.finish_all().await;
                self.control(&request).await
            }
            (Err(error), _) => Err(error),
        };
        self.answer(nonce, result).await
    }

    async fn answer(&mut self, nonce: String, result: Result<Box<RawValue>>) -> Next {
        let (done, error) = match result {
            Ok(done) => (Some(done), None),
            Err(error) => (None, Some(error)),
        };
        let reload = error.as_ref().is_some_and(|error| error.code == "reload");
        let answer = Answer { nonce, done, error };
        let told = match control(&answer) {
            Some(frame) => self.connection.send(frame).await,
            None => false,
        };
        if told && !reload {
            Next::GoOn
        } else {
            Next::End(None)
        }
    }

    /// Runs the gateway's own commands.
    async fn control(&mut self, request: &Request) -> Result<Box<RawValue>> {
        match request.kind.as_str() {
            Hello::KIND => encode::<Hello>(&self.hello(parse(request)?)?),
            Subscribe::KIND => {
                let subscribed = self.subscribe(parse(request)?).await?;
                encode::<Subscribe>(&subscribed)
            }
            Unsubscribe::KIND => {
                let Unsubscribe { topic } = parse(request)?;
                self.connection.unsubscribe(topic);
                encode::<Unsubscribe>(&())
            }
            Ping::KIND => encode::<Ping>(&()),
            _ => Err(Error::bad_request("unknown-command", "Unknown command")),
        }
    }

    fn hello(&mut self, hello: Hello) -> Result<Welcome> {
        if hello.protocol != PROTOCOL {
            return Err(
                Error::bad_request("reload", "This page is out of date; reload it")
                    .with("protocol", PROTOCOL),
            );
        }
        self.greeted = true;
        Ok(Welcome {
            protocol: PROTOCOL,
            heartbeat_seconds: HEARTBEAT.as_secs(),
            profile: self.viewer.profile(),
            now: Some(now()),
        })
    }

    /// Checks permission, subscribes, then sends missed changes: an event in between arrives twice
    /// rather than never, and is applied once.
    async fn subscribe(&mut self, subscribe: Subscribe) -> Result<Subscribed> {
        let Subscribe { topic, rev } = subscribe;
        if self.connection.topic_count() >= MAX_TOPICS {
            return Err(Error::new(
                Kind::TooLarge,
                "too-many-topics",
                format!("Too many topics: at most {MAX_TOPICS} per connection"),
            ));
        }
        let registry = &self.gateway.inner.clone().registry;
        let topics = registry.topics(topic.scope).ok_or_else(Error::not_found)?;
        topics.admit(&self.viewer, topic.id).await?;
        self.connection.subscribe(topic);
        let heads = topics.heads(&[topic.id]).await?;
        let Some((_, head)) = heads.first().copied() else {
            // It was deleted after the check.
            self.connection.unsubscribe(topic);
            return Err(Error::not_found());
        };
        let mut reset = rev.is_some_and(|rev| rev > head.rev);
        if let Some(rev) = rev {
            let missing = Missing { topic, head, rev };
            for source in registry.catch_up(topic.scope) {
                match source.missed(&self.viewer, missing).await? {
                    Missed::Events(frames) => {
                        for frame in frames {
                            self.connection.send(frame).await;
                        }
                    }
                    Missed::Reset => reset = true,
                }
            }
        }
        Ok(Subscribed { topic, head, reset })
    }
}

/// Records that the viewer is online. Runs in its own task, so that it is recorded completely or
/// not at all.
async fn arrive(gateway: &Service, viewer: &Viewer) -> Option<Here> {
    let (tell, told) = oneshot::channel();
    let here = Here {
        gateway: gateway.clone(),
        viewer: viewer.clone(),
        entered: Vec::new(),
    };
    gateway.inner.tasks.spawn(async move {
        let mut here = here;
        if let Some(presence) = here.gateway.inner.registry.presence() {
            match presence.connected(&here.viewer).await {
                Ok(entered) => here.entered = entered,
                Err(error) => {
                    tracing::warn!(error.code = %error.code, "publishing presence failed")
                }
            }
        }
        // If the connection is already closed, the value is dropped, and the member leaves again.
        drop(tell.send(here));
    });
    told.await.ok()
}

/// A member's presence, recorded as long as this lives and a little longer.
struct Here {
    gateway: Service,
    viewer: Viewer,
    /// The communities where it is recorded.
    entered: Vec<CommunityId>,
}

impl Drop for Here {
    fn drop(&mut self) {
        let entered = std::mem::take(&mut self.entered);
        if entered.is_empty() {
            return;
        }
        let (gateway, account) = (self.gateway.clone(), self.viewer.account);
        let tasks = self.gateway.inner.tasks.clone();
        tasks.spawn(async move {
            let stopping = gateway.inner.tasks.cancelled();
            tokio::select! {
                () = tokio::time::sleep(ABSENCE) => {}
                () = stopping.cancelled() => {}
            }
            if let Some(presence) = gateway.inner.registry.presence() {
                presence.disconnected(account, &entered);
            }
        });
    }
}

/// Counts a request of an account. A refusal is delayed, so that a flood of refused requests costs
/// the server little.
async fn take_turn(accounts: &accounts::Service, account: AccountId, kind: &str) -> Result<()> {
    let turn = match kind {
        // A page with many channels sends many at once.
        Subscribe::KIND | Unsubscribe::KIND => accounts.take_subscription(account).await,
        _ => accounts.take_command(account).await,
    };
    if turn.is_err() {
        tokio::time::sleep(REFUSAL).await;
    }
    turn
}

/// Waits for the oldest running command.
async fn oldest(under_way: &mut VecDeque<(String, Done)>) -> Result<Box<RawValue>> {
    match under_way.front_mut() {
        Some((_, rest)) => rest.await,
        None => Err(Error::unavailable()),
    }
}
