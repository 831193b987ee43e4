//! Deletes a channel: hidden at once, its row removed when it is empty.

use super::{Service, changes::publish_change, store};
use crate::communities::model::{Channel, ChannelDeleted};
use crate::platform::database::Tx;
use crate::realtime::{Scope, Topic, bus::Published};
use crate::shared::{ChannelId, Error, Result};

impl Service {
    /// Marks a channel as deleted, in the transaction of the caller, who has checked permission.
    /// From the commit on, no list contains it and requests for it get 404.
    ///
    /// # Errors
    /// `not-found`; `last-channel` if it is the only one of its community.
    pub async fn delete_channel(&self, tx: &Tx, channel: &Channel) -> Result<()> {
        if !store::mark_deleted(tx, channel.id).await? {
            return Err(Error::not_found());
        }
        if store::channel_count(tx, channel.community_id).await? == 0 {
            return Err(Error::conflict(
                "last-channel",
                "A community needs at least one channel",
            ));
        }
        let deleted = ChannelDeleted {
            channel_id: channel.id,
        };
        let bus = &self.inner.bus;
        let subject = store::Subject::Channel(channel.id);
        publish_change((tx, bus), &[channel.community_id], subject, &deleted).await?;
        let own = Topic::new(Scope::Channel, channel.id.0);
        bus.publish_after(tx, vec![Published::new(own, 0, 0, &deleted)?]);
        Ok(())
    }

    /// Returns a deleted channel that still has messages to remove.
    pub async fn deleted_channel(&self) -> Result<Option<ChannelId>> {
        store::a_deleted_channel(&self.inner.db).await
    }

    /// Removes the row of a deleted channel and all rows that refer to it.
    pub async fn remove_channel(tx: &Tx, channel: ChannelId) -> Result<()> {
        store::remove_channel(tx, channel).await
    }
}
