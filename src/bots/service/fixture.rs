//! A server with the bot and some channels.

use super::StockBot;
use crate::accounts::AccountKind;
use crate::chat::{Message, Send};
use crate::platform::{config::Config, tasks::Tasks};
use crate::shared::ChannelId;
use crate::testing::{TestHouse, User};
use std::{cell::RefCell, ops::Deref, sync::Arc, time::Duration};
use uuid::Uuid;

pub struct Home {
    pub house: TestHouse,
    pub channels: Vec<ChannelId>,
    pub ada: User,
    bot: RefCell<Tasks>,
}

impl Deref for Home {
    type Target = TestHouse;

    fn deref(&self) -> &TestHouse {
        &self.house
    }
}

impl Home {
    /// Starts a server with `channels` additional channels in the Lobby.
    pub async fn new(channels: usize) -> Self {
        Self::with(channels, |_| {}).await
    }

    /// Like [`Self::new`], with a changed configuration.
    pub async fn with(channels: usize, configure: impl FnOnce(&mut Config)) -> Self {
        let house = TestHouse::with(configure).await;
        let ada = house.user("ada").await;
        let mut made = Vec::new();
        for n in 0..channels {
            made.push(house.channel(&ada, &format!("channel {n}")).await);
        }
        Self {
            house,
            channels: made,
            ada,
            bot: RefCell::default(),
        }
    }

    /// Starts the bot, again if it was stopped.
    pub fn start_bot(&self) {
        let bot = Tasks::default();
        bot.start(StockBot::new(
            self.db().clone(),
            Arc::clone(self.bus()),
            self.chat().clone(),
            self.accounts().clone(),
            self.markets().clone(),
            self.predictions().clone(),
            self.alerts().clone(),
        ));
        self.bot.replace(bot);
    }

    /// Stops the bot, and checks that it stops quickly.
    pub async fn stop_bot(&self) {
        let start = std::time::Instant::now();
        let bot = self.bot.borrow().clone();
        bot.stop(Duration::from_secs(5)).await;
        assert!(start.elapsed() < Duration::from_secs(2), "stops at once");
    }

    /// Stops the bot and the server.
    pub async fn close(self) {
        self.stop_bot().await;
        self.house.close().await;
    }

    /// Sends a message as a member.
    pub async fn say(&self, channel_id: ChannelId, text: &str) {
        let nonce = Uuid::now_v7().to_string();
        let text = text.to_owned();
        let send = Send { channel_id, text };
        self.chat().send(&self.ada, &nonce, send).await.unwrap();
    }

    /// Sends a message as another bot.
    pub async fn say_as_bot(&self, channel: ChannelId, text: &str) {
        let bot = self.accounts().ensure_bot("parrot", "Parrot").await;
        let bot = bot.unwrap();
        assert_eq!(bot.kind, AccountKind::Bot);
        let nonce = Uuid::now_v7().to_string();
        let sent = self
            .chat()
            .send_as_bot(&bot, channel, &nonce, text, Vec::new());
        sent.await.unwrap();
    }

    /// Returns all messages of a channel.
    pub async fn messages(&self, channel: ChannelId) -> Vec<Message> {
        let messages = self.chat().messages_after(channel, 0, 10_000).await;
        messages.unwrap()
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
