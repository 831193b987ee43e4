//! Replaces the messages of a deleted account by tombstones.

use super::super::model::{Message, MessagesChanged};
use super::super::store::{self, OwnMessage};
use super::Service;
use super::rows::{message, topic};
use crate::accounts::{Erasure, Profile};
use crate::communities;
use crate::platform::database::Tx;
use crate::realtime::bus::{Published, SharedBus};
use crate::shared::{AccountId, ChannelId, Kind, MessageId, Result, time};
use std::{collections::BTreeMap, sync::Arc};

/// Messages per step: few enough that other messages wait for no noticeable time, and that the
/// event with all of them fits in a websocket message.
const STEP: u64 = 100;

impl Service {
    /// Runs one step, in the order of the author's nonces (an index covers it). Skips messages that
    /// are already tombstones, so a step can be repeated.
    pub(super) async fn erase_step(
        &self,
        erasure: Erasure,
        place: Option<String>,
    ) -> Result<Option<String>> {
        let author = erasure.account;
        if place.is_none() {
            let job = move |tx: Tx| async move { store::forget_reader(&tx, author).await };
            self.inner.db.write(author.0, job).await?;
        }
        if erasure.keep_messages {
            return Ok(None);
        }
        let after = place.unwrap_or_default();
        let own = store::own_living(&self.inner.db, author, &after, STEP).await?;
        let next = own.last().map(|own| own.nonce.clone());
        let mut channels = BTreeMap::<ChannelId, Vec<MessageId>>::new();
        for OwnMessage { id, channel_id, .. } in own {
            channels.entry(channel_id).or_default().push(id);
        }
        for (channel, ids) in channels {
            let bus = Arc::clone(&self.inner.bus);
            let job = move |tx: Tx| async move { bury(&tx, &bus, author, channel, ids).await };
            self.inner.db.write(channel.0, job).await?;
        }
        Ok(next)
    }
}

/// Replaces messages of one channel by tombstones, each with its own change count, and publishes
/// them all in one event.
async fn bury(
    tx: &Tx,
    bus: &SharedBus,
    author: AccountId,
    channel: ChannelId,
    ids: Vec<MessageId>,
) -> Result<()> {
    // Read inside the transaction: the author may have deleted one in the meantime.
    let rows = store::living_among(tx, &ids).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let head = match communities::Service::count_changes(tx, channel, count).await {
        Ok(head) => head,
        // The channel is deleted, and its messages are being removed.
        Err(error) if error.kind == Kind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let first = head.rev - count + 1;
    let at = time::now();
    let gone = Profile::deleted(author);
    let messages: Vec<Message> = (first..)
        .zip(rows)
        .map(|(rev, row)| {
            let row = store::Row {
                rev,
                deleted_at: Some(at),
                ..row
            };
            message(row, gone.clone())
        })
        .collect();
    let revs: Vec<_> = messages.iter().map(|row| (row.id, row.rev)).collect();
    store::bury_many(tx, &revs, at).await?;
    let event = Published::new(
        topic(channel),
        head.seq,
        head.rev,
        &MessagesChanged { messages },
    )?;
    bus.publish_after(tx, vec![event]);
    Ok(())
}
