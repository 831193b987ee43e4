//! Formats amounts of virtual money.

use crate::markets::{self, view::change_mark};
use crate::paper::CURRENCY;
use crate::ui::{money, with_currency};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::FromPrimitive};

/// Money with two decimals.
pub fn money(exact: Decimal) -> String {
    money::money(exact, Some(CURRENCY))
}

/// A price with its currency.
pub fn price(exact: Decimal) -> String {
    with_currency(markets::view::price(exact), Some(CURRENCY))
}

/// A fraction as a percentage, with mark, sign and color.
pub fn part_mark(of_one: f64) -> AnyView {
    change_mark(Decimal::from_f64(of_one * 100.0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_for_people() {
        let exact = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(money(exact("100000")), "100,000.00\u{a0}USD");
        assert_eq!(money::quantity(exact("1.5000")), "1.5");
        assert!(part_mark(0.03047).to_html().contains("+3.05%"));
        assert!(part_mark(f64::NAN).to_html().contains("0.00%"));
    }
}
