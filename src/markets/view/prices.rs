//! Formats prices and changes for readers.

use crate::markets::{Quote, Sector, Source, currency};
use crate::ui::change::{Moved, at_most, plain};
use crate::ui::time::{Zone, date_short, time_label};
use crate::ui::{figure, t, t_with, with_currency};
use chrono::NaiveDate;
use leptos::prelude::*;
use rust_decimal::Decimal;

/// Rounds a price to the digits shown: two, or up to six if it is below one.
pub fn shown(exact: Decimal) -> Decimal {
    at_most(exact, if exact.abs() < Decimal::ONE { 6 } else { 2 })
}

/// Formats a price.
pub fn price(exact: Decimal) -> String {
    figure(&plain(shown(exact)))
}

/// A price with its currency, where the market names one.
pub fn price_of(symbol: &str, source: Source, exact: Decimal) -> String {
    with_currency(price(exact), currency(symbol, source))
}

/// A symbol above the name of its instrument, as a link.
pub fn symbol_link(address: String, symbol: &str, name: Option<String>) -> AnyView {
    view! {
        <a class="instrument" href=address>
            <span class="quote-symbol">{symbol.to_owned()}</span>
            {name.map(|name| view! { <span class="fine-print">{name}</span> })}
        </a>
    }
    .into_any()
}

/// Draws a change in % with mark, sign and color.
pub fn change_mark(exact: Decimal) -> AnyView {
    Moved::by_percent(exact).draw()
}

/// Returns the age and the data source of a quote, so that an old price is not taken for a live
/// one.
pub fn age(quote: &Quote, zone: Zone) -> String {
    let mut day = date_short(quote.date);
    if let Some(time) = quote.time {
        let time = time_label(time, zone.clock.get());
        day = t_with("date-time", &[("date", day.into()), ("time", time.into())]);
    }
    from(quote.source, day)
}

/// Returns the data source of a day's prices.
pub fn source_of(source: Source, day: NaiveDate) -> String {
    from(source, date_short(day))
}

fn from(source: Source, day: String) -> String {
    let key = format!("quote-source-{}", source.as_str());
    t_with(&key, &[("date", day.into())])
}

/// Returns the name of a sector in the reader's language.
pub fn sector_name(sector: Sector) -> String {
    t(match sector {
        Sector::CommunicationServices => "sector-communication",
        Sector::ConsumerDiscretionary => "sector-discretionary",
        Sector::ConsumerStaples => "sector-staples",
        Sector::Energy => "sector-energy",
        Sector::Financials => "sector-financials",
        Sector::HealthCare => "sector-health",
        Sector::Industrials => "sector-industrials",
        Sector::InformationTechnology => "sector-technology",
        Sector::Materials => "sector-materials",
        Sector::RealEstate => "sector-real-estate",
        Sector::Utilities => "sector-utilities",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_changes_for_people() {
        for (exact, shown) in [
            ("430.47", "430.47"),
            ("430", "430.00"),
            ("430.400", "430.40"),
            ("438.1799", "438.18"),
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
