//! The data of the measured server.

use super::error::Result;
use futures::{StreamExt, TryStreamExt, stream};
use rialto::{
    accounts::{Device, DeviceKind, NewPerson},
    platform::config::{Config, Limit},
    server::House,
    shared::ChannelId,
};
use std::path::Path;
use tempfile::TempDir;

/// A limit that no benchmark reaches, in the shortest window.
const UNLIMITED: Limit = Limit {
    count: 1_000_000,
    seconds: 1,
};
/// Accounts that are created concurrently: they share a commit.
const AT_ONCE: usize = 200;

/// A data folder with accounts and channels.
pub struct Instance {
    data: TempDir,
    /// One Bearer token per account.
    pub tokens: Vec<String>,
    /// A channel for all clients.
    pub hall: ChannelId,
    /// Channels for ten clients each.
    pub rooms: Vec<ChannelId>,
}

impl Instance {
    /// Creates accounts and rooms through the services.
    pub async fn make(accounts: usize, rooms: usize) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let mut config = Config::default();
        config.server.data = data.path().join("data");
        config.accounts.guests = true;
        config.limits.registrations = UNLIMITED;
        config.limits.channels = UNLIMITED;
        config.limits.channels_per_account = u32::MAX;
        let house = House::open(&config).await?;
        let filled = fill(&house, accounts, rooms).await;
        house.close().await;
        let (tokens, hall, rooms) = filled?;
        Ok(Self {
            data,
            tokens,
            hall,
            rooms,
        })
    }

    /// Returns its folder.
    pub fn folder(&self) -> &Path {
        self.data.path()
    }
}

async fn fill(
    house: &House,
    accounts: usize,
    rooms: usize,
) -> Result<(Vec<String>, ChannelId, Vec<ChannelId>)> {
    let services = &house.services;
    let device = Device {
        kind: DeviceKind::Program,
        address: "127.0.0.1".into(),
        user_agent: "bench".into(),
        forwarded: false,
    };
    let owner = NewPerson {
        username: Some("owner".into()),
        display_name: None,
        email: "owner@rialto.invalid".into(),
        password: "bench-chat-of-rialto".into(),
        invite: None,
        setup_token: None,
    };
    let owner = services
        .get::<rialto::accounts::Service>()?
        .register(owner, &device)
        .await?;
    let owner = services
        .get::<rialto::accounts::Service>()?
        .open_session(owner, &device)
        .await?
        .viewer;
    let communities: rialto::communities::Service = services.get()?;
    let lobby = communities.lobby();
    let channel = async |name: &str| {
        let made = communities.create_channel(&owner, lobby, name);
        made.await.map(|channel| channel.id)
    };
    let hall = channel("hall").await?;
    let mut made = Vec::with_capacity(rooms);
    for room in 0..rooms {
        made.push(channel(&format!("room-{room:04}")).await?);
    }
    // Guests need no password, whose hash is deliberately slow; the chat treats them like other
    // members.
    let tokens = stream::iter(0..accounts)
        .map(async |n| {
            let name = format!("member-{n:05}");
            let account = services
                .get::<rialto::accounts::Service>()?
                .register_guest(&name, &device)
                .await?;
            let session = services
                .get::<rialto::accounts::Service>()?
                .open_session(account, &device)
                .await?;
            Ok::<_, rialto::shared::Error>(session.access)
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    Ok((tokens, hall, made))
}
