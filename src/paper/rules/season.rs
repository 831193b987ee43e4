//! Seasons: calendar quarters of the market's clock, which is UTC but under replay.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

/// Starting cash of each account.
pub const CASH: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

/// A quarter of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Such as `2026 Q4`.
    pub name: String,
    /// First day.
    pub begins: NaiveDate,
    /// The day after the last.
    pub ends: NaiveDate,
}

/// Returns the quarter that contains a day.
pub fn quarter(day: NaiveDate) -> Quarter {
    let (year, nth) = (day.year(), day.month0() / 3);
    let first = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX);
    Quarter {
        name: format!("{year} Q{}", nth + 1),
        begins: first(year, nth * 3 + 1),
        ends: match nth {
            3 => first(year + 1, 1),
            _ => first(year, nth * 3 + 4),
        },
    }
}
