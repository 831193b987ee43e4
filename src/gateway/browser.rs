//! The page's one connection: opens it, keeps it, opens it again.

use super::model::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Pulse};
use super::rpc::gateway;
use crate::realtime::{Client, Envelope, Heard, Request, Status, nonce};
use crate::shared::{Error, Kind};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    FutureExt, StreamExt,
    future::{Either, select},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{ev, prelude::*, task::spawn_local};
use std::sync::Arc;

/// Waits between tries double from here, in milliseconds.
const FIRST_WAIT: u32 = 500;
const LONGEST_WAIT: u32 = 30_000;
/// Heartbeats that may fail to come before the connection counts as dead.
const PATIENCE: u32 = 3;
const HEARTBEAT_MS: u32 = 20_000;
/// After a wake-up an answer has to come within this.
const SOON: u32 = 5_000;
/// When the server says "later" to a command, it is asked again after this.
const LATER: u32 = 2_000;

/// How a connection ended.
enum End {
    /// Try again; it had been up.
    Lost,
    /// Try again; it never was up.
    Unreachable,
    /// Do not try again.
    Final(Status),
}

/// Starts the loop.
pub fn start(client: Client) {
    let (wake, mut woken) = unbounded::<()>();
    let (cut, mut without_network) = unbounded::<()>();
    // Being back in the network, or in front of somebody, is a reason not to wait any longer.
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
    spawn_local(async move {
        let mut wait = FIRST_WAIT;
        loop {
            let running = Box::pin(connection(client, &mut woken));
            let end = match select(running, without_network.next()).await {
                Either::Left((end, _)) => end,
                Either::Right(_) => End::Lost,
            };
            match end {
                End::Final(status) => {
                    client.disconnected(status);
                    return;
                }
                End::Lost => wait = FIRST_WAIT,
                End::Unreachable => wait = (wait * 2).min(LONGEST_WAIT),
            }
            client.disconnected(Status::Lost);
            while woken.next().now_or_never().flatten().is_some() {}
            let pause = TimeoutFuture::new(jitter(wait));
            select(Box::pin(pause), woken.next()).await;
        }
    });
}

/// Half to all of a wait, so that many pages do not come back at one moment.
fn jitter(wait: u32) -> u32 {
    let random = uuid::Uuid::new_v4().as_u128() % u128::from(wait / 2 + 1);
    wait / 2 + u32::try_from(random).unwrap_or(0)
}

/// One connection, from opening to its end.
async fn connection(client: Client, woken: &mut UnboundedReceiver<()>) -> End {
    let (requests, input) = unbounded::<Result<Request, Error>>();
    let hello = nonce();
    if let Ok(request) = Request::of(hello.clone(), &Hello { protocol: PROTOCOL }) {
        drop(requests.unbounded_send(Ok(request)));
    }
    let Ok(mut frames) = gateway(input.into()).await else {
        return End::Unreachable;
    };
    let mut up = false;
    let mut patience = PATIENCE * HEARTBEAT_MS;
    loop {
        let silence = select(TimeoutFuture::new(patience), woken.next());
        let frame = match select(frames.next(), silence).await {
            Either::Left((Some(Ok(frame)), _)) => {
                patience = PATIENCE * HEARTBEAT_MS;
                frame
            }
            Either::Right((Either::Right((Some(()), _)), _)) => {
                // Back from sleep or on another network: an answer says whether this still leads
                // anywhere.
                pulse(&requests);
                patience = patience.min(SOON);
                continue;
            }
            _ => return if up { End::Lost } else { End::Unreachable },
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
                        up = true;
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
        } else if let Some(heartbeat) = envelope.read::<Heartbeat>() {
            for (topic, head) in heartbeat.heads {
                client.tell(topic, &Heard::Heartbeat { rev: head.rev });
            }
            pulse(&requests);
        } else {
            event(client, envelope);
        }
    }
}

fn pulse(requests: &UnboundedSender<Result<Request, Error>>) {
    if let Ok(pulse) = Request::of(nonce(), &Pulse {}) {
        drop(requests.unbounded_send(Ok(pulse)));
    }
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
