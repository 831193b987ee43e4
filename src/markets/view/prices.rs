//! Prices and changes as people read them.

use crate::markets::{Quote, Source};
use crate::ui::time::{Zone, date_short, time_label};
use crate::ui::{figure, percent, t_with};
use chrono::{NaiveDate, NaiveTime};
use leptos::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

fn rounded(exact: Decimal, digits: u32) -> Decimal {
    exact.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// A price with two digits; with up to six when it is less than one.
#[must_use]
pub fn price(exact: Decimal) -> String {
    let digits = if exact.abs() < Decimal::ONE { 6 } else { 2 };
    let mut shown = rounded(exact, digits).normalize();
    shown.rescale(shown.scale().max(2));
    figure(&shown.to_string().replace('-', "\u{2212}"))
}

/// A change in per cent by mark, sign and colour.
#[must_use]
pub fn change_mark(exact: Decimal) -> AnyView {
    let mut shown = rounded(exact, 2);
    shown.rescale(2);
    let (class, mark, sign) = match shown.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Greater => ("quote-change up", "▲", "+"),
        std::cmp::Ordering::Less => ("quote-change down", "▼", "\u{2212}"),
        std::cmp::Ordering::Equal => ("quote-change flat", "●", ""),
    };
    view! {
        <span class=class>
            <span class="quote-mark" aria-hidden="true">
                {mark}
            </span>
            {percent(&format!("{sign}{}", shown.abs()))}
        </span>
    }
    .into_any()
}

/// How old a quote is and where it comes from: nobody may take an old price for a live one.
#[must_use]
pub fn age(quote: &Quote, zone: Zone) -> String {
    age_of(quote.date, quote.time, quote.source, zone)
}

fn age_of(date: NaiveDate, time: Option<NaiveTime>, source: Source, zone: Zone) -> String {
    let mut day = date_short(date);
    if let Some(time) = time {
        let time = time_label(time, zone.clock.get());
        day = t_with("date-time", &[("date", day.into()), ("time", time.into())]);
    }
    if source == Source::Sample {
        t_with("price-age-sample", &[("date", day.into())])
    } else {
        let source = source.as_str();
        t_with(
            "price-age",
            &[("date", day.into()), ("source", source.into())],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_changes_for_people() {
        for (exact, shown) in [
            ("430.47", "430.47"),
            ("430", "430.00"),
            ("0.00012345678", "0.000123"),
            ("1234567.505", "1,234,567.51"),
        ] {
            assert_eq!(price(exact.parse().unwrap()), shown);
        }
        let mark = |exact: &str| change_mark(exact.parse().unwrap()).to_html();
        assert!(mark("-2.476").contains("\u{2212}2.48%"));
        assert!(mark("-2.476").contains("quote-change down"));
        assert!(mark("0.5").contains("+0.50%"));
        assert!(mark("-0.001").contains("quote-change flat"));
    }
}
