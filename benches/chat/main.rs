//! Measures the chat of a real release server from outside: `cargo xtask bench chat [args]`.
//!
//! Creates accounts, sessions and channels in a temporary folder through the services, then starts
//! the server on it. One thread opens many gateway connections and sends messages. In an open loop
//! each message has a due time, and its latency counts from there, however late it was sent. In a
//! closed loop each sender waits for its own message. Every acknowledged message must arrive exactly
//! once at every client of its channel; otherwise the run fails.
//!
//! With `--peer` the same generator also drives a plain chat server on node (`benches/peer`), so
//! that each figure is a ratio on the same machine.

mod arguments;
mod client;
mod dialect;
mod error;
mod figures;
mod frames;
mod instance;
mod kind;
mod load;
mod record;
mod scenario;
mod server;

use arguments::{Arguments, Scenario};
use clap::Parser;
use error::Result;
use instance::Instance;
use kind::Kind;
use scenario::{Pace, Talk};
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
    let runs = arguments.rounds * if arguments.peer { 2 } else { 1 };
    let limit = Duration::from_secs(if arguments.full { 1_800 } else { 300 });
    let limit = limit * u32::try_from(runs)?;
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
    for (scenario, pace) in [
        (Scenario::Closed, Pace::Closed),
        (Scenario::Rooms, Pace::Rooms),
        (Scenario::Hall, Pace::Hall),
    ] {
        if wanted(scenario) {
            let (ours, peer) = compare(&instance, arguments, clients, pace).await?;
            figures.talk(pace, &ours, peer.as_ref());
        }
    }
    figures.print()
}

/// Measures Rialto and the peer in turn, as often as wanted, and returns the median run of each.
async fn compare(
    instance: &Instance,
    arguments: &Arguments,
    clients: usize,
    pace: Pace,
) -> Result<(Talk, Option<Talk>)> {
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..arguments.rounds {
        ours.push(scenario::talk(instance, arguments, clients, (pace, Kind::Rialto)).await?);
        if arguments.peer {
            peers.push(scenario::talk(instance, arguments, clients, (pace, Kind::Peer)).await?);
        }
    }
    let ours = median(ours).ok_or("no rounds")?;
    Ok((ours, median(peers)))
}

fn median(mut talks: Vec<Talk>) -> Option<Talk> {
    talks.sort_by(|a, b| a.rank().total_cmp(&b.rank()));
    let middle = talks.len().checked_sub(1)? / 2;
    Some(talks.swap_remove(middle))
}
