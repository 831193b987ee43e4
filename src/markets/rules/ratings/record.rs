//! Track record of a rating: a walk through the history that knows nothing of what came after.
//!
//! A score is known at a close; the trade that follows it is at the next open. Horizons overlap, so
//! that `n` of them count like `n / horizon` that do not: the interval is Wilson's at 95% for that
//! number.

use super::Verdict;
use crate::markets::rules::indicators::Candle;
use crate::shared::near::wilson;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days between the trade and its evaluation.
pub const HORIZON: usize = 20;
/// Cost of a switch between in and out, as a fraction of the money: 5 basis points.
pub const SWITCH_COST: f64 = 0.000_5;
/// Trading days per year.
const YEAR: f64 = 252.0;

/// Hit rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Rate {
    pub n: usize,
    /// Number of hits among them.
    pub hits: usize,
    /// Fraction of hits.
    pub rate: Option<f64>,
    /// Lower end of the 95% interval of the true rate.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Mean return over the horizon.
    pub mean: Option<f64>,
}

impl Rate {
    /// Rate of returns over the horizon; a hit is one that `came_true`.
    fn of(returns: &[f64], came_true: impl Fn(f64) -> bool) -> Self {
        let n = returns.len();
        if n == 0 {
            return Self::default();
        }
        let hits = returns.iter().filter(|one| came_true(**one)).count();
        let rate = hits as f64 / n as f64;
        let (low, high) = wilson(rate, n as f64 / HORIZON as f64);
        Self {
            n,
            hits,
            rate: Some(rate),
            low: Some(low),
            high: Some(high),
            mean: Some(returns.iter().sum::<f64>() / n as f64),
        }
    }
}

/// Result of following a strategy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Following {
    /// Annualized return.
    pub yearly: Option<f64>,
    /// Max drawdown: 0 or below.
    pub drawdown: f64,
    /// Fraction of the days on which the money was invested.
    pub invested: f64,
    /// Number of times it went in or out.
    pub switches: usize,
}

/// Whether the history shows that following is better than not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// No interval is above its base rate: all can be chance.
    NotDemonstrated,
    /// After "buy" the price rose more often than after any day, beyond chance.
    Buy,
    /// After "sell" the price fell more often than after any day, beyond chance.
    Sell,
    /// Both.
    Both,
}

/// Track record of a rating on one symbol.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The first day with a score.
    pub from: NaiveDate,
    /// Last scored day.
    pub to: NaiveDate,
    /// Days between the trade and its evaluation.
    pub horizon: usize,
    /// Rises after any day.
    pub rises: Rate,
    /// Rises after "buy" and "strong buy".
    pub after_buy: Rate,
    /// Falls after any day.
    pub falls: Rate,
    /// Falls after "sell" and "strong sell".
    pub after_sell: Rate,
    /// Invested while the score says buy, else not; switches cost.
    pub following: Following,
    /// Always invested.
    pub holding: Following,
    /// What the rates show.
    pub edge: Edge,
}

/// Evaluates every day of the history whose horizon has ended; `None`: no such day.
pub fn record(bars: &[Candle], scores: &[Option<f64>]) -> Option<Record> {
    let scored: Vec<(NaiveDate, f64, f64)> = scores
        .iter()
        .zip(bars)
        .enumerate()
        .filter_map(|(at, (score, bar))| {
            let score = (*score)?;
            let (entry, exit) = (bars.get(at + 1)?.open, bars.get(at + 1 + HORIZON)?.open);
            (entry > 0.0).then(|| (bar.date, score, exit / entry - 1.0))
        })
        .collect();
    let ((from, ..), (to, ..)) = (*scored.first()?, *scored.last()?);
    let returns = |wanted: fn(f64) -> bool| -> Vec<f64> {
        let of = scored.iter().filter(|(_, score, _)| wanted(*score));
        of.map(|(.., made)| *made).collect()
    };
    let (all, bought, sold) = (
        returns(|_| true),
        returns(|score| Verdict::of(score).is_buy()),
        returns(|score| Verdict::of(score).is_sell()),
    );
    let (rises, falls) = (Rate::of(&all, |r| r > 0.0), Rate::of(&all, |r| r < 0.0));
    let after_buy = Rate::of(&bought, |r| r > 0.0);
    let after_sell = Rate::of(&sold, |r| r < 0.0);
    let beyond = |rate: &Rate, base: &Rate| {
        rate.low
            .zip(base.rate)
            .is_some_and(|(low, base)| low > base)
    };
    let edge = match (beyond(&after_buy, &rises), beyond(&after_sell, &falls)) {
        (true, true) => Edge::Both,
        (true, false) => Edge::Buy,
        (false, true) => Edge::Sell,
        (false, false) => Edge::NotDemonstrated,
    };
    let first = scores.iter().position(Option::is_some)?;
    Some(Record {
        from,
        to,
        horizon: HORIZON,
        rises,
        after_buy,
        falls,
        after_sell,
        following: follow(bars, first, |at| {
            let known = scores.get(at).copied().flatten();
            known.is_some_and(|score| Verdict::of(score).is_buy())
        }),
        holding: follow(bars, first, |_| true),
        edge,
    })
}

/// Money that is invested from the open after a day that says so, until the open after one that
/// does not.
fn follow(bars: &[Candle], first: usize, says_in: impl Fn(usize) -> bool) -> Following {
    let (mut money, mut peak, mut drawdown) = (1.0_f64, 1.0_f64, 0.0_f64);
    let (mut inside, mut switches, mut days_in, mut days) = (false, 0, 0, 0);
    for (at, two) in bars.windows(2).enumerate().skip(first + 1) {
        let [today, tomorrow] = two else { continue };
        // Known since yesterday's close.
        let wanted = says_in(at - 1);
        if wanted != inside {
            inside = wanted;
            switches += 1;
            money *= 1.0 - SWITCH_COST;
        }
        if inside && today.open > 0.0 {
            money *= tomorrow.open / today.open;
            days_in += 1;
        }
        days += 1;
        peak = peak.max(money);
        drawdown = drawdown.min(money / peak - 1.0);
    }
    Following {
        yearly: (days > 0 && money > 0.0).then(|| money.powf(YEAR / f64::from(days)) - 1.0),
        drawdown,
        invested: if days > 0 {
            f64::from(days_in) / f64::from(days)
        } else {
            0.0
        },
        switches,
    }
}
