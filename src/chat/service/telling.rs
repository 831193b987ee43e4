//! Tells connected accounts which channels have new messages, without a subscription to each channel.

use super::Service;
use crate::chat::{Advance, ChannelsAdvanced};
use crate::gateway;
use crate::platform::tasks::Worker;
use crate::realtime::{Scope, Topic};
use crate::shared::Result;
use async_trait::async_trait;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Time between two events for one account.
const MOMENT: Duration = Duration::from_secs(1);

/// The worker that tells accounts which channels have new messages.
pub struct AdvanceTeller {
    pub chat: Service,
    pub gateway: gateway::Service,
}

impl AdvanceTeller {
    /// Tells every account that is connected to this node. Other nodes hear the same messages and
    /// tell theirs.
    async fn tell(&self) -> Result<()> {
        let inner = &self.chat.inner;
        let advanced = inner.advances.take();
        if advanced.is_empty() {
            return Ok(());
        }
        let channels: Vec<_> = advanced.keys().copied().collect();
        let readers = match inner.communities.readers_here(&channels).await {
            Ok(readers) => readers,
            Err(error) => {
                // Told a moment later.
                inner.advances.note(advanced);
                return Err(error);
            }
        };
        for (account, channels) in readers {
            let advance = |channel_id| {
                let seq = *advanced.get(&channel_id)?;
                Some(Advance { channel_id, seq })
            };
            let channels = channels.into_iter().filter_map(advance).collect();
            let topic = Topic::new(Scope::Account, account.0);
            self.gateway.tell(topic, &ChannelsAdvanced { channels })?;
        }
        Ok(())
    }
}

#[async_trait]
impl Worker for AdvanceTeller {
    fn name(&self) -> &'static str {
        "chat.advances"
    }

    /// Stops at once: what is not told is in the states of the channels.
    async fn run(&mut self, cancel: CancellationToken) {
        let telling = async {
            loop {
                self.chat.inner.advances.changed().await;
                if let Err(error) = self.tell().await {
                    tracing::warn!(error.code = %error.code, "telling of new messages failed; retrying");
                }
                tokio::time::sleep(MOMENT).await;
            }
        };
        let _stopped: Option<()> = cancel.run_until_cancelled(telling).await;
    }
}
