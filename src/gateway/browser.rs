//! The page's connection: opens it, keeps it alive, and reconnects.

use super::model::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Ping, Welcome};
use super::rpc::gateway;
use crate::realtime::{Client, Envelope, Heard, Request, Status, nonce};
use crate::shared::{Error, Kind};
use crate::ui::Zone;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    FutureExt, StreamExt,
    future::{Either, select},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{ev, prelude::*, task::spawn_local};
use serde_json::value::RawValue;
use std::sync::Arc;

/// First delay before a reconnect, in milliseconds; it doubles.
const FIRST_WAIT: u32 = 500;
const LONGEST_WAIT: u32 = 30_000;
/// Missed heartbeats after which the connection counts as dead.
const PATIENCE: u32 = 3;
const HEARTBEAT_MS: u32 = 20_000;
/// Time limit for a response after a wake-up, in milliseconds.
const SOON: u32 = 5_000;
/// Delay before a command that got `unavailable` is repeated, in milliseconds.
const LATER: u32 = 2_000;

/// How a connection ended.
enum End {
    /// Reconnect; it was up.
    Lost,
    /// Reconnect within this number of milliseconds: the server stops, and all pages reconnect.
    SentAway(u32),
    /// Reconnect; it was never up.
    Unreachable,
    /// Do not reconnect.
    Final(Status),
}

/// Starts the connection loop.
pub fn start(client: Client) {
    let (wake, mut woken) = unbounded::<()>();
    let (cut, mut without_network) = unbounded::<()>();
    // Being online again or visible again ends the delay.
    let on_wake = {
        let wake = wake.clone();
        window_event_listener(ev::online, move |_| drop(wake.unbounded_send(())))
    };
    let on_shown = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            drop(wake.unbounded_send(()));
        }
    });
    let on_offline = window_event_listener(ev::offline, move |_| {
        if client.status.get_untracked() == Status::Online {
            client.disconnected(Status::Lost);
            drop(cut.unbounded_send(()));
        }
    });
    on_cleanup(move || {
        on_offline.remove();
        on_wake.remove();
        on_shown.remove();
    });
    let zone = Zone::of_context();
    spawn_local(async move {
        let mut wait = FIRST_WAIT;
        let mut was_up = false;
        loop {
            let running = Box::pin(connection(client, zone, was_up, &mut woken));
            let mut pause = 0;
            let end = match select(running, without_network.next()).await {
                Either::Left((end, _)) => end,
                Either::Right(_) => End::Lost,
            };
            match end {
                End::Final(status) => {
                    client.disconnected(status);
                    return;
                }
                End::Lost => {
                    wait = FIRST_WAIT;
                    was_up = true;
                }
                End::SentAway(within) => {
                    wait = FIRST_WAIT;
                    was_up = true;
                    pause = FIRST_WAIT / 2 + random(within);
                }
                End::Unreachable => wait = (wait * 2).min(LONGEST_WAIT),
            }
            client.disconnected(Status::Lost);
            while woken.next().now_or_never().flatten().is_some() {}
            if pause == 0 {
                pause = wait / 2 + random(wait / 2);
            }
            select(Box::pin(TimeoutFuture::new(pause)), woken.next()).await;
        }
    });
}

/// Random number up to `most`, so that many pages do not reconnect at the same moment.
fn random(most: u32) -> u32 {
    let random = uuid::Uuid::new_v4().as_u128() % (u128::from(most) + 1);
    u32::try_from(random).unwrap_or(0)
}

