//! Channels with new messages that connected accounts were not told yet.

use crate::chat::MessageChanged;
use crate::realtime::{Event, Scope, bus::Published};
use crate::shared::ChannelId;
use crate::shared::sync::lock;
use std::{collections::HashMap, sync::Mutex};
use tokio::sync::Notify;

/// The numbers of the last messages of channels.
pub(super) type Advanced = HashMap<ChannelId, i64>;

/// Collects channels with new messages.
#[derive(Default)]
pub(super) struct Advances {
    channels: Mutex<Advanced>,
    notify: Notify,
}

impl Advances {
    /// Records a new or changed message.
    pub(super) fn hear(&self, event: &Published) {
        if event.kind == MessageChanged::KIND && event.topic.scope == Scope::Channel {
            self.note([(ChannelId(event.topic.id), event.seq)]);
        }
    }

    /// Records new messages.
    pub(super) fn note(&self, advanced: impl IntoIterator<Item = (ChannelId, i64)>) {
        let channels = &mut *lock(&self.channels);
        for (channel, seq) in advanced {
            let known = channels.entry(channel).or_insert(seq);
            *known = seq.max(*known);
        }
        self.notify.notify_one();
    }

    /// Takes everything that was recorded.
    pub(super) fn take(&self) -> Advanced {
        std::mem::take(&mut *lock(&self.channels))
    }

    /// Waits for new messages.
    pub(super) async fn changed(&self) {
        self.notify.notified().await;
    }
}
