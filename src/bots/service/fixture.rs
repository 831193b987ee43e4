//! A house for the bot's tests: a fresh database, some channels, a chat.

use super::StockBot;
use crate::accounts::{self, AccountKind, Profile};
use crate::chat::{self, Message};
use crate::markets;
use crate::platform::{config::Config, database::Database, tasks::Tasks};
use crate::realtime::bus::{InProcess, SharedBus};
use crate::shared::{AccountId, ChannelId, time::now};
use sea_orm::{ConnectionTrait, sea_query::Query};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Any order key will do.
pub const ORDER: Uuid = Uuid::nil();

pub struct House {
    pub db: Database,
    pub chat: chat::Service,
    pub channels: Vec<ChannelId>,
    bus: SharedBus,
    bots: Tasks,
}

impl House {
    /// A house with so many channels in the Lobby.
    pub async fn new(db: Database, channels: usize) -> Self {
        let channels: Vec<_> = (0..channels).map(|_| ChannelId::new()).collect();
        let community = Uuid::now_v7();
        let mut insert = Query::insert();
        insert
            .into_table("communities")
            .columns(["id", "name", "is_lobby", "created_at"])
            .values_panic([community.into(), "Lobby".into(), true.into(), now().into()]);
        db.execute(&insert).await.unwrap();
        for ChannelId(id) in &channels {
            let name = id.to_string();
            let mut insert = Query::insert();
            insert
                .into_table("channels")
                .columns(["id", "community_id", "name", "name_key", "created_at"])
                .values_panic([
                    (*id).into(),
                    community.into(),
                    name.clone().into(),
                    name.into(),
                    now().into(),
                ]);
            db.execute(&insert).await.unwrap();
        }
        let bus: SharedBus = Arc::new(InProcess::default());
        Self {
            chat: chat::Service::stub(Arc::clone(&bus), &channels),
            db,
            channels,
            bus,
            bots: Tasks::default(),
        }
    }

    /// Starts the bot with prices from `config`.
    pub fn start_bot(&mut self, config: &Config) {
        self.bots = Tasks::default();
        self.bots.start(StockBot::new(
            self.db.clone(),
            Arc::clone(&self.bus),
            self.chat.clone(),
            accounts::Service,
            markets::Service::new(config).unwrap(),
        ));
    }

    /// Stops the bot; it has to be quick.
    pub async fn stop_bot(&self) {
        let start = std::time::Instant::now();
        self.bots.stop(Duration::from_secs(5)).await;
        assert!(start.elapsed() < Duration::from_secs(1), "stops at once");
    }

    /// A person says something.
    pub fn say(&self, channel: ChannelId, text: &str) {
        self.say_as(AccountKind::Person, channel, text);
    }

    pub fn say_as(&self, kind: AccountKind, channel: ChannelId, text: &str) {
        let author = Profile {
            id: AccountId::new(),
            username: "ada".into(),
            display_name: "Ada".into(),
            kind,
        };
        let nonce = Uuid::now_v7().to_string();
        self.chat
            .say(author, channel, &nonce, text, Vec::new())
            .unwrap();
    }

    /// Everything said in a channel.
    pub async fn messages(&self, channel: ChannelId) -> Vec<Message> {
        self.chat.messages_after(channel, 0, 10_000).await.unwrap()
    }

    /// What the bot said in a channel, once there are `count` such messages.
    pub async fn answers(&self, channel: ChannelId, count: usize) -> Vec<Message> {
        let mut answers = Vec::new();
        for _ in 0..400 {
            answers = self.messages(channel).await;
            answers.retain(|message| message.author.username == "stocks");
            if answers.len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(answers.len(), count, "{answers:?}");
        answers
    }
}
