//! Quality of probabilities.

use super::HORIZON;
use serde::{Deserialize, Serialize};

/// Number of groups in the table of probabilities and outcomes.
const GROUPS: usize = 5;
/// Number of random samples of the history for the interval.
const DRAWS: usize = 2_000;
/// Days of a block in such a sample: outcomes overlap within the horizon, and what moves prices
/// lasts longer.
const BLOCK: usize = 3 * HORIZON;
/// Minimum number of blocks for an interval.
const LEAST_BLOCKS: usize = 8;

/// A probability, the base rate of that day, and the outcome.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    pub said: f64,
    pub base: f64,
    pub rose: bool,
}

impl Trial {
    fn happened(&self) -> f64 {
        f64::from(u8::from(self.rose))
    }

    /// Returns the squared distance of the probability from the outcome.
    pub fn error(&self) -> f64 {
        (self.said - self.happened()).powi(2)
    }

    /// Returns that of the base rate.
    pub fn base_error(&self) -> f64 {
        (self.base - self.happened()).powi(2)
    }
}

/// Probabilities and outcomes of a group of days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Bin {
    pub n: usize,
    /// Mean of the probabilities.
    pub said: f64,
    /// Fraction of the days after which the price rose.
    pub happened: f64,
}

/// Returns the mean of a value over all trials; with the error this is the Brier score.
pub fn mean(trials: &[Trial], of: impl Fn(&Trial) -> f64) -> Option<f64> {
    let sum: f64 = trials.iter().map(of).sum();
    (!trials.is_empty()).then(|| sum / trials.len() as f64)
}

/// Returns the fraction by which one score is better than the other.
pub fn skill(brier: f64, base: f64) -> Option<f64> {
    (base > 0.0).then(|| 1.0 - brier / base)
}

/// Groups of equally many days, from the lowest probabilities to the highest.
pub fn bins(trials: &[Trial]) -> Vec<Bin> {
    let mut sorted = trials.to_vec();
    sorted.sort_by(|a, b| a.said.total_cmp(&b.said));
    let size = sorted.len().div_ceil(GROUPS).max(1);
    let bin = |group: &[Trial]| {
        Some(Bin {
            n: group.len(),
            said: mean(group, |one| one.said)?,
            happened: mean(group, Trial::happened)?,
        })
    };
    sorted.chunks(size).filter_map(bin).collect()
}

/// Returns the 95% interval of the skill by a block bootstrap: samples of the history's own blocks,
/// drawn with a fixed random seed.
pub fn interval(trials: &[Trial]) -> Option<(f64, f64)> {
    let n = trials.len();
    let blocks = n / BLOCK;
    if blocks < LEAST_BLOCKS {
        return None;
    }
    // The history as a circle, so that each day is in as many blocks as any other.
    let circle = trials.iter().chain(trials.iter().take(BLOCK));
    let (mut own, mut base) = (0.0, 0.0);
    let mut sums = vec![(0.0, 0.0)];
    for trial in circle {
        own += trial.error();
        base += trial.base_error();
        sums.push((own, base));
    }
    let block = |from: usize| -> Option<(f64, f64)> {
        let (from, to) = (sums.get(from)?, sums.get(from + BLOCK)?);
        Some((to.0 - from.0, to.1 - from.1))
    };
    let mut chance = 0x5eed_u64;
    let mut skills = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let (mut own, mut base) = (0.0, 0.0);
        for _ in 0..blocks {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let from = usize::try_from(chance >> 33).unwrap_or_default() % n;
            let (one, other) = block(from)?;
            own += one;
            base += other;
        }
        skills.push(skill(own, base)?);
    }
    skills.sort_by(f64::total_cmp);
    let at = |part: usize| skills.get(DRAWS * part / 1_000).copied();
    Some((at(25)?, at(974)?))
}
