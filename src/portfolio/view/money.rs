//! The currency of a portfolio's amounts, and its returns as text.

use crate::markets::{Source, currency};
use crate::portfolio::Holding;
use crate::ui::{change, money};
use leptos::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// The currency of a portfolio's amounts. None: its prices are in several, or no source names one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Currency(pub Option<&'static str>);

impl Currency {
    /// The currency that the prices of all holdings share.
    pub fn of(holdings: &[Holding]) -> Self {
        Self::shared(holdings.iter().map(|one| (one.symbol.as_str(), one.source)))
    }

    /// The currency that the prices of all symbols share, as far as their sources name one.
    pub fn shared<'a>(priced: impl Iterator<Item = (&'a str, Option<Source>)>) -> Self {
        match currencies(priced)[..] {
            [code] => Self(Some(code)),
            _ => Self(None),
        }
    }

    /// Money with two digits and its currency.
    pub fn money(self, exact: Decimal) -> String {
        money::money(exact, self.0)
    }

    /// The same for a computed amount.
    pub fn about(self, amount: f64) -> String {
        money::about(amount, self.0)
    }
}

/// The currencies of the symbols' prices, as far as their sources name one, in the order of their
/// codes.
pub fn currencies<'a>(
    priced: impl Iterator<Item = (&'a str, Option<Source>)>,
) -> Vec<&'static str> {
    let codes = priced.filter_map(|(symbol, source)| currency(symbol, source?));
    let mut codes: Vec<_> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A fraction as a percentage with two decimals; a dash if undefined.
pub fn percentage(of_one: Option<f64>, plus: bool) -> String {
    change::percentage(of_one, 2, plus)
}

/// A number with two decimals; a dash if undefined.
pub fn ratio(of: Option<f64>) -> String {
    of.map_or_else(change::dash, |of| money::about(of, None))
}

/// A weight as a bar.
pub fn weight_bar(weight: Option<f64>) -> AnyView {
    let weight = weight.unwrap_or_default().clamp(0.0, 1.0);
    let style = format!("--weight: {weight:.4}");
    view! { <span class="weight" style=style aria-hidden="true"></span> }.into_any()
}

/// Returns the weight as a fraction. None: `whole` is zero.
pub fn share(of: Decimal, whole: Decimal) -> Option<f64> {
    of.checked_div(whole)?.to_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_defined_is_a_dash() {
        assert_eq!(percentage(Some(0.12345), true), "+12.35%");
        assert_eq!(percentage(None, true), "\u{2013}");
        assert_eq!(ratio(Some(1.005)), "1.01");
        assert_eq!(ratio(None), "\u{2013}");
    }
}
