//! Builds the cards of a portfolio or a trade. By default a card does not depend on any amount: it
//! shows only percentages, dates and public prices.

use super::moves::units_since;
use crate::markets::{Quote, Split};
use crate::portfolio::model::{
    Holding, Kind, Performance, PortfolioPage, PortfolioShare, ShareLine, Showing, TradeShare,
    Transaction,
};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy, prelude::FromPrimitive};
use std::fmt::Write;

/// Decimals of percentages and amounts.
const DIGITS: u32 = 2;

/// Returns the card of a portfolio. None: the portfolio has no value.
pub fn portfolio(
    page: &PortfolioPage,
    performance: &Performance,
    showing: Showing,
) -> Option<PortfolioShare> {
    let held: Vec<&Holding> = page
        .holdings
        .iter()
        .filter(|one| !one.quantity.is_zero())
        .collect();
    // Negative cash has no weight.
    let cash = page.cash.map(|cash| cash.max(Decimal::ZERO));
    let mut values: Vec<Decimal> = held.iter().map(|one| one.value).collect();
    values.extend(cash);
    let mut percents = tenths(&values)?;
    let cash = cash.and_then(|_| percents.pop());
    let lines = held.iter().zip(&percents).take(PortfolioShare::LINES);
    let lines = lines.map(|(one, percent)| ShareLine {
        symbol: one.symbol.clone(),
        percent: *percent,
        quantity: showing.quantities.then(|| one.quantity.normalize()),
        value: showing.amounts.then(|| rounded(one.value)),
    });
    let rest = percents.get(PortfolioShare::LINES..).unwrap_or_default();
    let others = (!rest.is_empty()).then(|| (rest.len(), rest.iter().sum()));
    let oldest = held
        .iter()
        .filter_map(|one| Some((one.price_date?, one.source?)))
        .min_by_key(|(date, _)| *date);
    let gains: Vec<(&str, Decimal)> = held
        .iter()
        .filter_map(|one| Some((one.symbol.as_str(), of_cost(one)?)))
        .collect();
    let extreme = |found: Option<&(&str, Decimal)>| {
        found.map(|(symbol, percent)| ((*symbol).to_owned(), *percent))
    };
    let unpriced = held.iter().filter(|one| one.source.is_none()).count();
    let gain = || held.iter().map(|one| one.unrealized).sum();
    let mut share = PortfolioShare {
        text: String::new(),
        name: showing.name.then(|| page.portfolio.name.clone()),
        lines: lines.collect(),
        others,
        cash,
        from: performance.from,
        to: performance.to,
        simple: performance.simple.and_then(percent),
        time_weighted: performance.time_weighted.and_then(percent),
        best: extreme(gains.iter().max_by_key(|(_, gain)| *gain)),
        // A single holding is not the worst one.
        worst: extreme(
            gains
                .iter()
                .min_by_key(|(_, gain)| *gain)
                .filter(|_| gains.len() > 1),
        ),
        as_of: oldest.map(|(date, _)| date),
        source: oldest.map(|(_, source)| source),
        unpriced: Some(unpriced).filter(|count| *count > 0),
        value: showing.amounts.then(|| rounded(page.value)),
        gain: showing.amounts.then(|| rounded(gain())),
    };
    share.text = words(&share);
    Some(share)
}

/// Returns the card of a buy or sell with the current price. None: it is not a trade.
pub fn trade(
    of: &Transaction,
    splits: &[Split],
    quote: Option<&Quote>,
    showing: Showing,
) -> Option<TradeShare> {
    if !of.kind.is_trade() {
        return None;
    }
    let price = of.price?.normalize();
    let adjusted = in_todays_shares(price, of.date, splits)?;
    // A quote older than the trade does not show its change.
    let quote = quote.filter(|quote| quote.date >= of.date);
    let change = quote.and_then(|quote| {
        let moved = quote.price.checked_sub(adjusted)?.checked_div(adjusted)?;
        Some(rounded(moved.checked_mul(Decimal::ONE_HUNDRED)?))
    });
    let mut share = TradeShare {
        text: String::new(),
        bought: of.kind == Kind::Buy,
        symbol: of.symbol.clone()?,
        date: of.date,
        price,
        adjusted: (adjusted != price).then(|| adjusted.round_dp(6).normalize()),
        change,
        now: quote.map(|quote| quote.price.normalize()),
        as_of: quote.map(|quote| quote.date),
        source: quote.map(|quote| quote.source),
        quantity: of
            .quantity
            .map(|of| of.normalize())
            .filter(|_| showing.quantities),
        amount: of.total().map(rounded).filter(|_| showing.amounts),
    };
    share.text = words_of_trade(&share);
    Some(share)
}

/// Adjusts a price for the splits since `date`.
fn in_todays_shares(price: Decimal, date: NaiveDate, splits: &[Split]) -> Option<Decimal> {
    let units = units_since(splits, date);
    // Splits that cancel each other out leave the price exactly as it was.
    if (units - 1.0).abs() < 1e-12 {
        return Some(price);
    }
    price.checked_div(Decimal::from_f64(units)?)
}

