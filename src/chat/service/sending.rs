//! Saying something: checked and counted when it is asked for, numbered and stored together with
//! all that arrives at the same time.

use super::super::model::{MessageChanged, Part, Send, Sent};
use super::super::{rules, store};
use super::{Permissions, Service, message, sent, too_often, topic};
use crate::accounts::{AccountKind, Profile, Viewer};
use crate::communities;
use crate::platform::{
    database::{Tx, Work},
    lease::Rate,
};
use crate::realtime::bus::{Published, SharedBus};
use crate::shared::{AccountId, ChannelId, Error, Kind, MessageId, Result, time};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use std::{collections::HashMap, sync::Arc};

/// A message's way out of its transaction when the nonce was used before.
const NONCE_USED: &str = "nonce-used";

/// The acknowledgement of a message that has its place among the others already.
pub type Acknowledgement = BoxFuture<'static, Result<Sent>>;

impl Service {
    /// Says something. The acknowledgement comes after the commit; a repeat with the same nonce
    /// returns the first message's.
    ///
    /// # Errors
    /// `bad-nonce`, `nonce-used`, `message-…`, `not-found`, `forbidden`, `message-rate`.
    pub async fn send(&self, viewer: &Viewer, nonce: &str, send: Send) -> Result<Sent> {
        self.begin_send(viewer, nonce, send).await?.await
    }

    /// The first half of [`Service::send`]: what is begun in some order is stored in that order,
    /// whenever the acknowledgement is waited for.
    pub async fn begin_send(
        &self,
        viewer: &Viewer,
        nonce: &str,
        send: Send,
    ) -> Result<Acknowledgement> {
        let rate = self.inner.live.message_rate();
        self.begin(viewer, nonce, send, Vec::new(), rate, Repeat::SameText)
            .await
    }

    /// Somebody says something on which a feature has hung parts: what comes from outside has none.
    /// Idempotent by nonce, as [`Service::send`].
    pub async fn send_with_parts(
        &self,
        viewer: &Viewer,
        nonce: &str,
        send: Send,
        parts: Vec<Part>,
    ) -> Result<Sent> {
        let rate = self.inner.live.message_rate();
        // The card's words are made anew for a repeat, with the prices of then.
        self.begin(viewer, nonce, send, parts, rate, Repeat::AnyText)
            .await?
            .await
    }

    /// A bot says something, with parts. Idempotent by nonce, as [`Service::send`].
    pub async fn send_as_bot(
        &self,
        bot: &Viewer,
        channel_id: ChannelId,
        nonce: &str,
        text: &str,
        parts: Vec<Part>,
    ) -> Result<Sent> {
        let send = Send {
            channel_id,
            text: text.to_owned(),
        };
        // Its nonce comes from the cause: what it says after a crash may have other prices in it.
        self.begin(
            bot,
            nonce,
            send,
            parts,
            self.inner.bot_rate,
            Repeat::AnyText,
        )
        .await?
        .await
    }

    /// Has somebody said something under this nonce already? It may be a tombstone by now.
    pub async fn has_said(&self, author: AccountId, nonce: &str) -> Result<bool> {
        let said = store::by_nonce(&self.inner.db, author, nonce).await?;
        Ok(said.is_some())
    }

    async fn begin(
        &self,
        viewer: &Viewer,
        nonce: &str,
        send: Send,
        parts: Vec<Part>,
        rate: Rate,
        repeat: Repeat,
    ) -> Result<Acknowledgement> {
        rules::nonce(nonce)?;
        let body = rules::body(&send.text, self.longest())?;
        let key = format!("messages:{}", viewer.account);
        let taken = self.inner.lease.take(&key, rate).await;
        let row = store::Row {
            id: MessageId::new(),
            channel_id: send.channel_id,
            author_id: viewer.account,
            seq: 0,
            rev: 0,
            nonce: nonce.to_owned(),
            body,
            parts,
            created_at: time::now(),
            edited_at: None,
            deleted_at: None,
        };
        if let Err(wait) = taken {
            // A repeat of what is stored already takes nothing.
            return match self.repeated(&row, repeat).await? {
                Some(sent) => Ok(async move { Ok(sent) }.boxed()),
                None => Err(too_often(wait)),
            };
        }
        let sender = (viewer.account, send.channel_id);
        if !self.inner.senders.know(sender) {
            match self.check_first(viewer, &row, repeat).await {
                Ok(None) => {}
                Ok(Some(sent)) => {
                    self.inner.lease.give_back(&key).await;
                    return Ok(async move { Ok(sent) }.boxed());
                }
                Err(error) => return Err(self.charged(&key, error).await),
            }
        }
        let asked = row.clone();
        let author = viewer.profile();
        let stored = self.inner.new_messages.submit(Draft { row, author });
        let service = self.clone();
        Ok(async move {
            let error = match stored.await.flatten() {
                Ok(sent) => {
                    service.inner.senders.note(sender);
                    return Ok(sent);
                }
                Err(error) => error,
            };
            // The next one is looked at before it waits with others.
            service.inner.senders.forget(sender);
            if error.code != NONCE_USED {
                return Err(service.charged(&key, error).await);
            }
            let error = match service.repeated(&asked, repeat).await {
                Ok(Some(sent)) => {
                    service.inner.lease.give_back(&key).await;
                    return Ok(sent);
                }
                Ok(None) => Error::unavailable(),
                Err(error) => error,
            };
            Err(service.charged(&key, error).await)
        }
        .boxed())
    }

