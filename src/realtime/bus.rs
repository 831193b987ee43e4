//! The bus: passes published events to all listeners, on all nodes.

use super::{Event, Sealed, Topic};
use crate::platform::database::Tx;
use crate::shared::sync::{read, write};
use crate::shared::{Error, Result};
use async_trait::async_trait;
use bytes::Bytes;
use serde::Deserialize;
use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// A published event: encoded once, passed on as the same bytes. The frame contains all other
/// fields, so it is all that travels between nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub topic: Topic,
    pub kind: Cow<'static, str>,
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
            kind: E::KIND.into(),
            seq,
            rev,
            frame: frame(&Sealed::of(Some(topic), seq, rev, event))?,
        })
    }

    /// Decodes the frame of an event that another node published.
    ///
    /// # Errors
    /// The bytes are not the frame of an event.
    pub fn from_frame(frame: Bytes) -> Result<Self> {
        /// An envelope without its event.
        #[derive(Deserialize)]
        struct Header {
            topic: Topic,
            kind: String,
            #[serde(default)]
            seq: i64,
            #[serde(default)]
            rev: i64,
        }
        let Some((&ITEM, json)) = frame.split_first() else {
            return Err(Error::internal("not the frame of an event"));
        };
        let header: Header = serde_json::from_slice(json).map_err(Error::internal)?;
        Ok(Self {
            topic: header.topic,
            kind: header.kind.into(),
            seq: header.seq,
            rev: header.rev,
            frame,
        })
    }
}

/// First byte of a frame with an item.
const ITEM: u8 = 0;

/// Encodes an envelope for the socket: the tag byte of an item, then its JSON.
pub fn frame<E: Event>(envelope: &Sealed<'_, E>) -> Result<Bytes> {
    // Most frames are short messages.
    let mut bytes = Vec::with_capacity(512);
    bytes.push(ITEM);
    serde_json::to_writer(&mut bytes, envelope).map_err(Error::internal)?;
    // Exact size, because it can wait in many queues.
    Ok(Bytes::copy_from_slice(&bytes))
}

/// A listener to all published events; must not block.
pub type Sink = Box<dyn Fn(&Published) + Send + Sync>;

/// Carries events from the node where they happen to all listeners.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Passes events to all listeners, in this order. Called after each commit, and the next commit
    /// waits for it: a bus that uses the network needs a short time limit.
    ///
    /// # Errors
    /// Listeners of other nodes may have missed the events. Those of this node have received them.
    async fn publish(&self, events: &[Published]) -> Result<()>;

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

