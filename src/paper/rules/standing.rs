//! Who stands where.

use crate::markets::{Freshness, Source};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// Returns that are shown alike share a place: a hundredth of a per cent.
const DIGITS: u32 = 4;

/// An account of a season.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<M> {
    pub member: M,
    /// What it is worth.
    pub value: Decimal,
    /// Orders that were filled.
    pub trades: u32,
}

/// What was made of `from`, a part of one.
pub fn made(from: Decimal, value: Decimal) -> Decimal {
    let part = value
        .checked_sub(from)
        .and_then(|more| more.checked_div(from));
    part.unwrap_or_default()
}

/// The accounts with their places, the best first. Those who made the same share one, and the next
/// place counts all before it. Whoever never traded comes last and has none.
pub fn ranked<M>(cash: Decimal, entries: Vec<Entry<M>>) -> Vec<(Option<u32>, Entry<M>)> {
    let shown = |entry: &Entry<M>| {
        let made = made(cash, entry.value);
        made.round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero)
    };
    let mut keyed: Vec<_> = entries
        .into_iter()
        .map(|entry| (entry.trades > 0, shown(&entry), entry))
        .collect();
    // Stable: those alike stay in the order in which they joined.
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

/// The instruments that are taken for the market, by the source of prices.
pub fn market(source: Source) -> &'static [&'static str] {
    match source.freshness() {
        // What the bundled data have from first to last.
        Freshness::Sample | Freshness::Replay => &["AAPL", "IBM", "MSFT"],
        Freshness::Delayed => &["SPY.US"],
        Freshness::EndOfDay => &["SPY"],
    }
}

/// What instruments made in equal parts, from their first prices and those of now.
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
