//! The gateway over real sockets.

mod delivery;
mod refused;
mod talking;

use super::*;
use crate::accounts::Viewer;
use crate::chat::{self, CaughtUp, MessageChanged, Sent};
use crate::platform::config::{Config, Limit};
use crate::realtime::{Scope, Topic};
use crate::shared::{ChannelId, Error, Kind};
use crate::testing::{PATIENCE, Socket, TestHouse, a_minute, until};
use std::net::SocketAddr;

/// A running instance with two members.
struct Home {
    house: TestHouse,
    address: SocketAddr,
    ada: Person,
    bo: Person,
    general: ChannelId,
}

struct Person {
    viewer: Viewer,
    token: String,
}

impl Home {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let house = TestHouse::with(configure).await;
        let address = house.serve().await;
        let (viewer, token) = house.person("ada").await;
        let ada = Person { viewer, token };
        let (viewer, token) = house.person("bo").await;
        let bo = Person { viewer, token };
        let general = house.general(&ada.viewer).await;
        Self {
            house,
            address,
            ada,
            bo,
            general,
        }
    }

    async fn connect(&self, who: &Person) -> Socket {
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
    async fn say(&self, who: &Person, text: &str) -> Sent {
        let nonce = crate::realtime::nonce();
        let chat = &self.house.services.get::<chat::Service>().unwrap();
        chat.send(&who.viewer, &nonce, self.send(text))
            .await
            .unwrap()
    }

    /// Waits until this number of connections is open.
    async fn connections(&self, count: usize) {
        let gateway = &self.house.services.get::<Service>().unwrap();
        until("connections", async || gateway.connection_count() == count).await;
    }
}

fn channel(id: ChannelId) -> Topic {
    Topic::new(Scope::Channel, id.0)
}

fn account(who: &Person) -> Topic {
    Topic::new(Scope::Account, who.viewer.account.0)
}

#[track_caller]
fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().code.into_owned()
}
