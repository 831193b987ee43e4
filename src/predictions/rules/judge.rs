//! When a prediction starts and ends, and its score.
//!
//! A prediction starts at the open of the first trading day after the day on which it was made, and
//! ends at the close of the last trading day within its horizon, so it cannot use what has already
//! happened. The base rate is the hit rate of the same prediction on every day of the symbol's
//! price history up to the last close that was known when the prediction was made.
//!
//! A score never changes. Prices that do not reach from the day on which the prediction was made
//! past its end score nothing: the prediction waits for others, and [`GIVEN_UP`] days after its end
//! it is void.

use super::super::model::{Direction, Mark, Score};
use super::Horizon;
use crate::markets::{Split, indicators::Candle};
use crate::shared::near::near;
use chrono::{Days, NaiveDate};
use std::cmp::Ordering;

/// Most days between a prediction and its first price, and between its last price and its end.
pub const PATIENCE: Days = Days::new(10);
/// Days after the end of a horizon in which missing prices are waited for.
pub const GIVEN_UP: Days = Days::new(30);
/// Largest correction of a first price, as a fraction of it, that leaves it the same price.
const CORRECTED: f64 = 0.1;
/// Usual split ratios: new shares per old share.
const USUAL: [f64; 7] = [1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0];
/// Fewest periods without overlap in a price history that make a base rate.
const BASE: f64 = 5.0;

/// Terms of a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub direction: Direction,
    pub horizon: Horizon,
    /// Day on which it was made.
    pub made: NaiveDate,
    /// Day of the last close known then.
    pub known: NaiveDate,
}

/// State of a prediction as of a day. `entry` and `exit` are indexes of bars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judgement {
    /// Not over yet.
    Open {
        /// Bar whose open is the entry, once it is known.
        entry: Option<usize>,
    },
    Scored {
        /// Bar whose open is the entry.
        entry: usize,
        /// Bar whose close is the exit.
        exit: usize,
        score: Score,
    },
    /// Prices to score it are missing.
    Void,
}

/// First bar, last bar and end of a prediction that was made on this day.
fn stretch(
    bars: &[Candle],
    made: NaiveDate,
    horizon: Horizon,
) -> Option<(usize, usize, NaiveDate)> {
    let entry = bars.partition_point(|bar| bar.date <= made);
    let first = bars.get(entry)?;
    // A horizon that ends before any trading extends to the first trading day.
    let end = horizon.end(made).max(first.date);
    let exit = bars.partition_point(|bar| bar.date <= end).checked_sub(1)?;
    Some((entry, exit, end))
}

/// Return from an open to a close, for a price that is expected to rise.
fn rise(bars: &[Candle], entry: usize, exit: usize) -> Option<f64> {
    let (entry, exit) = (bars.get(entry)?.open, bars.get(exit)?.close);
    let made = exit / entry - 1.0;
    (entry > 0.0 && made.is_finite()).then_some(made)
}

fn late(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(PATIENCE).unwrap_or(NaiveDate::MAX)
}

/// true if prices of a horizon that ended on `end` are not waited for any longer.
pub fn given_up(end: NaiveDate, today: NaiveDate) -> bool {
    end.checked_add_days(GIVEN_UP)
        .is_some_and(|last| today > last)
}

/// true if this is the first price that was stored before, adjusted for splits that came later. If
/// the source has no split data, a usual split ratio counts as a split.
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
    /// Not over: the prices do not reach the end.
    NotYet,
    /// No price in its last days.
    Silent,
    /// At the close of this bar.
    At(usize),
}

fn ending(bars: &[Candle], exit: usize, end: NaiveDate, today: NaiveDate) -> Ending {
    let last = bars.last().map_or(NaiveDate::MIN, |bar| bar.date);
    // The bar of today can still change.
    let over = last > end || (last == end && today > end) || given_up(end, today);
    let exited = bars.get(exit).map(|bar| bar.date);
    match exited {
        _ if !over => Ending::NotYet,
        Some(day) if late(day) >= end => Ending::At(exit),
        _ => Ending::Silent,
    }
}

/// Bars up to `today`.
fn known(bars: &[Candle], today: NaiveDate) -> &[Candle] {
    let known = bars.partition_point(|bar| bar.date <= today);
    bars.get(..known).unwrap_or_default()
}

/// Judges a prediction as of `today`. Bars after the end of its horizon change nothing, and bars
/// after today are ignored.
pub fn judge(terms: &Terms, bars: &[Candle], today: NaiveDate) -> Judgement {
    let bars = known(bars, today);
    let waits = |end| {
        if given_up(end, today) {
            Judgement::Void
        } else {
            Judgement::Open { entry: None }
        }
    };
    // The bars must include the last known day: else their first one may be too late for the entry.
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

/// Scores a prediction whose first price was stored, by prices that do not reach back to it;
/// returns the bar of its exit and the score. There must be no split between the two. `None`: not
/// yet possible.
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

/// Score of a price rise for a direction, with the base rate of earlier periods.
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

/// Fractions of rises and of falls, and mean return, over all periods of this length that had ended
/// when the prediction was made. `None`: the price history is too short.
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
