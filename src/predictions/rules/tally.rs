//! Track records: skill with its interval, not luck.
//!
//! A prediction that was right proves little where prices mostly rise. So a track record is
//! compared with the base rate of the same directions and symbols, and ranked by the lower end of
//! its interval: few predictions make a wide interval, and many equal predictions count as one.

use super::super::model::Tally;
use crate::markets::canonical;
use crate::shared::near::wilson;
use chrono::NaiveDate;
use std::{cmp::Ordering, collections::BTreeMap};

/// Fewest predictions without overlap for a rank.
pub const ENOUGH: f64 = 10.0;
/// Base rate for a symbol whose price history is too short.
const EVEN: f64 = 0.5;

/// A scored prediction, for track records.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub symbol: String,
    /// Day of the entry.
    pub entry: NaiveDate,
    /// Day of the exit.
    pub exit: NaiveDate,
    /// Return in its direction, as a fraction.
    pub made: f64,
    /// Hit rate of such predictions over earlier periods.
    pub base_rate: Option<f64>,
    /// Mean return of such predictions.
    pub base_mean: Option<f64>,
}

impl Outcome {
    fn days(&self) -> f64 {
        ((self.exit - self.entry).num_days() + 1).max(1) as f64
    }
}

/// Track record of one author's predictions.
pub fn tally(results: &[Outcome]) -> Tally {
    let weighed = weighed(results);
    let sum = |of: &dyn Fn(&Outcome) -> f64| -> f64 {
        weighed.iter().map(|(one, weight)| weight * of(one)).sum()
    };
    let counted = sum(&|_| 1.0);
    let scored = u32::try_from(results.len()).unwrap_or(u32::MAX);
    if counted <= 0.0 {
        return Tally {
            scored,
            ..Tally::default()
        };
    }
    let mean = |of: &dyn Fn(&Outcome) -> f64| sum(of) / counted;
    let rate = mean(&|one| f64::from(u8::from(one.made > 0.0))).clamp(0.0, 1.0);
    let base = mean(&|one| one.base_rate.unwrap_or(EVEN));
    let (low, high) = wilson(rate, counted);
    Tally {
        scored,
        counted,
        rate: Some(rate),
        low: Some(low),
        high: Some(high),
        base: Some(base),
        excess: Some(mean(&|one| one.made - one.base_mean.unwrap_or(0.0))),
        edge: Some(low - base),
    }
}

/// Predictions with their weights: overlapping ones on one symbol count as many as would fit into
/// their time one after the other.
fn weighed(results: &[Outcome]) -> Vec<(&Outcome, f64)> {
    let mut by_symbol: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for one in results {
        let code = canonical(&one.symbol);
        by_symbol.entry(code).or_default().push(one);
    }
    let mut weighed = Vec::with_capacity(results.len());
    for mut of_symbol in by_symbol.into_values() {
        of_symbol.sort_by_key(|one| (one.entry, one.exit));
        let mut chain: Vec<&Outcome> = Vec::new();
        let mut end = None;
        for one in of_symbol {
            if end.is_some_and(|end| one.entry > end) {
                weigh(&mut chain, &mut weighed);
            }
            end = end.filter(|_| !chain.is_empty()).max(Some(one.exit));
            chain.push(one);
        }
        weigh(&mut chain, &mut weighed);
    }
    weighed
}

/// Weighs predictions that form a chain of overlaps.
fn weigh<'a>(chain: &mut Vec<&'a Outcome>, weighed: &mut Vec<(&'a Outcome, f64)>) {
    let all: f64 = chain.iter().map(|one| one.days()).sum();
    let first = chain.iter().map(|one| one.entry).min();
    let last = chain.iter().map(|one| one.exit).max();
    if let Some((first, last)) = first.zip(last) {
        let time = ((last - first).num_days() + 1) as f64;
        weighed.extend(chain.drain(..).map(|one| (one, (time / all).min(1.0))));
    }
}

/// Sorts track records for the leaderboard, and ranks all with enough predictions. Equal edges share
/// a rank, and the next rank counts all before it. The rest follow, most counted predictions first.
pub fn ranked<T>(records: Vec<(T, Tally)>) -> Vec<(T, Tally, Option<u32>)> {
    let enough = |tally: &Tally| tally.counted >= ENOUGH;
    let mut records = records;
    records.sort_by(|(_, a), (_, b)| match (enough(a), enough(b)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (true, true) => (b.edge.unwrap_or(-1.0)).total_cmp(&a.edge.unwrap_or(-1.0)),
        (false, false) => b.counted.total_cmp(&a.counted),
    });
    let mut last: Option<(Option<f64>, u32)> = None;
    let places = records.into_iter().zip(1..);
    places
        .map(|((of, tally), place)| {
            let shared = last.filter(|(edge, _)| *edge == tally.edge);
            let rank = shared.map_or(place, |(_, rank)| rank);
            last = Some((tally.edge, rank));
            (of, tally, enough(&tally).then_some(rank))
        })
        .collect()
}
