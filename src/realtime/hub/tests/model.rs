//! Compares random sequences of actions on connections, topics and time with a model of what each
//! connection must get: the events of its topics, in order, until it ends.

use super::*;
use proptest::prelude::*;

const SILENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug)]
enum Step {
    Connect,
    Subscribe(usize, u128),
    Unsubscribe(usize, u128),
    /// Publishes this number of events.
    Publish(u128, usize),
    /// One connection reads this number of frames.
    Read(usize, usize),
    /// The client sends something.
    Hear(usize),
    Leave(usize),
    CutTopic(u128),
    /// Seconds pass.
    Pass(u64),
    /// Connections that were silent for too long are ended.
    Beat,
    Stop,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..4_usize;
    let topic = 0..3_u128;
    prop_oneof![
        2 => Just(Step::Connect),
        4 => (who.clone(), topic.clone()).prop_map(|(who, topic)| Step::Subscribe(who, topic)),
        2 => (who.clone(), topic.clone()).prop_map(|(who, topic)| Step::Unsubscribe(who, topic)),
        // Sometimes more than a queue holds.
        6 => (topic.clone(), prop_oneof![1..4_usize, Just(QUEUE), Just(QUEUE / 2)])
            .prop_map(|(topic, count)| Step::Publish(topic, count)),
        4 => (who.clone(), prop_oneof![1..4_usize, Just(QUEUE)])
            .prop_map(|(who, count)| Step::Read(who, count)),
        2 => who.clone().prop_map(Step::Hear),
        1 => who.prop_map(Step::Leave),
        1 => topic.prop_map(Step::CutTopic),
        2 => (1..80_u64).prop_map(Step::Pass),
        2 => Just(Step::Beat),
        1 => Just(Step::Stop),
    ]
}

/// A connection and its expected state.
struct Known {
    connection: Option<Connection>,
    listener: Listener,
    topics: HashSet<Topic>,
    expected: VecDeque<u64>,
    end: Option<End>,
    heard: Instant,
}

impl Known {
    fn ends(&mut self, end: End) {
        if self.connection.is_some() {
            self.end.get_or_insert(end);
        }
    }

    fn gets(&mut self, topic: Topic, number: u64) {
        if !self.topics.contains(&topic) || self.end.is_some() {
            return;
        }
        if self.expected.len() == QUEUE {
            self.expected.clear();
            self.end = Some(End::Cut);
        } else {
            self.expected.push_back(number);
        }
    }

    /// Reads up to `count` frames and compares them with the expected ones.
    fn read(&mut self, count: usize) {
        for _ in 0..count {
            match self.expected.pop_front() {
                Some(number) => {
                    let frame = Bytes::copy_from_slice(&number.to_be_bytes());
                    assert_eq!(self.listener.next(), Poll::Ready(Some(frame)));
                }
                None if self.connection.is_none() => {
                    assert_eq!(self.listener.next(), Poll::Ready(None));
                }
                None => {
                    assert_eq!(self.listener.next(), Poll::Pending);
                    return;
                }
            }
        }
    }
}

fn topic(n: u128) -> Topic {
    Topic::new(Scope::Channel, Uuid::from_u128(n))
}

#[derive(Default)]
struct World {
    hub: Hub,
    all: Vec<Known>,
    number: u64,
    stopping: bool,
}

impl World {
    /// Returns one of the connections; a step for a missing one does nothing.
    fn connected(&mut self, who: usize) -> Option<&mut Known> {
        let known = self.all.iter_mut().rev().nth(who)?;
        known.connection.is_some().then_some(known)
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Connect => {
                let (connection, frames) = self.hub.connect();
                self.all.push(Known {
                    connection: Some(connection),
                    listener: Listener::new(frames),
                    topics: HashSet::new(),
                    expected: VecDeque::new(),
                    end: self.stopping.then_some(End::Stopping),
                    heard: Instant::now(),
                });
            }
            Step::Subscribe(who, n) => {
                if let Some(known) = self.connected(who) {
                    known.connection.as_ref().unwrap().subscribe(topic(n));
                    known.topics.insert(topic(n));
                }
            }
            Step::Unsubscribe(who, n) => {
                if let Some(known) = self.connected(who) {
                    known.connection.as_ref().unwrap().unsubscribe(topic(n));
                    known.topics.remove(&topic(n));
                }
            }
            Step::Publish(n, count) => {
                for _ in 0..count {
                    self.number += 1;
                    let frame = Bytes::copy_from_slice(&self.number.to_be_bytes());
                    self.hub.deliver(&Published {
                        frame,
                        ..event(topic(n))
                    });
                    for known in &mut self.all {
                        known.gets(topic(n), self.number);
                    }
                }
            }
            Step::Read(who, count) => {
                if let Some(known) = self.connected(who) {
                    known.read(count);
                }
            }
            Step::Hear(who) => {
                if let Some(known) = self.connected(who) {
                    known.connection.as_ref().unwrap().heard();
                    known.heard = Instant::now();
                }
            }
            Step::Leave(who) => {
                if let Some(known) = self.connected(who) {
                    known.connection = None;
                    known.topics.clear();
                }
            }
            Step::CutTopic(n) => {
                self.hub.cut_topic(topic(n));
                for known in &mut self.all {
                    if known.topics.contains(&topic(n)) {
                        known.ends(End::Cut);
                    }
                }
            }
            Step::Pass(seconds) => tokio::time::advance(Duration::from_secs(seconds)).await,
            Step::Beat => {
                let beaten = self.hub.slice(0, 1, SILENCE).len();
                let silent = |known: &Known| known.heard.elapsed() > SILENCE;
                let here = self
                    .all
                    .iter_mut()
                    .filter(|known| known.connection.is_some());
                let mut left = 0;
                for known in here {
                    if silent(known) {
                        known.ends(End::Silent);
                    } else {
                        left += 1;
                    }
                }
                assert_eq!(beaten, left);
            }
            Step::Stop => {
                self.hub.stop();
                self.stopping = true;
                self.all
                    .iter_mut()
                    .for_each(|known| known.ends(End::Stopping));
            }
        }
    }

    fn check(&self) {
        let here = self.all.iter().filter(|known| known.connection.is_some());
        let mut topics = HashSet::new();
        let mut count = 0;
        for known in here {
            let connection = known.connection.as_ref().unwrap();
            assert_eq!(end_of(connection), known.end);
            assert_eq!(connection.topic_count(), known.topics.len());
            topics.extend(known.topics.iter().copied());
            count += 1;
        }
        assert_eq!(self.hub.connection_count(), count);
        let listened: HashSet<_> = self.hub.topics().into_iter().collect();
        assert_eq!(listened, topics, "nothing is left behind");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn each_gets_what_it_is_to_get(steps in prop::collection::vec(step(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut world = World::default();
            for step in steps {
                world.take(step).await;
                world.check();
            }
            for known in &mut world.all {
                let rest = known.expected.len();
                known.read(rest + 1);
            }
        });
    }
}
