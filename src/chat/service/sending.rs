//! Sends messages: checks and counts each one on arrival, then numbers and stores it together with
//! the others that arrive at the same time.

use super::super::model::{Card, Send, Sent};
use super::super::{rules, store};
use super::new_messages::{NONCE_USED, NewMessage, nonce_used};
use super::rows::sent;
use super::{Permissions, Service, too_often};
use crate::accounts::Viewer;
use crate::platform::lease::Rate;
use crate::realtime::check_nonce;
use crate::shared::{AccountId, ChannelId, Error, Kind, MessageId, Result, time};
use futures::{FutureExt, future::BoxFuture};

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
        let taken = self.inner.limiter.take(&key, rate).await;
        let row = store::Row {
            id: MessageId::new(),
            channel_id: send.channel_id,
            author_id: viewer.account,
            seq: 0,
            rev: 0,
            nonce: nonce.to_owned(),
            body,
            cards: store::stored(&cards)?,
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
                    self.inner.limiter.give_back(&key).await;
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
                    service.inner.limiter.give_back(&key).await;
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
            self.inner.limiter.give_back(key).await;
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
