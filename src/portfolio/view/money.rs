//! Formats money, quantities and returns.

use crate::markets::currency;
use crate::portfolio::Holding;
pub use crate::ui::change::dash;
use crate::ui::change::{self, at_most, plain, rounded};
use crate::ui::{figure, with_currency};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::FromPrimitive};

/// Maximum decimals of a quantity.
const UNITS: u32 = 6;

/// The currency of a portfolio's amounts. None: its prices are in several, or no source names one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Currency(pub Option<&'static str>);

impl Currency {
    /// The currency that the prices of all holdings share.
    pub fn of(holdings: &[Holding]) -> Self {
        let priced = holdings
            .iter()
            .filter_map(|one| currency(&one.symbol, one.source?));
        let mut codes = priced.collect::<Vec<_>>();
        codes.sort_unstable();
        codes.dedup();
        match codes[..] {
            [code] => Self(Some(code)),
            _ => Self(None),
        }
    }

    /// Money with two digits and its currency.
    pub fn money(self, exact: Decimal) -> String {
        with_currency(money(exact), self.0)
    }

    /// The same for a computed amount.
    pub fn about(self, amount: f64) -> String {
        Decimal::from_f64(amount).map_or_else(dash, |exact| self.money(exact))
    }

    /// A gain or loss with its currency, by mark, sign and color, beside its share of `cost`.
    pub fn change(self, gain: Decimal, cost: Decimal) -> AnyView {
        change::change(rounded(gain, 2), self.0, of_cost(gain, cost))
    }

    /// The head of a column of amounts: the currency stands here, not in each row.
    pub fn head(self, name: String) -> AnyView {
        let code = self
            .0
            .map(|code| view! { " " <span class="quote-currency">{code}</span> });
        view! { {name} {code} }.into_any()
    }
}

/// Money with two digits.
pub fn money(exact: Decimal) -> String {
    figure(&plain(rounded(exact, 2)))
}

/// A computed amount of money with two decimals.
pub fn about(money_: f64) -> String {
    Decimal::from_f64(money_).map_or_else(dash, money)
}

/// A price with all its decimals, at least two.
pub fn price(exact: Decimal) -> String {
    figure(&plain(at_most(exact, UNITS)))
}

/// A quantity of shares.
pub fn units(exact: Decimal) -> String {
    figure(&plain(rounded(exact, UNITS).normalize()))
}

/// A fraction as a percentage with two decimals; a dash if undefined.
pub fn percentage(of_one: Option<f64>, plus: bool) -> String {
    change::percentage(of_one, 2, plus)
}

/// A number with two decimals; a dash if undefined.
pub fn ratio(figure_: Option<f64>) -> String {
    figure_.map_or_else(dash, about)
}

/// A gain or loss with icon, sign and color, and its percentage of `cost`.
pub fn change(gain: Decimal, cost: Decimal) -> AnyView {
    change::change(rounded(gain, 2), None, of_cost(gain, cost))
}

/// Returns a gain in % of `cost`. None: `cost` is zero.
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
        assert_eq!(percentage(Some(0.12345), true), "+12.35%");
        assert_eq!(percentage(None, true), "\u{2013}");
        assert_eq!(ratio(Some(1.005)), "1.01");
        assert_eq!(ratio(None), "\u{2013}");
    }
}
