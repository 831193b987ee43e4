//! Measures indicators over a long price history and compares them with TA-Lib, which runs in
//! Python, on the same prices in the same run: `cargo xtask bench indicators`.
//!
//! The rounds of both sides alternate, so other load on the machine affects both; the best round of
//! each counts. Every value is compared first, because a ratio means something only for the same
//! work.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicators::{Adx, Directional, Kama, Line, Past, Study, Ultimate, over};

mod prices;
mod talib;

/// The product's own source. Compiled alone it takes seconds, with the server minutes.
#[path = "../../../../src/markets/rules/indicators"]
#[expect(dead_code, reason = "the product uses more of it than is measured")]
mod indicators {
    mod averages;
    mod candle;
    mod columns;
    mod momentum;
    mod study;
    mod trend;
    mod volatility;
    mod window;

    pub use averages::{Ema, Kama, Sma, Wma};
    pub use candle::Candle;
    pub use columns::{Line, Past, over};
    pub use momentum::{Cci, Mfi, Roc, Rsi, Stochastic, Ultimate, WilliamsR};
    pub use study::Study;
    pub use trend::{Adx, Directional, Ichimoku, Macd, Sar};
    pub use volatility::{Atr, Bollinger, Obv, Vwap};
}

/// The allocator that the server uses.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Largest difference from TA-Lib's value: relative above 1, absolute below.
const TOLERANCE: f64 = 1e-6;

/// The command line arguments.
struct Arguments {
    /// The Python interpreter that has TA-Lib installed.
    python: PathBuf,
    /// The script that runs TA-Lib.
    script: PathBuf,
    /// Folder for the price and indicator columns.
    folder: PathBuf,
    bars: usize,
    rounds: u32,
}

impl Arguments {
    fn parse() -> Result<Self> {
        use lexopt::prelude::{Long, ValueExt};
        let (mut python, mut script, mut folder) = (None, None, None);
        let (mut bars, mut rounds) = (1_000_000, 15);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("python") => python = Some(parser.value()?.into()),
                Long("script") => script = Some(parser.value()?.into()),
                Long("folder") => folder = Some(parser.value()?.into()),
                Long("bars") => bars = parser.value()?.parse()?,
                Long("rounds") => rounds = parser.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        if bars < 1_000 || rounds == 0 {
            bail!("at least 1000 bars and one round");
        }
        Ok(Self {
            python: python.context("--python")?,
            script: script.context("--script")?,
            folder: folder.context("--folder")?,
            bars,
            rounds,
        })
    }
}

/// Computes one indicator with our code.
type Run = fn(&Past) -> Vec<Line>;

/// Indicators with the same definition as TA-Lib's: the name in the TA-Lib script, and our code.
const INDICATORS: [(&str, Run); 20] = [
    ("sma", |past| Study::Sma(20).columns(past)),
    ("ema", |past| Study::Ema(20).columns(past)),
    ("wma", |past| Study::Wma(20).columns(past)),
    ("kama", |past| {
        let mut kama = Kama::new(30);
        over(past, move |bar| [kama.next(bar.close)]).into()
    }),
    ("bollinger", |past| Study::Bollinger(20, 2.0).columns(past)),
    ("vwap", |past| Study::Vwap(None).columns(past)),
    ("ichimoku", |past| Study::Ichimoku(9, 26, 52).columns(past)),
    ("sar", |past| Study::Sar(0.02, 0.2).columns(past)),
    ("rsi", |past| Study::Rsi(14).columns(past)),
    ("macd", |past| Study::Macd(12, 26, 9).columns(past)),
    ("stochastic", |past| {
        Study::Stochastic(14, 3, 3).columns(past)
    }),
    ("adx", |past| {
        let mut adx = Adx::new(14);
        over(past, move |bar| [adx.next(bar).and_then(|lines| lines.adx)]).into()
    }),
    ("directional", |past| {
        let mut directional = Directional::new(14);
        let next = move |bar: &_| match directional.next(bar) {
            Some(lines) => [Some(lines.plus), Some(lines.minus)],
            None => [None; 2],
        };
        over(past, next).into()
    }),
    ("atr", |past| Study::Atr(14).columns(past)),
    ("obv", |past| Study::Obv.columns(past)),
    ("cci", |past| Study::Cci(20).columns(past)),
    ("mfi", |past| Study::Mfi(14).columns(past)),
    ("roc", |past| Study::Roc(12).columns(past)),
    ("williams", |past| Study::WilliamsR(14).columns(past)),
    ("ultimate", |past| {
        let mut ultimate = Ultimate::new(7, 14, 28);
        over(past, move |bar| [ultimate.next(bar)]).into()
    }),
];

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench indicators: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    let arguments = Arguments::parse()?;
    let past = prices::walk(arguments.bars);
    prices::write(&arguments.folder, &past)?;
    let mut talib = talib::Talib::start(&arguments.python, &arguments.script, &arguments.folder)?;
    for (name, run) in INDICATORS {
        let lines = talib.save(name)?;
        compare(&run(&past), &lines).with_context(|| format!("{name} differs"))?;
    }
    println!(
        "{}; {} bars, best of {} rounds; all values within {TOLERANCE:e}\n",
        talib.version, arguments.bars, arguments.rounds
    );
    let mut best = [(Duration::MAX, Duration::MAX); INDICATORS.len()];
    for _ in 0..arguments.rounds {
        for ((name, run), (ours, theirs)) in INDICATORS.into_iter().zip(&mut best) {
            let start = Instant::now();
            let lines = run(&past);
            let took = start.elapsed();
            drop(std::hint::black_box(lines));
            *ours = took.min(*ours);
            *theirs = talib.time(name)?.min(*theirs);
        }
    }
    println!(
        "{:<14}{:>12}{:>12}{:>9}",
        "indicator", "Rialto", "TA-Lib", "ratio"
    );
    for ((name, _), times) in INDICATORS.into_iter().zip(best) {
        print(name, times);
    }
    let total = best
        .iter()
        .fold(Default::default(), |sum: (Duration, Duration), one| {
            (sum.0 + one.0, sum.1 + one.1)
        });
    print("all", total);
    Ok(())
}

fn print(name: &str, (ours, theirs): (Duration, Duration)) {
    let (ours, theirs) = (ours.as_secs_f64() * 1e3, theirs.as_secs_f64() * 1e3);
    println!(
        "{name:<14}{ours:>9.2} ms{theirs:>9.2} ms{:>9.2}",
        ours / theirs
    );
}

/// Checks that every value of every line is equal, or missing on both sides.
fn compare(ours: &[Line], theirs: &[Vec<f64>]) -> Result<()> {
    if ours.len() != theirs.len() {
        bail!("{} lines, not {}", ours.len(), theirs.len());
    }
    for (number, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        if ours.values().len() != theirs.len() {
            bail!("line {number} has {} values", theirs.len());
        }
        for (at, (ours, theirs)) in ours.values().zip(theirs).enumerate() {
            let same = match ours {
                Some(ours) => (ours - theirs).abs() <= TOLERANCE * theirs.abs().max(1.0),
                None => theirs.is_nan(),
            };
            if !same {
                bail!("line {number} on bar {at}: {ours:?}, not {theirs}");
            }
        }
    }
    Ok(())
}
