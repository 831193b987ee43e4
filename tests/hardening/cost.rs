//! The cost of requests at their maximum size while a hundred members chat: the chat must stay
//! fast.
//!
//! The bounds in milliseconds apply to the release server (`cargo xtask test`); with a debug server
//! the same runs are compared with a run of the chat alone.

use super::{
    crowd::{Crowd, Stretch, is_release},
    instance::{Instance, Server, Somebody},
    socket::{Heard, Socket},
};
use flate2::{Compression, Crc, write::ZlibEncoder};
use rialto::{
    realtime::{Scope, Subscribe, Topic},
    shared::{ChannelId, CommunityId},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const PEOPLE: usize = 100;
/// Channels in which members chat.
const CHANNELS: usize = 5;
/// Number of channels of the instance.
const ALL_CHANNELS: usize = 500;
/// Each member sends one message per pause.
const PAUSE: Duration = Duration::from_secs(4);
/// Duration of each case.
const CASE: Duration = Duration::from_secs(4);
/// How often a case is measured before its latency counts as too high.
const TRIES: usize = 3;
/// Clients that send maximum-size requests concurrently.
const HEAVY: usize = 4;

/// Number of responses by status; 0: the connection ended before the response.
type Counts = BTreeMap<u16, u64>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cost_of_each_maximum_beside_chat() {
    let instance = Instance::new(String::new());
    let (people, channels) = instance.populate(PEOPLE + HEAVY, ALL_CHANNELS).await;
    let (eves, people) = people.split_at(HEAVY);
    let house = instance.house().await;
    let lobby = house
        .services
        .get::<rialto::communities::Service>()
        .unwrap()
        .lobby();
    house.close().await;
    let mut command = instance.command();
    // Uses the default limits, except for the limit of messages.
    for limit in [
        "COMMANDS",
        "REQUESTS",
        "NETWORK_REQUESTS",
        "PAGES",
        "NETWORK_PAGES",
        "SUBSCRIPTIONS",
    ] {
        command.env_remove(format!("RIALTO__LIMITS__{limit}__COUNT"));
    }
    let server = Arc::new(Server::start(command).unwrap());
    let crowd = Crowd::gather(&server, people, &channels[..CHANNELS], PAUSE).await;
    let seeded = Seeded::new(&server, eves, lobby, channels.clone()).await;

    let (idle, ()) = crowd.beside(&server, tokio::time::sleep(CASE)).await;
    println!("cost: chat alone: {idle:?}");
    for case in Case::ALL {
        let (mut stretch, mut counts) = crowd.beside(&server, seeded.ask_for(case)).await;
        println!("cost: {case:?}: {counts:?} {stretch:?}");
        // The disk of a shared machine can stall for a moment; a cost of the request comes back.
        for _ in 1..TRIES {
            if stretch.latency() < idle.bound() {
                break;
            }
            (stretch, counts) = crowd.beside(&server, seeded.ask_for(case)).await;
            println!("cost: again {case:?}: {counts:?} {stretch:?}");
        }
        check(case, &idle, &stretch, &counts);
    }
    crowd.leave().await;
    let log = server.log();
    assert!(!log.contains("panicked"), "{log}");
}

/// Checks that the chat continues, and the bounds of the heavy requests.
fn check(case: Case, idle: &Stretch, stretch: &Stretch, counts: &Counts) {
    for status in counts.keys() {
        let known = [0, 200, 201, 413, 429, 503].contains(status);
        assert!(known, "{case:?}: {counts:?}");
    }
    let done: u64 = counts
        .iter()
        .filter(|(status, _)| (200..429).contains(*status))
        .map(|(_, n)| n)
        .sum();
    assert!(done > 0, "{case:?}: nothing was answered: {counts:?}");
    assert!(stretch.latency() < idle.bound(), "{case:?}: {stretch:?}");
    // The chat continued at its rate.
    let (rate, usual) = (
        stretch.messages as f64 / stretch.seconds,
        idle.messages as f64 / idle.seconds,
    );
    assert!(rate > usual / 2.0, "{case:?}: {rate} of {usual} a second");
    let memory = stretch.memory as f64 / idle.memory as f64;
    assert!(
        memory < case.memory(),
        "{case:?}: {memory} times the memory"
    );
    // Processor time per request, besides the chat, in units of one chat message.
    let message = idle.processor / idle.messages as f64;
    let own = stretch.processor - idle.processor / idle.seconds * stretch.seconds;
    let messages = own / done as f64 / message;
    assert!(
        messages < case.messages(),
        "{case:?}: as much as {messages} messages"
    );
}

#[derive(Clone, Copy, Debug)]
enum Case {
    Indicators,
    Charts,
    LargestPicture,
    Bomb,
    Markup,
    Channels,
    Transactions,
}

impl Case {
    const ALL: [Self; 7] = [
        Self::Indicators,
        Self::Charts,
        Self::LargestPicture,
        Self::Bomb,
        Self::Channels,
        Self::Transactions,
        // Last: afterwards few live channels can be opened for a while.
        Self::Markup,
    ];

    /// Maximum memory, as a multiple of what the chat alone needs.
    fn memory(self) -> f64 {
        match self {
            Self::LargestPicture => 4.0,
            Self::Transactions => 6.0,
            _ => 3.0,
        }
    }

    /// Maximum processor time of one request, in messages that are sent to twenty members.
    fn messages(self) -> f64 {
        match self {
            Self::LargestPicture | Self::Transactions => 3_000.0,
            Self::Channels => 1_500.0,
            _ => 500.0,
        }
    }
}

/// Data for the cases.
struct Seeded {
    server: Arc<Server>,
    eves: Vec<Somebody>,
    channels: Vec<ChannelId>,
    lobby: CommunityId,
    portfolio: String,
    picture: Arc<Vec<u8>>,
    bomb: Arc<Vec<u8>>,
    counter: Arc<AtomicU64>,
}

impl Seeded {
    async fn new(
        server: &Arc<Server>,
        eves: &[Somebody],
        lobby: CommunityId,
        channels: Vec<ChannelId>,
    ) -> Self {
        let ask = |method: &'static str, path: String, body: String| {
            let (server, token) = (Arc::clone(server), eves[0].token.clone());
            async move {
                let asked = tokio::task::spawn_blocking(move || {
                    server.request(method, &path, &token, &body)
                });
                let (status, answer) = asked.await.unwrap();
                assert!((200..300).contains(&status), "{status} {answer}");
                serde_json::from_str::<Value>(&answer).unwrap_or_default()
            }
        };
        let made = ask(
            "POST",
            "/api/portfolios".into(),
            json!({ "name": "Large" }).to_string(),
        );
        let portfolio = made.await["id"].as_str().unwrap().to_owned();
        // Almost the maximum number of transactions of one symbol; a debug build takes minutes for
        // them and gets fewer.
        let (files, lines) = if is_release() {
            (2, 99_900)
        } else {
            (1, 2_000)
        };
        for file in 0..files {
            let path = format!("/api/portfolios/{portfolio}/imports");
            ask("POST", path, statement(file, lines)).await;
        }
        // The maximum number of pixels; a debug build takes twenty seconds for them.
        let side = if is_release() { 6_300 } else { 600 };
        // The slowest markup is on a page that is rendered repeatedly.
        let channel = channels[channels.len() - 1];
        for text in ["[", "[a](", ",$a", "<"] {
            let text = text.repeat(4_000 / text.len());
            let path = format!("/api/channels/{}/messages", channel.0);
            for _ in 0..5 {
                ask("POST", path.clone(), json!({ "text": text }).to_string()).await;
            }
        }
        Self {
            server: Arc::clone(server),
            eves: eves.to_vec(),
            channels,
            lobby,
            portfolio,
            picture: Arc::new(png(side, side, 8, 2, 3)),
            bomb: Arc::new(png(10_000, 10_000, 16, 6, 8)),
            counter: Arc::default(),
        }
    }

    /// Returns the channel with the slowest markup.
    fn worst(&self) -> ChannelId {
        self.channels[self.channels.len() - 1]
    }

    /// Lets several clients send the case's request as often as they can.
    async fn ask_for(&self, case: Case) -> Counts {
        let until = Instant::now() + CASE;
        let mut clients = JoinSet::new();
        for eve in &self.eves {
            // The portfolio belongs to the first client.
            let eve = match case {
                Case::Transactions => &self.eves[0],
                _ => eve,
            };
            let one = Client {
                server: Arc::clone(&self.server),
                token: eve.token.clone(),
                counter: Arc::clone(&self.counter),
            };
            match case {
                Case::Channels => {
                    clients.spawn(one.join_all(self.channels.clone(), until));
                }
                _ => {
                    let request = self.request(case);
                    clients.spawn_blocking(move || one.repeat(&request, until));
                }
            }
        }
        let mut counts = Counts::new();
        while let Some(client) = clients.join_next().await {
            for (status, count) in client.unwrap() {
                *counts.entry(status).or_default() += count;
            }
        }
        counts
    }

    fn request(&self, case: Case) -> Box<dyn Fn(u64) -> Asked + Send> {
        let get = |path: String| Asked {
            method: "GET",
            path,
            body: Arc::default(),
        };
        match case {
            // Different values each time, so that no response is cached; just under the maximum
            // number of values.
            Case::Indicators => Box::new(move |n| {
                let study =
                    |one: u64| format!("ichimoku:{}:{}:52", 2 + (n + one) % 400, 2 + n % 90);
                let studies: Vec<_> = (0..20).map(study).collect();
                let studies = studies.join(",");
                get(format!(
                    "/api/stocks/ibm/indicators?studies={studies}&period=1250"
                ))
            }),
            Case::Charts => Box::new(move |n| {
                let (width, height) = (1_600 - n % 100, 900 - n / 100 % 100);
                get(format!(
                    "/api/stocks/ibm/chart.png?period=25200&width={width}&height={height}"
                ))
            }),
            Case::LargestPicture | Case::Bomb => {
                let body = if matches!(case, Case::Bomb) {
                    Arc::clone(&self.bomb)
                } else {
                    Arc::clone(&self.picture)
                };
                Box::new(move |_| Asked {
                    method: "PUT",
                    path: "/api/me/avatar".into(),
                    body: Arc::clone(&body),
                })
            }
            Case::Markup => {
                let (lobby, channel) = (self.lobby.0, self.worst().0);
                Box::new(move |_| get(format!("/channels/{lobby}/{channel}")))
            }
            Case::Transactions => {
                let portfolio = self.portfolio.clone();
                Box::new(move |n| {
                    let draft = json!({
                        "kind": "BUY", "symbol": "IBM", "date": "2013-02-01",
                        "quantity": "1", "price": format!("{}", 200 + n % 50),
                    });
                    Asked {
                        method: "POST",
                        path: format!("/api/portfolios/{portfolio}/transactions"),
                        body: Arc::new(draft.to_string().into_bytes()),
                    }
                })
            }
            Case::Channels => unreachable!("it is asked for over sockets"),
        }
    }
}

