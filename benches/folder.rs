//! Measures the first view of a portfolio with many symbols whose prices are files in a folder:
//! `cargo xtask bench folder [args]`. Each round opens the instance again, so only the operating
//! system's file cache is warm.

use clap::Parser;
use rialto::{
    accounts::{Device, DeviceKind, NewPerson, Viewer},
    feature::Services,
    platform::config::Config,
    portfolio::{Taking, rules::ledger::Method},
    server::House,
    shared::PortfolioId,
};
use std::{
    fmt::Write,
    fs,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};
use tokio::runtime;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// Measures the first view of a portfolio whose prices are files.
#[derive(Clone, Debug, Parser)]
struct Arguments {
    /// Number of symbols, each with a file.
    #[arg(long, default_value_t = 500)]
    instruments: u32,
    /// Number of days per symbol, up to yesterday.
    #[arg(long, default_value_t = 6_000)]
    days: u32,
    /// Number of rounds.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Passed by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench folder: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(measure(arguments))
}

async fn measure(arguments: &Arguments) -> Result<()> {
    let data = tempfile::tempdir()?;
    let mut config = Config::default();
    config.server.data = data.path().join("data");
    config.market.folder = data.path().join("prices");
    eprintln!("writing {} files", arguments.instruments);
    fs::create_dir(&config.market.folder)?;
    for number in 0..arguments.instruments {
        write(&config.market.folder, number, arguments.days)?;
    }
    let house = House::open(&config).await?;
    let (viewer, portfolio) = fill(&house.services, arguments).await?;
    house.close().await;
    let mut took = [const { Vec::new() }; 5];
    for _ in 0..arguments.rounds.max(1) {
        let house = House::open(&config).await?;
        let portfolios = &house.services.get::<rialto::portfolio::Service>()?;
        let [first, again, chart, both, chart_again] = &mut took;
        for times in [first, again] {
            let begun = Instant::now();
            portfolios.overview(&viewer, Some(portfolio)).await?;
            times.push(begun.elapsed());
        }
        let begun = Instant::now();
        portfolios.performance(&viewer, portfolio, None).await?;
        both.push(begun.elapsed());
        house.close().await;
        let house = House::open(&config).await?;
        let portfolios = &house.services.get::<rialto::portfolio::Service>()?;
        for times in [chart, chart_again] {
            let begun = Instant::now();
            portfolios.performance(&viewer, portfolio, None).await?;
            times.push(begun.elapsed());
        }
        house.close().await;
    }
    let names = [
        "holdings, first",
        "holdings, again",
        "performance, first",
        "performance, after holdings",
        "performance, again",
    ];
    println!("median of {} rounds", arguments.rounds.max(1));
    for (name, times) in names.into_iter().zip(took) {
        println!("{name:<30}{:>9.1} ms", median(times).as_secs_f64() * 1e3);
    }
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        println!(
            "most memory                   {:>12}",
            most.unwrap_or("?").trim()
        );
    }
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Writes the days of a symbol: a price that goes up and down.
fn write(folder: &Path, number: u32, days: u32) -> Result<()> {
    let mut text = String::from("Date,Open,High,Low,Close,Volume\n");
    let yesterday = chrono::Utc::now().date_naive() - chrono::Days::new(1);
    for day in (0..days).rev() {
        let date = yesterday - chrono::Days::new(u64::from(day));
        let close = 5_000 + (day * 37 + number * 101) % 9_000;
        let price = |cents: u32| format!("{}.{:02}", cents / 100, cents % 100);
        writeln!(
            text,
            "{date},{},{},{},{},{}",
            price(close - 20),
            price(close + 75),
            price(close - 80),
            price(close),
            1_000_000 + (day * 7_919) % 50_000_000,
        )?;
    }
    Ok(fs::write(
        folder.join(format!("{}.csv", code(number))),
        text,
    )?)
}

fn code(number: u32) -> String {
    format!("S{number}")
}

/// Creates an account with a portfolio that bought some of each symbol on the first day.
async fn fill(services: &Services, arguments: &Arguments) -> Result<(Viewer, PortfolioId)> {
    let device = Device {
        kind: DeviceKind::Program,
        address: "127.0.0.1".into(),
        user_agent: "bench".into(),
        forwarded: false,
    };
    let person = NewPerson {
        invite: None,
        setup_token: None,
        username: Some("owner".into()),
        display_name: None,
        email: "owner@rialto.invalid".into(),
        password: "bench-folder-of-rialto".into(),
    };
    let account = services
        .get::<rialto::accounts::Service>()?
        .register(person, &device)
        .await?;
    let viewer = services
        .get::<rialto::accounts::Service>()?
        .open_session(account, &device)
        .await?
        .viewer;
    let made = services
        .get::<rialto::portfolio::Service>()?
        .create(&viewer, "All", Method::Fifo)
        .await?;
    let first = chrono::Utc::now().date_naive() - chrono::Days::new(arguments.days.into());
    let mut text = String::from("date,type,symbol,quantity,price\n");
    for number in 0..arguments.instruments {
        writeln!(text, "{first},buy,{},10,50", code(number))?;
    }
    let taking = Taking::default();
    let taken = services
        .get::<rialto::portfolio::Service>()?
        .import(&viewer, made.id, text.into(), taking)
        .await?;
    if taken.fresh != arguments.instruments as usize {
        return Err("not all were bought".into());
    }
    Ok((viewer, made.id))
}
