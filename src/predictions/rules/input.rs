//! Parses the input of a prediction.

use super::super::model::{Direction, MAX_REASON, PredictionInput};
use crate::markets::Symbol;
use crate::shared::{Error, Result, names};
use chrono::{Days, Months, NaiveDate};
use std::{fmt, str::FromStr};

/// Horizon of a prediction: 1 day to 2 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    count: u32,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// Units with their letters and largest counts.
    const ALL: [(Self, char, u32); 4] = [
        (Self::Day, 'd', 730),
        (Self::Week, 'w', 104),
        (Self::Month, 'm', 24),
        (Self::Year, 'y', 2),
    ];
}

impl Horizon {
    /// Last day of a horizon that starts on `from`.
    pub fn end(self, from: NaiveDate) -> NaiveDate {
        let end = match self.unit {
            Unit::Day => from.checked_add_days(Days::new(self.count.into())),
            Unit::Week => from.checked_add_days(Days::new(u64::from(self.count) * 7)),
            Unit::Month => from.checked_add_months(Months::new(self.count)),
            Unit::Year => from.checked_add_months(Months::new(self.count * 12)),
        };
        end.unwrap_or(NaiveDate::MAX)
    }
}

impl FromStr for Horizon {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || {
            Error::bad_request(
                "bad-horizon",
                "Invalid horizon: use 5d, 2w, 3m or 1y, up to 2y",
            )
            .with("field", "horizon")
        };
        let text = text.trim().to_ascii_lowercase();
        let mut letters = text.chars();
        let letter = letters.next_back().ok_or_else(bad)?;
        let digits = letters.as_str();
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let count: u32 = digits.parse().map_err(|_| bad())?;
        let mut units = Unit::ALL.into_iter();
        let unit = units.find(|(_, known, most)| *known == letter && (1..=*most).contains(&count));
        let (unit, ..) = unit.filter(|_| plain).ok_or_else(bad)?;
        Ok(Self { count, unit })
    }
}

impl fmt::Display for Horizon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut units = Unit::ALL.into_iter();
        let letter = units.find(|(unit, ..)| *unit == self.unit);
        write!(
            f,
            "{}{}",
            self.count,
            letter.map_or('d', |(_, known, _)| known)
        )
    }
}

/// A valid prediction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Symbol in its canonical spelling.
    pub symbol: Symbol,
    pub direction: Direction,
    pub horizon: Horizon,
    pub reason: String,
}

/// Parses a prediction; the error names the field.
///
/// # Errors
/// `bad-symbol`, `bad-direction`, `bad-horizon`, `bad-reason`.
pub fn check(input: &PredictionInput) -> Result<Checked> {
    let symbol = input.symbol.trim().trim_start_matches('$');
    let direction =
        Direction::named(&input.direction.trim().to_ascii_lowercase()).ok_or_else(|| {
            Error::bad_request("bad-direction", "Invalid direction: use long or short")
                .with("field", "direction")
        });
    let symbol: Symbol = symbol
        .parse()
        .map_err(|error: Error| error.with("field", "symbol"))?;
    Ok(Checked {
        // One symbol has one track record, however it is spelled.
        symbol: symbol.canonical(),
        direction: direction?,
        horizon: input.horizon.parse()?,
        reason: reason(&input.reason)?,
    })
}

fn reason(text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    names::clean(text, MAX_REASON).map_err(|_| {
        Error::bad_request(
            "bad-reason",
            format!("Invalid reason: at most {MAX_REASON} visible characters"),
        )
        .with("max", MAX_REASON)
        .with("field", "reason")
    })
}

/// Parses a prediction as written in a chat: `AAPL long 3m because earnings look strong`; the word
/// "because" is optional. `None`: a part is missing.
pub fn read(text: &str) -> Option<PredictionInput> {
    let (symbol, rest) = word(text)?;
    let (direction, rest) = word(rest)?;
    let (horizon, rest) = word(rest)?;
    let reason = match word(rest) {
        Some((because, reason)) if because.eq_ignore_ascii_case("because") => reason,
        _ => rest,
    };
    Some(PredictionInput {
        symbol: symbol.into(),
        direction: direction.into(),
        horizon: horizon.into(),
        reason: reason.trim().into(),
    })
}

/// Splits off the first word.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at_checked(end)
        .filter(|(word, _)| !word.is_empty())
}
