//! The bus: passes published events to all listeners, on all nodes.

use super::{Event, Sealed, Topic};
use crate::shared::sync::{read, write};
use crate::shared::{Error, Result};
use bytes::Bytes;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, RwLock},
};

/// A published event: encoded once, passed on as the same bytes.
#[derive(Clone, Debug)]
pub struct Published {
    pub topic: Topic,
    pub kind: &'static str,
    /// The topic's sequence number; 0 if it has none.
    pub seq: i64,
    /// The topic's change count; 0 for events that are not counted.
    pub rev: i64,
    /// The frame as sent to browsers.
    pub frame: Bytes,
}

impl Published {
    /// Encodes an event.
    ///
    /// # Errors
    /// The event cannot be serialized as JSON, which is a bug.
    pub fn new<E: Event>(topic: Topic, seq: i64, rev: i64, event: &E) -> Result<Self> {
        Ok(Self {
            topic,
            kind: E::KIND,
            seq,
            rev,
            frame: frame(&Sealed::of(Some(topic), seq, rev, event))?,
        })
    }
}

/// Encodes an envelope for the socket: the tag byte of an item (0), then its JSON.
pub fn frame<E: Event>(envelope: &Sealed<'_, E>) -> Result<Bytes> {
    // Most frames are short messages.
    let mut bytes = Vec::with_capacity(512);
    bytes.push(0);
    serde_json::to_writer(&mut bytes, envelope).map_err(Error::internal)?;
    // Exact size, because it can wait in many queues.
    Ok(Bytes::copy_from_slice(&bytes))
}

/// A listener to all published events; must not block.
pub type Sink = Box<dyn Fn(&Published) + Send + Sync>;

/// Carries events from the node where they happen to all listeners.
pub trait Bus: Send + Sync {
    /// Passes an event to all listeners. Called after the commit, in the order of the commits.
    fn publish(&self, event: Published);

    /// Adds a listener.
    fn attach(&self, sink: Sink);

    #[cfg(test)]
    fn listeners(&self) -> usize;
}

/// The bus of a single node.
#[derive(Default)]
pub struct InProcess {
    sinks: RwLock<Vec<Sink>>,
}

impl Bus for InProcess {
    fn publish(&self, event: Published) {
        let sinks = read(&self.sinks);
        for sink in sinks.iter() {
            // The other listeners get the event anyway.
            if catch_unwind(AssertUnwindSafe(|| sink(&event))).is_err() {
                tracing::error!(event.kind, "bus listener panicked");
            }
        }
    }

    fn attach(&self, sink: Sink) {
        write(&self.sinks).push(sink);
    }

    #[cfg(test)]
    fn listeners(&self) -> usize {
        let sinks = read(&self.sinks);
        sinks.len()
    }
}

/// The bus as services hold it.
pub type SharedBus = Arc<dyn Bus>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realtime::Scope;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn a_listener_that_panics_takes_nothing_from_the_others() {
        let bus = InProcess::default();
        let heard = Arc::new(AtomicU32::default());
        for panics in [false, true, false] {
            let heard = Arc::clone(&heard);
            bus.attach(Box::new(move |_| {
                assert!(!panics, "as this test wants");
                heard.fetch_add(1, Ordering::SeqCst);
            }));
        }
        for _ in 0..2 {
            bus.publish(Published {
                topic: Topic::new(Scope::Channel, uuid::Uuid::nil()),
                kind: "test",
                seq: 0,
                rev: 0,
                frame: Bytes::new(),
            });
        }
        assert_eq!(heard.load(Ordering::SeqCst), 4);
    }
}