#[async_trait]
impl Bus for InProcess {
    async fn publish(&self, events: &[Published]) -> Result<()> {
        let sinks = read(&self.sinks);
        for event in events {
            for sink in sinks.iter() {
                // The other listeners get the event anyway.
                if catch_unwind(AssertUnwindSafe(|| sink(event))).is_err() {
                    tracing::error!(event.kind = %event.kind, "bus listener panicked");
                }
            }
        }
        Ok(())
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
pub type SharedBus = Arc<Publisher>;

/// Publishes events of changes that are stored, so a failure is logged and counted, not returned:
/// subscribers notice the gap when a heartbeat has a newer `rev`.
pub struct Publisher {
    bus: Box<dyn Bus>,
    failures: AtomicU64,
}

impl Publisher {
    /// Publishes on this bus.
    pub fn new(bus: impl Bus + 'static) -> Self {
        Self {
            bus: Box::new(bus),
            failures: AtomicU64::default(),
        }
    }

    /// Publishes events in this order.
    pub async fn publish(&self, events: &[Published]) {
        if events.is_empty() {
            return;
        }
        if let Err(error) = self.bus.publish(events).await {
            let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::warn!(error.code = %error.code, failures, "publishing failed");
        }
    }

    /// Publishes events after the commit of their change, in the order of the commits and before
    /// the callers get their results.
    pub fn publish_after(self: &Arc<Self>, tx: &Tx, events: Vec<Published>) {
        let publisher = Arc::clone(self);
        tx.after_commit(async move { publisher.publish(&events).await });
    }

    /// Number of failures since the start.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Adds a listener.
    pub fn attach(&self, sink: Sink) {
        self.bus.attach(sink);
    }

    #[cfg(test)]
    pub fn listeners(&self) -> usize {
        self.bus.listeners()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::database::Database;
    use crate::realtime::Scope;
    use crate::shared::sync::lock;
    use crate::testing::TestDb;
    use futures::future::join_all;
    use proptest::prelude::*;
    use serde::Serialize;
    use std::sync::{Mutex, atomic::AtomicU32};
    use uuid::Uuid;

    #[derive(Serialize, Deserialize)]
    struct Said {
        text: String,
    }

    impl Event for Said {
        const KIND: &'static str = "test.said";
    }

    fn said(rev: i64) -> Published {
        let topic = Topic::new(Scope::Channel, Uuid::nil());
        let text = "hi".into();
        Published::new(topic, 0, rev, &Said { text }).unwrap()
    }

    /// A bus that needs time, fails for every third event and records the others.
    #[derive(Clone, Default)]
    struct Flaky(Arc<Mutex<Vec<i64>>>);

    #[async_trait]
    impl Bus for Flaky {
        async fn publish(&self, events: &[Published]) -> Result<()> {
            for event in events {
                if event.rev % 3 == 0 {
                    return Err(Error::unavailable());
                }
                for _ in 0..event.rev % 5 {
                    tokio::task::yield_now().await;
                }
                lock(&self.0).push(event.rev);
            }
            Ok(())
        }

        fn attach(&self, _: Sink) {}

        fn listeners(&self) -> usize {
            0
        }
    }

    #[tokio::test]
    async fn events_have_the_order_of_the_commits_and_a_failure_fails_no_change() {
        TestDb::each(|db| async move {
            let flaky = Flaky::default();
            let bus: SharedBus = Arc::new(Publisher::new(flaky.clone()));
            let change = async |db: &Database, rev: i64| {
                let bus = Arc::clone(&bus);
                let job = async move |tx: Tx| {
                    bus.publish_after(&tx, vec![said(rev)]);
                    Ok(())
                };
                db.write(Uuid::nil(), job).await.unwrap();
                // Published before the answer.
                assert_eq!(lock(&flaky.0).contains(&rev), rev % 3 != 0);
            };
            join_all((1..=20).map(|rev| change(&db, rev))).await;
            let expected: Vec<_> = (1..=20).filter(|rev| rev % 3 != 0).collect();
            assert_eq!(*lock(&flaky.0), expected);
            assert_eq!(bus.failures(), 6);
        })
        .await;
    }

    proptest! {
        #[test]
        fn a_frame_from_another_node_is_the_same_event(
            id in any::<u128>(),
            seq in any::<i64>(),
            rev in any::<i64>(),
            text in ".*",
        ) {
            let topic = Topic::new(Scope::Account, Uuid::from_u128(id));
            let sent = Published::new(topic, seq, rev, &Said { text }).unwrap();
            prop_assert_eq!(Published::from_frame(sent.frame.clone()).unwrap(), sent);
        }

        #[test]
        fn a_damaged_frame_is_an_error(cut in any::<prop::sample::Index>()) {
            let frame = said(1).frame;
            let cut = cut.index(frame.len());
            prop_assert!(Published::from_frame(frame.slice(..cut)).is_err());
            prop_assert!(Published::from_frame(frame.slice(cut.max(1)..)).is_err());
        }
    }

    #[test]
    fn a_control_frame_is_no_event() {
        let text = "hi".into();
        let control = frame(&Sealed::of(None, 0, 0, &Said { text })).unwrap();
        assert!(Published::from_frame(control).is_err());
    }

    #[tokio::test]
    async fn a_listener_that_panics_takes_nothing_from_the_others() {
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
            bus.publish(&[said(1)]).await.unwrap();
        }
        assert_eq!(heard.load(Ordering::SeqCst), 4);
    }
}