/// A heavy request.
struct Asked {
    method: &'static str,
    path: String,
    body: Arc<Vec<u8>>,
}

/// A client that repeats a heavy request.
struct Client {
    server: Arc<Server>,
    token: String,
    counter: Arc<AtomicU64>,
}

impl Client {
    fn repeat(self, request: &dyn Fn(u64) -> Asked, until: Instant) -> Counts {
        let mut counts = Counts::new();
        while Instant::now() < until {
            let asked = request(self.counter.fetch_add(1, Ordering::Relaxed));
            let answer =
                self.server
                    .try_request(asked.method, &asked.path, &self.token, &asked.body);
            let status = answer.map_or(0, |(status, _)| status);
            *counts.entry(status).or_default() += 1;
            if status >= 429 {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        counts
    }

    /// Opens a page with all channels, closes it, and opens it again.
    async fn join_all(self, channels: Vec<ChannelId>, until: Instant) -> Counts {
        let mut counts = Counts::new();
        while Instant::now() < until {
            let mut socket = Socket::greeted(self.server.address, &self.token)
                .await
                .unwrap();
            let (mut asked, mut answered) = (0, 0);
            while answered < channels.len() {
                // Like a page, without waiting for each response.
                if asked < channels.len() && asked - answered < 32 {
                    let topic = Topic::new(Scope::Channel, channels[asked].0);
                    let subscribe = Subscribe {
                        topic,
                        rev: Some(0),
                    };
                    socket.ask(&asked.to_string(), &subscribe).await.unwrap();
                    asked += 1;
                    continue;
                }
                match socket.hear().await {
                    Heard::Answer(answer) => {
                        answered += 1;
                        let status = answer.error.map_or(200, |error| error.status());
                        *counts.entry(status).or_default() += 1;
                    }
                    Heard::Event(_) => {}
                    Heard::Goodbye(_) | Heard::End => panic!("the connection has ended"),
                }
            }
        }
        counts
    }
}

/// Returns a CSV file of purchases, all of one symbol.
fn statement(file: u32, lines: u32) -> String {
    let mut text = String::from("date,kind,symbol,quantity,price,fee\n");
    for n in 0..lines {
        let (year, month, day) = (2000 + n % 12, 1 + n / 12 % 12, 1 + n / 144 % 28);
        let cents = file * lines + n;
        let (whole, rest) = (100 + cents / 10_000, cents % 10_000);
        text.push_str(&format!(
            "{year}-{month:02}-{day:02},BUY,IBM,1,{whole}.{rest:04},\n"
        ));
    }
    text
}

/// Returns a picture of one color, which is a small file.
fn png(width: u32, height: u32, depth: u8, kind: u8, bytes: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let row = vec![0; 1 + width as usize * bytes];
    for _ in 0..height {
        packed.write_all(&row).unwrap();
    }
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = [size.as_slice(), &[depth, kind, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let data = packed.finish().unwrap();
    for (name, data) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        let chunk = [name.as_slice(), &data].concat();
        let mut sum = Crc::new();
        sum.update(&chunk);
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(&chunk);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}
