//! Ranks of accounts, and the benchmark.

use crate::markets::{Freshness, Source};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// Decimals of a return for its rank: returns that look equal share one (0.01%).
const DIGITS: u32 = 4;

/// An account of a season.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<M> {
    pub member: M,
    /// Value of the account.
    pub value: Decimal,
    /// Number of filled orders.
    pub trades: u32,
}

/// Return on `from`, as a fraction.
pub fn made(from: Decimal, value: Decimal) -> Decimal {
    let part = value
        .checked_sub(from)
        .and_then(|more| more.checked_div(from));
    part.unwrap_or_default()
}

/// Ranks accounts, best first. Equal returns share a rank, and the next rank counts all before it.
/// Accounts without trades come last, without a rank.
pub fn ranked<M>(cash: Decimal, entries: Vec<Entry<M>>) -> Vec<(Option<u32>, Entry<M>)> {
    let shown = |entry: &Entry<M>| {
        let made = made(cash, entry.value);
        made.round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero)
    };
    let mut keyed: Vec<_> = entries
        .into_iter()
        .map(|entry| (entry.trades > 0, shown(&entry), entry))
        .collect();
    // The sort is stable: equal accounts stay in the order of joining.
    keyed.sort_by(|(traded, made, _), (other_traded, other, _)| {
        other_traded.cmp(traded).then_with(|| other.cmp(made))
    });
    let mut ranked = Vec::with_capacity(keyed.len());
    let (mut last, mut place) = (None, 0_u32);
    for (count, (traded, made, entry)) in (1_u32..).zip(keyed) {
        if last != Some(made) {
            (last, place) = (Some(made), count);
        }
        ranked.push((traded.then_some(place), entry));
    }
    ranked
}

/// Benchmark symbols, by data source.
pub fn market(source: Source) -> &'static [&'static str] {
    match source.freshness() {
        // The bundled data have these symbols from the first day to the last.
        Freshness::Sample | Freshness::Replay => &["AAPL", "IBM", "MSFT"],
        Freshness::Delayed => &["SPY.US"],
        Freshness::EndOfDay => &["SPY"],
    }
}

/// Return of symbols held in equal parts, from their first and latest prices.
pub fn held(prices: &[(Decimal, Decimal)]) -> Option<f64> {
    let mut sum = 0.0;
    for (then, now) in prices {
        sum += made(*then, *now).to_f64()?;
    }
    let count = u32::try_from(prices.len())
        .ok()
        .filter(|count| *count > 0)?;
    Some(sum / f64::from(count))
}
