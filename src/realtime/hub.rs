//! The hub: which connection of this node is on which topic.
//!
//! An event is handed to each connection as a reference to the same bytes, into a queue of
//! limited length. Who does not read is cut off and comes back for what it missed from the
//! database: nobody waits for the slowest.

use super::{Topic, bus::Published};
use bytes::Bytes;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Frames that may wait for one connection before it is cut off.
pub const QUEUE: usize = 256;

/// All connections and topics of this node; a clone is the same hub.
#[derive(Clone, Default)]
pub struct Hub {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    topics: RwLock<HashMap<Topic, Vec<Arc<Outlet>>>>,
    connections: RwLock<HashMap<u64, Arc<Outlet>>>,
    next_id: AtomicU64,
}

/// Where frames for one connection go.
pub struct Outlet {
    id: u64,
    frames: mpsc::Sender<Bytes>,
    /// Cancelled when the connection is to end.
    cut: CancellationToken,
    topics: Mutex<HashSet<Topic>>,
}

impl Outlet {
    /// Queues a frame; a connection whose queue is full is cut off.
    pub fn offer(&self, frame: Bytes) {
        if self.frames.try_send(frame).is_err() {
            self.cut.cancel();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<Topic>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection; dropping it takes it off all its topics.
pub struct Connection {
    hub: Hub,
    outlet: Arc<Outlet>,
}

impl Hub {
    /// A new connection and the queue of its frames.
    #[must_use]
    pub fn connect(&self) -> (Connection, mpsc::Receiver<Bytes>) {
        let (frames, queue) = mpsc::channel(QUEUE);
        let outlet = Arc::new(Outlet {
            id: self.inner.next_id.fetch_add(1, Ordering::Relaxed),
            frames,
            cut: CancellationToken::new(),
            topics: Mutex::default(),
        });
        write(&self.inner.connections).insert(outlet.id, Arc::clone(&outlet));
        let connection = Connection {
            hub: self.clone(),
            outlet,
        };
        (connection, queue)
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
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        read(&self.inner.topics).keys().copied().collect()
    }

    /// How many connections there are.
    #[must_use]
    pub fn connection_count(&self) -> usize {
        read(&self.inner.connections).len()
    }

    /// One of `slices` parts of all connections, with the topics that each is on.
    #[must_use]
    pub fn slice(&self, slice: u64, slices: u64) -> Vec<(Arc<Outlet>, Vec<Topic>)> {
        let connections = read(&self.inner.connections);
        let part = connections
            .values()
            .filter(|outlet| outlet.id % slices == slice);
        part.map(|outlet| {
            let topics = outlet.lock().iter().copied().collect();
            (Arc::clone(outlet), topics)
        })
        .collect()
    }

    /// Ends every connection on a topic: its session was ended.
    pub fn cut_topic(&self, topic: Topic) {
        let topics = read(&self.inner.topics);
        for outlet in topics.get(&topic).into_iter().flatten() {
            outlet.cut.cancel();
        }
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
        if self.outlet.lock().insert(topic) {
            self.hub.subscribe(topic, &self.outlet);
        }
    }

    /// Takes the connection off a topic.
    pub fn unsubscribe(&self, topic: Topic) {
        if self.outlet.lock().remove(&topic) {
            self.hub.unsubscribe(topic, self.outlet.id);
        }
    }

    /// How many topics it is on.
    #[must_use]
    pub fn topic_count(&self) -> usize {
        self.outlet.lock().len()
    }

    /// Sends a frame to this connection only, waiting for a place in its queue.
    /// False: the connection is gone.
    pub async fn send(&self, frame: Bytes) -> bool {
        self.outlet.frames.send(frame).await.is_ok()
    }

    /// Cancelled when the connection is to end: it does not read, or its session ended.
    #[must_use]
    pub fn cut(&self) -> CancellationToken {
        self.outlet.cut.clone()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let topics = std::mem::take(&mut *self.outlet.lock());
        for topic in topics {
            self.hub.unsubscribe(topic, self.outlet.id);
        }
        write(&self.hub.inner.connections).remove(&self.outlet.id);
    }
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realtime::Scope;
    use uuid::Uuid;

    fn event(topic: Topic) -> Published {
        Published {
            topic,
            kind: "test",
            seq: 1,
            rev: 1,
            frame: Bytes::from_static(b"\0{}"),
        }
    }

    #[tokio::test]
    async fn only_those_on_the_topic_get_it() {
        let hub = Hub::default();
        let here = Topic::new(Scope::Channel, Uuid::from_u128(1));
        let there = Topic::new(Scope::Channel, Uuid::from_u128(2));
        let (ada, mut to_ada) = hub.connect();
        let (bo, mut to_bo) = hub.connect();
        ada.subscribe(here);
        ada.subscribe(here);
        bo.subscribe(there);
        hub.deliver(&event(here));
        assert!(to_ada.try_recv().is_ok());
        assert!(to_ada.try_recv().is_err(), "subscribing twice counts once");
        assert!(to_bo.try_recv().is_err());
        ada.unsubscribe(here);
        hub.deliver(&event(here));
        assert!(to_ada.try_recv().is_err());
        drop(bo);
        assert!(hub.topics().is_empty(), "nothing is left behind");
    }

    #[tokio::test]
    async fn who_does_not_read_is_cut_off_alone() {
        let hub = Hub::default();
        let topic = Topic::new(Scope::Channel, Uuid::from_u128(1));
        let (deaf, _queue) = hub.connect();
        let (ada, mut to_ada) = hub.connect();
        deaf.subscribe(topic);
        ada.subscribe(topic);
        for _ in 0..=QUEUE {
            hub.deliver(&event(topic));
            assert!(to_ada.try_recv().is_ok());
        }
        assert!(deaf.cut().is_cancelled());
        assert!(!ada.cut().is_cancelled());
    }
}
