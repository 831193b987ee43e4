//! Numbers and stores the messages that arrive together.

use super::rows::{message, sent, topic};
use crate::accounts::{AccountKind, Profile};
use crate::chat::model::{MessageChanged, Sent};
use crate::chat::store;
use crate::communities::{self, rules::Permissions};
use crate::platform::database::{Tx, Work};
use crate::realtime::bus::{Published, SharedBus};
use crate::shared::{ChannelId, Error, Result};
use async_trait::async_trait;
use std::collections::HashMap;

/// Error code that marks a used nonce when it leaves the transaction.
pub(super) const NONCE_USED: &str = "nonce-used";

pub(super) fn nonce_used() -> Error {
    Error::conflict(NONCE_USED, "This nonce was used for another message")
}

/// A message without a number.
pub(super) struct NewMessage {
    pub(super) row: store::Row,
    pub(super) author: Profile,
}

/// Stores the messages that arrive together, with a fixed number of statements for all of them.
pub(super) struct NewMessages {
    bus: SharedBus,
}

impl NewMessages {
    pub(super) fn new(bus: SharedBus) -> Self {
        Self { bus }
    }
}

#[async_trait]
impl Work for NewMessages {
    type Item = NewMessage;
    /// A refusal is a result like any other and does not affect the other messages of the batch.
    type Done = Result<Sent>;

    async fn run(&self, tx: &Tx, drafts: &[NewMessage]) -> Result<Vec<Result<Sent>>> {
        let mut refusals = refusals(tx, drafts).await?;
        let rows = store_all(tx, drafts, &mut refusals).await?;
        let mut answers = Vec::with_capacity(drafts.len());
        let mut events = Vec::with_capacity(rows.len());
        let mut rows = rows.into_iter();
        for (draft, refusal) in drafts.iter().zip(refusals) {
            if let Some(error) = refusal {
                answers.push(Err(error));
                continue;
            }
            let row = rows.next();
            let row = row.ok_or_else(|| Error::internal("a message without its row"))?;
            let (topic, seq, rev) = (topic(row.channel_id), row.seq, row.rev);
            answers.push(Ok(sent(&row)));
            let message = message(row, draft.author.clone());
            events.push(Published::new(
                topic,
                seq,
                rev,
                &MessageChanged { message },
            )?);
        }
        self.bus.publish_after(tx, events);
        Ok(answers)
    }
}

/// Returns for each draft the refusal, if any, as of this transaction. Authors who cannot see the
/// channel get 404.
async fn refusals(tx: &Tx, drafts: &[NewMessage]) -> Result<Vec<Option<Error>>> {
    let asked: Vec<(_, _, AccountKind)> = drafts
        .iter()
        .map(|draft| (draft.row.channel_id, draft.row.author_id, draft.author.kind))
        .collect();
    let permissions = communities::Service::permissions_of(tx, &asked).await?;
    let refusal = |draft: &NewMessage| {
        let who = (draft.row.channel_id, draft.row.author_id);
        let permissions = permissions.get(&who).copied().unwrap_or_default();
        if !permissions.allow(Permissions::VIEW) {
            Some(Error::not_found())
        } else if !permissions.allow(Permissions::SEND) {
            Some(Error::forbidden())
        } else {
            None
        }
    };
    Ok(drafts.iter().map(refusal).collect())
}

/// Stores the drafts that are not refused, in their order. Drafts with a used nonce are refused
/// too; the others then return their numbers and take new ones, because numbers have no gaps.
async fn store_all(
    tx: &Tx,
    drafts: &[NewMessage],
    refusals: &mut [Option<Error>],
) -> Result<Vec<store::Row>> {
    loop {
        let admitted: Vec<&NewMessage> = drafts
            .iter()
            .zip(refusals.iter())
            .filter(|(_, refusal)| refusal.is_none())
            .map(|(draft, _)| draft)
            .collect();
        if admitted.is_empty() {
            return Ok(Vec::new());
        }
        let taken = counts(&admitted);
        let rows = number(tx, &admitted, &taken).await?;
        if store::insert(tx, &rows).await? == rows.len() {
            return Ok(rows);
        }
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let new = store::take_out(tx, &ids).await?;
        communities::Service::uncount_messages(tx, &taken).await?;
        for (draft, refusal) in drafts.iter().zip(refusals.iter_mut()) {
            if refusal.is_none() && !new.contains(&draft.row.id) {
                *refusal = Some(nonce_used());
            }
        }
        if new.len() == rows.len() {
            return Err(Error::internal("messages were not stored"));
        }
    }
}

/// Number of messages per channel, in the same order on each node, so that two nodes do not
/// deadlock.
fn counts(drafts: &[&NewMessage]) -> Vec<(ChannelId, i64)> {
    let mut counts: HashMap<ChannelId, i64> = HashMap::new();
    for draft in drafts {
        *counts.entry(draft.row.channel_id).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    counts
}

/// Numbers the drafts, without gaps in any channel.
async fn number(
    tx: &Tx,
    drafts: &[&NewMessage],
    taken: &[(ChannelId, i64)],
) -> Result<Vec<store::Row>> {
    let heads = communities::Service::count_messages(tx, taken).await?;
    let mut left: HashMap<ChannelId, i64> = taken.iter().copied().collect();
    let rows = drafts.iter().map(|draft| {
        let channel = draft.row.channel_id;
        let head = heads.get(&channel).ok_or_else(Error::not_found)?;
        let left = left.entry(channel).or_default();
        *left -= 1;
        Ok(store::Row {
            seq: head.seq - *left,
            rev: head.rev - *left,
            ..draft.row.clone()
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests;
