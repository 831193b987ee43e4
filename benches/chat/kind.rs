//! The measured servers: Rialto, and the peer that it is compared with.

use super::{
    dialect::Dialect,
    error::Result,
    instance::Instance,
    server::{Build, Server, of_xtask},
};
use std::path::{Path, absolute};
use tokio::process::Command;

/// The server of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Rialto,
    Peer,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Rialto => "Rialto",
            Self::Peer => "peer",
        }
    }

    pub fn dialect(self) -> Dialect {
        match self {
            Self::Rialto => Dialect::Gateway,
            Self::Peer => Dialect::SocketIo,
        }
    }

    /// Starts the server on the instance's data.
    pub async fn start(self, instance: &Instance, build: &Build) -> Result<Server> {
        match self {
            Self::Rialto => Server::start(instance, build).await,
            Self::Peer => {
                let command = peer(instance)?;
                Server::run(instance, Path::new("node"), command).await
            }
        }
    }
}

/// Returns the command of the peer, whose packages xtask has installed.
fn peer(instance: &Instance) -> Result<Command> {
    let folder = of_xtask("RIALTO_PEER");
    let folder = folder.ok_or("no peer: run this by `cargo xtask bench chat -- --peer`")?;
    let mut command = Command::new("node");
    command
        .arg(absolute(folder)?.join("server.js"))
        .arg(instance.folder().join("peer.db"));
    Ok(command)
}
