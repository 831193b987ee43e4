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
use crate::shared::{AccountId, ChannelId, Error, MessageId, Result, time};
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
    /// `bad-nonce`, `message-…`, `not-found`, `forbidden`, `message-rate`.
    pub async fn send(&self, viewer: &Viewer, nonce: &str, send: Send) -> Result<Sent> {
        self.begin_send(viewer, nonce, send).await?.await
    }

    /// The first half of [`Service::send`]: what is begun in some order is stored in that order,
    /// whenever the acknowledgement is waited for.
    ///
    /// # Errors
    /// As [`Service::send`], now or with the acknowledgement.
    pub async fn begin_send(
        &self,
        viewer: &Viewer,
        nonce: &str,
        send: Send,
    ) -> Result<Acknowledgement> {
        self.begin(
            viewer,
            nonce,
            send,
            Vec::new(),
            self.inner.live.message_rate(),
        )
        .await
    }

    /// Somebody says something on which a feature has hung parts: what comes from outside has none.
    /// Idempotent by nonce, as [`Service::send`].
    ///
    /// # Errors
    /// As [`Service::send`].
    pub async fn send_with_parts(
        &self,
        viewer: &Viewer,
        nonce: &str,
        send: Send,
        parts: Vec<Part>,
    ) -> Result<Sent> {
        let rate = self.inner.live.message_rate();
        self.begin(viewer, nonce, send, parts, rate).await?.await
    }

    /// A bot says something, with parts. Idempotent by nonce, as [`Service::send`].
    ///
    /// # Errors
    /// As [`Service::send`].
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
        self.begin(bot, nonce, send, parts, self.inner.bot_rate)
            .await?
            .await
    }

    /// Has somebody said something under this nonce already? It may be a tombstone by now.
    ///
    /// # Errors
    /// When the database fails.
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
    ) -> Result<Acknowledgement> {
        rules::nonce(nonce)?;
        let body = rules::body(&send.text, self.longest())?;
        let key = format!("messages:{}", viewer.account);
        if let Err(wait) = self.inner.lease.take(&key, rate).await {
            // A repeat of what is stored already takes nothing.
            return match store::by_nonce(&self.inner.db, viewer.account, nonce).await? {
                Some(row) => Ok(async move { Ok(sent(&row)) }.boxed()),
                None => Err(too_often(wait)),
            };
        }
        let draft = Draft {
            row: store::Row {
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
            },
            author: viewer.profile(),
        };
        let stored = self.inner.new_messages.submit(draft);
        let service = self.clone();
        let (account, nonce) = (viewer.account, nonce.to_owned());
        Ok(async move {
            let error = match stored.await {
                Ok(sent) => return Ok(sent),
                Err(error) => error,
            };
            // Nothing was stored, so nothing counts.
            service.inner.lease.give_back(&key).await;
            if error.code != NONCE_USED {
                return Err(error);
            }
            let row = store::by_nonce(&service.inner.db, account, &nonce).await?;
            row.map(|row| sent(&row)).ok_or_else(Error::unavailable)
        }
        .boxed())
    }
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
    type Done = Sent;

    async fn run(&self, tx: &Tx, drafts: &[Draft]) -> Result<Vec<Sent>> {
        may_send(tx, drafts).await?;
        let rows = number(tx, drafts).await?;
        if !store::insert(tx, &rows).await? {
            return Err(Error::conflict(NONCE_USED, "This nonce was used before"));
        }
        let acknowledgements = rows.iter().map(sent).collect();
        let mut events = Vec::with_capacity(rows.len());
        for (row, draft) in rows.into_iter().zip(drafts) {
            let (topic, seq, rev) = (topic(row.channel_id), row.seq, row.rev);
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
        Ok(acknowledgements)
    }
}

/// Are all of them allowed, as of this transaction? Who may not even see the channel gets 404.
async fn may_send(tx: &Tx, drafts: &[Draft]) -> Result<()> {
    let who = |draft: &Draft| (draft.row.channel_id, draft.row.author_id);
    let asked: Vec<(_, _, AccountKind)> = drafts
        .iter()
        .map(|draft| (draft.row.channel_id, draft.row.author_id, draft.author.kind))
        .collect();
    let permissions = communities::Service::permissions_of(tx, &asked).await?;
    for draft in drafts {
        let permissions = permissions.get(&who(draft)).copied().unwrap_or_default();
        if !permissions.allow(Permissions::VIEW) {
            return Err(Error::not_found());
        }
        if !permissions.allow(Permissions::SEND) {
            return Err(Error::forbidden());
        }
    }
    Ok(())
}

/// The drafts with their numbers, which have no gaps in any channel.
async fn number(tx: &Tx, drafts: &[Draft]) -> Result<Vec<store::Row>> {
    let mut counts: HashMap<ChannelId, i64> = HashMap::new();
    for draft in drafts {
        *counts.entry(draft.row.channel_id).or_default() += 1;
    }
    // In an order of their own, so that two nodes never wait for each other.
    let mut taken: Vec<_> = counts.iter().map(|(channel, n)| (*channel, *n)).collect();
    taken.sort_unstable();
    let heads = communities::Service::count_messages(tx, &taken).await?;
    let rows = drafts.iter().map(|draft| {
        let channel = draft.row.channel_id;
        let head = heads.get(&channel).ok_or_else(Error::not_found)?;
        let left = counts.entry(channel).or_default();
        *left -= 1;
        Ok(store::Row {
            seq: head.seq - *left,
            rev: head.rev - *left,
            ..draft.row.clone()
        })
    });
    rows.collect()
}
