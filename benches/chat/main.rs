//! Measures the chat of a real release server from outside: `cargo xtask bench chat [args]`.
//!
//! Creates accounts, sessions and channels in a temporary folder through the services, then starts
//! the server on it. One thread opens many gateway connections and sends messages in an open loop:
//! each message has a due time, and its latency counts from there, however late it was sent. Every
//! acknowledged message must arrive exactly once at every client of its channel; otherwise the run
//! fails.

mod arguments;
mod client;
mod error;
mod figures;
mod instance;
mod load;
mod record;
mod scenario;

use arguments::{Arguments, Scenario};
use clap::Parser;
use error::Result;
use instance::Instance;
use std::{process::ExitCode, time::Duration};
use tokio::{runtime, task::LocalSet};

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
