//! Sends invalid frames to the gateway: each one gets a response or ends its connection as the
//! protocol requires, nothing panics, memory and open files do not grow, and other members are
//! served.
//!
//! `RIALTO_FUZZ_FRAMES` (100,000 in `cargo xtask test`) and `RIALTO_FUZZ_SEED` set their number and
//! their seed.

use super::{
    frames::{self, Due, Frame, Known, Sent},
    instance::{Instance, PATIENCE, Server, Somebody},
    socket::{Heard, Socket},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use rialto::{
    gateway::{Heartbeat, Ping},
    realtime::{Event, Scope, Subscribe, Topic},
    shared::{ChannelId, Kind},
};
use std::time::Instant;

const FRAMES: u64 = 5_000;
const SEED: u64 = 2026;
/// Concurrent connections.
const AT_ONCE: u64 = 8;
/// Memory that the second half of a run may add, in KiB: caches fill in the first half.
const GROWTH: u64 = 24 * 1024;

fn setting(name: &str, usual: u64) -> u64 {
    let told = std::env::var(name).ok();
    told.map_or(usual, |told| {
        told.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fuzz_of_the_gateway() {
    let frames = setting("RIALTO_FUZZ_FRAMES", FRAMES);
    let seed = setting("RIALTO_FUZZ_SEED", SEED);
    let instance = Instance::new(String::new());
    let (people, channels) = instance.populate(3, 3).await;
    let server = instance.start();
    // Another member, who must not be disturbed.
    let witness = tokio::spawn(witness(server.address, people[2].clone(), channels[2]));
    let started = Instant::now();
    let mut marks = Vec::new();
    for half in 0..2 {
        let tasks: Vec<_> = (0..AT_ONCE)
            .map(|n| {
                let who = people[usize::try_from(n % 2).unwrap()].clone();
                let seed = seed ^ ((half * AT_ONCE + n) << 32);
                let known = channels[..2].to_vec();
                tokio::spawn(throw(
                    server.address,
                    who,
                    known,
                    seed,
                    frames / 2 / AT_ONCE,
                ))
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(!witness.is_finished(), "somebody else was disturbed");
        marks.push((server.memory(), settled_files(&server).await));
    }
    witness.abort();
    drop(witness.await);
    tokio::task::block_in_place(|| server.deserted(&people[0].token));
    let log = server.log();
    assert!(
        !log.contains("panicked") && !log.contains("internal error"),
        "{log}"
    );
    let [(memory_before, files_before), (memory, files)] = marks[..] else {
        panic!("two halves");
    };
    println!(
        "fuzz: {frames} frames of seed {seed} in {:.0} s; memory {memory_before} then {memory} KiB",
        started.elapsed().as_secs_f64()
    );
    assert!(
        memory < memory_before + GROWTH,
        "{memory_before} KiB, then {memory}"
    );
    assert!(
        files <= files_before + 8,
        "{files_before} open files, then {files}"
    );
    let ended = tokio::task::spawn_blocking(|| server.terminate())
        .await
        .unwrap();
    assert!(ended.status.success(), "{ended:?}");
}

/// Returns the number of open files once the ended connections have closed theirs.
async fn settled_files(server: &Server) -> usize {
    let started = Instant::now();
    let mut files = server.files();
    while files > 60 && started.elapsed() < PATIENCE {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        files = server.files();
    }
    files
}

/// Subscribes and sends pings, each of which must get a response, until aborted.
async fn witness(address: std::net::SocketAddr, who: Somebody, channel: ChannelId) {
    let mut socket = Socket::greeted(address, &who.token).await.unwrap();
    let topic = Topic::new(Scope::Channel, channel.0);
    socket
        .ask("w", &Subscribe { topic, rev: None })
        .await
        .unwrap();
    for n in 0_u64.. {
        let nonce = format!("w{n}");
        socket.ask(&nonce, &Ping {}).await.unwrap();
        loop {
            match socket.hear().await {
                Heard::Answer(answer) if answer.nonce == nonce => break,
                Heard::Answer(answer) => assert!(answer.error.is_none(), "{answer:?}"),
                Heard::Event(_) => {}
                Heard::Goodbye(goodbye) => panic!("{goodbye:?}"),
                Heard::End => panic!("cut off"),
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// Sends frames one after the other and checks the reaction to each.
async fn throw(
    address: std::net::SocketAddr,
    who: Somebody,
    channels: Vec<ChannelId>,
    seed: u64,
    count: u64,
) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut known = Known {
        channels,
        messages: Vec::new(),
    };
    let mut socket: Option<Socket> = None;
    for n in 0..count {
        let greeted = random.random_bool(0.95);
        let frame = frames::frame(&mut random, &known);
        let mut open = match socket.take() {
            Some(open) => open,
            None if greeted => Socket::greeted(address, &who.token).await.unwrap(),
            None => {
                // Without a greeting: any frame ends the connection.
                let open = Socket::open(address, &who.token).await.unwrap();
                rude(open, frame).await;
                continue;
            }
        };
        let what = format!("frame {n} of seed {seed}");
        if polite(&mut open, frame, &format!("check{n}"), &mut known, &what).await {
            socket = Some(open);
        }
    }
}

/// Sends a frame before the greeting.
async fn rude(mut socket: Socket, frame: Frame) {
    let hello = matches!(&frame.sent, Sent::Message(message)
        if String::from_utf8_lossy(&message.clone().into_data()).contains("gateway.hello"));
    if frame.due == Due::Nothing || hello {
        return;
    }
    deliver(&mut socket, frame.sent).await;
    loop {
        match socket.hear().await {
            Heard::End => return,
            Heard::Goodbye(goodbye) => assert_eq!(goodbye.error.kind, Kind::BadRequest),
            Heard::Answer(answer) => panic!("answered before the greeting: {answer:?}"),
            // All connections receive heartbeats.
            Heard::Event(event) => assert_eq!(event.kind, Heartbeat::KIND, "{event:?}"),
        }
    }
}

/// Sends a frame after the greeting, then a ping. Returns true if the connection stays open.
async fn polite(
    socket: &mut Socket,
    frame: Frame,
    check: &str,
    known: &mut Known,
    what: &str,
) -> bool {
    deliver(socket, frame.sent).await;
    // Fails if the connection has already ended.
    let _ended = socket.ask(check, &Ping {}).await;
    let mut answered = false;
    loop {
        match socket.hear().await {
            Heard::Answer(answer) if answer.nonce == check => {
                let fits = match frame.due {
                    Due::Answer => answered,
                    Due::Nothing => true,
                    Due::Goodbye | Due::End => false,
                };
                assert!(fits, "{what}: {:?} was due", frame.due);
                return true;
            }
            Heard::Answer(answer) => {
                assert!(frame.due == Due::Answer && !answered, "{what}: {answer:?}");
                assert_eq!(answer.nonce, frame.nonce, "{what}");
                answered = true;
                if let Some(error) = &answer.error {
                    assert_ne!(error.kind, Kind::Internal, "{what}: {error:?}");
                    assert_ne!(error.kind, Kind::Unavailable, "{what}: {error:?}");
                    if error.code == "reload" {
                        return false;
                    }
                } else if let Some(id) = answer.done.as_ref().and_then(|done| id(done.get())) {
                    known.messages.truncate(50);
                    known.messages.insert(0, id);
                }
            }
            Heard::Goodbye(goodbye) => {
                assert!(
                    matches!(frame.due, Due::Goodbye | Due::End),
                    "{what}: {goodbye:?}"
                );
                assert_eq!(goodbye.error.kind, Kind::BadRequest, "{what}");
                return false;
            }
            Heard::End => {
                assert_eq!(frame.due, Due::End, "{what}");
                return false;
            }
            Heard::Event(_) => {}
        }
    }
}

async fn deliver(socket: &mut Socket, sent: Sent) {
    // The server refuses a frame that is too large before it is written completely.
    let _refused = match sent {
        Sent::Message(message) => socket.send(message).await,
        Sent::Raw(bytes) => socket.write(&bytes).await,
    };
}

/// Returns the id of a sent message.
fn id(done: &str) -> Option<uuid::Uuid> {
    let done: serde_json::Value = serde_json::from_str(done).ok()?;
    done.get("id")?.as_str()?.parse().ok()
}
