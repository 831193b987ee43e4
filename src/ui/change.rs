//! Formats numbers that went up or down: rounded, with a true minus sign, an arrow and a color. All
//! pages use these functions, so a change looks the same everywhere.

use super::{figure, percent, with_currency};
use leptos::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy, prelude::FromPrimitive};
use std::cmp::Ordering;

/// Rounds to this number of decimal places; halves away from zero.
pub fn rounded(exact: Decimal, digits: u32) -> Decimal {
    let mut rounded = exact.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(digits);
    rounded
}

/// Rounds to at most this number of decimal places, and shows at least two.
pub fn at_most(exact: Decimal, digits: u32) -> Decimal {
    let mut shown = rounded(exact, digits).normalize();
    shown.rescale(shown.scale().max(2));
    shown
}

/// A number as plain text with U+2212 as its minus sign, which is as wide as the plus.
pub fn plain(exact: Decimal) -> String {
    let sign = if below_zero(exact) { "\u{2212}" } else { "" };
    format!("{sign}{}", exact.abs())
}

/// Like [`plain`], with a plus above zero.
pub fn signed(exact: Decimal) -> String {
    let plus = if exact.cmp(&Decimal::ZERO) == Ordering::Greater {
        "+"
    } else {
        ""
    };
    format!("{plus}{}", plain(exact))
}

fn below_zero(exact: Decimal) -> bool {
    exact.is_sign_negative() && !exact.is_zero()
}

/// A percentage with its sign and two decimal places.
pub fn signed_percent(exact: Decimal) -> String {
    percent(&signed(rounded(exact, 2)))
}

/// A fraction as a percentage with this number of decimal places; `plus` adds the sign of a change.
/// A dash if it is undefined.
pub fn percentage(of_one: Option<f64>, digits: u32, plus: bool) -> String {
    let exact = of_one.and_then(|part| Decimal::from_f64(part * 100.0));
    let text = |exact| {
        let exact = rounded(exact, digits);
        percent(&if plus { signed(exact) } else { plain(exact) })
    };
    exact.map_or_else(dash, text)
}

/// Placeholder for undefined values.
pub fn dash() -> String {
    "\u{2013}".into()
}

/// A rise or fall with arrow, sign and color. `shown` is the change, already rounded; `of_cent`
/// adds the percentage in parentheses.
pub fn change(shown: Decimal, currency: Option<&str>, of_cent: Option<Decimal>) -> AnyView {
    let of_cent = of_cent.map(|part| format!(" ({})", signed_percent(part)));
    let figure = with_currency(figure(&signed(shown)), currency);
    Moved {
        way: shown.cmp(&Decimal::ZERO),
        text: figure + &of_cent.unwrap_or_default(),
    }
    .draw()
}

/// A formatted change. Drawing it needs no arithmetic, which keeps that code out of the first
/// page's module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    way: Ordering,
    text: String,
}

impl Moved {
    /// A change in percent.
    pub fn by_percent(exact: Decimal) -> Self {
        let shown = rounded(exact, 2);
        Self {
            way: shown.cmp(&Decimal::ZERO),
            text: percent(&signed(shown)),
        }
    }

    /// Draws arrow, sign and color.
    pub fn draw(self) -> AnyView {
        let (class, mark) = match self.way {
            Ordering::Greater => ("quote-change up", "▲"),
            Ordering::Less => ("quote-change down", "▼"),
            Ordering::Equal => ("quote-change flat", "●"),
        };
        view! {
            <span class=class>
                <span class="quote-mark" aria-hidden="true">
                    {mark}
                </span>
                {self.text}
            </span>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(digits: &str) -> Decimal {
        digits.parse().unwrap()
    }

    #[test]
    fn signs_and_digits() {
        for (figure, digits, shown) in [
            ("-10.93", 2, "\u{2212}10.93"),
            ("3", 2, "+3.00"),
            ("0", 2, "0.00"),
            ("-0.001", 2, "0.00"),
            ("0.005", 2, "+0.01"),
            ("-0.005", 2, "\u{2212}0.01"),
        ] {
            assert_eq!(signed(rounded(exact(figure), digits)), shown);
        }
        assert_eq!(plain(at_most(exact("0.00012345678"), 6)), "0.000123");
        assert_eq!(plain(at_most(exact("-430"), 6)), "\u{2212}430.00");
        assert_eq!(plain(rounded(exact("7"), 2)), "7.00");
        assert_eq!(signed_percent(exact("2.476")), "+2.48%");
    }

    #[test]
    fn parts_of_one() {
        assert_eq!(percentage(Some(0.12345), 2, true), "+12.35%");
        assert_eq!(percentage(Some(-0.5), 1, false), "\u{2212}50.0%");
        assert_eq!(percentage(Some(-0.0001), 1, true), "0.0%");
        assert_eq!(percentage(Some(f64::NAN), 2, false), "\u{2013}");
        assert_eq!(percentage(None, 2, true), "\u{2013}");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_change_is_told_by_mark_sign_and_color() {
        let html = |shown: &str| change(exact(shown), None, Some(exact("-2.5"))).to_html();
        for (shown, class, mark) in [("1", "up", "▲"), ("-1", "down", "▼"), ("0", "flat", "●")]
        {
            let html = html(shown);
            assert!(html.contains(&format!("quote-change {class}")), "{html}");
            assert!(html.contains(mark) && html.contains("\u{2212}2.50%"));
        }
    }
}
