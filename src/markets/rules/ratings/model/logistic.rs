//! Logistic regression with a penalty on large weights, by Newton's method.
//!
//! With nine unknowns that is a few steps, each one pass over the examples and nine equations.
//! Libraries that do it (`linfa-logistic`, `smartcore`) bring matrices of any size and general
//! optimizers, and compile for longer than the rest of this feature; nothing of that is needed
//! here.

use super::super::HORIZON;
use super::features::{COUNT, FEATURES, Feature, Row};
use serde::{Deserialize, Serialize};

/// Penalty on large weights. Examples overlap: each counts as a fraction of one.
const PENALTY: f64 = 1.0;
const EXAMPLE: f64 = 1.0 / HORIZON as f64;
/// Features are capped at this many deviations from their mean.
const FARTHEST: f64 = 4.0;
/// Maximum number of steps; without a solution by then there is none.
const STEPS: usize = 30;
/// Length of the step at which the search ends.
const NEAR: f64 = 1e-9;

/// One weight per feature, and the intercept.
type Weights = [f64; COUNT + 1];

/// What a feature adds to a probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Weighed {
    pub feature: Feature,
    /// Value today.
    pub value: f64,
    /// Number of deviations from its mean, at most 4.
    pub deviations: f64,
    /// What one deviation adds to the logarithm of the odds.
    pub weight: f64,
    /// What the feature adds to it today.
    pub adds: f64,
}

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Means of the features among the examples.
    means: Row,
    /// 1 / deviation of each feature; 0 for a constant one.
    scales: Row,
    weights: Weights,
}

/// 1 / (1 + e^-x).
fn chance(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

fn product(a: &Weights, b: &Weights) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Fit {
    /// Fits a model to examples, starting from the last fit. `None`: no solution.
    pub fn of(examples: &[(Row, bool)], last: Option<&Self>) -> Option<Self> {
        let mut fit = Self::scaled(examples)?;
        if let Some(last) = last {
            fit.weights = last.weights;
        }
        let known: Vec<(Weights, bool)> = examples
            .iter()
            .map(|(row, rose)| (fit.figures(row), *rose))
            .collect();
        for _ in 0..STEPS {
            let step = fit.step(&known)?;
            for (weight, step) in fit.weights.iter_mut().zip(step) {
                *weight += step;
            }
            let longest = step.iter().fold(0.0_f64, |most, one| most.max(one.abs()));
            if !longest.is_finite() {
                return None;
            }
            if longest < NEAR {
                return Some(fit);
            }
        }
        None
    }

    /// Returns means and deviations of the examples, without weights.
    fn scaled(examples: &[(Row, bool)]) -> Option<Self> {
        let n = examples.len() as f64;
        if examples.is_empty() {
            return None;
        }
        let mut means = [0.0; COUNT];
        for (row, _) in examples {
            for (mean, value) in means.iter_mut().zip(row) {
                *mean += value / n;
            }
        }
        let mut squares = [0.0; COUNT];
        for (row, _) in examples {
            for ((square, value), mean) in squares.iter_mut().zip(row).zip(means) {
                *square += (value - mean).powi(2) / n;
            }
        }
        let scales = squares.map(|square| {
            if square > 0.0 {
                1.0 / square.sqrt()
            } else {
                0.0
            }
        });
        Some(Self {
            means,
            scales,
            weights: [0.0; COUNT + 1],
        })
    }

    /// Returns how many deviations from its mean each feature is, and a one for the intercept.
    fn figures(&self, row: &Row) -> Weights {
        let mut figures = [1.0; COUNT + 1];
        let scaled = row.iter().zip(&self.means).zip(&self.scales);
        for (figure, ((value, mean), scale)) in figures.iter_mut().zip(scaled) {
            *figure = ((value - mean) * scale).clamp(-FARTHEST, FARTHEST);
        }
        figures
    }

    /// Newton's step: to where the gradient is zero if the curvature stays the same.
    fn step(&self, known: &[(Weights, bool)]) -> Option<Weights> {
        // The Hessian, with the gradient as the last column.
        let mut equations = [[0.0; COUNT + 2]; COUNT + 1];
        for (figures, rose) in known {
            let said = chance(product(figures, &self.weights));
            let bend = EXAMPLE * said * (1.0 - said);
            let slope = EXAMPLE * (f64::from(u8::from(*rose)) - said);
            for (equation, one) in equations.iter_mut().zip(figures) {
                for (cell, other) in equation.iter_mut().zip(figures) {
                    *cell += bend * one * other;
                }
                if let Some(last) = equation.last_mut() {
                    *last += slope * one;
                }
            }
        }
        // The intercept has no penalty.
        for (at, (equation, weight)) in equations
            .iter_mut()
            .zip(self.weights)
            .take(COUNT)
            .enumerate()
        {
            if let Some(cell) = equation.get_mut(at) {
                *cell += PENALTY;
            }
            if let Some(last) = equation.last_mut() {
                *last -= PENALTY * weight;
            }
        }
        solve(equations)
    }

    /// Returns the probability of a rise.
    pub fn probability(&self, row: &Row) -> f64 {
        chance(product(&self.figures(row), &self.weights))
    }

    /// Returns what each feature adds.
    pub fn parts(&self, row: &Row) -> Vec<Weighed> {
        let figures = self.figures(row);
        let weighed = figures.iter().zip(&self.weights);
        FEATURES
            .into_iter()
            .zip(row)
            .zip(weighed)
            .map(|((feature, value), (deviations, weight))| Weighed {
                feature,
                value: *value,
                deviations: *deviations,
                weight: *weight,
                adds: weight * deviations,
            })
            .collect()
    }
}

/// Gaussian elimination. The matrix is positive definite, so no rows have to be swapped.
fn solve(mut equations: [[f64; COUNT + 2]; COUNT + 1]) -> Option<Weights> {
    for at in 0..equations.len() {
        let (done, rest) = equations.split_at_mut(at + 1);
        let first = done.last()?;
        let pivot = *first.get(at)?;
        if pivot.is_nan() || pivot <= f64::MIN_POSITIVE {
            return None;
        }
        for equation in rest {
            let factor = equation.get(at)? / pivot;
            for (cell, above) in equation.iter_mut().zip(first) {
                *cell -= factor * above;
            }
        }
    }
    let mut solution = [0.0; COUNT + 1];
    for (at, equation) in equations.iter().enumerate().rev() {
        let right = *equation.last()?;
        let known: f64 = equation
            .iter()
            .zip(&solution)
            .skip(at + 1)
            .map(|(cell, value)| cell * value)
            .sum();
        *solution.get_mut(at)? = (right - known) / equation.get(at)?;
    }
    Some(solution)
}
