//! The measured instance: its data folder, and the server on it.

use super::error::Result;
use clap::Args;
use futures::{StreamExt, TryStreamExt, stream};
use rialto::{
    accounts::{Device, DeviceKind, NewPerson},
    platform::config::{Config, Limit},
    server::House,
    shared::ChannelId,
};
use std::{env, fs, net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// A limit that no benchmark reaches, in the shortest window.
const UNLIMITED: Limit = Limit {
    count: 1_000_000,
    seconds: 1,
};
/// Accounts that are created concurrently: they share a commit.
const AT_ONCE: usize = 200;
/// Clock ticks per second in `/proc`.
const TICKS: f64 = 100.0;

/// What is measured.
#[derive(Clone, Debug, Args)]
pub struct Build {
    /// The server's binary [default: `RIALTO_BIN` of the environment, which xtask sets].
    #[arg(long, value_name = "FILE")]
    pub server: Option<PathBuf>,
    /// The built site [default: `RIALTO_SITE` of the environment, else the one beside the binary].
    #[arg(long, value_name = "DIR")]
    pub site: Option<PathBuf>,
}

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

/// A running server; stops on drop.
pub struct Server {
    child: Child,
    /// The address that it listens on.
    pub address: SocketAddr,
    process: u32,
    /// Kept open, so the server can continue to print.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts the server on the instance's data.
    pub async fn start(instance: &Instance, build: &Build) -> Result<Self> {
        let folder = instance.data.path();
        let log = fs::File::create(folder.join("server.log"))?;
        let of_xtask = |name| env::var_os(name).map(PathBuf::from);
        let binary = build.server.clone().or_else(|| of_xtask("RIALTO_BIN"));
        let binary = binary.ok_or("no server: run this by `cargo xtask bench chat`")?;
        let mut command = Command::new(std::path::absolute(&binary)?);
        command
            .args(["serve", "--addr", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .current_dir(folder)
            // Ignores the caller's settings, such as limits or a database.
            .env_clear()
            .env("RIALTO__LIMITS__MESSAGES__COUNT", "1000000")
            .env("RIALTO__LIMITS__MESSAGES__SECONDS", "1")
            .env("RIALTO__LIMITS__COMMANDS__COUNT", "1000000")
            .env("RIALTO__LIMITS__COMMANDS__SECONDS", "1")
            .env("RIALTO__LIMITS__CONNECTIONS_PER_ADDRESS", "0")
            .env("RIALTO__LIMITS__PAGES__COUNT", "1000000")
            .env("RIALTO__LIMITS__NETWORK_PAGES__COUNT", "1000000")
            .env("RIALTO__LIMITS__SUBSCRIPTIONS__COUNT", "1000000")
            .env("RIALTO__LOG__FILTER", "warn")
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        let site = build.site.clone().or_else(|| of_xtask("RIALTO_SITE"));
        if let Some(site) = site {
            command.arg("--site").arg(std::path::absolute(site)?);
        }
        let mut child = command
            .spawn()
            .map_err(|error| format!("{}: {error}", binary.display()))?;
        let process = child.id().ok_or("the server ended at once")?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let mut output = BufReader::new(output).lines();
        let ready = async {
            while let Some(line) = output.next_line().await? {
                if let Some((_, address)) = line.rsplit_once("http://") {
                    return Ok::<_, Box<dyn std::error::Error>>(address.parse::<SocketAddr>()?);
                }
            }
            let log = fs::read_to_string(folder.join("server.log"))?;
            Err(format!("the server did not start:\n{log}").into())
        };
        let address = tokio::time::timeout(Duration::from_secs(30), ready)
            .await
            .map_err(|_| "the server did not start in 30 seconds")??;
        Ok(Self {
            child,
            address,
            process,
            _output: output,
        })
    }

    /// Kills the server and waits until it has ended.
    pub async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Returns its resident memory in KiB.
    pub fn resident(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let figure = line.and_then(|line| line.trim().strip_suffix("kB"));
        Ok(figure.ok_or("no VmRSS in /proc")?.trim().parse()?)
    }

    /// Returns the processor time that it has used, in seconds.
    pub fn processor_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process))?;
        // The second field is the name in parentheses, which can contain anything.
        let (_, fields) = stat.rsplit_once(')').ok_or("no stat in /proc")?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks = || -> Result<f64> { Ok(fields.next().ok_or("a short stat")?.parse()?) };
        Ok((ticks()? + ticks()?) / TICKS)
    }
}
