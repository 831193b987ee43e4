//! Money, units and returns as people read them.

use crate::ui::{figure, percent};
use leptos::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy, prelude::FromPrimitive};

/// Digits that are shown of units.
const UNITS: u32 = 6;

fn rounded(exact: Decimal, digits: u32) -> Decimal {
    let mut rounded = exact.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(digits);
    rounded
}

/// A true minus sign, and a plus where `plus` asks for it.
fn signed(exact: Decimal, plus: bool) -> String {
    if exact.is_sign_negative() && !exact.is_zero() {
        format!("\u{2212}{}", exact.abs())
    } else if plus && !exact.is_zero() {
        format!("+{}", exact.abs())
    } else {
        exact.abs().to_string()
    }
}

/// Money with two digits.
pub fn money(exact: Decimal) -> String {
    figure(&signed(rounded(exact, 2), false))
}

/// Money that was computed, with two digits.
pub fn about(money_: f64) -> String {
    Decimal::from_f64(money_).map_or_else(dash, money)
}

/// A price with all its digits, two at least.
pub fn price(exact: Decimal) -> String {
    let shown = rounded(exact, UNITS).normalize();
    let digits = shown.scale().max(2);
    figure(&signed(rounded(shown, digits), false))
}

/// Units.
pub fn units(exact: Decimal) -> String {
    figure(&signed(rounded(exact, UNITS).normalize(), false))
}

/// A part of one as per cent; a dash where it is not defined.
pub fn part(of_one: Option<f64>, plus: bool) -> String {
    let exact = of_one.and_then(|part| Decimal::from_f64(part * 100.0));
    exact.map_or_else(dash, |exact| percent(&signed(rounded(exact, 2), plus)))
}

/// A figure with two digits; a dash where it is not defined.
pub fn ratio(figure_: Option<f64>) -> String {
    figure_.map_or_else(dash, about)
}

/// Stands for what is not defined.
pub fn dash() -> String {
    "\u{2013}".into()
}

/// A gain or loss by mark, sign and colour, with what part of `cost` it is.
pub fn change(gain: Decimal, cost: Decimal) -> AnyView {
    let (class, mark) = match gain.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Greater => ("quote-change up", "▲"),
        std::cmp::Ordering::Less => ("quote-change down", "▼"),
        std::cmp::Ordering::Equal => ("quote-change flat", "●"),
    };
    let of_cost = (gain * Decimal::ONE_HUNDRED).checked_div(cost);
    let of_cost = of_cost.map(|part| format!(" ({})", percent(&signed(rounded(part, 2), true))));
    view! {
        <span class=class>
            <span class="quote-mark" aria-hidden="true">
                {mark}
            </span>
            {figure(&signed(rounded(gain, 2), true))}
            {of_cost}
        </span>
    }
    .into_any()
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
        assert_eq!(part(Some(-0.5), true), "\u{2212}50.00%");
        assert_eq!(part(None, true), "\u{2013}");
        assert_eq!(part(Some(f64::NAN), false), "\u{2013}");
        assert_eq!(ratio(Some(1.005)), "1.01");
        assert_eq!(ratio(None), "\u{2013}");
    }
}
