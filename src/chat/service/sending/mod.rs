//! Sends messages: checks and counts each one on arrival, then numbers and stores it together with
//! the others that arrive at the same time.

use super::super::model::{Card, MessageChanged, Send, Sent};
use super::super::{rules, store};
use super::{Permissions, Service, message, sent, too_often, topic};
use crate::accounts::{AccountKind, Profile, Viewer};
use crate::communities;
use crate::platform::{
    database::{Tx, Work},
    lease::Rate,
};
use crate::realtime::bus::{Published, SharedBus};
use crate::realtime::check_nonce;
use crate::shared::{AccountId, ChannelId, Error, Kind, MessageId, Result, time};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use std::collections::HashMap;

/// Error code that marks a used nonce when it leaves the transaction.
const NONCE_USED: &str = "nonce-used";

/// Confirmation of a message whose place among the others is fixed.
pub type Acknowledgement = BoxFuture<'static, Result<Sent>>;

impl Service {
    /// Sends a message. Completes after the commit; a retry with the same nonce returns the
    /// confirmation of the first message.
    ///
    /// # Errors
    /// `bad-nonce`, `nonce-used`, `message-…`, `not-found`, `forbidden`, `message-rate`.
    pub async fn send(&self, viewer: &Viewer, nonce: &str, send: Send) -> Result<Sent> {
        self.begin_send(viewer, nonce, send).await?.await
    }

    /// First half of [`Service::send`]. Messages are stored in the order of these calls, no matter
    /// when the callers await their confirmations.
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

    /// Sends a member's message with cards that a feature created; clients cannot send cards.
    /// Idempotent by nonce, like [`Service::send`].
    pub async fn send_with_cards(
        &self,
        viewer: &Viewer,
        nonce: &str,
        send: Send,
        cards: Vec<Card>,
    ) -> Result<Sent> {
        let rate = self.inner.live.message_rate();
        // A retry builds the card's text again, possibly with newer prices.
        self.begin(viewer, nonce, send, cards, rate, Repeat::AnyText)
            .await?
            .await
    }

    /// Sends a bot's message with cards. Idempotent by nonce, like [`Service::send`].
    pub async fn send_as_bot(
        &self,
        bot: &Viewer,
        channel_id: ChannelId,
        nonce: &str,
        text: &str,
        cards: Vec<Card>,
    ) -> Result<Sent> {
        let send = Send {
            channel_id,
            text: text.to_owned(),
        };
        // The nonce comes from the cause: after a crash the text may contain newer prices.
        self.begin(
            bot,
            nonce,
            send,
            cards,
            self.inner.bot_rate,
            Repeat::AnyText,
        )
        .await?
        .await
    }

    /// true if the author has already sent a message with this nonce, even if it is a tombstone
    /// now.
    pub async fn has_said(&self, author: AccountId, nonce: &str) -> Result<bool> {
        let said = store::by_nonce(&self.inner.db, author, nonce).await?;
        Ok(said.is_some())
    }

    async fn begin(
        &self,
        viewer: &Viewer,
        nonce: &str,
        send: Send,
        cards: Vec<Card>,
        rate: Rate,
        repeat: Repeat,
    ) -> Result<Acknowledgement> {
        check_nonce(nonce)?;
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
            cards,
            created_at: time::now(),
            edited_at: None,
            deleted_at: None,
        };
        if let Err(wait) = taken {
            // A retry of a stored message does not count against the rate.
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
        let stored = self.inner.new_messages.submit(NewMessage { row, author });
        let service = self.clone();
        Ok(async move {
            let error = match stored.await.flatten() {
                Ok(sent) => {
                    service.inner.senders.note(sender);
                    return Ok(sent);
                }
                Err(error) => error,
            };
            // The sender's next message is checked before it joins a batch.
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

    /// For accounts that have not sent to this channel recently: finds refusals and retries before
    /// the message joins the batch.
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

    /// Returns the confirmation of the message that the author stored under this nonce, if it is
    /// the same.
    async fn repeated(&self, row: &store::Row, repeat: Repeat) -> Result<Option<Sent>> {
        match store::by_nonce(&self.inner.db, row.author_id, &row.nonce).await? {
            None => Ok(None),
            Some(first) if repeat.is_same(&first, row) => Ok(Some(sent(&first))),
            Some(_) => Err(nonce_used()),
        }
    }

    /// A refusal counts against the rate like a message; a server error does not.
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

/// Condition under which a used nonce is a retry of the same message.
#[derive(Clone, Copy)]
enum Repeat {
    /// Same channel and same text.
    SameText,
    /// Same channel.
    AnyText,
}

impl Repeat {
    /// The first text is compared until it is edited or deleted; then the channel alone decides.
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

/// A message without a number.
pub(super) struct NewMessage {
    row: store::Row,
    author: Profile,
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
