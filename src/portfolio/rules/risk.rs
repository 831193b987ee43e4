//! How much a portfolio goes up and down: from its daily returns, which flows do not distort.

use chrono::NaiveDate;

/// Trading days of a year.
const YEAR: f64 = 252.0;
/// Fewer returns than these say nothing.
pub const FEWEST: usize = 20;

/// The mean; `None` of nothing.
pub fn mean(figures: &[f64]) -> Option<f64> {
    if figures.is_empty() {
        return None;
    }
    Some(figures.iter().sum::<f64>() / figures.len() as f64)
}

/// The deviation of a sample (n - 1); `None` of fewer than two.
pub fn deviation(figures: &[f64]) -> Option<f64> {
    if figures.len() < 2 {
        return None;
    }
    let mean = mean(figures)?;
    let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
    Some((squares / (figures.len() - 1) as f64).sqrt())
}

fn enough(returns: &[f64]) -> Option<&[f64]> {
    (returns.len() >= FEWEST).then_some(returns)
}

/// Volatility of a year: the deviation of daily returns times the root of 252.
pub fn volatility(returns: &[f64]) -> Option<f64> {
    Some(deviation(enough(returns)?)? * YEAR.sqrt())
}

/// Sharpe's ratio of a year over a riskless rate of a year:
/// `sqrt(252) * mean(r - rate / 252) / deviation(r)`. `None` where nothing moves.
pub fn sharpe(returns: &[f64], riskless: f64) -> Option<f64> {
    let excess = mean(enough(returns)?)? - riskless / YEAR;
    ratio(excess, deviation(returns)?)
}

/// Sortino's ratio of a year: as Sharpe's, over the root of the mean square of what lies below the
/// riskless rate; the mean is over all days.
pub fn sortino(returns: &[f64], riskless: f64) -> Option<f64> {
    let least = riskless / YEAR;
    let below: f64 = enough(returns)?
        .iter()
        .map(|one| (one - least).min(0.0).powi(2))
        .sum();
    let below = (below / returns.len() as f64).sqrt();
    ratio(mean(returns)? - least, below)
}

fn ratio(excess: f64, deviation: f64) -> Option<f64> {
    (deviation > 1e-12).then(|| YEAR.sqrt() * excess / deviation)
}

/// Beta: how much of a benchmark's daily move a portfolio makes,
/// `covariance(r, b) / variance(b)`. The two are of the same days.
pub fn beta(returns: &[f64], benchmark: &[f64]) -> Option<f64> {
    if returns.len() != benchmark.len() {
        return None;
    }
    let (mine, its) = (mean(enough(returns)?)?, mean(benchmark)?);
    let both = returns.iter().zip(benchmark);
    let together: f64 = both.map(|(r, b)| (r - mine) * (b - its)).sum();
    let variance: f64 = benchmark.iter().map(|b| (b - its).powi(2)).sum();
    (variance > 1e-12).then(|| together / variance)
}

/// Historical value at risk of a day at 95 %: the return that one day in twenty is worse than, as
/// the 5 % quantile with straight lines between the figures. Below zero: a loss.
pub fn value_at_risk(returns: &[f64]) -> Option<f64> {
    quantile(enough(returns)?, 0.05)
}

fn quantile(figures: &[f64], part: f64) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = part * (sorted.len().checked_sub(1)?) as f64;
    let low = place.floor();
    let at = |index: f64| sorted.get(index as usize).copied();
    let (below, above) = (at(low)?, at(place.ceil())?);
    Some(below + (above - below) * (place - low))
}

/// The deepest fall of an index from a peak.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Drawdown {
    /// How deep: -0.25 is a fall by a quarter.
    pub depth: f64,
    /// The day of the peak.
    pub from: NaiveDate,
    /// The day of the bottom.
    pub to: NaiveDate,
}

/// The deepest fall of what began as 1; `None` when it never fell.
pub fn drawdown(index: &[(NaiveDate, f64)]) -> Option<Drawdown> {
    let (start, _) = index.first()?;
    let mut peak = (*start, 1.0);
    let mut deepest: Option<Drawdown> = None;
    for &(date, value) in index {
        if value > peak.1 {
            peak = (date, value);
        }
        let depth = value / peak.1 - 1.0;
        if depth < deepest.map_or(0.0, |before| before.depth) {
            deepest = Some(Drawdown {
                depth,
                from: peak.0,
                to: date,
            });
        }
    }
    deepest
}

/// Herfindahl's index of the parts of a whole: 1 is all in one, 1/n is n equal parts.
pub fn concentration(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    (sum > 0.0).then(|| values.iter().map(|value| (value / sum).powi(2)).sum())
}
