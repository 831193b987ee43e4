//! The hub: which connection of this node is on which topic.
//!
//! An event is handed to each connection as a reference to the same bytes, into a queue of
//! limited length. Who does not read is cut off and comes back for what it missed from the
//! database: nobody waits for the slowest.

use super::{Topic, bus::Published};
use crate::shared::sync::{lock, read, write};
use bytes::Bytes;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    future::poll_fn,
    sync::{
        Arc, Mutex, MutexGuard, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::time::Instant;

/// Frames that may wait for one connection before it is cut off.
pub const QUEUE: usize = 256;
/// Room for more frames than this is not kept when the queue is empty.
const KEPT: usize = 8;

/// All connections and topics of this node; a clone is the same hub.
#[derive(Clone, Default)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    topics: RwLock<HashMap<Topic, Vec<Arc<Outlet>>>>,
    connections: RwLock<HashMap<u64, Arc<Outlet>>>,
    next_id: AtomicU64,
    stopping: AtomicBool,
    /// What times are counted from.
    start: Instant,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            topics: RwLock::default(),
            connections: RwLock::default(),
            next_id: AtomicU64::default(),
            stopping: AtomicBool::default(),
            start: Instant::now(),
        }
    }
}

/// Why a connection is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It does not read, or its session has ended: nothing more is to be said.
    Cut,
    /// It has said nothing for too long.
    Silent,
    /// The server stops.
    Stopping,
}

/// Where frames for one connection go.
///
/// The queue belongs to one task, which is woken by the first frame and not by those that come
/// before it has had its turn: they are written together.
pub struct Outlet {
    id: u64,
    queue: Mutex<Queue>,
    topics: Mutex<HashSet<Topic>>,
    /// Milliseconds after the hub's start when it said something last.
    heard: AtomicU64,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Bytes>,
    /// The task that empties the queue.
    task: Option<Waker>,
    /// The task has found the queue empty and waits to be woken.
    waits: bool,
    end: Option<End>,
    /// Nobody adds to it any more.
    closed: bool,
}

impl Queue {
    fn wake(&mut self) -> Option<Waker> {
        if std::mem::take(&mut self.waits) {
            self.task.clone()
        } else {
            None
        }
    }
}

impl Outlet {
    /// Queues a frame; a connection whose queue is full is cut off.
    pub fn offer(&self, frame: Bytes) {
        let mut queue = self.queue();
        if queue.end.is_some() || queue.closed {
            return;
        }
        if queue.frames.len() >= QUEUE {
            queue.frames = VecDeque::new();
            drop(queue);
            self.end(End::Cut);
            return;
        }
        queue.frames.push_back(frame);
        let task = queue.wake();
        drop(queue);
        if let Some(task) = task {
            task.wake();
        }
    }

    /// Has the connection end, after what waits for it.
    pub fn end(&self, end: End) {
        let mut queue = self.queue();
        queue.end.get_or_insert(end);
        queue.waits = false;
        // Also when it is not waiting for frames but for a place to write them to.
        let task = queue.task.clone();
        drop(queue);
        if let Some(task) = task {
            task.wake();
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.queue)
    }

    fn topics(&self) -> MutexGuard<'_, HashSet<Topic>> {
        lock(&self.topics)
    }
}

/// One connection; dropping it takes it off all its topics and ends its frames.
pub struct Connection {
    hub: Hub,
    outlet: Arc<Outlet>,
}

/// The frames for one connection, for the one task that writes them. That task must also be the
/// one that runs the [`Connection`].
pub struct Frames {
    outlet: Arc<Outlet>,
}

