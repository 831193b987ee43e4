//! Decides when an alert triggers. Pure: no clock, no database.
//!
//! A price is over or under the value, or equal to it, which keeps the previous side. An alert
//! triggers when the side changes in the direction of its kind; the first price only sets the side.
//! Conditions on a day's change start each day on the side `Under`. Values set before a split are
//! adjusted to it.

mod input;
mod splits;
mod text;

pub use input::{Checked, check};
pub use splits::{asks_past, is_comparable, rescaled};
pub use text::{parse, parse_in_channel};

use super::model::{AlertKind, Condition};
use crate::markets::{
    Quote,
    indicators::{Ema, Macd, Rsi, Sma},
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::cmp::Ordering;

/// The side of its condition that a price is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Above the value, or the change is at least as large.
    Over,
    /// Below the value.
    Under,
}

impl Stand {
    /// Name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Under => "under",
        }
    }

    /// The side with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Over, Self::Under]
            .into_iter()
            .find(|stand| stand.as_str() == name)
    }
}

/// The last price that an alert was checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Time of the price in the market's time zone.
    pub at: NaiveDateTime,
    pub price: Decimal,
    /// Side of that price. None: no side so far.
    pub stand: Option<Stand>,
}

/// A price to check alerts against.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// Time of the price in the market's time zone.
    pub at: NaiveDateTime,
    pub price: Decimal,
    /// Change against the previous close in percent, if known.
    pub change: Option<Decimal>,
    /// Daily closes, oldest first, for conditions that need them.
    pub closes: &'a [(NaiveDate, f64)],
}

impl<'a> Reading<'a> {
    /// Builds a reading from a quote.
    pub fn of(quote: &Quote, closes: &'a [(NaiveDate, f64)]) -> Self {
        Self {
            at: at(quote),
            price: quote.price.normalize(),
            change: quote.change_percent(),
            closes,
        }
    }
}

/// Time of a quote's price: the start of its day if no time is known.
pub fn at(quote: &Quote) -> NaiveDateTime {
    quote.date.and_time(quote.time.unwrap_or(NaiveTime::MIN))
}

/// Result of checking an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The reading is older than the last one: ignored.
    Older,
    /// The alert stores this and does not trigger.
    Stays(Seen),
    /// The alert triggers.
    Fires(Seen),
}

/// Checks an alert against a reading, given the last price it was checked with.
pub fn step(condition: &Condition, before: Option<&Seen>, reading: &Reading<'_>) -> Outcome {
    if before.is_some_and(|before| before.at > reading.at) {
        return Outcome::Older;
    }
    let now = stand(condition, reading);
    let was = match before {
        Some(before) if condition.kind.is_of_a_day() && before.at.date() < reading.at.date() => {
            Some(Stand::Under)
        }
        Some(before) => before.stand,
        None => None,
    };
    let seen = Seen {
        at: reading.at,
        price: reading.price,
        stand: now.or(was),
    };
    if was
        .zip(now)
        .is_some_and(|change| fires(condition.kind, change))
    {
        Outcome::Fires(seen)
    } else {
        Outcome::Stays(seen)
    }
}

/// true if this change of sides triggers the kind.
const fn fires(kind: AlertKind, change: (Stand, Stand)) -> bool {
    let (up, down) = match change {
        (Stand::Under, Stand::Over) => (true, false),
        (Stand::Over, Stand::Under) => (false, true),
        _ => (false, false),
    };
    match kind {
        AlertKind::PriceAbove
        | AlertKind::RsiAbove
        | AlertKind::Rises
        | AlertKind::Falls
        | AlertKind::Moves => up,
        AlertKind::PriceBelow | AlertKind::RsiBelow => down,
        AlertKind::CrossesSma | AlertKind::CrossesEma | AlertKind::CrossesMacd => up || down,
    }
}

/// true if a price is already past the value: then it has to come back first. Always false for
/// kinds whose value is not a price.
pub fn is_there(condition: &Condition, price: Decimal) -> bool {
    match (condition.kind, condition.value) {
        (AlertKind::PriceAbove, Some(value)) => price > value,
        (AlertKind::PriceBelow, Some(value)) => price < value,
        _ => false,
    }
}

/// The side of a reading. None: neither, or unknown.
fn stand(condition: &Condition, reading: &Reading<'_>) -> Option<Stand> {
    let value = condition.value.unwrap_or_default();
    let period = condition.period.unwrap_or(1) as usize;
    match condition.kind {
        AlertKind::PriceAbove | AlertKind::PriceBelow => side(reading.price.cmp(&value)),
        AlertKind::Rises => reached(reading.change?, value),
        AlertKind::Falls => reached(-reading.change?, value),
        AlertKind::Moves => reached(reading.change?.abs(), value),
        AlertKind::RsiAbove | AlertKind::RsiBelow => {
            let mut rsi = Rsi::new(period);
            let rsi = last(reading, |close| rsi.next(close))?;
            side(rsi.partial_cmp(&value.to_f64()?)?)
        }
        AlertKind::CrossesSma => {
            let mut mean = Sma::new(period);
            let mean = last(reading, |close| mean.next(close))?;
            side(reading.price.to_f64()?.partial_cmp(&mean)?)
        }
        AlertKind::CrossesEma => {
            let mut mean = Ema::new(period);
            let mean = last(reading, |close| mean.next(close))?;
            side(reading.price.to_f64()?.partial_cmp(&mean)?)
        }
        AlertKind::CrossesMacd => {
            let mut macd = Macd::new(12, 26, 9);
            let lines = last(reading, |close| macd.next(close))?;
            side(lines.macd.partial_cmp(&lines.signal)?)
        }
    }
}

const fn side(order: Ordering) -> Option<Stand> {
    match order {
        Ordering::Greater => Some(Stand::Over),
        Ordering::Less => Some(Stand::Under),
        Ordering::Equal => None,
    }
}

fn reached(change: Decimal, value: Decimal) -> Option<Stand> {
    Some(if change >= value {
        Stand::Over
    } else {
        Stand::Under
    })
}

/// The indicator over the closes before the reading's day, with the reading's price as the last
/// close: the same whether the day already has its bar or not.
fn last<T>(reading: &Reading<'_>, mut next: impl FnMut(f64) -> Option<T>) -> Option<T> {
    let day = reading.at.date();
    let before = reading.closes.iter().take_while(|(date, _)| *date < day);
    for (_, close) in before {
        next(*close);
    }
    next(reading.price.to_f64()?)
}

#[cfg(test)]
mod tests;
