mod model;

use super::*;
use crate::realtime::Scope;
use uuid::Uuid;

fn event(topic: Topic) -> Published {
    Published {
        topic,
        kind: "test".into(),
        seq: 1,
        rev: 1,
        frame: Bytes::from_static(b"\0{}"),
    }
}

/// Frames waiting for a connection, and the number of times its task was woken.
struct Listener {
    frames: Frames,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Woken(AtomicU64);

impl std::task::Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Listener {
    fn new(frames: Frames) -> Self {
        let woken = Arc::default();
        Self { frames, woken }
    }

    fn next(&mut self) -> Poll<Option<Bytes>> {
        let waker = Arc::clone(&self.woken).into();
        self.frames.poll_next(&mut Context::from_waker(&waker))
    }

    fn hears(&mut self) -> bool {
        matches!(self.next(), Poll::Ready(Some(_)))
    }

    fn woken(&self) -> u64 {
        self.woken.0.load(Ordering::Relaxed)
    }
}

fn end_of(connection: &Connection) -> Option<End> {
    connection.outlet.queue().end
}

#[test]
fn only_those_on_the_topic_get_it() {
    let hub = Hub::default();
    let here = Topic::new(Scope::Channel, Uuid::from_u128(1));
    let there = Topic::new(Scope::Channel, Uuid::from_u128(2));
    let (ada, to_ada) = hub.connect();
    let (bo, to_bo) = hub.connect();
    let (mut to_ada, mut to_bo) = (Listener::new(to_ada), Listener::new(to_bo));
    ada.subscribe(here);
    ada.subscribe(here);
    bo.subscribe(there);
    hub.deliver(&event(here));
    assert!(to_ada.hears());
    assert!(!to_ada.hears(), "subscribing twice counts once");
    assert!(!to_bo.hears());
    ada.unsubscribe(here);
    hub.deliver(&event(here));
    assert!(!to_ada.hears());
    drop(bo);
    assert_eq!(to_bo.next(), Poll::Ready(None));
    assert!(hub.topics().is_empty(), "nothing is left behind");
}

#[test]
fn one_wake_up_for_all_that_waits() {
    let hub = Hub::default();
    let topic = Topic::new(Scope::Channel, Uuid::from_u128(1));
    let (ada, frames) = hub.connect();
    let mut frames = Listener::new(frames);
    ada.subscribe(topic);
    assert!(!frames.hears());
    for _ in 0..5 {
        hub.deliver(&event(topic));
    }
    assert_eq!(frames.woken(), 1);
    for _ in 0..5 {
        assert!(frames.hears());
    }
    hub.deliver(&event(topic));
    assert_eq!(frames.woken(), 1, "it has not yet found the queue empty");
    assert!(frames.hears() && !frames.hears());
    hub.deliver(&event(topic));
    assert_eq!(frames.woken(), 2);
}

#[test]
fn who_does_not_read_is_cut_off_alone() {
    let hub = Hub::default();
    let topic = Topic::new(Scope::Channel, Uuid::from_u128(1));
    let (deaf, queue) = hub.connect();
    let mut queue = Listener::new(queue);
    assert!(!queue.hears());
    let (ada, to_ada) = hub.connect();
    let mut to_ada = Listener::new(to_ada);
    deaf.subscribe(topic);
    ada.subscribe(topic);
    for _ in 0..=QUEUE {
        hub.deliver(&event(topic));
        assert!(to_ada.hears());
    }
    assert_eq!(end_of(&deaf), Some(End::Cut));
    assert_eq!(queue.woken(), 2, "for the first frame, and for the end");
    assert_eq!(end_of(&ada), None);
}

#[test]
fn the_end_comes_after_what_was_said_before() {
    let hub = Hub::default();
    let topic = Topic::new(Scope::Session, Uuid::from_u128(1));
    let (ada, frames) = hub.connect();
    let mut frames = Listener::new(frames);
    ada.subscribe(topic);
    hub.deliver(&event(topic));
    hub.cut_topic(topic);
    assert!(frames.hears());
    hub.deliver(&event(topic));
    assert!(!frames.hears(), "nothing after it");
    assert_eq!(end_of(&ada), Some(End::Cut));
    hub.stop();
    assert_eq!(end_of(&ada), Some(End::Cut));
    let (late, _frames) = hub.connect();
    assert_eq!(end_of(&late), Some(End::Stopping));
}

#[test]
fn who_is_silent_is_ended_at_the_next_beat() {
    let hub = Hub::default();
    let (ada, _frames) = hub.connect();
    let minute = Duration::from_secs(60);
    assert_eq!(hub.slice(0, 1, minute).len(), 1);
    while hub.now() == 0 {
        std::thread::yield_now();
    }
    assert!(hub.slice(0, 1, Duration::ZERO).is_empty());
    assert_eq!(end_of(&ada), Some(End::Silent));
}