impl Frames {
    /// The next frame; none when the connection is gone and everything was taken.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let mut queue = self.outlet.queue();
        if let Some(frame) = queue.frames.pop_front() {
            return Poll::Ready(Some(frame));
        }
        if queue.frames.capacity() > KEPT {
            queue.frames = VecDeque::new();
        }
        if queue.closed {
            return Poll::Ready(None);
        }
        queue.waits = true;
        match &queue.task {
            Some(task) if task.will_wake(context.waker()) => {}
            _ => queue.task = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl Hub {
    /// A new connection and the queue of its frames.
    pub fn connect(&self) -> (Connection, Frames) {
        let outlet = Arc::new(Outlet {
            id: self.inner.next_id.fetch_add(1, Ordering::Relaxed),
            queue: Mutex::default(),
            topics: Mutex::default(),
            heard: AtomicU64::new(self.now()),
        });
        write(&self.inner.connections).insert(outlet.id, Arc::clone(&outlet));
        // After it can be found: whoever comes while the server stops ends as well.
        if self.inner.stopping.load(Ordering::SeqCst) {
            outlet.end(End::Stopping);
        }
        let connection = Connection {
            hub: self.clone(),
            outlet: Arc::clone(&outlet),
        };
        (connection, Frames { outlet })
    }

    /// Hands an event to everybody on its topic.
    pub fn deliver(&self, event: &Published) {
        let topics = read(&self.inner.topics);
        let Some(outlets) = topics.get(&event.topic) else {
            return;
        };
        for outlet in outlets {
            outlet.offer(event.frame.clone());
        }
    }

    /// The topics that somebody on this node is on.
    pub fn topics(&self) -> Vec<Topic> {
        read(&self.inner.topics).keys().copied().collect()
    }

    /// How many connections there are.
    pub fn connection_count(&self) -> usize {
        read(&self.inner.connections).len()
    }

    /// One of `slices` parts of all connections, with the topics that each is on. Those that have
    /// said nothing for `silence` are ended instead.
    pub fn slice(
        &self,
        slice: u64,
        slices: u64,
        silence: Duration,
    ) -> Vec<(Arc<Outlet>, Vec<Topic>)> {
        let now = self.now();
        let since = |outlet: &Outlet| now.saturating_sub(outlet.heard.load(Ordering::Relaxed));
        let connections = read(&self.inner.connections);
        let part = connections
            .values()
            .filter(|outlet| outlet.id % slices == slice);
        part.filter_map(|outlet| {
            if u128::from(since(outlet)) > silence.as_millis() {
                outlet.end(End::Silent);
                return None;
            }
            let topics = outlet.topics().iter().copied().collect();
            Some((Arc::clone(outlet), topics))
        })
        .collect()
    }

    /// Ends every connection on a topic: its session was ended.
    pub fn cut_topic(&self, topic: Topic) {
        let topics = read(&self.inner.topics);
        for outlet in topics.get(&topic).into_iter().flatten() {
            outlet.end(End::Cut);
        }
    }

    /// Takes all connections off a topic that is no more.
    pub fn close_topic(&self, topic: Topic) {
        let outlets = write(&self.inner.topics).remove(&topic);
        for outlet in outlets.unwrap_or_default() {
            outlet.topics().remove(&topic);
        }
    }

    /// Ends all connections, also those that are still to come: the server stops.
    pub fn stop(&self) {
        self.inner.stopping.store(true, Ordering::SeqCst);
        for outlet in read(&self.inner.connections).values() {
            outlet.end(End::Stopping);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.inner.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn subscribe(&self, topic: Topic, outlet: &Arc<Outlet>) {
        let mut topics = write(&self.inner.topics);
        topics.entry(topic).or_default().push(Arc::clone(outlet));
    }

    fn unsubscribe(&self, topic: Topic, id: u64) {
        let mut topics = write(&self.inner.topics);
        if let Some(outlets) = topics.get_mut(&topic) {
            if let Some(at) = outlets.iter().position(|outlet| outlet.id == id) {
                outlets.swap_remove(at);
            }
            if outlets.is_empty() {
                topics.remove(&topic);
            }
        }
    }
}

impl Connection {
    /// Puts the connection on a topic. The caller has checked that it may be there.
    pub fn subscribe(&self, topic: Topic) {
        if self.outlet.topics().insert(topic) {
            self.hub.subscribe(topic, &self.outlet);
        }
    }

    /// Takes the connection off a topic.
    pub fn unsubscribe(&self, topic: Topic) {
        if self.outlet.topics().remove(&topic) {
            self.hub.unsubscribe(topic, self.outlet.id);
        }
    }

    /// How many topics it is on.
    pub fn topic_count(&self) -> usize {
        self.outlet.topics().len()
    }

    /// Notes that the other end is there.
    pub fn heard(&self) {
        self.outlet.heard.store(self.hub.now(), Ordering::Relaxed);
    }

    /// Sends a frame to this connection only, waiting for a place in its queue. False: it was cut
    /// off.
    pub async fn send(&self, frame: Bytes) -> bool {
        let mut frame = Some(frame);
        // Whoever makes place is the same task and comes here next.
        poll_fn(|_| {
            let mut queue = self.outlet.queue();
            if queue.end == Some(End::Cut) {
                return Poll::Ready(false);
            }
            if queue.frames.len() >= QUEUE {
                return Poll::Pending;
            }
            queue.frames.extend(frame.take());
            Poll::Ready(true)
        })
        .await
    }

    /// Waits until the connection is to end. Wakes with the frames.
    pub async fn ended(&self) -> End {
        poll_fn(|_| match self.outlet.queue().end {
            Some(end) => Poll::Ready(end),
            None => Poll::Pending,
        })
        .await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let topics = std::mem::take(&mut *self.outlet.topics());
        for topic in topics {
            self.hub.unsubscribe(topic, self.outlet.id);
        }
        write(&self.hub.inner.connections).remove(&self.outlet.id);
        self.outlet.queue().closed = true;
    }
}

#[cfg(test)]
mod tests;
