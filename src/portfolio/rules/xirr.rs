//! The yearly rate at which money that came and went would have grown as it did.

use chrono::NaiveDate;

/// Money on a day: below zero what was put in, above what came out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// The day.
    pub date: NaiveDate,
    /// The money.
    pub amount: f64,
}

/// Rates are sought from -99.9999 % to 100 million per cent, as `ln(1 + rate)`.
const FARTHEST: f64 = 13.815_510_557_964_274;
/// How far from nothing the search first looks, and how much farther each time: so near that two
/// rates that are a few per cent apart are told from none.
const FIRST_STEP: f64 = 0.005;
const GROWTH: f64 = 1.05;
/// So many halvings leave nothing that a figure could show.
const HALVINGS: usize = 100;

/// The rate `r` at which the flows are worth nothing together:
/// `sum(amount / (1 + r)^(days since the first / 365)) = 0`, as XIRR in spreadsheets. Of several
/// such rates the one that is nearest to nothing. `None`: there is none, since all money went one
/// way or on one day.
pub fn xirr(flows: &[Flow]) -> Option<f64> {
    let first = flows.iter().map(|flow| flow.date).min()?;
    let flows: Vec<(f64, f64)> = flows
        .iter()
        .map(|flow| ((flow.date - first).num_days() as f64 / 365.0, flow.amount))
        .collect();
    let some_time = flows
        .iter()
        .any(|(years, amount)| *years > 0.0 && *amount != 0.0);
    if !some_time || !flows.iter().all(|(_, amount)| amount.is_finite()) {
        return None;
    }
    // In this form every rate above -100 % is as good as any other.
    let worth = |growth: f64| -> f64 {
        flows
            .iter()
            .map(|(years, amount)| amount * (-growth * years).exp())
            .sum()
    };
    let growth = nearest_zero(worth)?;
    Some(growth.exp_m1())
}

/// Looks on both sides, farther and farther out.
fn nearest_zero(of: impl Fn(f64) -> f64) -> Option<f64> {
    let middle = of(0.0);
    if middle == 0.0 {
        return Some(0.0);
    }
    let mut sides = [(0.0, middle), (0.0, middle)];
    let mut step = FIRST_STEP;
    let mut at: f64 = 0.0;
    while at < FARTHEST {
        at = (at + step).min(FARTHEST);
        step *= GROWTH;
        for (side, sign) in sides.iter_mut().zip([1.0, -1.0]) {
            let (before, there) = (*side, sign * at);
            let value = of(there);
            if !value.is_finite() {
                continue;
            }
            if value == 0.0 {
                return Some(there);
            }
            if (value > 0.0) != (before.1 > 0.0) {
                return Some(bisect(&of, before, there));
            }
            *side = (there, value);
        }
    }
    None
}

/// The place between two others of which one is above nothing and one below.
fn bisect(of: &impl Fn(f64) -> f64, (mut low, value): (f64, f64), mut high: f64) -> f64 {
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        // Nothing lies between the two any more.
        if middle == low || middle == high {
            break;
        }
        if (of(middle) > 0.0) == (value > 0.0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}
