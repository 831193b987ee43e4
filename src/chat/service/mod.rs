//! Actions on messages, in this order: check permission, rate and text, number and store, publish.

mod advances;
mod channels;
mod copy;
mod erasure;
mod history;
mod live;
mod markers;
mod new_messages;
mod rows;
mod senders;
mod sending;
mod telling;

use super::model::{Delete, Edit, IsTyping, Message, MessageChanged, Sent, Typing};
use super::{rules, store};
use crate::accounts::{self, Viewer};
use crate::communities::{self, rules::Permissions};
use crate::platform::{
    config::Limits,
    database::{Bulk, Database, Tx},
    lease::{Limiter, Rate},
    live::Live,
};
use crate::realtime::bus::{Published, SharedBus};
use crate::shared::{Error, MessageId, Result, time};
pub use live::register;
use new_messages::NewMessages;
use rows::{message, sent, topic};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

use advances::Advances;
pub use channels::ChannelRemover;
pub use history::{Around, Changes};
use senders::Senders;
pub use sending::Acknowledgement;
pub use telling::AdvanceTeller;

/// Messages, markers and typing; clones share the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    new_messages: Bulk<NewMessages>,
    senders: Senders,
    /// Wakes the worker that removes the messages of deleted channels.
    channel_deleted: Notify,
    /// Channels with new messages that readers were not told yet.
    advances: Arc<Advances>,
    bus: SharedBus,
    limiter: Arc<Limiter>,
    accounts: accounts::Service,
    communities: communities::Service,
    live: Live,
    bot_rate: Rate,
}

/// Rate of typing events per account.
const TYPING: Rate = Rate {
    count: 3,
    window: Duration::from_secs(5),
};

impl Service {
    /// Starts the service; every new account starts with all older messages marked as read.
    pub fn start(
        db: Database,
        bus: SharedBus,
        limiter: Arc<Limiter>,
        accounts: accounts::Service,
        communities: communities::Service,
        limits: &Limits,
        live: Live,
    ) -> Self {
        let advances = Arc::<Advances>::default();
        let heard = Arc::clone(&advances);
        bus.attach(Box::new(move |event| heard.hear(event)));
        let inner = Inner {
            advances,
            new_messages: db.bulk(NewMessages::new(Arc::clone(&bus))),
            senders: Senders::default(),
            channel_deleted: Notify::new(),
            db,
            bus,
            limiter,
            accounts,
            communities,
            live,
            bot_rate: limits.bot_messages.rate(),
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        service.read_all_for_new_accounts();
        service.inner.accounts.add_personal_data(service.clone());
        service
    }

    /// Current maximum length of a message in characters.
    pub(super) fn longest(&self) -> usize {
        self.inner.live.now().message_length as usize
    }

    /// Edits the viewer's own message.
    ///
    /// # Errors
    /// `message-…`, `not-found`, `forbidden`.
    pub async fn edit(&self, viewer: &Viewer, edit: Edit) -> Result<Sent> {
        let body = rules::body(&edit.text, self.longest())?;
        self.change(viewer, edit.message_id, Some(body)).await
    }

    /// Deletes the viewer's own message; a tombstone stays.
    ///
    /// # Errors
    /// `not-found`, `forbidden`.
    pub async fn delete(&self, viewer: &Viewer, delete: Delete) -> Result<Sent> {
        self.change(viewer, delete.message_id, None).await
    }

    /// Edits (with a body) or deletes (without) the viewer's own message.
    async fn change(&self, viewer: &Viewer, id: MessageId, body: Option<String>) -> Result<Sent> {
        let row = store::by_id(&self.inner.db, id).await?;
        let row = row.ok_or_else(Error::not_found)?;
        let access = self
            .inner
            .communities
            .access(viewer, row.channel_id)
            .await?;
        let own = row.author_id == viewer.account;
        if !own || !access.permissions.allow(Permissions::SEND) {
            return Err(Error::forbidden());
        }
        let key = format!("changes:{}", viewer.account);
        if let Err(wait) = self
            .inner
            .limiter
            .take(&key, self.inner.live.message_rate())
            .await
        {
            return Err(too_often(wait));
        }
        let author = viewer.profile();
        let bus = Arc::clone(&self.inner.bus);
        let channel = row.channel_id;
        self.inner
            .db
            .write(channel.0, move |tx| async move {
                // Read again: it may have changed while this job waited.
                let row = store::by_id(&tx, id).await?.ok_or_else(Error::not_found)?;
                if row.deleted_at.is_some() {
                    return match body {
                        Some(_) => Err(Error::not_found()),
                        None => Ok(sent(&row)),
                    };
                }
                let head = communities::Service::count_change(&tx, channel).await?;
                let at = time::now();
                let mut row = store::Row {
                    rev: head.rev,
                    ..row
                };
                match body {
                    Some(body) => {
                        store::edit(&tx, id, head.rev, &body, at).await?;
                        row.body = body;
                        row.edited_at = Some(at);
                    }
                    None => {
                        store::bury(&tx, id, head.rev, at).await?;
                        row.deleted_at = Some(at);
                    }
                }
                let answer = sent(&row);
                publish(&tx, &bus, head, message(row, author))?;
                Ok(answer)
            })
            .await
    }

    /// Publishes to the channel that the viewer is typing.
    ///
    /// # Errors
    /// `not-found`, `forbidden`.
    pub async fn typing(&self, viewer: &Viewer, typing: Typing) -> Result<()> {
        let access = self
            .inner
            .communities
            .access(viewer, typing.channel_id)
            .await?;
        if !access.permissions.allow(Permissions::SEND) {
            return Err(Error::forbidden());
        }
        let key = format!("typing:{}", viewer.account);
        if self.inner.limiter.take(&key, TYPING).await.is_ok() {
            let profile = viewer.profile();
            let event = Published::new(topic(typing.channel_id), 0, 0, &IsTyping { profile })?;
            self.inner.bus.publish(&[event]).await;
        }
        Ok(())
    }
}

fn publish(tx: &Tx, bus: &SharedBus, head: communities::Head, message: Message) -> Result<()> {
    let topic = topic(message.channel_id);
    let event = Published::new(topic, head.seq, head.rev, &MessageChanged { message })?;
    bus.publish_after(tx, vec![event]);
    Ok(())
}

fn too_often(wait: Duration) -> Error {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Error::rate_limited(
        "message-rate",
        format!("You can send again in {seconds} seconds"),
        seconds,
    )
}