    /// For somebody who has not sent anything to this channel lately: what is refused, and what is a
    /// repeat, is found before it waits with the messages of others.
    async fn check_first(
        &self,
        viewer: &Viewer,
        row: &store::Row,
        repeat: Repeat,
    ) -> Result<Option<Sent>> {
        if let Some(sent) = self.repeated(row, repeat).await? {
            return Ok(Some(sent));
        }
        let communities = &self.inner.communities;
        let access = communities.access(viewer, row.channel_id).await?;
        if access.permissions.allow(Permissions::SEND) {
            Ok(None)
        } else {
            Err(Error::forbidden())
        }
    }

    /// The acknowledgement of what the author has stored under this nonce, when this is the same.
    async fn repeated(&self, row: &store::Row, repeat: Repeat) -> Result<Option<Sent>> {
        match store::by_nonce(&self.inner.db, row.author_id, &row.nonce).await? {
            None => Ok(None),
            Some(first) if repeat.is_same(&first, row) => Ok(Some(sent(&first))),
            Some(_) => Err(nonce_used()),
        }
    }

    /// A refusal counts like a message; what failed here does not.
    async fn charged(&self, key: &str, error: Error) -> Error {
        if matches!(
            error.kind,
            Kind::Internal | Kind::Unavailable | Kind::StorageFull
        ) {
            self.inner.lease.give_back(key).await;
        }
        error
    }
}

/// When a nonce that was used before is a repeat of the same message.
#[derive(Clone, Copy)]
enum Repeat {
    /// In the same channel, with the same text.
    SameText,
    /// In the same channel.
    AnyText,
}

impl Repeat {
    /// The first text is kept until it is edited or deleted; then the channel alone decides.
    fn is_same(self, first: &store::Row, row: &store::Row) -> bool {
        let changed = first.edited_at.is_some() || first.deleted_at.is_some();
        let text = match self {
            Self::SameText => changed || first.body == row.body,
            Self::AnyText => true,
        };
        text && first.channel_id == row.channel_id
    }
}

fn nonce_used() -> Error {
    Error::conflict(NONCE_USED, "This nonce was used for another message")
}

/// A message that has no number yet.
pub(super) struct Draft {
    row: store::Row,
    author: Profile,
}

/// Stores the messages that arrive together: a fixed number of statements for all of them.
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
    type Item = Draft;
    /// A refusal is an answer like any other: it takes nothing away from those beside it.
    type Done = Result<Sent>;

    async fn run(&self, tx: &Tx, drafts: &[Draft]) -> Result<Vec<Result<Sent>>> {
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
        let bus = Arc::clone(&self.bus);
        tx.after_commit(move || events.into_iter().for_each(|event| bus.publish(event)));
        Ok(answers)
    }
}

/// Who of them may not send, as of this transaction? Who may not even see the channel gets 404.
async fn refusals(tx: &Tx, drafts: &[Draft]) -> Result<Vec<Option<Error>>> {
    let asked: Vec<(_, _, AccountKind)> = drafts
        .iter()
        .map(|draft| (draft.row.channel_id, draft.row.author_id, draft.author.kind))
        .collect();
    let permissions = communities::Service::permissions_of(tx, &asked).await?;
    let refusal = |draft: &Draft| {
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

/// Stores the drafts that are not refused, in their order. Those whose nonce was used before join the
/// refusals: then the others give their numbers back and take new ones, as these have no gaps.
async fn store_all(
    tx: &Tx,
    drafts: &[Draft],
    refusals: &mut [Option<Error>],
) -> Result<Vec<store::Row>> {
    loop {
        let admitted: Vec<&Draft> = drafts
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

/// How many messages each channel gets, in an order that two nodes share, so that neither waits for
/// the other.
fn counts(drafts: &[&Draft]) -> Vec<(ChannelId, i64)> {
    let mut counts: HashMap<ChannelId, i64> = HashMap::new();
    for draft in drafts {
        *counts.entry(draft.row.channel_id).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    counts
}

/// The drafts with their numbers, which have no gaps in any channel.
async fn number(tx: &Tx, drafts: &[&Draft], taken: &[(ChannelId, i64)]) -> Result<Vec<store::Row>> {
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
