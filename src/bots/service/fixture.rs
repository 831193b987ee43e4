//! Test instance for the bot: a fresh database, some channels, some members.

use super::StockBot;
use crate::accounts::{self, AccountKind, Viewer};
use crate::alerts;
use crate::chat::{self, Message, Send};
use crate::communities;
use crate::markets;
use crate::platform::{config::Config, database::Database, tasks::Tasks};
use crate::predictions;
use crate::realtime::bus::SharedBus;
use crate::shared::ChannelId;
use crate::testing::{Core, plenty};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Any order key works.
pub const ORDER: Uuid = Uuid::nil();

pub struct House {
    pub db: Database,
    pub chat: chat::Service,
    pub channels: Vec<ChannelId>,
    pub accounts: accounts::Service,
    communities: communities::Service,
    pub ada: Viewer,
    bus: SharedBus,
    bots: Tasks,
}

impl House {
    /// Creates an instance with `channels` additional channels in the Lobby.
    pub async fn new(db: Database, channels: usize) -> Self {
        let mut config = Config::default();
        config.limits.bot_messages = plenty();
        Self::with(db, channels, config).await
    }

    /// The same with a configuration, without a rate limit on messages.
    pub async fn with(db: Database, channels: usize, mut config: Config) -> Self {
        config.limits.messages = plenty();
        let core = Core::new(&db, &config).await;
        let ada = core.person("ada").await;
        let lobby = core.communities.lobby();
        let mut made = Vec::new();
        for n in 0..channels {
            let name = format!("channel {n}");
            let channel = core.communities.create_channel(&ada, lobby, &name).await;
            made.push(channel.unwrap().id);
        }
        Self {
            db,
            chat: core.chat,
            channels: made,
            accounts: core.accounts,
            communities: core.communities,
            ada,
            bus: core.bus,
            bots: Tasks::default(),
        }
    }

    /// Starts the bot with market data from `config`.
    pub fn start_bot(&mut self, config: &Config) {
        self.bots = Tasks::default();
        let markets = markets::Service::new(config, &self.db, &self.bots).unwrap();
        let predictions = self.predictions(config);
        let alerts = self.alerts(config);
        self.bots.start(StockBot::new(
            self.db.clone(),
            Arc::clone(&self.bus),
            self.chat.clone(),
            self.accounts.clone(),
            markets,
            predictions,
            alerts,
        ));
    }

    /// Predictions of members.
    pub fn predictions(&self, config: &Config) -> predictions::Service {
        let markets = markets::Service::new(config, &self.db, &self.bots).unwrap();
        let communities = self.communities.clone();
        predictions::Service::start(self.db.clone(), &self.accounts, communities, markets)
    }

    /// Alerts of members.
    pub fn alerts(&self, config: &Config) -> alerts::Service {
        let markets = markets::Service::new(config, &self.db, &self.bots).unwrap();
        alerts::Service::start(alerts::Dependencies {
            db: self.db.clone(),
            bus: Arc::clone(&self.bus),
            accounts: self.accounts.clone(),
            communities: self.communities.clone(),
            chat: self.chat.clone(),
            watchlists: markets::Watchlists::start(
                self.db.clone(),
                &self.accounts,
                markets.clone(),
            ),
            markets,
        })
    }

    /// Stops the bot, and checks that it stops quickly.
    pub async fn stop_bot(&self) {
        let start = std::time::Instant::now();
        self.bots.stop(Duration::from_secs(5)).await;
        assert!(start.elapsed() < Duration::from_secs(2), "stops at once");
    }

    /// Sends a message as a member.
    pub async fn say(&self, channel_id: ChannelId, text: &str) {
        let nonce = Uuid::now_v7().to_string();
        let text = text.to_owned();
        let send = Send { channel_id, text };
        self.chat.send(&self.ada, &nonce, send).await.unwrap();
    }

    /// Sends a message as another bot.
    pub async fn say_as_bot(&self, channel: ChannelId, text: &str) {
        let bot = self.accounts.ensure_bot("parrot", "Parrot").await.unwrap();
        assert_eq!(bot.kind, AccountKind::Bot);
        let nonce = Uuid::now_v7().to_string();
        let sent = self
            .chat
            .send_as_bot(&bot, channel, &nonce, text, Vec::new());
        sent.await.unwrap();
    }

    /// Returns all messages of a channel.
    pub async fn messages(&self, channel: ChannelId) -> Vec<Message> {
        self.chat.messages_after(channel, 0, 10_000).await.unwrap()
    }

    /// Returns the bot's messages in a channel, once there are at least `count`.
    pub async fn answers(&self, channel: ChannelId, count: usize) -> Vec<Message> {
        let mut answers = Vec::new();
        for _ in 0..1_000 {
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
