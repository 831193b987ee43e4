//! The command line arguments.

use super::server;
use clap::{Parser, ValueEnum};

/// Measures the chat of the release server.
#[derive(Clone, Debug, Parser)]
pub struct Arguments {
    /// Run only this scenario.
    #[arg(long)]
    pub scenario: Option<Scenario>,
    /// Number of connections [default: 2,000 idle ones, then 5,000; 1,000 in the other scenarios].
    #[arg(long, value_parser = clap::value_parser!(u32).range(20..=20_000))]
    pub clients: Option<u32>,
    /// Longer and finer steps.
    #[arg(long)]
    pub full: bool,
    /// Run one step at this rate, in messages per second, instead of searching for the highest one.
    #[arg(long, value_name = "PER_SECOND")]
    pub rate: Option<f64>,
    /// Repeat each measurement this often; the result is the one with the median.
    #[arg(long, default_value_t = 1)]
    pub rounds: usize,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Also measure a chat server on node, socket.io and better-sqlite3 (benches/peer), each time
    /// right after Rialto.
    #[arg(long)]
    pub peer: bool,
    #[command(flatten)]
    pub build: server::Build,
    /// Passed by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Memory of idle connections.
    Idle,
    /// Rooms of ten members; one member of each sends, and waits for its own message each time.
    Closed,
    /// Rooms of ten members; one member of each sends, at rates up to the highest.
    Rooms,
    /// All members in one room; a tenth of them send.
    Hall,
}
