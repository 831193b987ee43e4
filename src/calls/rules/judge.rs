//! When a call begins and ends, and what became of it.
//!
//! A call begins at the open of the first trading day after the day on which it was made, and ends
//! at the close of the last trading day within its horizon: nobody can call what has happened. The
//! base rate is what the same would have come to on every day of the instrument's past up to the
//! last close that was known when the call was made.

use super::super::model::{Direction, Score};
use super::Horizon;
use crate::markets::indicators::Candle;
use chrono::{Days, NaiveDate};

/// Days without a price after which there is none.
pub const PATIENCE: Days = Days::new(10);
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

/// What is known on `today` of a call on an instrument with these days. Days after the end of its
/// horizon change nothing, and days after today are none.
#[must_use]
pub fn judge(terms: &Terms, bars: &[Candle], today: NaiveDate) -> Judgement {
    let known = bars.partition_point(|bar| bar.date <= today);
    let bars = bars.get(..known).unwrap_or_default();
    let begin_by = late(terms.made);
    let Some((entry, exit, end)) = stretch(bars, terms.made, terms.horizon) else {
        return if today > begin_by {
            Judgement::Void
        } else {
            Judgement::Open { entry: None }
        };
    };
    let date = |at: usize| bars.get(at).map(|bar| bar.date);
    if date(entry).is_none_or(|first| first > begin_by) {
        return Judgement::Void;
    }
    let last = bars.last().map_or(terms.made, |bar| bar.date);
    // A day may still be going on while it is today.
    let over = last > end || (last == end && today > end) || today > late(end);
    if !over {
        return Judgement::Open { entry: Some(entry) };
    }
    // It ended in silence.
    if date(exit).is_none_or(|last| late(last) < end) {
        return Judgement::Void;
    }
    let Some(rise) = rise(bars, entry, exit) else {
        return Judgement::Void;
    };
    let sign = match terms.direction {
        Direction::Long => 1.0,
        Direction::Short => -1.0,
    };
    let base = base(bars, terms);
    let score = Score {
        made: sign * rise,
        base_rate: base.map(|(rises, falls, _)| match terms.direction {
            Direction::Long => rises,
            Direction::Short => falls,
        }),
        base_mean: base.map(|(.., mean)| sign * mean),
    };
    Judgement::Scored { entry, exit, score }
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
