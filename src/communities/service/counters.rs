//! The two counters of a channel that all delivery rests on.

use super::{Service, store};
use crate::communities::model::Head;
use crate::platform::database::Tx;
use crate::shared::{ChannelId, Error, Result};
use std::collections::HashMap;

impl Service {
    /// Takes the numbers of new messages from their channels' counters: so many in each. Returns
    /// where each channel stands after them; one that is gone is not there.
    pub async fn count_messages(
        tx: &Tx,
        taken: &[(ChannelId, i64)],
    ) -> Result<HashMap<ChannelId, Head>> {
        let heads = store::count_messages(tx, taken).await?;
        Ok(heads.into_iter().collect())
    }

    /// Gives the numbers back that this transaction took for messages.
    pub async fn uncount_messages(tx: &Tx, taken: &[(ChannelId, i64)]) -> Result<()> {
        let given: Vec<_> = taken.iter().map(|(id, n)| (*id, -n)).collect();
        store::count_messages(tx, &given).await.map(drop)
    }

    /// Takes the number of another change from a channel's counters.
    ///
    /// # Errors
    /// `not-found` when the channel is gone.
    pub async fn count_change(tx: &Tx, channel: ChannelId) -> Result<Head> {
        store::count_change(tx, channel)
            .await?
            .ok_or_else(Error::not_found)
    }

    /// Takes the numbers of several other changes; the last is the head's.
    ///
    /// # Errors
    /// `not-found` when the channel is gone.
    pub async fn count_changes(tx: &Tx, channel: ChannelId, changes: i64) -> Result<Head> {
        store::count_changes(tx, channel, changes)
            .await?
            .ok_or_else(Error::not_found)
    }

    /// Where all channels stand that hold a message: for listeners that catch up.
    pub async fn heads(&self) -> Result<Vec<(ChannelId, Head)>> {
        store::heads(&self.inner.db).await
    }

    /// Where some channels stand, without asking who may see them: for heartbeats on topics whose
    /// subscribers were checked.
    pub async fn heads_of(&self, channels: &[ChannelId]) -> Result<Vec<(ChannelId, Head)>> {
        store::heads_of(&self.inner.db, channels).await
    }
}
