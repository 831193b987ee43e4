//! Formats money, quantities, prices and gains.

use super::change::{at_most, change, dash, plain, rounded};
use super::{figure, with_currency};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::FromPrimitive};

/// Maximum decimals of a quantity or a price.
const DECIMALS: u32 = 6;

/// The code of a currency beside an amount or the head of a column.
pub fn currency(code: &str) -> AnyView {
    view! { <span class="quote-currency">{code.to_owned()}</span> }.into_any()
}

/// Money with two decimals and its currency, if that is known.
pub fn money(exact: Decimal, currency: Option<&str>) -> String {
    with_currency(figure(&plain(rounded(exact, 2))), currency)
}

/// A computed amount of money; a dash if undefined.
pub fn about(amount: f64, currency: Option<&str>) -> String {
    Decimal::from_f64(amount).map_or_else(dash, |exact| money(exact, currency))
}

/// A price with all its decimals, at least two.
pub fn full_price(exact: Decimal) -> String {
    figure(&plain(at_most(exact, DECIMALS)))
}

/// A quantity of shares, without trailing zeros.
pub fn quantity(exact: Decimal) -> String {
    figure(&plain(rounded(exact, DECIMALS).normalize()))
}

/// A gain or loss with mark, sign and color, and its percentage of `cost`.
pub fn gain(exact: Decimal, cost: Decimal, currency: Option<&str>) -> AnyView {
    change(rounded(exact, 2), currency, of_cost(exact, cost))
}

/// A gain in % of `cost`. None: `cost` is zero.
pub fn of_cost(gain: Decimal, cost: Decimal) -> Option<Decimal> {
    gain.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn money_has_two_digits_and_a_true_minus() {
        assert_eq!(money(exact("1234567.005"), None), "1,234,567.01");
        assert_eq!(money(exact("-0.5"), None), "\u{2212}0.50");
        assert_eq!(money(exact("-0.001"), None), "0.00");
        assert_eq!(money(exact("100000"), Some("USD")), "100,000.00\u{a0}USD");
        assert_eq!(full_price(exact("0.00012")), "0.00012");
        assert_eq!(full_price(exact("561")), "561.00");
        assert_eq!(quantity(exact("10.50000")), "10.5");
        assert_eq!(quantity(exact("0.3333333333")), "0.333333");
        assert_eq!(about(1.005, None), "1.01");
        assert_eq!(about(f64::NAN, Some("USD")), "\u{2013}");
    }

    #[test]
    fn a_gain_of_nothing_has_no_percentage() {
        assert_eq!(of_cost(exact("5"), exact("20")), Some(exact("25")));
        assert_eq!(of_cost(exact("5"), Decimal::ZERO), None);
        assert_eq!(of_cost(Decimal::MAX, Decimal::ONE), None);
    }
}
