//! One connection: runs its requests in the order of their arrival until it ends.

use super::model::{Answer, Hello, PROTOCOL, Ping, Welcome};
use super::service::{HEARTBEAT, Place, Service, control_frame, goodbye};
use crate::accounts::{self, Viewer};
use crate::chat::{self, Acknowledgement, CaughtUp, Changes, MarkerMoved, Sent};
use crate::realtime::{
    Command, Event, Head, Request, Scope, Sealed, Subscribe, Subscribed, Topic, Unsubscribe, bus,
    hub::{self, Connection},
};
use crate::shared::{AccountId, ChannelId, CommunityId, Error, Kind, Result, Timestamp, time::now};
use bytes::Bytes;
use chrono::TimeDelta;
use futures::{Stream, StreamExt};
use serde_json::value::RawValue;
use std::{collections::VecDeque, time::Duration};
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
/// Maximum number of sends of one connection that wait for their commit.
const MAX_UNDER_WAY: usize = 32;
/// Minimum time for the response to a refused request.
const REFUSAL: Duration = Duration::from_millis(20);
/// Missed messages per frame.
const CHUNK: usize = 50;

/// A connection and the state of its task.
pub(super) struct Running {
    gateway: Service,
    viewer: Viewer,
    connection: Connection,
    /// Counts the connection; released when it ends.
    _place: Place,
    greeted: bool,
    /// Sends that are being stored, with their nonces.
    sends: VecDeque<(String, Acknowledgement)>,
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
            sends: VecDeque::new(),
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
            let under_way = self.sends.len();
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
                sent = oldest(&mut self.sends), if under_way > 0 => self.sent(sent).await,
            };
            if let Next::End(error) = next {
                // Confirms the running sends before the last frame.
                Box::pin(self.finish_sends()).await;
                return error;
            }
        }
    }

    /// Responds to the send whose turn it is.
    async fn sent(&mut self, sent: Result<Sent>) -> Next {
        let Some((nonce, _)) = self.sends.pop_front() else {
            return Next::GoOn;
        };
        let result = sent.and_then(|sent| done::<chat::Send>(&sent));
        self.answer(nonce, result).await
    }

    /// Responds to all running sends.
    async fn finish_sends(&mut self) {
        while !self.sends.is_empty() {
            let sent = oldest(&mut self.sends).await;
            self.sent(sent).await;
        }
    }

    /// Runs one request and responds to it. Sends are stored in batches and confirmed later; all
    /// other requests wait for the sends before them.
    async fn handle(&mut self, request: Request) -> Next {
        self.connection.heard();
        let nonce = request.nonce.clone();
        if let Err(error) = chat::rules::nonce(&nonce) {
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
        let result = match turn.await {
            Ok(()) if request.kind == chat::Send::KIND => match self.begin_send(&request).await {
                Ok(acknowledgement) => {
                    self.sends.push_back((nonce, acknowledgement));
                    return Next::GoOn;
                }
                Err(error) => Err(error),
            },
            Ok(()) => {
                self.finish_sends().await;
                self.dispatch(request).await
            }
            Err(error) => Err(error),
        };
        self.answer(nonce, result).await
    }

    async fn begin_send(&mut self, request: &Request) -> Result<Acknowledgement> {
        let chat = &self.gateway.inner.chat;
        let send = read::<chat::Send>(request)?;
        chat.begin_send(&self.viewer, &request.nonce, send).await
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

    /// Calls the service of each kind of command.
    async fn dispatch(&mut self, request: Request) -> Result<Box<RawValue>> {
        let chat = self.gateway.inner.chat.clone();
        let viewer = self.gateway.inner.accounts.as_of_now(&self.viewer);
        match request.kind.as_str() {
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
            Ping::KIND => done::<Ping>(&()),
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
        let inner = self.gateway.inner.clone();
        let mut reset = false;
        let head = match topic.scope {
            Scope::Channel => {
                let subscribed = self.subscribe_to_channel(topic, rev).await;
                if matches!(&subscribed, Err(error) if error.kind == Kind::NotFound) {
                    // It may have been deleted after the check.
                    self.connection.unsubscribe(topic);
                }
                let (head, missed_too_much) = subscribed?;
                reset = missed_too_much;
                head
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
                    reset = rev > head.rev;
                    let markers = inner.chat.markers_after(&self.viewer, rev).await?;
                    self.tell(topic, head, &MarkerMoved { markers }).await?;
                }
                head
            }
            Scope::Account | Scope::Session => return Err(Error::not_found()),
        };
        Ok(Subscribed { topic, head, reset })
    }

    /// Returns the channel's counters, and whether the client missed too much.
    async fn subscribe_to_channel(
        &mut self,
        topic: Topic,
        rev: Option<i64>,
    ) -> Result<(Head, bool)> {
        let inner = self.gateway.inner.clone();
        let channel = ChannelId(topic.id);
        inner.communities.access(&self.viewer, channel).await?;
        self.connection.subscribe(topic);
        let heads = inner.communities.heads_of(&[channel]).await?;
        let (_, head) = heads.first().ok_or_else(Error::not_found)?;
        let Some(rev) = rev else {
            return Ok((*head, false));
        };
        match inner.chat.changes_after(channel, *head, rev).await? {
            Changes::All(messages, _) => {
                let account = self.viewer.account;
                inner
                    .accounts
                    .charge_catch_up(account, messages.len())
                    .await;
                self.catch_up(topic, *head, messages).await?;
            }
            Changes::Reset => return Ok((*head, true)),
        }
        Ok((*head, false))
    }

    async fn catch_up(
        &mut self,
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
    async fn tell<E: Event>(&mut self, topic: Topic, head: Head, event: &E) -> Result<()> {
        let frame = bus::frame(&Sealed::of(Some(topic), head.seq, head.rev, event))?;
        self.connection.send(frame).await;
        Ok(())
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
        match here.gateway.inner.communities.connected(&here.viewer).await {
            Ok(entered) => here.entered = entered,
            Err(error) => tracing::warn!(error.code = %error.code, "publishing presence failed"),
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
        let (gateway, viewer) = (self.gateway.clone(), self.viewer.clone());
        let tasks = self.gateway.inner.tasks.clone();
        tasks.spawn(async move {
            let stopping = gateway.inner.tasks.cancelled();
            tokio::select! {
                () = tokio::time::sleep(ABSENCE) => {}
                () = stopping.cancelled() => {}
            }
            let viewer = gateway.inner.accounts.as_of_now(&viewer);
            let communities = &gateway.inner.communities;
            communities.disconnected(&viewer, &entered).await;
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

/// Waits for the oldest running send.
async fn oldest(sends: &mut VecDeque<(String, Acknowledgement)>) -> Result<Sent> {
    match sends.front_mut() {
        Some((_, acknowledgement)) => acknowledgement.await,
        None => Err(Error::unavailable()),
    }
}

fn read<C: Command>(request: &Request) -> Result<C> {
    serde_json::from_str(request.body.get())
        .map_err(|_| Error::bad_request("malformed", "Invalid request"))
}

fn done<C: Command>(done: &C::Done) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(done).map_err(Error::internal)
}

/// Encodes a control frame; None: it cannot be serialized, which is a bug (logged).
pub(super) fn control<E: Event>(event: &E) -> Option<Bytes> {
    control_frame(event).ok()
}
