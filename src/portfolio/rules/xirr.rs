//! Money-weighted return (XIRR).

use chrono::NaiveDate;

/// A cash flow on a day: negative for money put in, positive for money taken out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    pub date: NaiveDate,
    pub amount: f64,
}

/// Limit of the search: rates from -99.9999% to 100 million %, as `ln(1 + rate)`.
const FARTHEST: f64 = 13.815_510_557_964_274;
/// First step of the search, and the factor by which steps grow: small enough to separate two rates
/// that are a few percentage points apart.
const FIRST_STEP: f64 = 0.005;
const GROWTH: f64 = 1.05;
/// More halvings would not change the result in `f64`.
const HALVINGS: usize = 100;

/// Returns the rate `r` at which the present value of the flows is zero:
/// `sum(amount / (1 + r)^(days since the first / 365)) = 0`, as XIRR in spreadsheets. Of several
/// such rates it returns the one nearest to zero. `None`: no rate exists, for example because all
/// money flows in one direction or on one day.
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
    // In logarithmic form all rates above -100% are searched alike.
    let worth = |growth: f64| -> f64 {
        flows
            .iter()
            .map(|(years, amount)| amount * (-growth * years).exp())
            .sum()
    };
    let growth = nearest_zero(worth)?;
    Some(growth.exp_m1())
}

/// Searches outwards from zero on both sides, with growing steps.
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

/// Finds the zero between two points with values of opposite sign.
fn bisect(of: &impl Fn(f64) -> f64, (mut low, value): (f64, f64), mut high: f64) -> f64 {
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        // No floating-point number lies between the two.
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