/// Returns weights in % with one decimal that add up to exactly 100. Negative values have no
/// weight. None: the sum is zero.
fn tenths(values: &[Decimal]) -> Option<Vec<Decimal>> {
    const WHOLE: i64 = 1_000;
    let part = |value: &Decimal| (*value).max(Decimal::ZERO);
    let whole = values
        .iter()
        .map(part)
        .try_fold(Decimal::ZERO, |sum, value| sum.checked_add(value))?;
    if whole.is_zero() {
        return None;
    }
    let exact: Option<Vec<Decimal>> = values
        .iter()
        .map(|value| part(value).checked_div(whole)?.checked_mul(WHOLE.into()))
        .collect();
    let exact = exact?;
    let mut whole_ones: Vec<Decimal> = exact.iter().map(|exact| exact.floor()).collect();
    let mut missing = Decimal::from(WHOLE) - whole_ones.iter().sum::<Decimal>();
    // The values that lost most by rounding down are rounded up.
    let mut order: Vec<_> = exact
        .iter()
        .map(Decimal::fract)
        .zip(&mut whole_ones)
        .collect();
    order.sort_by(|(lost, _), (other, _)| other.cmp(lost));
    for (_, one) in order {
        if missing < Decimal::ONE {
            break;
        }
        *one += Decimal::ONE;
        missing -= Decimal::ONE;
    }
    let tenth = |one: Decimal| {
        let mut tenth = one / Decimal::TEN;
        tenth.rescale(1);
        tenth
    };
    Some(whole_ones.into_iter().map(tenth).collect())
}

/// Returns the unrealized gain in % of the cost.
fn of_cost(of: &Holding) -> Option<Decimal> {
    let part = of.unrealized.checked_div(of.cost)?;
    Some(rounded(part.checked_mul(Decimal::ONE_HUNDRED)?))
}

fn percent(part: f64) -> Option<Decimal> {
    Decimal::from_f64(part * 100.0).map(rounded)
}

fn rounded(exact: Decimal) -> Decimal {
    exact.round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero)
}

/// Returns the card as English sentences for programs.
fn words(of: &PortfolioShare) -> String {
    let mut parts: Vec<String> = of
        .lines
        .iter()
        .map(|line| {
            let mut text = format!("{} {}%", line.symbol, line.percent);
            let more: Vec<_> = [
                line.quantity.map(|units| format!("{units} units")),
                line.value.map(|value| format!("worth {value:.2}")),
            ]
            .into_iter()
            .flatten()
            .collect();
            if !more.is_empty() {
                // Writing to a string does not fail.
                let _written = write!(text, " ({})", more.join(", "));
            }
            text
        })
        .collect();
    if let Some((count, percent)) = of.others {
        parts.push(format!("{count} more {percent}%"));
    }
    if let Some(cash) = of.cash {
        parts.push(format!("cash {cash}%"));
    }
    let name = of.name.as_ref().map(|name| format!(" {name}"));
    let mut text = format!(
        "Portfolio{}: {}.",
        name.unwrap_or_default(),
        parts.join(", ")
    );
    let returns = [("simple", of.simple), ("time-weighted", of.time_weighted)];
    let returns: Vec<_> = returns
        .into_iter()
        .filter_map(|(name, part)| Some(format!("{:+.2}% {name}", part?)))
        .collect();
    if let Some((from, to)) = of.from.zip(of.to)
        && !returns.is_empty()
    {
        let _written = write!(text, " Return {} from {from} to {to}.", returns.join(", "));
    }
    for (which, found) in [("Best", &of.best), ("Worst", &of.worst)] {
        if let Some((symbol, gain)) = found {
            let _written = write!(text, " {which} {symbol} {gain:+.2}%.");
        }
    }
    if let Some((value, gain)) = of.value.zip(of.gain) {
        let _written = write!(text, " Worth {value:.2}, {gain:+.2} of it gained.");
    }
    if let Some((as_of, source)) = of.as_of.zip(of.source) {
        let _written = write!(text, " Prices of {as_of} ({}).", source.as_str());
    }
    text
}

fn words_of_trade(of: &TradeShare) -> String {
    let what = if of.bought { "Bought" } else { "Sold" };
    let units = of.quantity.map(|units| format!("{units} "));
    let units = units.unwrap_or_default();
    let mut text = format!("{what} {units}{} at {} on {}", of.symbol, of.price, of.date);
    if let Some(amount) = of.amount {
        let _written = write!(text, " for {amount:.2}");
    }
    if let Some((change, now)) = of.change.zip(of.now) {
        let _written = write!(text, ". {change:+.2}% since, now {now}");
    }
    if let Some((as_of, source)) = of.as_of.zip(of.source) {
        let _written = write!(text, " on {as_of} ({})", source.as_str());
    }
    text.push('.');
    text
}
