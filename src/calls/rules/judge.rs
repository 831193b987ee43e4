//! When a call begins and ends, and what became of it.
//!
//! A call begins at the open of the first trading day after the day on which it was made, and ends
//! at the close of the last trading day within its horizon: nobody can call what has happened. The
//! base rate is what the same would have come to on every day of the instrument's past up to the
//! last close that was known when the call was made.
//!
//! What is written stays for ever. Prices that do not reach from the day on which the call was made
//! past its end say nothing, for or against it: others are waited for, and only [`GIVEN_UP`] days
//! after its end it is over without them.

use super::super::model::{Direction, Mark, Score};
use super::Horizon;
use crate::markets::{Split, indicators::Candle};
use crate::shared::near::near;
use chrono::{Days, NaiveDate};
use std::cmp::Ordering;

/// Days without a price after which there is none.
pub const PATIENCE: Days = Days::new(10);
/// Days after the end of a horizon until which prices are waited for that say what became of it.
pub const GIVEN_UP: Days = Days::new(30);
/// A first price may be put right by so much, as a part of it, and still be the same.
const CORRECTED: f64 = 0.1;
/// So many shares one becomes in most splits.
const USUAL: [f64; 7] = [1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0];
/// Stretches that do not overlap and make a base rate, at least.
const BASE: f64 = 5.0;

/// What a call is scored by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What was expected.
    pub direction: Direction,
    /// For how long.
    pub horizon: Horizon,
    /// The day on which it was made.
    pub made: NaiveDate,
    /// The last close that was known then.
    pub known: NaiveDate,
}

/// What is known of a call. Places are those of bars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judgement {
    /// It goes on; where it began, once that is known.
    Open {
        /// The bar whose open it began at.
        entry: Option<usize>,
    },
    /// It ended.
    Scored {
        /// The bar whose open it began at.
        entry: usize,
        /// The bar whose close it ended at.
        exit: usize,
        /// What became of it.
        score: Score,
    },
    /// There are no prices to score it by.
    Void,
}

/// A stretch of the past as a call would have had it: where it begins and where it ends.
fn stretch(
    bars: &[Candle],
    made: NaiveDate,
    horizon: Horizon,
) -> Option<(usize, usize, NaiveDate)> {
    let entry = bars.partition_point(|bar| bar.date <= made);
    let first = bars.get(entry)?;
    // A horizon that ends before there was any trading has the first day.
    let end = horizon.end(made).max(first.date);
    let exit = bars.partition_point(|bar| bar.date <= end).checked_sub(1)?;
    Some((entry, exit, end))
}

/// The return of a stretch when the price is expected to rise.
fn rise(bars: &[Candle], entry: usize, exit: usize) -> Option<f64> {
    let (entry, exit) = (bars.get(entry)?.open, bars.get(exit)?.close);
    let made = exit / entry - 1.0;
    (entry > 0.0 && made.is_finite()).then_some(made)
}

fn late(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(PATIENCE).unwrap_or(NaiveDate::MAX)
}

/// Is it of no use to wait any longer for the prices of a horizon that ended?
pub fn given_up(end: NaiveDate, today: NaiveDate) -> bool {
    end.checked_add_days(GIVEN_UP)
        .is_some_and(|last| today > last)
}

/// Is this the first price that was noted before, as shares are counted now? The last splits may
/// have come since; where the source tells of none, one in whole shares is taken for one.
pub fn is_same(noted: &Mark, found: &Mark, splits: Option<&[Split]>) -> bool {
    let (before, now) = (near(noted.price), near(found.price));
    let same = |ratio: f64| (now * ratio / before - 1.0).abs() <= CORRECTED;
    if noted.date != found.date || before <= 0.0 {
        return false;
    }
    if same(1.0) {
        return true;
    }
    let Some(splits) = splits else {
        return USUAL.iter().any(|ratio| same(*ratio) || same(1.0 / ratio));
    };
    let later = splits.iter().rev();
    let mut later = later.take_while(|split| split.date > noted.date);
    let mut all = 1.0;
    later.any(|split| {
        all *= f64::from(split.to) / f64::from(split.from.max(1));
        same(all)
    })
}

/// How a horizon ended.
enum Ending {
    /// It goes on, as far as the prices go.
    NotYet,
    /// There was no price in its last days.
    Silent,
    /// With the close of this bar.
    At(usize),
}

fn ending(bars: &[Candle], exit: usize, end: NaiveDate, today: NaiveDate) -> Ending {
    let last = bars.last().map_or(NaiveDate::MIN, |bar| bar.date);
    // A day may still be going on while it is today.
    let over = last > end || (last == end && today > end) || given_up(end, today);
    let exited = bars.get(exit).map(|bar| bar.date);
    match exited {
        _ if !over => Ending::NotYet,
        Some(day) if late(day) >= end => Ending::At(exit),
        _ => Ending::Silent,
    }
}

