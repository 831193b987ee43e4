//! The two counters of a channel on which all delivery depends.

use super::{Service, store};
use crate::communities::model::Head;
use crate::platform::database::Tx;
use crate::shared::{ChannelId, CommunityId, Error, Result};
use std::collections::HashMap;

impl Service {
    /// Takes the given number of message numbers in each channel. Returns the counters after them,
    /// without channels that do not exist.
    pub async fn count_messages(
        tx: &Tx,
        taken: &[(ChannelId, i64)],
    ) -> Result<HashMap<ChannelId, Head>> {
        let heads = store::count_messages(tx, taken).await?;
        Ok(heads.into_iter().collect())
    }

    /// Returns the numbers that this transaction took for messages.
    pub async fn uncount_messages(tx: &Tx, taken: &[(ChannelId, i64)]) -> Result<()> {
        let given: Vec<_> = taken.iter().map(|(id, n)| (*id, -n)).collect();
        store::count_messages(tx, &given).await.map(drop)
    }

    /// Counts one more change of a channel.
    ///
    /// # Errors
    /// `not-found` if the channel does not exist.
    pub async fn count_change(tx: &Tx, channel: ChannelId) -> Result<Head> {
        store::count_change(tx, channel)
            .await?
            .ok_or_else(Error::not_found)
    }

    /// Counts several changes of a channel; the returned head has the number of the last.
    ///
    /// # Errors
    /// `not-found` if the channel does not exist.
    pub async fn count_changes(tx: &Tx, channel: ChannelId, changes: i64) -> Result<Head> {
        store::count_changes(tx, channel, changes)
            .await?
            .ok_or_else(Error::not_found)
    }

    /// Returns the counters of all channels with messages, for listeners that catch up.
    pub async fn heads(&self) -> Result<Vec<(ChannelId, Head)>> {
        store::heads(&self.inner.db).await
    }

    /// Returns the change counts of communities, without those that do not exist.
    pub(super) async fn revs_of(
        &self,
        communities: &[CommunityId],
    ) -> Result<Vec<(CommunityId, i64)>> {
        store::revs_of(&self.inner.db, communities).await
    }

    /// Returns the counters of channels without a permission check: for heartbeats on topics whose
    /// subscribers were checked.
    pub async fn heads_of(&self, channels: &[ChannelId]) -> Result<Vec<(ChannelId, Head)>> {
        store::heads_of(&self.inner.db, channels).await
    }
}
