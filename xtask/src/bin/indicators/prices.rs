//! Generates prices that are the same on every machine and in every run.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::indicators::{Candle, Past};

/// Random numbers with a fixed seed (SplitMix64).
struct Chance(u64);

impl Chance {
    /// Returns a number that is uniformly distributed between 0 and 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Returns a random walk around 100, in cents, with steps of about 1.5%. It reverts slightly to the
/// mean; otherwise a million steps would leave any realistic price range.
pub fn walk(bars: usize) -> Past {
    let mut chance = Chance(20_000_301);
    let mut away = 0.0_f64;
    let mut open = 100.0;
    let cents = |price: f64| (price * 100.0).round() / 100.0;
    let bar = |_| {
        // The sum of three uniform numbers is close enough to a normal distribution.
        let step = chance.next() + chance.next() + chance.next() - 1.5;
        away = away * 0.999 + 0.03 * step;
        let close = cents(100.0 * away.exp());
        let top = f64::max(open, close) * (1.0 + 0.015 * chance.next());
        let bottom = f64::min(open, close) * (1.0 - 0.015 * chance.next());
        let bar = Candle {
            date: NaiveDate::default(),
            open,
            high: cents(top),
            low: cents(bottom),
            close,
            volume: (1e5 + 9e5 * chance.next()).round(),
        };
        open = close;
        bar
    };
    (0..bars).map(bar).collect()
}

/// Writes the columns that the TA-Lib script reads.
pub fn write(folder: &Path, past: &Past) -> Result<()> {
    fs::create_dir_all(folder)?;
    let columns = [
        ("high", &past.high),
        ("low", &past.low),
        ("close", &past.close),
        ("volume", &past.volume),
    ];
    for (name, values) in columns {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        fs::write(folder.join(name), bytes).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

/// Reads a column that the TA-Lib script wrote.
pub fn read(path: &Path) -> Result<Vec<f64>> {
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let (values, _) = bytes.as_chunks::<8>();
    Ok(values.iter().copied().map(f64::from_le_bytes).collect())
}
