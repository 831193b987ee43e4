//! The hub: which connection of this node is subscribed to which topic.
//!
//! Each connection gets an event as a reference to the same bytes, in a queue of limited length. A
//! client that does not read is disconnected and later gets what it missed from the database, so
//! the others do not wait for the slowest.

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

/// Maximum number of frames that wait for one connection before it is disconnected.
pub const QUEUE: usize = 256;
/// Maximum queue capacity that is kept while the queue is empty, in frames.
const KEPT: usize = 8;

/// All connections and topics of this node; clones share the same hub.
#[derive(Clone, Default)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    topics: RwLock<HashMap<Topic, Vec<Arc<Outlet>>>>,
    connections: RwLock<HashMap<u64, Arc<Outlet>>>,
    next_id: AtomicU64,
    stopping: AtomicBool,
    /// Reference for times.
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

/// Why a connection must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It does not read, or its session has ended: send nothing more.
    Cut,
    /// It was silent for too long.
    Silent,
    /// The server stops.
    Stopping,
}

/// Queue of frames for one connection.
///
/// One task reads the queue. The first frame wakes it; frames that arrive before it runs do not
/// wake it again and are written together.
pub struct Outlet {
    id: u64,
    queue: Mutex<Queue>,
    topics: Mutex<HashSet<Topic>>,
    /// Time of the last input from the client, in milliseconds after the hub's start.
    heard: AtomicU64,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Bytes>,
    /// The task that reads the queue.
    task: Option<Waker>,
    /// true if the task found the queue empty and waits to be woken.
    waits: bool,
    end: Option<End>,
    /// true if no more frames are accepted.
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
    /// Queues a frame; a connection with a full queue is disconnected.
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

    /// Ends the connection after its waiting frames.
    pub fn end(&self, end: End) {
        let mut queue = self.queue();
        queue.end.get_or_insert(end);
        queue.waits = false;
        // Wakes the task even if it waits for space in the queue, not for frames.
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

/// One connection; dropping it removes all its subscriptions and ends its frames.
pub struct Connection {
    hub: Hub,
    outlet: Arc<Outlet>,
}

/// The frames for one connection. The same task must write them and run the [`Connection`].
pub struct Frames {
    outlet: Arc<Outlet>,
}

impl Frames {
    /// Returns the next frame; None: the connection is closed and all frames were taken.
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
    /// Creates a connection and the queue of its frames.
    pub fn connect(&self) -> (Connection, Frames) {
        let outlet = Arc::new(Outlet {
            id: self.inner.next_id.fetch_add(1, Ordering::Relaxed),
            queue: Mutex::default(),
            topics: Mutex::default(),
            heard: AtomicU64::new(self.now()),
        });
        write(&self.inner.connections).insert(outlet.id, Arc::clone(&outlet));
        // Checked after the insert, so that connections made while the server stops end as well.
        if self.inner.stopping.load(Ordering::SeqCst) {
            outlet.end(End::Stopping);
        }
        let connection = Connection {
            hub: self.clone(),
            outlet: Arc::clone(&outlet),
        };
        (connection, Frames { outlet })
    }

    /// Queues an event for every connection on its topic.
    pub fn deliver(&self, event: &Published) {
        let topics = read(&self.inner.topics);
        let Some(outlets) = topics.get(&event.topic) else {
            return;
        };
        for outlet in outlets {
            outlet.offer(event.frame.clone());
        }
    }

    /// Returns the topics with subscribers on this node.
    pub fn topics(&self) -> Vec<Topic> {
        read(&self.inner.topics).keys().copied().collect()
    }

    /// true if a connection is subscribed to this topic.
    pub fn is_heard(&self, topic: Topic) -> bool {
        read(&self.inner.topics).contains_key(&topic)
    }

    /// Number of connections.
    pub fn connection_count(&self) -> usize {
        read(&self.inner.connections).len()
    }

    /// Returns slice number `slice` of `slices` of all connections, with their topics. Connections
    /// that were silent for longer than `silence` are ended instead.
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

    /// Ends every connection on a topic whose session was ended.
    pub fn cut_topic(&self, topic: Topic) {
        let topics = read(&self.inner.topics);
        for outlet in topics.get(&topic).into_iter().flatten() {
            outlet.end(End::Cut);
        }
    }

    /// Removes all subscriptions to a topic that no longer exists.
    pub fn close_topic(&self, topic: Topic) {
        let outlets = write(&self.inner.topics).remove(&topic);
        for outlet in outlets.unwrap_or_default() {
            outlet.topics().remove(&topic);
        }
    }

    /// Ends all current and future connections: the server stops.
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
    /// Subscribes the connection to a topic. The caller has checked permission.
    pub fn subscribe(&self, topic: Topic) {
        if self.outlet.topics().insert(topic) {
            self.hub.subscribe(topic, &self.outlet);
        }
    }

    /// Unsubscribes the connection from a topic.
    pub fn unsubscribe(&self, topic: Topic) {
        if self.outlet.topics().remove(&topic) {
            self.hub.unsubscribe(topic, self.outlet.id);
        }
    }

    /// Number of topics it is subscribed to.
    pub fn topic_count(&self) -> usize {
        self.outlet.topics().len()
    }

    /// Records input from the client.
    pub fn heard(&self) {
        self.outlet.heard.store(self.hub.now(), Ordering::Relaxed);
    }

    /// Sends a frame to this connection only, waiting for space in its queue. false: it was
    /// disconnected.
    pub async fn send(&self, frame: Bytes) -> bool {
        let mut frame = Some(frame);
        // Space is made by the same task, which then polls this again.
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

    /// Waits until the connection must end. Woken together with the frames.
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
