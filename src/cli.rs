//! The command line.

use crate::platform::{backup, config, telemetry};
use crate::server::{self, House, StartError};
use clap::{Parser, Subcommand};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio_util::sync::CancellationToken;

/// A self-hosted home for trading communities.
#[derive(Parser)]
#[command(name = "rialto", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and the API until stopped.
    Serve {
        #[command(flatten)]
        common: Common,
        /// Address to listen on, such as 127.0.0.1:3000.
        #[arg(long, value_name = "HOST:PORT")]
        addr: Option<SocketAddr>,
        /// Folder of the site [default: beside the binary].
        #[arg(long, value_name = "DIR")]
        site: Option<PathBuf>,
    },
    /// Back up the database, the secrets and the uploads. The server can run.
    Backup {
        /// File to write, such as /var/backups/rialto.tar.zst.
        file: PathBuf,
        /// Replace an existing file.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Restore a backup into a data folder that no server uses.
    Restore {
        /// Backup file to read.
        file: PathBuf,
        /// Restore into a folder that is not empty; its contents are moved aside.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Manage admins.
    Admin {
        #[command(subcommand)]
        action: AdminAction,
    },
}

#[derive(Subcommand)]
enum AdminAction {
    /// Make an account an admin. The server can run.
    Add {
        /// Username or email.
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Print a link that sets a new password, once, within a day.
    ResetLink {
        /// Username or email.
        name: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    /// Configuration file [default: Leptos.toml in this folder or beside the binary].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the database, the secrets and the uploads [default: data].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Common {
    fn load(&self) -> Result<config::Config, Failure> {
        let file = self.config.clone().unwrap_or_else(config::default_file);
        let mut config = config::load(&file, self.config.is_some())
            .map_err(|error| Failure::Configuration(error.to_string()))?;
        if let Some(data) = &self.data {
            config.server.data.clone_from(data);
        }
        Ok(config)
    }
}

/// Runs the command and returns the exit code.
pub fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Configuration(message)) => {
            eprintln!("rialto: {message}");
            // The same exit code as for invalid arguments.
            ExitCode::from(2)
        }
        Err(Failure::Other(message)) => {
            eprintln!("rialto: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Why the command failed, in one sentence.
enum Failure {
    /// Exit code 2: the configuration is wrong.
    Configuration(String),
    /// Exit code 1: everything else.
    Other(String),
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Other(message)
    }
}

fn run(command: Command) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    match command {
        Command::Serve { common, addr, site } => {
            let mut config = common.load()?;
            if let Some(addr) = addr {
                config.site_mut().site_addr = addr;
            }
            if let Some(site) = site {
                config.site_mut().site_root = site.to_string_lossy().into_owned();
            }
            telemetry::start(&config.log).map_err(Failure::Configuration)?;
            runtime
                .block_on(serve(config))
                .map_err(|error| error.to_string().into())
        }
        Command::Backup {
            file,
            force,
            common,
        } => Ok(runtime.block_on(back_up(&common.load()?, &file, force))?),
        Command::Restore {
            file,
            force,
            common,
        } => Ok(runtime.block_on(restore(&common.load()?, &file, force))?),
        Command::Admin {
            action: AdminAction::Add { name, common },
        } => {
            let name = visit(&runtime, &common, async |house| {
                house
                    .services
                    .get::<crate::admin::Service>()?
                    .appoint(&name)
                    .await
            })?;
            println!("{} is now an admin", name.username);
            Ok(())
        }
        Command::Admin {
            action: AdminAction::ResetLink { name, common },
        } => {
            let made = visit(&runtime, &common, async |house| {
                house
                    .services
                    .get::<crate::admin::Service>()?
                    .reset_link_of(&name)
                    .await
            })?;
            println!("{}", made.link.as_deref().unwrap_or(&made.path));
            if made.link.is_none() {
                eprintln!(
                    "put your server's address in front of this path, or set server.public_url"
                );
            }
            Ok(())
        }
    }
}

async fn serve(config: config::Config) -> Result<(), StartError> {
    let stop = CancellationToken::new();
    let signalled = stop.clone();
    let waiting = async move {
        wait_for_signal().await;
        eprintln!("stopping");
        signalled.cancel();
    };
    let serving = server::serve(config, stop, |ready| {
        println!("Rialto is at http://{}", ready.address);
        if let Some(link) = ready.setup {
            println!("No admin exists yet. To become the first one, register at {link}");
        }
    });
    tokio::pin!(serving);
    tokio::select! {
        result = &mut serving => return result,
        () = waiting => {}
    }
    tokio::select! {
        result = serving => result,
        () = wait_for_signal() => Err(StartError::Other("stopped at once".into())),
    }
}

async fn back_up(config: &config::Config, file: &Path, force: bool) -> Result<(), String> {
    let made = backup::back_up(config, file, force).await;
    let made = made.map_err(|error| error.to_string())?;
    println!("{}: {}", file.display(), contents(&made));
    if made.complete {
        return Ok(());
    }
    Err(format!(
        "the Postgres database is NOT in {}: pg_dump is missing. Install PostgreSQL's client \
         programs and run this again, or save the database by itself with: pg_dump \
         --format=custom --file=rialto.pgdump \"$DATABASE_URL\"",
        file.display()
    ))
}

async fn restore(config: &config::Config, file: &Path, force: bool) -> Result<(), String> {
    let data = &config.server.data;
    let restored = backup::restore(file, data, force).await;
    let restored = restored.map_err(|error| error.to_string())?;
    println!("{}: {}", data.display(), contents(&restored));
    if restored.database == "postgres" {
        let dump = data.join("rialto.pgdump");
        println!("Restore the Postgres database yourself:");
        if restored.complete {
            println!(
                "  pg_restore --clean --if-exists --no-owner --dbname=\"$DATABASE_URL\" {}",
                dump.display()
            );
        } else {
            println!("  this backup does not contain it; restore your own dump with pg_restore");
        }
    } else if !config.database.url.is_empty() {
        println!(
            "The restored database is {}, but database.url names another one: empty it to use this.",
            data.join("rialto.db").display()
        );
    }
    Ok(())
}

/// Contents of a backup, in one line.
fn contents(manifest: &backup::Manifest) -> String {
    let bytes: u64 = manifest.files.iter().map(|file| file.size).sum();
    format!(
        "{} files, {:.1} MB, as of {}, Rialto {}",
        manifest.files.len(),
        bytes as f64 / 1e6,
        manifest.created_at.format("%Y-%m-%d %H:%M:%S UTC"),
        manifest.version
    )
}

/// Opens the instance beside a running server, does one thing and closes it.
fn visit<T>(
    runtime: &tokio::runtime::Runtime,
    common: &Common,
    work: impl AsyncFnOnce(&House) -> crate::shared::Result<T>,
) -> Result<T, Failure> {
    let config = common.load()?;
    let done: Result<T, String> = runtime.block_on(async {
        let house = House::visit(&config)
            .await
            .map_err(|error| error.to_string())?;
        let result = work(&house).await;
        house.close().await;
        result.map_err(|error| error.to_string())
    });
    Ok(done?)
}

/// Waits for SIGTERM or Ctrl-C.
async fn wait_for_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
