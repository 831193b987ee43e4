//! The command line.

use clap::{Parser, Subcommand};
use rialto::platform::{config, telemetry};
use rialto::server::{self, House, StartError};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode};
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
    /// Serve the site, the API and the live channel until told to stop.
    Serve {
        #[command(flatten)]
        common: Common,
        /// Address to listen on, such as 127.0.0.1:3000.
        #[arg(long, value_name = "HOST:PORT")]
        addr: Option<SocketAddr>,
        /// Folder of the built site; found beside the binary when absent.
        #[arg(long, value_name = "DIR")]
        site: Option<PathBuf>,
    },
    /// Say who runs this instance.
    Operator {
        #[command(subcommand)]
        action: OperatorAction,
    },
}

#[derive(Subcommand)]
enum OperatorAction {
    /// Make the account with this e-mail address an operator. The server may be running.
    Add {
        /// The account's address.
        email: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    /// Configuration file [default: Leptos.toml, when there is one].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the database, the secrets and the uploads [default: data].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Common {
    fn load(&self) -> Result<config::Config, String> {
        let default = PathBuf::from("Leptos.toml");
        let file = self.config.as_ref().unwrap_or(&default);
        let mut config =
            config::load(file, self.config.is_some()).map_err(|error| error.to_string())?;
        if let Some(data) = &self.data {
            config.server.data.clone_from(data);
        }
        Ok(config)
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("rialto: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), String> {
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
            telemetry::start(&config.log)?;
            runtime
                .block_on(serve(config))
                .map_err(|error| error.to_string())
        }
        Command::Operator {
            action: OperatorAction::Add { email, common },
        } => {
            let config = common.load()?;
            let name = runtime
                .block_on(add_operator(&config, &email))
                .map_err(|error| error.to_string())?;
            println!("{name} is an operator now");
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
    let serving = server::serve(config, stop, |address| {
        println!("Rialto is at http://{address}");
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

async fn add_operator(config: &config::Config, email: &str) -> Result<String, StartError> {
    let house = House::visit(config).await?;
    let result = house.services.accounts.make_operator(email).await;
    house.close().await;
    Ok(result?.username)
}

/// Waits for the system or a person to ask for the end.
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
