//! The gateway over real sockets.

mod catching_up;
mod delivery;
mod refused;
mod talking;

use super::*;
use crate::chat::{self, CaughtUp, MessageChanged, Sent};
use crate::platform::config::{Config, Limit};
use crate::realtime::{Scope, Topic};
use crate::shared::{ChannelId, Kind};
use crate::testing::{PATIENCE, Socket, TestHouse, User, a_minute, code, until};
use std::net::SocketAddr;

/// A running instance with two members.
struct Home {
    house: TestHouse,
    address: SocketAddr,
    ada: User,
    bo: User,
    general: ChannelId,
}

impl Home {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let house = TestHouse::with(configure).await;
        let address = house.serve().await;
        let [ada, bo] = house.users(["ada", "bo"]).await;
        let general = house.general(&ada).await;
        Self {
            house,
            address,
            ada,
            bo,
            general,
        }
    }

    async fn connect(&self, who: &User) -> Socket {
        Socket::connect(self.address, &who.token).await
    }

    fn topic(&self) -> Topic {
        channel(self.general)
    }

    fn send(&self, text: &str) -> chat::Send {
        chat::Send {
            channel_id: self.general,
            text: text.to_owned(),
        }
    }

    /// Sends a message without a socket.
    async fn say(&self, who: &User, text: &str) -> Sent {
        let nonce = crate::realtime::nonce();
        let sent = self.house.chat().send(who, &nonce, self.send(text)).await;
        sent.unwrap()
    }

    /// Waits until this number of connections is open.
    async fn connections(&self, count: usize) {
        let gateway = self.house.gateway();
        until("connections", async || gateway.connection_count() == count).await;
    }
}

fn channel(id: ChannelId) -> Topic {
    Topic::new(Scope::Channel, id.0)
}

fn account(who: &User) -> Topic {
    Topic::new(Scope::Account, who.account.0)
}
