//! The bus: hands what was published to everybody who listens, on all nodes.

use super::{Event, Sealed, Topic};
use crate::shared::{Error, Result};
use bytes::Bytes;
use std::sync::{Arc, PoisonError, RwLock};

/// A published event: encoded once, handed on as the same bytes.
#[derive(Clone, Debug)]
pub struct Published {
    /// Where.
    pub topic: Topic,
    /// What.
    pub kind: &'static str,
    /// The topic's count of numbered things; 0 when it counts nothing.
    pub seq: i64,
    /// The topic's count of changes; 0 for what passes by.
    pub rev: i64,
    /// The frame as it goes to browsers.
    pub frame: Bytes,
}

impl Published {
    /// Encodes an event.
    ///
    /// # Errors
    /// When the event cannot be written as JSON, which is a bug.
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

/// An envelope as it goes over the socket: the tag byte of an item (0), then its JSON.
///
/// # Errors
/// When it cannot be written as JSON, which is a bug.
pub fn frame<E: Event>(envelope: &Sealed<'_, E>) -> Result<Bytes> {
    // Most frames are short messages.
    let mut bytes = Vec::with_capacity(512);
    bytes.push(0);
    serde_json::to_writer(&mut bytes, envelope).map_err(Error::internal)?;
    // Of the size that it has: it may wait in many queues.
    Ok(Bytes::copy_from_slice(&bytes))
}

/// Somebody who listens to all that is published; must not block.
pub type Sink = Box<dyn Fn(&Published) + Send + Sync>;

/// Carries events from the node where they happen to all listeners.
pub trait Bus: Send + Sync {
    /// Hands an event to all listeners. Called after the commit, in the order of the commits.
    fn publish(&self, event: Published);

    /// Adds a listener.
    fn attach(&self, sink: Sink);
}

/// The bus of a single node.
#[derive(Default)]
pub struct InProcess {
    sinks: RwLock<Vec<Sink>>,
}

impl Bus for InProcess {
    fn publish(&self, event: Published) {
        let sinks = self.sinks.read().unwrap_or_else(PoisonError::into_inner);
        for sink in sinks.iter() {
            sink(&event);
        }
    }

    fn attach(&self, sink: Sink) {
        self.sinks
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sink);
    }
}

/// The bus as services hold it.
pub type SharedBus = Arc<dyn Bus>;
