//! Messages through the service, on each kind of database.

mod channels;
mod copy;
mod erasure;
mod markers;
mod reading;
mod sending;

use super::*;
use crate::accounts::{AccountKind, Viewer};
use crate::platform::{
    config::{Config, Limit},
    database::Database,
};
use crate::realtime::{Scope, Topic, bus::Published};
use crate::shared::{AccountId, ChannelId, Error, Kind, MessageId};
use crate::testing::{Core, TestDb, a_minute, count, device, plenty};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, Query},
};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// The Lobby with some members.
struct Home {
    db: Database,
    core: Core,
    general: ChannelId,
    ada: Viewer,
    bo: Viewer,
    published: Arc<Mutex<Vec<Published>>>,
}

impl Home {
    /// Without a rate limit on messages.
    async fn new(db: &Database) -> Self {
        Self::with(db, |config| config.limits.messages = plenty()).await
    }

    async fn with(db: &Database, configure: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.accounts.guests = true;
        config.limits.registrations = plenty();
        configure(&mut config);
        let core = Core::new(db, &config).await;
        let ada = core.person("ada").await;
        let bo = core.person("bo").await;
        let overview = core.communities.overview(&ada).await.unwrap();
        let published = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&published);
        core.bus.attach(Box::new(move |event| {
            seen.lock().unwrap().push(event.clone());
        }));
        Self {
            db: db.clone(),
            core,
            general: overview.channels[0].id,
            ada,
            bo,
            published,
        }
    }

    fn chat(&self) -> &Service {
        &self.core.chat
    }

    /// A guest: quick to create, can send messages.
    async fn guest(&self, username: &str) -> Viewer {
        let accounts = &self.core.accounts;
        let account = accounts.register_guest(username, &device()).await.unwrap();
        let session = accounts.open_session(account, &device()).await.unwrap();
        session.viewer
    }

    async fn channel(&self, name: &str) -> ChannelId {
        let communities = &self.core.communities;
        let lobby = communities.lobby();
        let made = communities.create_channel(&self.ada, lobby, name).await;
        made.unwrap().id
    }

    /// Sends a message with a fresh nonce.
    async fn say(&self, viewer: &Viewer, text: &str) -> Sent {
        let nonce = Uuid::now_v7().to_string();
        self.try_say(viewer, self.general, &nonce, text)
            .await
            .unwrap()
    }

    async fn try_say(
        &self,
        viewer: &Viewer,
        channel_id: ChannelId,
        nonce: &str,
        text: &str,
    ) -> Result<Sent, Error> {
        let text = text.to_owned();
        let send = Send { channel_id, text };
        self.chat().send(viewer, nonce, send).await
    }

    /// Sends `count` messages of one member at once, in any order.
    async fn fill(&self, viewer: &Viewer, count: usize) {
        futures::future::join_all((0..count).map(|_| self.say(viewer, "filling"))).await;
    }

    async fn edit(
        &self,
        viewer: &Viewer,
        message_id: MessageId,
        text: &str,
    ) -> Result<Sent, Error> {
        let text = text.to_owned();
        self.chat().edit(viewer, Edit { message_id, text }).await
    }

    async fn delete(&self, viewer: &Viewer, message_id: MessageId) -> Result<Sent, Error> {
        self.chat().delete(viewer, Delete { message_id }).await
    }

    /// All messages of a channel.
    async fn all(&self, channel: ChannelId) -> Vec<Message> {
        let messages = self.chat().messages_after(channel, 0, 100_000).await;
        messages.unwrap()
    }

    async fn head(&self, channel: ChannelId) -> Head {
        let heads = self.core.communities.heads_of(&[channel]).await.unwrap();
        heads[0].1
    }

    /// Removes a member from all communities.
    async fn leave(&self, viewer: &Viewer) {
        let mut query = Query::delete();
        query
            .from_table("memberships")
            .and_where(Expr::col("account_id").eq(viewer.account.0));
        self.db.execute(&query).await.unwrap();
    }

    /// Removes a channel and its contents.
    async fn remove(&self, channel: ChannelId) {
        let mut query = Query::delete();
        query
            .from_table("channels")
            .and_where(Expr::col("id").eq(channel.0));
        self.db.execute(&query).await.unwrap();
    }

    /// Events published on a channel's topic.
    fn published_in(&self, channel: ChannelId) -> Vec<Published> {
        let topic = Topic::new(Scope::Channel, channel.0);
        let mut events = self.published.lock().unwrap().clone();
        events.retain(|event| event.topic == topic);
        events
    }
}

fn seqs(messages: &[Message]) -> Vec<i64> {
    messages.iter().map(|message| message.seq).collect()
}

#[track_caller]
fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().code.into_owned()
}