/// Runs one connection until it ends. `again`: it is not the first.
async fn connection(
    client: Client,
    zone: Zone,
    again: bool,
    woken: &mut UnboundedReceiver<()>,
) -> End {
    let (requests, input) = unbounded::<Result<Request, Error>>();
    let hello = nonce();
    if let Ok(request) = Request::of(hello.clone(), &Hello { protocol: PROTOCOL }) {
        drop(requests.unbounded_send(Ok(request)));
    }
    let Ok(mut frames) = gateway(input.into()).await else {
        return End::Unreachable;
    };
    let mut up = false;
    let mut sent_away = None;
    let mut patience = PATIENCE * HEARTBEAT_MS;
    loop {
        let silence = select(TimeoutFuture::new(patience), woken.next());
        let frame = match select(frames.next(), silence).await {
            Either::Left((Some(Ok(frame)), _)) => {
                patience = PATIENCE * HEARTBEAT_MS;
                frame
            }
            Either::Right((Either::Right((Some(()), _)), _)) => {
                // Back from sleep or on another network: a response shows whether the connection
                // still works.
                ping(&requests);
                patience = patience.min(SOON);
                continue;
            }
            _ => {
                return match (up, sent_away) {
                    (true, Some(within)) => End::SentAway(within),
                    (true, None) => End::Lost,
                    (false, _) => End::Unreachable,
                };
            }
        };
        let Some(envelope) = frame.envelope() else {
            continue;
        };
        if let Some(answer) = envelope.read::<Answer>() {
            if answer.nonce == hello {
                match answer.error {
                    Some(error) if error.code == "reload" => return End::Final(Status::Reload),
                    Some(_) => return End::Unreachable,
                    None => {
                        if let Some(stranger) = greeted(client, zone, answer.done) {
                            return End::Final(Status::Ended(stranger));
                        }
                        up = true;
                        if again {
                            // The server may have been updated.
                            crate::offline::look();
                        }
                        welcome(client, &requests);
                    }
                }
            } else {
                answered(client, answer);
            }
        } else if let Some(goodbye) = envelope.read::<Goodbye>() {
            if !goodbye.resume {
                return End::Final(Status::Ended(goodbye.error));
            }
            let seconds = goodbye.error.retry_after();
            sent_away = seconds.map(|seconds| {
                let within = u32::try_from(seconds).unwrap_or(u32::MAX);
                within.saturating_mul(1_000).min(LONGEST_WAIT)
            });
        } else if let Some(heartbeat) = envelope.read::<Heartbeat>() {
            for (topic, head) in heartbeat.heads {
                client.tell(topic, &Heard::Heartbeat { rev: head.rev });
            }
            ping(&requests);
        } else {
            event(client, envelope);
        }
    }
}

fn ping(requests: &UnboundedSender<Result<Request, Error>>) {
    if let Ok(ping) = Request::of(nonce(), &Ping {}) {
        drop(requests.unbounded_send(Ok(ping)));
    }
}

/// Reads the server's response to the greeting, and takes over its time. Returns an error if the
/// connection belongs to another account than the page.
fn greeted(client: Client, zone: Zone, done: Option<Box<RawValue>>) -> Option<Error> {
    let welcome = serde_json::from_str::<Welcome>(done?.get()).ok()?;
    if let Some(now) = welcome.now {
        zone.follow(now);
    }
    let other = !client.is_for(welcome.profile.id.0);
    other.then(|| Error::conflict("other-account", "Another account is signed in"))
}

fn welcome(client: Client, requests: &UnboundedSender<Result<Request, Error>>) {
    let requests = requests.clone();
    client.connected(move |request| drop(requests.unbounded_send(Ok(request))));
}

fn answered(client: Client, answer: Answer) {
    let result = match (answer.error, answer.done) {
        (Some(error), _) => Err(error),
        (None, Some(done)) => Ok(done),
        // A command that returns nothing.
        (None, None) => serde_json::value::to_raw_value(&())
            .map_err(|_| Error::new(Kind::Internal, "internal", "Something went wrong")),
    };
    if client.answered(&answer.nonce, result) {
        spawn_local(async move {
            TimeoutFuture::new(LATER).await;
            client.ask_again();
        });
    }
}

fn event(client: Client, envelope: Envelope) {
    if let Some(topic) = envelope.topic {
        client.tell(topic, &Heard::Event(Arc::new(envelope)));
    }
}
