//! Which channels have something to read.

use crate::chat::MessageChanged;
use crate::realtime::{Event, Scope, bus::Sink};
use crate::shared::ChannelId;
use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Notify;

/// Channels to read, each once, first come first served.
#[derive(Default)]
pub struct Wake {
    queue: Mutex<Queue>,
    notify: Notify,
}

#[derive(Default)]
struct Queue {
    order: VecDeque<ChannelId>,
    waiting: HashSet<ChannelId>,
}

impl Wake {
    /// Marks the channels of all messages that are published.
    pub fn sink(self: &Arc<Self>) -> Sink {
        let wake = Arc::clone(self);
        Box::new(move |event| {
            if event.kind == MessageChanged::KIND && event.topic.scope == Scope::Channel {
                wake.mark(ChannelId(event.topic.id));
            }
        })
    }

    /// There is something to read in this channel.
    pub fn mark(&self, channel: ChannelId) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.waiting.insert(channel) {
            queue.order.push_back(channel);
            self.notify.notify_one();
        }
    }

    /// The channel that has waited longest, but none of those that are being read already.
    pub fn take(&self, busy: &HashSet<ChannelId>) -> Option<ChannelId> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let at = queue.order.iter().position(|id| !busy.contains(id))?;
        let channel = queue.order.remove(at)?;
        queue.waiting.remove(&channel);
        Some(channel)
    }

    /// Waits until a channel was marked since the last wait.
    pub async fn marked(&self) {
        self.notify.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_once_in_order_and_never_twice_at_a_time() {
        let wake = Wake::default();
        let [a, b] = [1, 2].map(|n| ChannelId(Uuid::from_u128(n)));
        for channel in [a, b, a] {
            wake.mark(channel);
        }
        let mut busy = HashSet::from([a]);
        assert_eq!(wake.take(&busy), Some(b));
        assert_eq!(wake.take(&busy), None);
        busy.clear();
        assert_eq!(wake.take(&busy), Some(a));
        wake.mark(a);
        assert_eq!(wake.take(&busy), Some(a), "marked again while it was read");
        assert_eq!(wake.take(&busy), None);
    }
}
