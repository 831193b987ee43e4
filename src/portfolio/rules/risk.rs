//! Risk measures, computed from daily returns, which external flows do not distort.

use chrono::NaiveDate;

/// Trading days per year.
const YEAR: f64 = 252.0;
/// Minimum number of returns for a risk measure.
pub const FEWEST: usize = 20;

/// Returns the mean. `None`: no numbers.
pub fn mean(figures: &[f64]) -> Option<f64> {
    if figures.is_empty() {
        return None;
    }
    Some(figures.iter().sum::<f64>() / figures.len() as f64)
}

/// Returns the sample standard deviation (n - 1). `None`: fewer than two numbers.
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

/// Returns the annualized volatility: standard deviation of daily returns × √252.
pub fn volatility(returns: &[f64]) -> Option<f64> {
    Some(deviation(enough(returns)?)? * YEAR.sqrt())
}

/// Returns the annualized Sharpe ratio for a yearly risk-free rate:
/// `sqrt(252) * mean(r - rate / 252) / deviation(r)`. `None`: the returns do not vary.
pub fn sharpe(returns: &[f64], riskless: f64) -> Option<f64> {
    let excess = mean(enough(returns)?)? - riskless / YEAR;
    ratio(excess, deviation(returns)?)
}

/// Returns the annualized Sortino ratio: like the Sharpe ratio, but divided by the root mean square
/// of the returns below the risk-free rate; the mean square is over all days.
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

/// Returns beta: `covariance(r, b) / variance(b)`. Both slices contain the same days.
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

/// Returns the historical value at risk of one day at 95%: the 5% quantile of the returns,
/// interpolated linearly. Negative: a loss.
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

/// Max drawdown of an index.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Drawdown {
    /// Depth: -0.25 is a fall by 25%.
    pub depth: f64,
    /// Date of the peak.
    pub from: NaiveDate,
    /// Date of the trough.
    pub to: NaiveDate,
}

/// Returns the max drawdown of an index that starts at 1. `None`: it never fell.
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

/// Returns the Herfindahl index of weights: 1 is all in one, 1/n is n equal weights.
pub fn concentration(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    (sum > 0.0).then(|| values.iter().map(|value| (value / sum).powi(2)).sum())
}
