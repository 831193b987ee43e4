//! Randomized test of delivery: many clients with the page's timeline, over real sockets, through
//! disconnects and restarts of the server. At the end each of them has the true state of the
//! channel, and each confirmed message exists once.

use super::*;
use crate::chat::timeline::Timeline;
use crate::realtime::{Command, Envelope, Head, Request, Subscribe, Subscribed, nonce};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

const PEOPLE: usize = 12;
/// Number of requests per client: sends, edits, deletions.
const DEEDS: usize = 40;

/// A server in its own threads, so that it can end like a killed process: running tasks do not
/// finish.
struct Server {
    address: SocketAddr,
    kill: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Server {
    async fn start(data: PathBuf) -> Self {
        let (ready, is_ready) = oneshot::channel();
        let (kill, killed) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            let house = runtime.block_on(async {
                let house = TestHouse::open(&data, |_| {}).await;
                ready.send(house.serve().await).unwrap();
                killed.await.unwrap();
                house
            });
            runtime.shutdown_timeout(Duration::from_secs(10));
            drop(house);
        });
        let address = is_ready.await.unwrap();
        Self {
            address,
            kill,
            thread,
        }
    }

    async fn kill(self) {
        self.kill.send(()).unwrap();
        let thread = self.thread;
        tokio::task::spawn_blocking(move || thread.join().unwrap())
            .await
            .unwrap();
    }
}

/// A request without a response.
struct Open {
    request: Request,
    /// Text of a send; None: an edit or a deletion.
    text: Option<String>,
}

/// A client with its page.
struct Talker {
    token: String,
    channel: ChannelId,
    timeline: Timeline,
    server: watch::Receiver<SocketAddr>,
    rng: StdRng,
    deeds: usize,
    /// Number of requests of all clients together.
    progress: Arc<AtomicUsize>,
    /// Open requests in order; repeated over each new connection.
    open: Vec<Open>,
    /// Own confirmed messages by nonce: text and confirmation.
    sent: HashMap<String, (String, Sent)>,
    repeats: usize,
    losses: usize,
}

/// Nonce of the running subscription.
type Asked = Option<String>;

