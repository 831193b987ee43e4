//! Measures the chat of a real release server from outside: `cargo xtask bench chat [args]`.
//!
//! Creates accounts, sessions and channels in a temporary folder through the services, then starts
//! the server on it. One thread opens many gateway connections and sends messages in an open loop:
//! each message has a due time, and its latency counts from there, however late it was sent. Every
//! acknowledged message must arrive exactly once at every client of its channel; otherwise the run
//! fails.

mod client;
mod figures;
mod instance;
mod load;
mod record;
mod scenario;

use clap::{Parser, ValueEnum};
use instance::Instance;
use std::{path::PathBuf, process::ExitCode, time::Duration};
use tokio::{runtime, task::LocalSet};

/// Errors are only printed.
pub type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// Measures the chat of the release server.
#[derive(Clone, Debug, Parser)]
pub struct Arguments {
    /// Run only this scenario.
    #[arg(long)]
    scenario: Option<Scenario>,
    /// Number of connections [default: 2,000 idle ones, then 5,000; 1,000 in the other scenarios].
    #[arg(long, value_parser = clap::value_parser!(u32).range(20..=20_000))]
    clients: Option<u32>,
    /// Longer and finer steps.
    #[arg(long)]
    full: bool,
    /// Run one step at this rate, in messages per second, instead of searching for the highest one.
    #[arg(long, value_name = "PER_SECOND")]
    rate: Option<f64>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// The server's binary [default: `RIALTO_BIN` of the environment, which xtask sets].
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// The built site [default: `RIALTO_SITE` of the environment, else the one beside the binary].
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Passed by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Memory of idle connections.
    Idle,
    /// Many rooms of ten members; one member of each sends.
    Rooms,
    /// All members in one room; a tenth of them send.
    Hall,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench chat: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    // Single-threaded, to leave the processors to the server.
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let limit = Duration::from_secs(if arguments.full { 1_800 } else { 300 });
    let tasks = LocalSet::new();
    let work = tasks.run_until(async {
        tokio::time::timeout(limit, measure(arguments))
            .await
            .map_err(|_| format!("not done after {} seconds", limit.as_secs()))?
    });
    runtime.block_on(work)
}

/// Runs the scenarios, each on a fresh server, and prints the results.
async fn measure(arguments: &Arguments) -> Result<()> {
    let wanted = |scenario| arguments.scenario.is_none_or(|only| only == scenario);
    let clients = arguments.clients.unwrap_or(1_000) as usize;
    let idle = match arguments.clients {
        _ if !wanted(Scenario::Idle) => vec![],
        Some(_) => vec![clients],
        None => vec![2_000, 5_000],
    };
    let most_idle = idle.iter().max().map_or(0, |most| most + scenario::WARM);
    let accounts = most_idle.max(clients);
    eprintln!("making {accounts} accounts");
    let instance = Instance::make(accounts, clients.div_ceil(scenario::ROOM)).await?;
    let mut figures = figures::Figures::new(arguments.json);
    for connections in idle {
        figures.idle(&scenario::idle(&instance, arguments, connections).await?);
    }
    if wanted(Scenario::Rooms) {
        figures.rooms(&scenario::rooms(&instance, arguments, clients).await?);
    }
    if wanted(Scenario::Hall) {
        figures.hall(&scenario::hall(&instance, arguments, clients).await?);
    }
    figures.print()
}
