//! A model beside the rating: the chance that the price is higher after the horizon, by a logistic
//! regression over eight figures of the instrument's own past, and how good such chances were.
//!
//! It walks forward: on each day it knows only examples whose outcome was known before that day, is
//! fitted anew every [`REFIT`] days, and its chance of a day never changes afterwards. What it is worth is the Brier
//! score beside that of the base rate as it was known on the same days. Eight figures and no search for
//! better ones: settings are fixed.

mod features;
mod logistic;
mod score;

#[cfg(test)]
mod tests;

pub use features::Feature;
pub use score::Bin;

use super::HORIZON;
use crate::markets::rules::indicators::Candle;
use chrono::NaiveDate;
use features::{Row, rows};
use logistic::Fit;
use serde::{Deserialize, Serialize};

/// Days between one fit and the next.
pub const REFIT: usize = 63;
/// Examples without which nothing is fitted: two years.
const LEAST: usize = 504;
/// Rises and falls without which nothing is fitted.
const LEAST_OF_EACH: usize = 30;

/// The chance of today, and how good such chances were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// The chance of a rise from the next open to the close at the end of the horizon; null where a
    /// figure is not defined today.
    pub probability: Option<f64>,
    /// The part of all days with a known outcome after which the price rose.
    pub base: f64,
    /// Trading days from the entry to the close that is looked at.
    pub horizon: usize,
    /// Days between one fit and the next.
    pub refit: usize,
    /// The first day whose chance is scored.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// Days that are scored.
    pub predictions: usize,
    /// Stretches of the horizon among them that do not overlap.
    pub independent: usize,
    /// The mean squared distance of the chance from what happened: 0 is perfect, 0.25 is always saying
    /// one half.
    pub brier: f64,
    /// That of the base rate, as it was known on each day.
    pub base_brier: f64,
    /// By which part the model is better than the base rate; below 0 it is worse.
    pub skill: f64,
    /// The interval that holds the skill with 95 %: its lower end; null with too few days ...
    pub low: Option<f64>,
    /// ... and its upper end.
    pub high: Option<f64>,
    /// Whether the whole interval is above 0.
    pub demonstrated: bool,
    /// What was said and what happened, from the lowest chances to the highest.
    pub bins: Vec<Bin>,
    /// What each figure adds today; empty without a chance.
    pub features: Vec<Weighed>,
}

/// What a figure adds to a chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Weighed {
    pub feature: Feature,
    /// Its value today.
    pub value: f64,
    /// How many deviations it is from its mean, 4 at most.
    pub deviations: f64,
    /// What one deviation adds to the logarithm of the odds.
    pub weight: f64,
    /// What it adds today.
    pub adds: f64,
}

/// What was said of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Said {
    probability: f64,
    /// The base rate, as it was known.
    base: f64,
}

/// A past, walked through.
struct Walk {
    rows: Vec<Option<Row>>,
    /// For each day what was said on it.
    said: Vec<Option<Said>>,
    /// What was fitted last.
    fit: Option<Fit>,
}

/// Whether the price rose from the open after a day to the close at the end of the horizon; `None`:
/// that is not known yet.
fn outcome(bars: &[Candle], day: usize) -> Option<bool> {
    let (entry, exit) = (bars.get(day + 1)?.open, bars.get(day + HORIZON)?.close);
    (entry > 0.0 && exit.is_finite()).then_some(exit > entry)
}

/// Goes through the past and says on each day what could be said on it.
fn walk(bars: &[Candle]) -> Walk {
    let rows = rows(bars);
    let (mut examples, mut rises): (Vec<(Row, bool)>, usize) = (Vec::new(), 0);
    let mut fit: Option<Fit> = None;
    let mut fitted = 0;
    let mut said = Vec::with_capacity(bars.len());
    for (day, row) in rows.iter().enumerate() {
        // The outcome of this one was known at yesterday's close: nothing that is learnt reaches
        // into the day that is judged, or beyond it.
        if let Some(known) = day.checked_sub(HORIZON + 1)
            && let Some(features) = rows.get(known).copied().flatten()
            && let Some(rose) = outcome(bars, known)
        {
            examples.push((features, rose));
            rises += usize::from(rose);
        }
        let falls = examples.len() - rises;
        let enough = examples.len() >= LEAST && rises.min(falls) >= LEAST_OF_EACH;
        if enough && (fit.is_none() || day - fitted >= REFIT) {
            // Without a solution the last one stays.
            fit = Fit::of(&examples, fit.as_ref()).or(fit);
            fitted = day;
        }
        let today = fit.as_ref().zip(row.as_ref()).map(|(fit, row)| Said {
            probability: fit.probability(row),
            base: rises as f64 / examples.len() as f64,
        });
        said.push(today);
    }
    Walk { rows, said, fit }
}

/// The chance of every day of a past, as it was said on it.
pub fn probabilities(bars: &[Candle]) -> Vec<Option<f64>> {
    let said = walk(bars).said.into_iter();
    said.map(|said| Some(said?.probability)).collect()
}

/// The chance of the last day, with the score of all before it; `None`: the past is too short for a
/// score, or too little is known of it.
pub fn model(bars: &[Candle]) -> Option<Model> {
    let Walk { rows, said, fit } = walk(bars);
    let scored: Vec<(NaiveDate, Said, bool)> = said
        .iter()
        .zip(bars)
        .enumerate()
        .filter_map(|(day, (said, bar))| Some((bar.date, (*said)?, outcome(bars, day)?)))
        .collect();
    let ((from, ..), (to, ..)) = (*scored.first()?, *scored.last()?);
    let trials: Vec<_> = scored
        .iter()
        .map(|(_, said, rose)| score::Trial {
            said: said.probability,
            base: said.base,
            rose: *rose,
        })
        .collect();
    let brier = score::mean(&trials, score::Trial::error)?;
    let base_brier = score::mean(&trials, score::Trial::base_error)?;
    let skill = score::skill(brier, base_brier)?;
    let interval = score::interval(&trials);
    let known: Vec<bool> = (0..bars.len())
        .filter(|day| rows.get(*day).is_some_and(Option::is_some))
        .filter_map(|day| outcome(bars, day))
        .collect();
    let rises = known.iter().filter(|rose| **rose).count();
    let today = said.last().copied().flatten();
    let parts = today
        .and(fit.as_ref())
        .zip(rows.last().and_then(Option::as_ref))
        .map(|(fit, row)| fit.parts(row));
    Some(Model {
        probability: today.map(|said| said.probability),
        base: rises as f64 / known.len() as f64,
        horizon: HORIZON,
        refit: REFIT,
        from,
        to,
        predictions: trials.len(),
        independent: trials.len() / HORIZON,
        brier,
        base_brier,
        skill,
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        demonstrated: interval.is_some_and(|(low, _)| low > 0.0),
        bins: score::bins(&trials),
        features: parts.unwrap_or_default(),
    })
}
