//! Money, units and returns as people read them.

pub use crate::ui::change::dash;
use crate::ui::change::{self, at_most, plain, rounded};
use crate::ui::figure;
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::FromPrimitive};

/// Digits that are shown of units.
const UNITS: u32 = 6;

/// Money with two digits.
pub fn money(exact: Decimal) -> String {
    figure(&plain(rounded(exact, 2)))
}

/// Money that was computed, with two digits.
pub fn about(money_: f64) -> String {
    Decimal::from_f64(money_).map_or_else(dash, money)
}

/// A price with all its digits, two at least.
pub fn price(exact: Decimal) -> String {
    figure(&plain(at_most(exact, UNITS)))
}

/// Units.
pub fn units(exact: Decimal) -> String {
    figure(&plain(rounded(exact, UNITS).normalize()))
}

/// A part of one as per cent with two digits; a dash where it is not defined.
pub fn part(of_one: Option<f64>, plus: bool) -> String {
    change::part(of_one, 2, plus)
}

/// A figure with two digits; a dash where it is not defined.
pub fn ratio(figure_: Option<f64>) -> String {
    figure_.map_or_else(dash, about)
}

/// A gain or loss by mark, sign and colour, with what part of `cost` it is.
pub fn change(gain: Decimal, cost: Decimal) -> AnyView {
    change::change(rounded(gain, 2), of_cost(gain, cost))
}

/// How many per cent of `cost` a gain is; none of nothing.
pub fn of_cost(gain: Decimal, cost: Decimal) -> Option<Decimal> {
    (gain * Decimal::ONE_HUNDRED).checked_div(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn money_has_two_digits_and_a_true_minus() {
        assert_eq!(money(exact("1234567.005")), "1,234,567.01");
        assert_eq!(money(exact("-0.5")), "\u{2212}0.50");
        assert_eq!(money(exact("-0.001")), "0.00");
        assert_eq!(price(exact("0.00012")), "0.00012");
        assert_eq!(price(exact("561")), "561.00");
        assert_eq!(units(exact("10.50000")), "10.5");
        assert_eq!(units(exact("0.3333333333")), "0.333333");
    }

    #[test]
    fn what_is_not_defined_is_a_dash() {
        assert_eq!(part(Some(0.12345), true), "+12.35%");
        assert_eq!(part(None, true), "\u{2013}");
        assert_eq!(ratio(Some(1.005)), "1.01");
        assert_eq!(ratio(None), "\u{2013}");
    }
}
