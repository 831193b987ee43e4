//! Money, units and returns as people read them.

use crate::markets::view::change_mark;
use crate::ui::change::{plain, rounded};
use crate::ui::figure;
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::FromPrimitive};

/// Digits that are shown of units.
const UNITS: u32 = 6;

/// Money with two digits.
pub fn money(exact: Decimal) -> String {
    figure(&plain(rounded(exact, 2)))
}

/// Units.
pub fn units(exact: Decimal) -> String {
    figure(&plain(rounded(exact, UNITS).normalize()))
}

/// A part of one in per cent, by mark, sign and colour.
pub fn part_mark(of_one: f64) -> AnyView {
    change_mark(Decimal::from_f64(of_one * 100.0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_for_people() {
        let exact = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(money(exact("100000")), "100,000.00");
        assert_eq!(units(exact("1.5000")), "1.5");
        assert!(part_mark(0.03047).to_html().contains("+3.05%"));
        assert!(part_mark(f64::NAN).to_html().contains("0.00%"));
    }
}
