//! Technical ratings: 26 indicators vote, each by a rule that is stated, and a record says how often
//! such votes were right.
//!
//! The components are those of the public "Technical Ratings" of `TradingView`; where its text leaves
//! a choice, [`components`] states ours. A rating is no forecast: [`record`] walks through the
//! instrument's own past, with nothing known that was not known then, and sets it beside the base
//! rate and beside holding. So does a [`model`], which says how good its own chances were.

mod components;
mod model;
mod record;

#[cfg(test)]
mod tests;

pub use components::{COMPONENTS, Component, Group, Rater, Reading};
pub use model::{Bin, Feature, Model, Weighed, model, probabilities};
pub use record::{Edge, Following, HORIZON, Rate, Record, SWITCH_COST, record};

use super::indicators::Candle;
use serde::{Deserialize, Serialize};

/// What a rating comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Above a half.
    StrongBuy,
    /// Above a tenth.
    Buy,
    /// In between.
    Neutral,
    /// Below minus a tenth.
    Sell,
    /// Below minus a half.
    StrongSell,
}

impl Verdict {
    /// What a score means.
    pub fn of(score: f64) -> Self {
        if score > 0.5 {
            Self::StrongBuy
        } else if score > 0.1 {
            Self::Buy
        } else if score >= -0.1 {
            Self::Neutral
        } else if score >= -0.5 {
            Self::Sell
        } else {
            Self::StrongSell
        }
    }
}

/// All votes of a day and what they come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// Every component with its value and vote.
    pub readings: Vec<Reading>,
    /// The mean of the votes of moving averages, from -1 to 1.
    pub averages: Option<f64>,
    /// The mean of the votes of oscillators.
    pub oscillators: Option<f64>,
    /// The mean of the two.
    pub score: Option<f64>,
}

impl Rating {
    fn of(readings: Vec<Reading>) -> Self {
        let averages = mean(&readings, Group::Averages);
        let oscillators = mean(&readings, Group::Oscillators);
        let score = averages.zip(oscillators).map(|(a, o)| f64::midpoint(a, o));
        Self {
            readings,
            averages,
            oscillators,
            score,
        }
    }

    /// What it comes to; none while too few components can vote.
    pub fn verdict(&self) -> Option<Verdict> {
        self.score.map(Verdict::of)
    }
}

/// The mean of a group's votes; `None` when fewer than half of it can vote.
fn mean(readings: &[Reading], group: Group) -> Option<f64> {
    let of_group = || readings.iter().filter(|one| one.component.group() == group);
    let votes: Vec<f64> = of_group()
        .filter_map(|one| one.vote.map(f64::from))
        .collect();
    let enough = !votes.is_empty() && votes.len() * 2 >= of_group().count();
    enough.then(|| votes.iter().sum::<f64>() / votes.len() as f64)
}

/// The rating of the last bar and the scores of all of them.
pub fn rate(bars: &[Candle]) -> (Option<Rating>, Vec<Option<f64>>) {
    let mut rater = Rater::new();
    let mut last = None;
    let scores = bars.iter().map(|bar| {
        let rating = Rating::of(rater.next(bar));
        let score = rating.score;
        last = Some(rating);
        score
    });
    let scores = scores.collect();
    (last, scores)
}
