//! Measures the time to first byte of the rendered chat page: `cargo xtask bench page [args]`.
//!
//! Creates accounts and messages on a real release server; then signed-in members request the page
//! in an open loop: each request has a due time, and its latency counts from there, including its
//! new connection.

#[path = "chat/error.rs"]
mod error;
#[path = "chat/instance.rs"]
mod instance;
#[path = "chat/server.rs"]
mod server;

use clap::Parser;
use error::Result;
use instance::Instance;
use server::Server;
use std::{net::SocketAddr, process::ExitCode, rc::Rc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime,
    task::{LocalSet, spawn_local},
    time::{Instant, sleep_until},
};

/// Measures the rendered chat page of the release server.
#[derive(Clone, Debug, Parser)]
struct Arguments {
    /// Page requests per second.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// Duration in seconds.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// Members of the community.
    #[arg(long, default_value_t = 100)]
    members: usize,
    /// Messages in the channel.
    #[arg(long, default_value_t = 100)]
    messages: usize,
    #[command(flatten)]
    build: server::Build,
    /// Passed by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench page: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, measure(arguments))
}

async fn measure(arguments: Arguments) -> Result<()> {
    eprintln!("making {} accounts", arguments.members);
    let instance = Rc::new(Instance::make(arguments.members.max(1), 1).await?);
    let server = Server::start(&instance, &arguments.build).await?;
    let address = server.address;
    let path = Rc::new(fill(&instance, address, arguments.messages).await?);
    for token in instance.tokens.iter().cycle().take(50) {
        ask(address, token, "GET", &path, "").await?;
    }
    let before = server.processor_seconds()?;
    let start = Instant::now();
    let gap = Duration::from_secs(1) / arguments.rate.max(1);
    let mut asked = Vec::new();
    for n in 0..arguments.rate * arguments.seconds {
        let due = start + gap * n;
        sleep_until(due).await;
        let (instance, path) = (instance.clone(), path.clone());
        asked.push(spawn_local(async move {
            let token = token_of(&instance, n as usize);
            let answer = ask(address, token, "GET", &path, "").await;
            answer
                .map(|answer| (answer.first - due, answer.text.len()))
                .map_err(|error| error.to_string())
        }));
    }
    let (mut times, mut bytes) = (Vec::new(), 0);
    for answer in asked {
        let (time, size) = answer.await??;
        times.push(time.as_secs_f64() * 1_000.0);
        bytes = size;
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times
            .get(place.min(times.len() - 1))
            .copied()
            .unwrap_or(f64::NAN)
    };
    let processor = (server.processor_seconds()? - before) * 1_000.0 / times.len() as f64;
    println!(
        "pages asked for             {} ({} a second)",
        times.len(),
        arguments.rate
    );
    println!("KiB of a page, compressed   {:.1}", bytes as f64 / 1_024.0);
    println!(
        "first byte, p50 / p99 ms    {:.1} / {:.1}",
        at(0.5),
        at(0.99)
    );
    println!("longest ms                  {:.1}", at(1.0));
    println!("CPU ms for each page        {processor:.1}");
    println!(
        "MiB resident                {:.0}",
        server.resident()? / 1_024.0
    );
    server.stop().await
}

/// Sends messages to the channel that opens first, and returns the path of its page.
async fn fill(instance: &Instance, address: SocketAddr, messages: usize) -> Result<String> {
    let home = ask(address, token_of(instance, 0), "GET", "/", "").await?;
    let path = home.header("location").ok_or("/ leads nowhere")?.to_owned();
    let channel = path.rsplit('/').next().unwrap_or_default();
    let post = format!("/api/channels/{channel}/messages");
    for n in 0..messages {
        let text =
            format!("**AAPL** opened at {n}.25, see https://quotes.example/aapl/{n} and `day`");
        let body = serde_json::json!({ "text": text }).to_string();
        ask(address, token_of(instance, n), "POST", &post, &body).await?;
    }
    // The other channels stay empty.
    debug_assert!(instance.rooms.iter().all(|room| *room != instance.hall));
    Ok(path)
}

fn token_of(instance: &Instance, n: usize) -> &str {
    let place = n % instance.tokens.len().max(1);
    instance.tokens.get(place).map_or("", String::as_str)
}

/// A response, and the time of its first byte.
struct Answer {
    first: Instant,
    head: String,
    text: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Sends one request over a new connection, like a browser's first request.
async fn ask(
    address: SocketAddr,
    token: &str,
    method: &str,
    path: &str,
    body: &str,
) -> Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         accept: text/html\r\naccept-encoding: gzip, br\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut all = vec![0; 16 * 1_024];
    let read = stream.read(&mut all).await?;
    let first = Instant::now();
    all.truncate(read);
    stream.read_to_end(&mut all).await?;
    let end = all
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .ok_or("an answer without an end to its head")?;
    let text = all.split_off(end + 4);
    let head = String::from_utf8(all)?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if !status.starts_with('2') && !status.starts_with('3') {
        return Err(format!("{method} {path}: {status}").into());
    }
    Ok(Answer { first, head, text })
}
