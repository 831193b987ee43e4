//! Members who chat at a modest rate, and what that costs the server: a run of the chat alone is
//! the baseline for runs with other load.

use super::{
    instance::{Server, Somebody},
    socket::{Heard, Socket},
};
use rialto::{
    chat::{MessageChanged, Send},
    realtime::{Scope, Subscribe, Topic},
    shared::ChannelId,
};
use std::{
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{task::JoinHandle, time::sleep};

/// True for the release server. Latencies of a debug build or a small machine are not meaningful.
pub fn is_release() -> bool {
    std::env::var_os("RIALTO_BIN").is_some()
}

/// Maximum p99 latency of messages, whatever else the server does.
const BOUND: Duration = Duration::from_millis(250);

/// Members who chat until [`Crowd::leave`].
pub struct Crowd {
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<()>>,
}

struct Shared {
    begun: Instant,
    finished: AtomicBool,
    sent: AtomicU64,
    /// Latencies until the acknowledgement, and until the other members receive the message.
    took: Mutex<Took>,
}

#[derive(Default)]
struct Took {
    acknowledged: Vec<Duration>,
    delivered: Vec<Duration>,
}

/// Measurements of a period.
#[derive(Debug)]
pub struct Stretch {
    pub messages: u64,
    pub acknowledged: Duration,
    pub delivered: Duration,
    /// Processor time in seconds.
    pub processor: f64,
    pub seconds: f64,
    /// Peak resident memory, in KiB.
    pub memory: u64,
}

impl Stretch {
    /// Returns the higher of the two latencies.
    pub fn latency(&self) -> Duration {
        self.acknowledged.max(self.delivered)
    }

    /// Returns the maximum latency under other load, if this period is the chat alone: 250 ms,
    /// provided that the chat alone stays below it on this machine.
    pub fn bound(&self) -> Duration {
        if !is_release() {
            self.latency() * 20 + Duration::from_secs(2)
        } else if self.latency() < BOUND {
            BOUND
        } else {
            self.latency() * 2
        }
    }
}

impl Crowd {
    /// Lets each member chat in one of the channels, one message per `pause`.
    pub async fn gather(
        server: &Server,
        people: &[Somebody],
        channels: &[ChannelId],
        pause: Duration,
    ) -> Self {
        // Flushes pending disk writes of the build, so that they do not affect the measurement.
        let _no_matter = std::process::Command::new("sync").status();
        let shared = Arc::new(Shared {
            begun: Instant::now(),
            finished: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            took: Mutex::default(),
        });
        let mut tasks = Vec::with_capacity(people.len());
        for (n, who) in people.iter().enumerate() {
            let channel = channels[n % channels.len()];
            let mut socket = Socket::greeted(server.address, &who.token).await.unwrap();
            let topic = Topic::new(Scope::Channel, channel.0);
            let subscribe = Subscribe { topic, rev: None };
            socket.ask("subscribe", &subscribe).await.unwrap();
            // Staggered, so that the members do not all send at once.
            let first = pause * u32::try_from(n).unwrap() / u32::try_from(people.len()).unwrap();
            let shared = Arc::clone(&shared);
            tasks.push(tokio::spawn(chat(shared, socket, channel, first, pause)));
        }
        Self { shared, tasks }
    }

    /// Measures the crowd's chat while `work` runs.
    pub async fn beside<T>(&self, server: &Server, work: impl Future<Output = T>) -> (Stretch, T) {
        // Waits until earlier messages have arrived.
        sleep(Duration::from_millis(300)).await;
        drop(std::mem::take(&mut *self.shared.took.lock().unwrap()));
        forget_peak(server);
        let (sent, processor, begun) = (self.sent(), processor(server), Instant::now());
        let done = work.await;
        let seconds = begun.elapsed().as_secs_f64();
        // Late messages count too.
        sleep(Duration::from_millis(500)).await;
        let took = std::mem::take(&mut *self.shared.took.lock().unwrap());
        let stretch = Stretch {
            messages: self.sent() - sent,
            acknowledged: p99(took.acknowledged),
            delivered: p99(took.delivered),
            processor: self::processor(server) - processor,
            seconds,
            memory: peak(server),
        };
        (stretch, done)
    }

    fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::Relaxed)
    }

    /// Waits until all members have finished; their failures fail the test.
    pub async fn leave(self) {
        self.shared.finished.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

async fn chat(
    shared: Arc<Shared>,
    mut socket: Socket,
    channel: ChannelId,
    first: Duration,
    pause: Duration,
) {
    let mut tick = tokio::time::interval_at(tokio::time::Instant::now() + first, pause);
    let mut count = 0_u64;
    while !shared.finished.load(Ordering::Relaxed) {
        tokio::select! {
            _ = tick.tick() => {
                count += 1;
                // Nonces and texts contain the time of sending.
                let now = shared.begun.elapsed().as_micros();
                let send = Send { channel_id: channel, text: format!("at {now}") };
                socket.ask(&format!("{now}-{count}"), &send).await.unwrap();
                shared.sent.fetch_add(1, Ordering::Relaxed);
            }
            heard = socket.hear() => match heard {
                Heard::Answer(answer) => {
                    assert!(answer.error.is_none(), "{:?}", answer.error);
                    if let Some((sent, _)) = answer.nonce.split_once('-') {
                        let took = shared.since(sent);
                        shared.took.lock().unwrap().acknowledged.extend(took);
                    }
                }
                Heard::Event(envelope) => {
                    let message: Option<MessageChanged> = envelope.read();
                    let text = message.map(|changed| changed.message.body);
                    if let Some(sent) = text.as_deref().and_then(|text| text.strip_prefix("at ")) {
                        let took = shared.since(sent);
                        shared.took.lock().unwrap().delivered.extend(took);
                    }
                }
                Heard::Goodbye(goodbye) => panic!("{goodbye:?}"),
                Heard::End => panic!("the connection has ended"),
            }
        }
    }
}

impl Shared {
    fn since(&self, sent: &str) -> Option<Duration> {
        let sent = Duration::from_micros(sent.parse().ok()?);
        self.begun.elapsed().checked_sub(sent)
    }
}

/// Returns the 99th percentile.
fn p99(mut all: Vec<Duration>) -> Duration {
    assert!(!all.is_empty(), "nobody has heard anything");
    all.sort_unstable();
    all[(all.len() * 99 / 100).min(all.len() - 1)]
}

/// Returns the processor time of the server in seconds.
fn processor(server: &Server) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.pid()));
    let stat = stat.expect("this test needs Linux: it reads /proc");
    let (_, after) = stat.rsplit_once(')').unwrap();
    let mut fields = after.split_whitespace().skip(11);
    let mut ticks = || fields.next().unwrap().parse::<f64>().unwrap();
    // Linux counts 100 ticks per second.
    (ticks() + ticks()) / 100.0
}

/// Resets the kernel's peak of resident memory.
fn forget_peak(server: &Server) {
    fs::write(format!("/proc/{}/clear_refs", server.pid()), "5").unwrap();
}

fn peak(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.unwrap().split_whitespace().nth(1).unwrap();
    kib.parse().unwrap()
}
