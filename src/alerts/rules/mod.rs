//! When an alert fires. Pure: no clock, no database.
//!
//! A price is over or under what is waited for, or on it, which is neither: then it stays where it
//! was. An alert fires when the side changes from the one that was seen last in the direction that
//! its kind asks for; what it sees first tells where it stands and nothing else. A day's change
//! begins under its value with each new day. What was written before a split follows it.

mod draft;
mod splits;
mod text;

pub use draft::{Checked, check};
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

/// On which side of what is waited for a price is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Above the value, or the change is as large.
    Over,
    /// Below it.
    Under,
}

impl Stand {
    /// The name in the database.
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

/// What an alert saw last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When that was the price, in the market's zone.
    pub at: NaiveDateTime,
    /// The price.
    pub price: Decimal,
    /// On which side it was; none: on neither so far.
    pub stand: Option<Stand>,
}

/// A price that alerts are held against.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// When that was the price, in the market's zone.
    pub at: NaiveDateTime,
    /// The price.
    pub price: Decimal,
    /// Change against the day before in per cent, where that is known.
    pub change: Option<Decimal>,
    /// The days with their closes, oldest first, for conditions that need them.
    pub closes: &'a [(NaiveDate, f64)],
}

impl<'a> Reading<'a> {
    /// What a quote says.
    pub fn of(quote: &Quote, closes: &'a [(NaiveDate, f64)]) -> Self {
        Self {
            at: at(quote),
            price: quote.price.normalize(),
            change: quote.change_percent(),
            closes,
        }
    }
}

/// When a quote's price was the price: its day begins it where no time is known.
pub fn at(quote: &Quote) -> NaiveDateTime {
    quote.date.and_time(quote.time.unwrap_or(NaiveTime::MIN))
}

/// What a reading comes to for an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The reading is older than what was seen: nothing.
    Older,
    /// This is to be remembered.
    Stays(Seen),
    /// The alert fires.
    Fires(Seen),
}

/// Holds a reading against an alert that saw something before.
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

/// Is this change of sides what a kind waits for?
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

/// Is a price where an alert waits for it to come to? Then it has to come back first. Of what is no
/// price nobody can tell by a price.
pub fn is_there(condition: &Condition, price: Decimal) -> bool {
    match (condition.kind, condition.value) {
        (AlertKind::PriceAbove, Some(value)) => price > value,
        (AlertKind::PriceBelow, Some(value)) => price < value,
        _ => false,
    }
}

/// On which side a reading is; none: on neither, or it cannot be said.
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

/// What an indicator says of the closes before the reading's day with its price as the last one:
/// the same whether the day has its bar already or not.
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
