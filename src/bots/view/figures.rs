//! Prices, returns and their sources as people read them.

use crate::markets::Source;
use crate::ui::text::t_with;
use crate::ui::time::date_short;
use crate::ui::{figure, percent};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy, prelude::FromPrimitive};

/// A price for the reader.
pub fn price(exact: Decimal) -> String {
    figure(&plain(exact))
}

/// A price with 2 decimals; with up to 6 when it is less than 1.
fn plain(exact: Decimal) -> String {
    let decimals = if exact.abs() < Decimal::ONE { 6 } else { 2 };
    let exact = rounded(exact, decimals).normalize();
    let decimals = exact.scale().max(2) as usize;
    format!("{exact:.decimals$}")
}

/// A figure with its sign: the true minus sign, as wide as the plus.
pub fn signed(figure: Decimal) -> String {
    let sign = match figure.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Greater => "+",
        std::cmp::Ordering::Less => "\u{2212}",
        std::cmp::Ordering::Equal => "",
    };
    format!("{sign}{}", plain(figure.abs()))
}

/// A figure with so many decimals at most.
pub fn rounded(figure: Decimal, decimals: u32) -> Decimal {
    figure.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// A part of one in per cent with one digit; signed where it is a change.
pub fn part(of_one: f64, plus: bool) -> String {
    let exact = Decimal::from_f64(of_one * 100.0).unwrap_or_default();
    let mut exact = rounded(exact, 1);
    exact.rescale(1);
    let sign = match exact.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Less => "\u{2212}",
        std::cmp::Ordering::Greater if plus => "+",
        _ => "",
    };
    percent(&format!("{sign}{}", exact.abs()))
}

/// Where prices are from, and of which day.
pub fn source_of(source: Source, day: NaiveDate) -> String {
    let key = match source {
        Source::Sample => "quote-source-sample",
        Source::Stooq => "quote-source-stooq",
    };
    t_with(key, &[("date", date_short(day).into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(digits: &str) -> Decimal {
        digits.parse().unwrap()
    }

    #[test]
    fn figures_for_people() {
        for (exact, shown) in [
            ("430.47", "430.47"),
            ("430", "430.00"),
            ("430.400", "430.40"),
            ("438.1799", "438.18"),
            ("0.00012345678", "0.000123"),
            ("1234567.5", "1,234,567.50"),
        ] {
            assert_eq!(price(decimal(exact)), shown);
        }
        assert_eq!(signed(decimal("-10.93")), "\u{2212}10.93");
        assert_eq!(signed(decimal("3")), "+3.00");
        assert_eq!(signed(decimal("0")), "0.00");
    }

    #[test]
    fn parts_in_per_cent() {
        assert_eq!(part(0.1234, true), "+12.3%");
        assert_eq!(part(-0.5, false), "\u{2212}50.0%");
        assert_eq!(part(0.0004, true), "0.0%");
    }
}
