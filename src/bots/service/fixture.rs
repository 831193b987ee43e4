//! A house for the bot's tests: a database in a temporary folder, some channels, a chat.

use super::StockBot;
use crate::accounts::{self, AccountKind, Profile};
use crate::chat::{self, Message};
use crate::markets;
use crate::platform::{config::Config, database::Database, tasks::Tasks};
use crate::realtime::bus::{InProcess, SharedBus};
use crate::shared::{AccountId, ChannelId};
use sea_orm::ConnectionTrait;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Any order key will do.
pub const ORDER: Uuid = Uuid::nil();

pub struct House {
    pub db: Database,
    pub chat: chat::Service,
    pub channels: Vec<ChannelId>,
    bus: SharedBus,
    /// The database's writer.
    base: Tasks,
    bots: Tasks,
    _data: tempfile::TempDir,
}

impl House {
    pub async fn new(channels: usize) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (db, writer) = Database::open("", data.path()).await.unwrap();
        let base = Tasks::default();
        base.start(writer);
        let channels: Vec<_> = (0..channels).map(|_| ChannelId::new()).collect();
        let community = Uuid::now_v7();
        let community = format!("x'{}'", community.simple());
        let mut sql =
            format!("INSERT INTO communities VALUES ({community}, 'Lobby', 1, '2026-01-01');");
        for ChannelId(id) in &channels {
            let id = id.simple();
            sql += &format!(
                "INSERT INTO channels (id, community_id, name, name_key, created_at) \
                 VALUES (x'{id}', {community}, '{id}', '{id}', '2026-01-01');"
            );
        }
        db.execute_unprepared(&sql).await.unwrap();
        let bus: SharedBus = Arc::new(InProcess::default());
        Self {
            chat: chat::Service::stub(Arc::clone(&bus), &channels),
            db,
            channels,
            bus,
            base,
            bots: Tasks::default(),
            _data: data,
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

    pub async fn stop(self) {
        self.stop_bot().await;
        self.base.stop(Duration::from_secs(5)).await;
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
