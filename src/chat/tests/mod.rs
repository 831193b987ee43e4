//! Messages through the service, on each kind of database.

mod channels;
mod copy;
mod erasure;
mod markers;
mod reading;
mod sending;

use super::*;
use crate::accounts::{AccountKind, Viewer};
use crate::platform::config::{Config, Limit};
use crate::realtime::{Scope, Topic, bus::Published};
use crate::shared::{AccountId, ChannelId, Error, Kind, MessageId};
use crate::testing::{Held, Home, a_minute, code, count, read};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

impl Home<'_> {
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
        try_say(self.chat(), viewer, channel_id, nonce, text).await
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
        let heads = self.communities().heads_of(&[channel]).await.unwrap();
        heads[0].1
    }

    /// Removes a channel and its contents.
    async fn remove(&self, channel: ChannelId) {
        let mut query = Query::delete();
        query
            .from_table("channels")
            .and_where(Expr::col("id").eq(channel.0));
        self.db().execute(&query).await.unwrap();
    }

    /// Events published on a channel's topic.
    fn published_in(&self, channel: ChannelId) -> Vec<Published> {
        let topic = Topic::new(Scope::Channel, channel.0);
        let mut events = self.published();
        events.retain(|event| event.topic == topic);
        events
    }
}

fn seqs(messages: &[Message]) -> Vec<i64> {
    messages.iter().map(|message| message.seq).collect()
}

async fn try_say(
    chat: &Service,
    viewer: &Viewer,
    channel_id: ChannelId,
    nonce: &str,
    text: &str,
) -> Result<Sent, Error> {
    let text = text.to_owned();
    let send = Send { channel_id, text };
    chat.send(viewer, nonce, send).await
}
