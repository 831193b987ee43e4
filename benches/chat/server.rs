//! A running server on an instance's data.

use super::{error::Result, instance::Instance};
use clap::Args;
use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

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
    /// Starts Rialto on the instance's data.
    pub async fn start(instance: &Instance, build: &Build) -> Result<Self> {
        let (program, command) = rialto(instance, build)?;
        Self::run(instance, &program, command).await
    }

    /// Runs a server in the instance's folder; waits until it prints its address.
    pub async fn run(instance: &Instance, program: &Path, mut command: Command) -> Result<Self> {
        let folder = instance.folder();
        let log = fs::File::create(folder.join("server.log"))?;
        command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        let mut child = command
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
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

/// Returns a path that xtask puts into the environment.
pub fn of_xtask(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from)
}

/// Returns Rialto's binary and its command, with limits that no benchmark reaches.
fn rialto(instance: &Instance, build: &Build) -> Result<(PathBuf, Command)> {
    let binary = build.server.clone().or_else(|| of_xtask("RIALTO_BIN"));
    let binary = binary.ok_or("no server: run this by `cargo xtask bench chat`")?;
    let mut command = Command::new(std::path::absolute(&binary)?);
    command
        .args(["serve", "--addr", "127.0.0.1:0", "--data"])
        .arg(instance.folder().join("data"))
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
        .env("RUST_BACKTRACE", "1");
    let site = build.site.clone().or_else(|| of_xtask("RIALTO_SITE"));
    if let Some(site) = site {
        command.arg("--site").arg(std::path::absolute(site)?);
    }
    Ok((binary, command))
}