/// Those days that are over or begun on `today`.
fn known(bars: &[Candle], today: NaiveDate) -> &[Candle] {
    let known = bars.partition_point(|bar| bar.date <= today);
    bars.get(..known).unwrap_or_default()
}

/// What is known on `today` of a call on an instrument with these days. Days after the end of its
/// horizon change nothing, and days after today are none.
pub fn judge(terms: &Terms, bars: &[Candle], today: NaiveDate) -> Judgement {
    let bars = known(bars, today);
    let waits = |end| {
        if given_up(end, today) {
            Judgement::Void
        } else {
            Judgement::Open { entry: None }
        }
    };
    // The day that was known must lie within: else the first day here is not the first one.
    let day = terms.known.min(terms.made);
    let reaches = |bar: Option<&Candle>, order: Ordering| {
        bar.is_some_and(|bar| bar.date == day || bar.date.cmp(&day) == order)
    };
    if !reaches(bars.first(), Ordering::Less) || !reaches(bars.last(), Ordering::Greater) {
        return waits(terms.horizon.end(terms.made));
    }
    let Some((entry, exit, end)) = stretch(bars, terms.made, terms.horizon) else {
        return waits(terms.horizon.end(terms.made));
    };
    let first = bars.get(entry).map(|bar| bar.date);
    if first.is_none_or(|first| first > late(terms.made)) {
        return Judgement::Void;
    }
    let exit = match ending(bars, exit, end, today) {
        Ending::NotYet => return Judgement::Open { entry: Some(entry) },
        Ending::Silent => return Judgement::Void,
        Ending::At(exit) => exit,
    };
    let Some(rise) = rise(bars, entry, exit) else {
        return Judgement::Void;
    };
    let score = scored(terms.direction, rise, base(bars, terms));
    Judgement::Scored { entry, exit, score }
}

/// What became of a call whose first price was noted, by prices that do not reach back to it: the
/// place of its last one. There must be no split between the two. `None`: nobody can tell, yet.
pub fn judge_from(
    terms: &Terms,
    noted: &Mark,
    bars: &[Candle],
    today: NaiveDate,
) -> Option<(usize, Score)> {
    let bars = known(bars, today);
    let end = terms.horizon.end(terms.made).max(noted.date);
    let exit = bars.partition_point(|bar| bar.date <= end).checked_sub(1)?;
    let Ending::At(exit) = ending(bars, exit, end, today) else {
        return None;
    };
    let last = bars.get(exit).filter(|bar| bar.date >= noted.date)?;
    let rise = last.close / near(noted.price) - 1.0;
    let score = scored(terms.direction, rise, None);
    rise.is_finite().then_some((exit, score))
}

/// A rise as a call in its direction has it, beside what such stretches came to before.
fn scored(direction: Direction, rise: f64, base: Option<(f64, f64, f64)>) -> Score {
    let sign = match direction {
        Direction::Long => 1.0,
        Direction::Short => -1.0,
    };
    Score {
        made: sign * rise,
        base_rate: base.map(|(rises, falls, _)| match direction {
            Direction::Long => rises,
            Direction::Short => falls,
        }),
        base_mean: base.map(|(.., mean)| sign * mean),
    }
}

/// How often the price rose and fell over such stretches that had ended when the call was made, and
/// the mean of their returns.
fn base(bars: &[Candle], terms: &Terms) -> Option<(f64, f64, f64)> {
    let known = terms.known.min(terms.made);
    let bars = bars.get(..bars.partition_point(|bar| bar.date <= known))?;
    let (first, last) = (bars.first()?.date, bars.last()?.date);
    let returns = bars.iter().filter_map(|bar| {
        let (entry, exit, end) = stretch(bars, bar.date, terms.horizon)?;
        (end <= last).then(|| rise(bars, entry, exit))?
    });
    let returns: Vec<f64> = returns.collect();
    let days = (terms.horizon.end(first) - first).num_days().max(1);
    let apart = (last - first).num_days() as f64 / days as f64;
    if apart < BASE || returns.is_empty() {
        return None;
    }
    let n = returns.len() as f64;
    let part =
        |wanted: fn(f64) -> bool| returns.iter().filter(|made| wanted(**made)).count() as f64 / n;
    let mean = returns.iter().sum::<f64>() / n;
    Some((part(|made| made > 0.0), part(|made| made < 0.0), mean))
}
