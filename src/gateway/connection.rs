//! One connection: its requests in the order of their arrival, until it ends.

use super::model::{Answer, Hello, PROTOCOL, Pulse, Welcome};
use super::service::{HEARTBEAT, Place, Service, control_frame, goodbye};
use crate::accounts::Viewer;
use crate::chat::{self, CaughtUp, Changes, MarkerMoved};
use crate::realtime::{
    Command, Envelope, Event, Head, Request, Scope, Subscribe, Subscribed, Topic, Unsubscribe, bus,
    hub::Connection,
};
use crate::shared::{ChannelId, CommunityId, Error, Kind, Result};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde_json::value::RawValue;
use std::time::{Duration, Instant};

/// A connection that says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(3 * HEARTBEAT.as_secs());
/// Somebody who comes back within this time was never away.
const ABSENCE: Duration = Duration::from_secs(5);
/// Most topics of one connection.
const MAX_TOPICS: usize = 1_000;
/// Missed messages in one frame.
const CHUNK: usize = 50;

/// A connection with its task's state.
pub(super) struct Running {
    gateway: Service,
    viewer: Viewer,
    connection: Connection,
    /// Free for another connection as soon as this one has ended.
    _place: Place,
    greeted: bool,
    window: (Instant, u32),
}

/// What comes after a request.
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
            window: (Instant::now(), 0),
        }
    }

    /// Runs requests until the connection ends.
    pub(super) async fn run(mut self, input: impl Stream<Item = Result<Request>> + Send + Unpin) {
        let session = Topic::new(Scope::Session, self.viewer.session.0);
        self.connection.subscribe(session);
        let communities = self.gateway.inner.communities.clone();
        let viewer = self.viewer.clone();
        let entered = Box::pin(communities.connected(&viewer)).await;
        let entered = entered.unwrap_or_else(|error| {
            tracing::warn!(error.code = %error.code, "presence not told");
            Vec::new()
        });
        let cancelled = self.gateway.inner.tasks.cancelled();
        if let Some(error) = self.serve(input).await
            && let Some(frame) = goodbye(error)
        {
            self.connection.send(frame).await;
        }
        drop(self);
        tokio::select! {
            () = tokio::time::sleep(ABSENCE) => {}
            () = cancelled.cancelled() => {}
        }
        if let Err(error) = Box::pin(communities.disconnected(&viewer, &entered)).await {
            tracing::warn!(error.code = %error.code, "presence not told");
        }
    }

    /// Runs requests; the reason to tell when it is the server that ends the connection.
    async fn serve(
        &mut self,
        mut input: impl Stream<Item = Result<Request>> + Send + Unpin,
    ) -> Option<Error> {
        let cut = self.connection.cut();
        let stopping = self.gateway.inner.tasks.cancelled();
        loop {
            let request = tokio::select! {
                request = tokio::time::timeout(SILENCE, input.next()) => request,
                () = cut.cancelled() => return None,
                () = stopping.cancelled() => return Some(Error::unavailable()),
            };
            let next = match request {
                // Boxed, so that a connection that asks for nothing does not hold room for it.
                Ok(Some(Ok(request))) => Box::pin(self.handle(request)).await,
                Ok(Some(Err(error))) => Next::End(Some(error)),
                Ok(None) => Next::End(None),
                Err(_) => Next::End(Some(Error::unavailable())),
            };
            if let Next::End(error) = next {
                return error;
            }
        }
    }

    /// Runs one request and answers it.
    async fn handle(&mut self, request: Request) -> Next {
        let nonce = request.nonce.clone();
        if let Err(error) = chat::rules::nonce(&nonce) {
            return Next::End(Some(error));
        }
        if !self.greeted && request.kind != Hello::KIND {
            return Next::End(Some(Error::bad_request(
                "hello-first",
                "The first request is gateway.hello",
            )));
        }
        // Subscriptions are bounded by the topics that there are; a page with many channels makes
        // as many at once.
        let turn = if request.kind == Subscribe::KIND {
            Ok(())
        } else {
            self.take_turn()
        };
        let result = match turn {
            Ok(()) => self.dispatch(request).await,
            Err(error) => Err(error),
        };
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

    /// Counts a request; too many in a window are refused until the next.
    fn take_turn(&mut self) -> Result<()> {
        let rate = self.gateway.inner.commands;
        let (start, count) = self.window;
        let elapsed = start.elapsed();
        if elapsed >= rate.window {
            self.window = (Instant::now(), 1);
            return Ok(());
        }
        self.window.1 = count.saturating_add(1);
        if count < rate.count {
            return Ok(());
        }
        let seconds = (rate.window - elapsed).as_secs() + 1;
        Err(Error::rate_limited(
            "rate-limited",
            format!("Too many requests; go on in {seconds} seconds"),
            seconds,
        ))
    }

    /// Maps each kind of command to its service.
    async fn dispatch(&mut self, request: Request) -> Result<Box<RawValue>> {
        let chat = self.gateway.inner.chat.clone();
        let viewer = self.viewer.clone();
        match request.kind.as_str() {
            chat::Send::KIND => {
                let send = read::<chat::Send>(&request)?;
                let sent = chat.send(&viewer, &request.nonce, send).await?;
                done::<chat::Send>(&sent)
            }
            chat::Edit::KIND => {
                let edited = chat.edit(&viewer, read(&request)?).await?;
                done::<chat::Edit>(&edited)
            }
            chat::Delete::KIND => {
                let deleted = chat.delete(&viewer, read(&request)?).await?;
                done::<chat::Delete>(&deleted)
            }
            chat::MarkRead::KIND => {
                chat.mark_read(&viewer, read(&request)?).await?;
                done::<chat::MarkRead>(&())
            }
            chat::Typing::KIND => {
                chat.typing(&viewer, read(&request)?).await?;
                done::<chat::Typing>(&())
            }
            Hello::KIND => done::<Hello>(&self.hello(read(&request)?)?),
            Subscribe::KIND => {
                let subscribed = self.subscribe(read(&request)?).await?;
                done::<Subscribe>(&subscribed)
            }
            Unsubscribe::KIND => {
                self.connection
                    .unsubscribe(read::<Unsubscribe>(&request)?.topic);
                done::<Unsubscribe>(&())
            }
            Pulse::KIND => done::<Pulse>(&()),
            _ => Err(Error::bad_request(
                "unknown-command",
                "This server does not know this command",
            )),
        }
    }

    fn hello(&mut self, hello: Hello) -> Result<Welcome> {
        if hello.protocol != PROTOCOL {
            return Err(Error::bad_request(
                "reload",
                "This page is older than the server; load it again",
            )
            .with("protocol", PROTOCOL));
        }
        self.greeted = true;
        Ok(Welcome {
            protocol: PROTOCOL,
            heartbeat_seconds: HEARTBEAT.as_secs(),
            profile: self.viewer.profile(),
        })
    }

    /// Checks, subscribes, then sends what was missed: an event in between comes twice rather
    /// than never, and is applied once.
    async fn subscribe(&mut self, subscribe: Subscribe) -> Result<Subscribed> {
        let Subscribe { topic, rev } = subscribe;
        if self.connection.topic_count() >= MAX_TOPICS {
            return Err(Error::new(
                Kind::TooLarge,
                "too-many-topics",
                format!("A connection is on at most {MAX_TOPICS} topics"),
            ));
        }
        let inner = self.gateway.inner.clone();
        let mut reset = false;
        let head = match topic.scope {
            Scope::Channel => {
                let channel = ChannelId(topic.id);
                inner.communities.access(&self.viewer, channel).await?;
                self.connection.subscribe(topic);
                let heads = inner.communities.heads_of(&[channel]).await?;
                let (_, head) = heads.first().ok_or_else(Error::not_found)?;
                if let Some(rev) = rev {
                    match inner.chat.changes_after(channel, *head, rev).await? {
                        Changes::All(messages, _) => self.catch_up(topic, *head, messages).await?,
                        Changes::TooMany => reset = true,
                    }
                }
                *head
            }
            Scope::Community => {
                let community = CommunityId(topic.id);
                inner
                    .communities
                    .require_member(&self.viewer, community)
                    .await?;
                self.connection.subscribe(topic);
                Head::default()
            }
            Scope::Account if topic.id == self.viewer.account.0 => {
                self.connection.subscribe(topic);
                let head = Head {
                    seq: 0,
                    rev: inner.accounts.rev_of(self.viewer.account).await?,
                };
                if let Some(rev) = rev {
                    let markers = inner.chat.markers_after(&self.viewer, rev).await?;
                    self.tell(topic, head, &MarkerMoved { markers }).await?;
                }
                head
            }
            Scope::Account | Scope::Session => return Err(Error::not_found()),
        };
        Ok(Subscribed { topic, head, reset })
    }

    async fn catch_up(
        &self,
        topic: Topic,
        head: Head,
        mut messages: Vec<chat::Message>,
    ) -> Result<()> {
        while !messages.is_empty() {
            let rest = messages.split_off(messages.len().min(CHUNK));
            self.tell(topic, head, &CaughtUp { messages }).await?;
            messages = rest;
        }
        Ok(())
    }

    /// Sends an event to this connection only.
    async fn tell<E: Event>(&self, topic: Topic, head: Head, event: &E) -> Result<()> {
        let envelope =
            Envelope::of(Some(topic), head.seq, head.rev, event).map_err(Error::internal)?;
        self.connection.send(bus::frame(&envelope)?).await;
        Ok(())
    }
}

fn read<C: Command>(request: &Request) -> Result<C> {
    serde_json::from_str(request.body.get())
        .map_err(|_| Error::bad_request("malformed", "The request could not be understood"))
}

fn done<C: Command>(done: &C::Done) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(done).map_err(Error::internal)
}

/// A control frame; none when it cannot be written, which is a bug that the log tells.
pub(super) fn control<E: Event>(event: &E) -> Option<Bytes> {
    control_frame(event).ok()
}
