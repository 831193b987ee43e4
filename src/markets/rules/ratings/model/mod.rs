//! A model beside the rating: the probability that the price is higher after the horizon, by a
//! logistic regression over eight features of the instrument's own history, and how good such
//! probabilities were.
//!
//! It walks forward: on each day it knows only examples whose outcome was known before that day, it
//! is refitted every [`REFIT`] days, and its probability of a day never changes afterwards. Its
//! quality is the Brier score beside that of the base rate as known on the same days. The eight
//! features and all settings are fixed: no search chose them.

mod features;
mod logistic;
mod score;

#[cfg(test)]
mod tests;

pub use features::Feature;
pub use logistic::Weighed;
pub use score::Bin;

use super::HORIZON;
use crate::markets::rules::indicators::Candle;
use chrono::NaiveDate;
use features::{Row, rows};
use logistic::Fit;
use serde::{Deserialize, Serialize};

/// Days between two fits.
pub const REFIT: usize = 63;
/// Minimum number of examples for a fit: two years.
const LEAST: usize = 504;
/// Minimum number of rises, and of falls, for a fit.
const LEAST_OF_EACH: usize = 30;

/// Today's probability of a rise, and how good such probabilities were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// Probability of a rise from the next open to the close at the end of the horizon; null if a
    /// feature is not defined today.
    pub probability: Option<f64>,
    /// Base rate: fraction of all days with a known outcome after which the price rose.
    pub base: f64,
    /// Trading days from the entry to the close at the end.
    pub horizon: usize,
    /// Days between two fits.
    pub refit: usize,
    /// First scored day.
    pub from: NaiveDate,
    /// Last scored day.
    pub to: NaiveDate,
    /// Number of scored days.
    pub predictions: usize,
    /// Number of horizons among them that do not overlap.
    pub independent: usize,
    /// Brier score: mean squared distance of the probability from the outcome. 0 is perfect, 0.25
    /// is always 0.5.
    pub brier: f64,
    /// Brier score of the base rate, as known on each day.
    pub base_brier: f64,
    /// Fraction by which the model is better than the base rate; below 0 it is worse.
    pub skill: f64,
    /// Lower end of the 95% interval of the skill; null with too few days.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Whether the whole interval is above 0.
    pub demonstrated: bool,
    /// Probabilities and outcomes, from the lowest probabilities to the highest.
    pub bins: Vec<Bin>,
    /// What each feature adds today; empty without a probability.
    pub features: Vec<Weighed>,
}

/// Result of the model on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Forecast {
    probability: f64,
    /// Base rate, as known on that day.
    base: f64,
}

/// Result of a walk through a history.
struct Walk {
    rows: Vec<Option<Row>>,
    /// Result of each day, if any.
    said: Vec<Option<Forecast>>,
    /// Last fit.
    fit: Option<Fit>,
}

/// Returns whether the price rose from the open after a day to the close at the end of the horizon;
/// `None`: not known yet.
fn outcome(bars: &[Candle], day: usize) -> Option<bool> {
    let (entry, exit) = (bars.get(day + 1)?.open, bars.get(day + HORIZON)?.close);
    (entry > 0.0 && exit.is_finite()).then_some(exit > entry)
}

/// Walks through a history, and computes for each day what was known on it.
fn walk(bars: &[Candle]) -> Walk {
    let rows = rows(bars);
    let (mut examples, mut rises): (Vec<(Row, bool)>, usize) = (Vec::new(), 0);
    let mut fit: Option<Fit> = None;
    let mut fitted = 0;
    let mut said = Vec::with_capacity(bars.len());
    for (day, row) in rows.iter().enumerate() {
        // This outcome was known at yesterday's close: no example reaches into the day that is
        // judged, or beyond it.
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
            // Without a solution the last fit stays.
            fit = Fit::of(&examples, fit.as_ref()).or(fit);
            fitted = day;
        }
        let today = fit.as_ref().zip(row.as_ref()).map(|(fit, row)| Forecast {
            probability: fit.probability(row),
            base: rises as f64 / examples.len() as f64,
        });
        said.push(today);
    }
    Walk { rows, said, fit }
}

/// Returns the probability of every day of a history, as known on that day.
pub fn probabilities(bars: &[Candle]) -> Vec<Option<f64>> {
    let said = walk(bars).said.into_iter();
    said.map(|said| Some(said?.probability)).collect()
}

/// Returns the probability of the last day, with the score of all days before; `None`: the history
/// is too short for a score, or too little is known of it.
pub fn model(bars: &[Candle]) -> Option<Model> {
    let Walk { rows, said, fit } = walk(bars);
    let scored: Vec<(NaiveDate, Forecast, bool)> = said
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
