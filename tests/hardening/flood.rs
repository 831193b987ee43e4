//! One account floods an endpoint; the other members continue to chat, and the flooder is
//! rate-limited.

use super::{
    crowd::{Crowd, Stretch},
    instance::{Instance, Server, Somebody},
    socket::{Heard, Socket},
};
use rialto::{
    chat::Send,
    realtime::{Command, Scope, Subscribe, Topic},
    shared::ChannelId,
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use uuid::Uuid;

const PEOPLE: usize = 20;
const PAUSE: Duration = Duration::from_millis(2_500);
const CASE: Duration = Duration::from_secs(4);
/// Connections of the flooder.
const CONNECTIONS: usize = 8;
/// Concurrent requests per connection.
const UNDER_WAY: usize = 32;

/// Number of responses by error code, or `ok`.
type Counts = BTreeMap<String, u64>;

#[derive(Clone, Copy, Debug)]
enum Flood {
    Functions,
    Subscribe,
    RefusedSends,
    RefusedSendsByRest,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flood_of_each_entrance_beside_chat() {
    let instance = Instance::new(String::new());
    let (people, channels) = instance.populate(PEOPLE + 1, 2).await;
    let (eve, people) = people.split_last().unwrap();
    let mut command = instance.command();
    // Limits that even a debug server reaches within one case.
    for (limit, count) in [
        ("MESSAGES", "60"),
        ("COMMANDS", "300"),
        ("REQUESTS", "200"),
        ("PAGES", "200"),
        ("SUBSCRIPTIONS", "300"),
    ] {
        command.env(format!("RIALTO__LIMITS__{limit}__COUNT"), count);
    }
    let server = Arc::new(Server::start(command).unwrap());
    let crowd = Crowd::gather(&server, people, &channels[..1], PAUSE).await;
    let (idle, ()) = crowd.beside(&server, tokio::time::sleep(CASE)).await;
    println!("flood: chat alone: {idle:?}");
    for flood in [
        Flood::Subscribe,
        Flood::RefusedSends,
        Flood::RefusedSendsByRest,
        // Last: afterwards no live channel can be opened for a while.
        Flood::Functions,
    ] {
        let work = run(flood, &server, eve, channels[0]);
        let (stretch, counts) = crowd.beside(&server, work).await;
        println!("flood: {flood:?}: {counts:?} {stretch:?}");
        check(flood, &idle, &stretch, &counts);
    }
    crowd.leave().await;
    let log = server.log();
    assert!(!log.contains("panicked"), "{log}");
}

fn check(flood: Flood, idle: &Stretch, stretch: &Stretch, counts: &Counts) {
    let limited: u64 = ["rate-limited", "message-rate"]
        .iter()
        .filter_map(|code| counts.get(*code))
        .sum();
    assert!(limited > 0, "{flood:?}: {counts:?}");
    // Requests that pass: the limit, plus what it refills during a case.
    let done: u64 = counts.values().sum::<u64>() - limited;
    assert!(done < 600, "{flood:?}: {counts:?}");
    assert!(stretch.latency() < idle.bound(), "{flood:?}: {stretch:?}");
    let memory = stretch.memory as f64 / idle.memory as f64;
    assert!(memory < 2.0, "{flood:?}: {memory} times the memory");
}

/// Floods for the duration of a case.
async fn run(flood: Flood, server: &Arc<Server>, eve: &Somebody, channel: ChannelId) -> Counts {
    let until = Instant::now() + CASE;
    let mut clients = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (server, token) = (Arc::clone(server), eve.token.clone());
        match flood {
            Flood::Functions => {
                let path = "/rpc/communities/overview".to_owned();
                clients.spawn_blocking(move || by_http(&server, &token, &path, "{}", until));
            }
            Flood::RefusedSendsByRest => {
                let path = format!("/api/channels/{}/messages", Uuid::now_v7());
                let body = json!({ "text": "is anybody there" }).to_string();
                clients.spawn_blocking(move || by_http(&server, &token, &path, &body, until));
            }
            Flood::Subscribe => {
                let topic = Topic::new(Scope::Channel, channel.0);
                let subscribe = Subscribe {
                    topic,
                    rev: Some(0),
                };
                clients.spawn(async move { by_socket(&server, &token, subscribe, until).await });
            }
            Flood::RefusedSends => {
                let send = Send {
                    channel_id: ChannelId(Uuid::now_v7()),
                    text: "is anybody there".into(),
                };
                clients.spawn(async move { by_socket(&server, &token, send, until).await });
            }
        }
    }
    let mut counts = Counts::new();
    while let Some(client) = clients.join_next().await {
        for (code, count) in client.unwrap() {
            *counts.entry(code).or_default() += count;
        }
    }
    counts
}

fn by_http(server: &Server, token: &str, path: &str, body: &str, until: Instant) -> Counts {
    let mut counts = Counts::new();
    while Instant::now() < until {
        // A connection can close before its response is read; that is not a failure.
        let Ok((status, answer)) = server.try_request("POST", path, token, body.as_bytes()) else {
            continue;
        };
        let code = match status {
            200 => "ok".to_owned(),
            _ => {
                let error: serde_json::Value = serde_json::from_slice(&answer).unwrap();
                error["code"].as_str().unwrap().to_owned()
            }
        };
        *counts.entry(code).or_default() += 1;
    }
    counts
}

/// Keeps a fixed number of requests in flight.
async fn by_socket<C: Command>(server: &Server, token: &str, command: C, until: Instant) -> Counts {
    let mut counts = Counts::new();
    let mut socket = Socket::greeted(server.address, token).await.unwrap();
    let (mut asked, mut answered) = (0_u64, 0_u64);
    while answered < asked || Instant::now() < until {
        while Instant::now() < until && asked - answered < UNDER_WAY as u64 {
            socket
                .ask(&Uuid::now_v7().to_string(), &command)
                .await
                .unwrap();
            asked += 1;
        }
        match socket.hear().await {
            Heard::Answer(answer) => {
                answered += 1;
                let code = answer.error.map_or("ok".into(), |error| error.code);
                *counts.entry(code.into_owned()).or_default() += 1;
            }
            Heard::Event(_) => {}
            Heard::Goodbye(_) | Heard::End => panic!("the connection has ended"),
        }
    }
    counts
}
