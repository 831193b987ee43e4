//! Who is good at this: skill with its interval, and not luck.
//!
//! A call that came true proves little where prices mostly rise. A record is therefore set beside
//! what the same directions came to on the same instruments before, and it is ranked by the lower
//! end of its interval: few calls make a wide interval, and many of the same make one.

use super::super::model::Tally;
use crate::markets::canonical;
use crate::shared::near::wilson;
use chrono::NaiveDate;
use std::{cmp::Ordering, collections::BTreeMap};

/// So many calls that do not overlap are needed to tell anything.
pub const ENOUGH: f64 = 10.0;
/// What is expected of an instrument whose past is too short to tell.
const EVEN: f64 = 0.5;

/// A scored call, as far as records go.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The instrument.
    pub symbol: String,
    /// Its first day.
    pub entry: NaiveDate,
    /// Its last day.
    pub exit: NaiveDate,
    /// The return in its direction.
    pub made: f64,
    /// How often such a call would have come true before.
    pub base_rate: Option<f64>,
    /// The mean return of such calls.
    pub base_mean: Option<f64>,
}

impl Outcome {
    fn days(&self) -> f64 {
        ((self.exit - self.entry).num_days() + 1).max(1) as f64
    }
}

/// What the calls of one author come to.
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

/// Each call with what it counts: those on one instrument whose times hang together count as many
/// as would fit into that time one after the other.
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

/// Calls that hang together.
fn weigh<'a>(chain: &mut Vec<&'a Outcome>, weighed: &mut Vec<(&'a Outcome, f64)>) {
    let all: f64 = chain.iter().map(|one| one.days()).sum();
    let first = chain.iter().map(|one| one.entry).min();
    let last = chain.iter().map(|one| one.exit).max();
    if let Some((first, last)) = first.zip(last) {
        let time = ((last - first).num_days() + 1) as f64;
        weighed.extend(chain.drain(..).map(|one| (one, (time / all).min(1.0))));
    }
}

/// Puts records into the order of the table and gives places to those that can be ranked; the rest
/// follow, those with more calls first.
pub fn ranked<T>(records: Vec<(T, Tally)>) -> Vec<(T, Tally, Option<u32>)> {
    let enough = |tally: &Tally| tally.counted >= ENOUGH;
    let mut records = records;
    records.sort_by(|(_, a), (_, b)| match (enough(a), enough(b)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (true, true) => (b.edge.unwrap_or(-1.0)).total_cmp(&a.edge.unwrap_or(-1.0)),
        (false, false) => b.counted.total_cmp(&a.counted),
    });
    let places = records.into_iter().zip(1..);
    places
        .map(|((of, tally), place)| (of, tally, enough(&tally).then_some(place)))
        .collect()
}
