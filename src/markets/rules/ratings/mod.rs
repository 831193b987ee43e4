//! Technical ratings: 26 indicators vote, each by a stated rule, and a track record says how often
//! such votes were right.
//!
//! The components are those of the public "Technical Ratings" of `TradingView`; where its text
//! leaves a choice, [`components`] states ours. A rating is no forecast: [`record`] walks through
//! the instrument's own history, with nothing known that was not known then, and compares it with
//! the base rate and with holding. So does a [`model`], which says how good its own probabilities
//! were.

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

/// Verdict of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Score above 0.5.
    StrongBuy,
    /// Score above 0.1.
    Buy,
    /// Score from -0.1 to 0.1.
    Neutral,
    /// Score below -0.1.
    Sell,
    /// Score below -0.5.
    StrongSell,
}

impl Verdict {
    /// Returns the verdict of a score. A score is a mean of whole votes: what is within a billionth of
    /// a bound is the bound.
    pub fn of(score: f64) -> Self {
        let above = |bound: f64| score > bound + 1e-9;
        let below = |bound: f64| score < bound - 1e-9;
        if above(0.5) {
            Self::StrongBuy
        } else if above(0.1) {
            Self::Buy
        } else if below(-0.5) {
            Self::StrongSell
        } else if below(-0.1) {
            Self::Sell
        } else {
            Self::Neutral
        }
    }

    /// true for [`Self::Buy`] and [`Self::StrongBuy`].
    pub fn is_buy(self) -> bool {
        matches!(self, Self::StrongBuy | Self::Buy)
    }

    /// true for [`Self::Sell`] and [`Self::StrongSell`].
    pub fn is_sell(self) -> bool {
        matches!(self, Self::Sell | Self::StrongSell)
    }
}

/// All votes of a day, and their means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// Every component with its value and vote.
    pub readings: Vec<Reading>,
    /// Mean vote of the moving averages, from -1 to 1.
    pub averages: Option<f64>,
    /// Mean vote of the oscillators.
    pub oscillators: Option<f64>,
    /// Mean of the two.
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

    /// Returns the verdict; `None` while too few components can vote.
    pub fn verdict(&self) -> Option<Verdict> {
        self.score.map(Verdict::of)
    }
}

/// Returns the mean vote of a group; `None` if fewer than half of it can vote.
fn mean(readings: &[Reading], group: Group) -> Option<f64> {
    let of_group = || readings.iter().filter(|one| one.component.group() == group);
    let votes: Vec<f64> = of_group()
        .filter_map(|one| one.vote.map(f64::from))
        .collect();
    let enough = !votes.is_empty() && votes.len() * 2 >= of_group().count();
    enough.then(|| votes.iter().sum::<f64>() / votes.len() as f64)
}

/// Returns the rating of the last bar, and the scores of all bars.
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