impl Talker {
    /// Runs until every request has a response. Then reports it, and listens until `last` gives the
    /// channel's final counters.
    async fn talk(
        mut self,
        done: mpsc::Sender<()>,
        mut last: watch::Receiver<Option<Head>>,
    ) -> Self {
        let end = Instant::now() + 3 * PATIENCE;
        let mut told = false;
        loop {
            assert!(Instant::now() < end, "it takes too long");
            let address = *self.server.borrow_and_update();
            let Ok(mut socket) = Socket::silent(address, &self.token).await else {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            if self
                .one_connection(&mut socket, &done, &mut told, &mut last)
                .await
            {
                return self;
            }
            self.losses += 1;
        }
    }

    /// true: everything has been done and seen.
    async fn one_connection(
        &mut self,
        socket: &mut Socket,
        done: &mpsc::Sender<()>,
        told: &mut bool,
        last: &mut watch::Receiver<Option<Head>>,
    ) -> bool {
        let hello = Hello { protocol: PROTOCOL };
        if !socket.send("hello", &hello).await {
            return false;
        }
        let mut asked: Asked = None;
        if !self.catch_up(socket, &mut asked).await {
            return false;
        }
        // Repeats requests without a response.
        for at in 0..self.open.len() {
            self.repeats += 1;
            if !socket.send_request(&self.open[at].request).await {
                return false;
            }
        }
        loop {
            if self.deeds == 0 && self.open.is_empty() && !*told {
                *told = true;
                done.send(()).unwrap();
            }
            let head = *last.borrow_and_update();
            if let Some(head) = head
                && asked.is_none()
            {
                if !self.timeline.is_behind(head) {
                    return true;
                }
                if !self.catch_up(socket, &mut asked).await {
                    return false;
                }
            }
            let pause = Duration::from_millis(self.rng.random_range(1..15));
            tokio::select! {
                envelope = socket.next() => {
                    let Some(envelope) = envelope else { return false };
                    if !self.hear(socket, &envelope, &mut asked).await {
                        return false;
                    }
                }
                changed = last.changed() => changed.unwrap(),
                () = tokio::time::sleep(pause), if self.deeds > 0 => {
                    // Sometimes the connection breaks.
                    if self.rng.random_bool(0.03) {
                        return false;
                    }
                    if !self.act(socket).await {
                        return false;
                    }
                }
            }
        }
    }

    fn topic(&self) -> Topic {
        channel(self.channel)
    }

    /// Requests everything after the known changes, one request at a time.
    async fn catch_up(&mut self, socket: &mut Socket, asked: &mut Asked) -> bool {
        if asked.is_some() {
            return true;
        }
        let mark = nonce();
        let subscribe = Subscribe {
            topic: self.topic(),
            rev: Some(self.timeline.rev()),
        };
        let sent = socket.send(&mark, &subscribe).await;
        *asked = Some(mark);
        sent
    }

    async fn hear(&mut self, socket: &mut Socket, envelope: &Envelope, asked: &mut Asked) -> bool {
        if let Some(changed) = envelope.read::<MessageChanged>() {
            return self.timeline.changed(changed.message) || self.catch_up(socket, asked).await;
        }
        if let Some(missed) = envelope.read::<CaughtUp>() {
            self.timeline.caught_up(missed.messages);
            return true;
        }
        if let Some(heartbeat) = envelope.read::<Heartbeat>() {
            let behind = heartbeat
                .heads
                .iter()
                .any(|(_, head)| self.timeline.is_behind(*head));
            return !behind || self.catch_up(socket, asked).await;
        }
        let Some(answer) = envelope.read::<Answer>() else {
            return true;
        };
        if asked.as_ref() == Some(&answer.nonce) {
            *asked = None;
            let Some(done) = answer.done else {
                return false;
            };
            let subscribed: Subscribed = serde_json::from_str(done.get()).unwrap();
            assert!(!subscribed.reset, "there is not that much to miss");
            self.timeline.complete(subscribed.head);
        } else if let Some(at) = self
            .open
            .iter()
            .position(|open| open.request.nonce == answer.nonce)
        {
            return self.answered(at, answer);
        }
        true
    }

    /// Handles the response to a request. false: retry over another connection.
    fn answered(&mut self, at: usize, answer: Answer) -> bool {
        match (answer.done, answer.error) {
            (Some(done), _) => {
                let open = self.open.remove(at);
                let sent: Sent = serde_json::from_str(done.get()).unwrap();
                if let Some(text) = open.text {
                    self.timeline.stored(&answer.nonce, sent.rev);
                    self.sent.insert(answer.nonce, (text, sent));
                }
            }
            (None, Some(error)) if error.kind == Kind::Unavailable => return false,
            (None, error) => {
                // An edit of a message that was deleted meanwhile.
                let open = self.open.remove(at);
                assert!(open.text.is_none(), "{error:?}");
                assert_eq!(error.unwrap().code, "not-found");
            }
        }
        true
    }

    /// Sends, edits or deletes a message.
    async fn act(&mut self, socket: &mut Socket) -> bool {
        self.deeds -= 1;
        self.progress.fetch_add(1, Ordering::Relaxed);
        let mut own: Vec<_> = self.sent.values().map(|(_, sent)| sent.id).collect();
        own.sort_unstable();
        let deed = self.rng.random_range(0..10);
        let request = if deed < 7 || own.is_empty() {
            let text = format!("{} left to say", self.deeds);
            let mark = nonce();
            self.timeline.sending(mark.clone(), text.clone());
            let send = chat::Send {
                channel_id: self.channel,
                text: text.clone(),
            };
            self.remember(mark, &send, Some(text))
        } else {
            let message_id = own[self.rng.random_range(0..own.len())];
            if deed < 9 {
                let text = format!("changed with {} left", self.deeds);
                self.remember(nonce(), &chat::Edit { message_id, text }, None)
            } else {
                self.remember(nonce(), &chat::Delete { message_id }, None)
            }
        };
        let mut sent = socket.send_request(&request).await;
        if sent && self.rng.random_bool(0.1) {
            // An impatient client sends twice.
            self.repeats += 1;
            sent = socket.send_request(&request).await;
        }
        sent
    }

    fn remember<C: Command>(&mut self, mark: String, command: &C, text: Option<String>) -> Request {
        let request = Request::of(mark, command).unwrap();
        self.open.push(Open {
            request: request.clone(),
            text,
        });
        request
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_sees_the_same_through_crashes() {
    let seed = std::env::var("RIALTO_TEST_SEED")
        .ok()
        .map_or_else(rand::random, |seed| seed.parse::<u64>().unwrap());
    eprintln!("RIALTO_TEST_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let data = tempfile::tempdir().unwrap();

    // Members and snapshots, before the first message.
    let house = TestHouse::open(data.path(), |_| {}).await;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(house.user(&format!("person-{n}")).await);
    }
    let general = house.general(&people[0]).await;
    let (server_at, server) = watch::channel(SocketAddr::from(([127, 0, 0, 1], 1)));
    let (last, at_last) = watch::channel(None);
    let (done, all_done) = mpsc::channel();
    let progress = Arc::new(AtomicUsize::new(0));
    let mut talks = Vec::new();
    for person in &people {
        let snapshot = house.chat().snapshot(person, general, 50).await;
        let talker = Talker {
            token: person.token.clone(),
            channel: general,
            timeline: Timeline::new(snapshot.unwrap()),
            server: server.clone(),
            rng: StdRng::seed_from_u64(rng.random()),
            deeds: DEEDS,
            progress: Arc::clone(&progress),
            open: Vec::new(),
            sent: HashMap::new(),
            repeats: 0,
            losses: 0,
        };
        talks.push((talker, done.clone(), at_last.clone()));
    }
    house.close().await;

    let mut instance = Server::start(data.path().to_owned()).await;
    server_at.send(instance.address).unwrap();
    let talks: Vec<_> = talks
        .into_iter()
        .map(|(talker, done, last)| tokio::spawn(talker.talk(done, last)))
        .collect();
    for third in 1..=2 {
        let moment = PEOPLE * DEEDS * third / 3;
        let so_far = || progress.load(Ordering::Relaxed);
        until("progress", async || so_far() >= moment).await;
        instance.kill().await;
        instance = Server::start(data.path().to_owned()).await;
        server_at.send(instance.address).unwrap();
    }
    tokio::task::spawn_blocking(move || {
        for _ in 0..PEOPLE {
            all_done
                .recv_timeout(3 * PATIENCE)
                .expect("somebody is stuck");
        }
    })
    .await
    .unwrap();
    // A last restart without open requests: the final state must come from the database.
    instance.kill().await;
    let house = TestHouse::open(data.path(), |_| {}).await;
    server_at.send(house.serve().await).unwrap();
    let chat = house.chat();
    let snapshot = chat.snapshot(&people[0], general, 100_000).await.unwrap();
    last.send(Some(snapshot.head)).unwrap();

    let truth = snapshot.page.messages;
    let numbers: Vec<_> = truth.iter().map(|message| message.seq).collect();
    assert_eq!(numbers, (1..=snapshot.head.seq).collect::<Vec<_>>());
    let mut acknowledged = 0;
    let (mut repeats, mut losses) = (0, 0);
    for talk in talks {
        let talker = talk.await.unwrap();
        assert_eq!(talker.timeline.rows(), truth);
        assert_eq!(talker.timeline.rev(), snapshot.head.rev);
        assert_eq!(talker.timeline.head_seq(), snapshot.head.seq);
        assert!(talker.timeline.pending().is_empty());
        for (nonce, (text, sent)) in &talker.sent {
            let found: Vec<_> = truth.iter().filter(|m| m.nonce == *nonce).collect();
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].id, found[0].seq), (sent.id, sent.seq));
            if found[0].edited_at.is_none() && !found[0].deleted {
                assert_eq!(found[0].body, *text);
            }
        }
        acknowledged += talker.sent.len();
        repeats += talker.repeats;
        losses += talker.losses;
    }
    assert_eq!(
        truth.len(),
        acknowledged,
        "everything was acknowledged in the end"
    );
    assert!(losses >= PEOPLE, "the line did break");
    eprintln!("{acknowledged} messages, {repeats} repeats, {losses} lost connections");
    house.close().await;
}
