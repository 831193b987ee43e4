//! The card of a quote.

use super::super::model::QuoteCard;
use super::figures::{price, rounded, signed};
use crate::markets::{Quote, Source};
use crate::ui::text::{t, t_with};
use crate::ui::time::{Zone, date_short, time_label};
use crate::ui::{figure, percent};
use leptos::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// A quote: symbol, price and change, the figures of the day, and at the foot where and when it
/// is from.
#[must_use]
pub fn quote_card(body: &Value) -> Option<AnyView> {
    let QuoteCard {
        quote,
        change,
        change_percent,
    } = QuoteCard::deserialize(body).ok()?;
    let zone = Zone::of_context();
    let sample = quote.source == Source::Sample;
    let (symbol, iso_date) = (quote.symbol.clone(), quote.date.to_string());
    let last = price(quote.price);
    let currency = quote.currency();
    let figures = [
        ("quote-open", quote.open.map(price)),
        ("quote-high", quote.high.map(price)),
        ("quote-low", quote.low.map(price)),
        (
            "quote-volume",
            quote.volume.map(|volume| figure(&volume.to_string())),
        ),
    ];
    let figures: Vec<_> = figures
        .into_iter()
        .filter_map(|(key, figure)| Some((t(key), figure?)))
        .map(|(name, figure)| view! { <div><dt>{name}</dt><dd>{figure}</dd></div> })
        .collect();
    let figures = (!figures.is_empty()).then(|| view! { <dl class="quote-figures">{figures}</dl> });
    Some(
        view! {
            <div class="card quote">
                <div class="quote-line">
                    <span class="quote-symbol">{symbol}</span>
                    <span class="quote-money">
                        <span class="quote-price">{last}</span>
                        {currency.map(|code| view! { " " <span class="quote-currency">{code}</span> })}
                    </span>
                    {change.map(|change| change_mark(change, change_percent))}
                </div>
                {figures}
                <p class="card-foot" class:sample=sample>
                    <time datetime=iso_date>{move || age(&quote, zone)}</time>
                </p>
            </div>
        }
        .into_any(),
    )
}

/// Up or down, by mark, sign and colour.
fn change_mark(change: Decimal, change_percent: Option<Decimal>) -> impl IntoView {
    let (class, mark) = match change.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Greater => ("quote-change up", "▲"),
        std::cmp::Ordering::Less => ("quote-change down", "▼"),
        std::cmp::Ordering::Equal => ("quote-change flat", "●"),
    };
    let percent =
        change_percent.map(|change| format!(" ({})", percent(&signed(rounded(change, 2)))));
    view! {
        <span class=class>
            <span class="quote-mark" aria-hidden="true">{mark}</span>
            {figure(&signed(change))}
            {percent}
        </span>
    }
}

/// Where and when a quote is from: nobody may take an old price for a live one.
fn age(quote: &Quote, zone: Zone) -> String {
    let key = match quote.source {
        Source::Sample => "quote-source-sample",
        Source::Stooq => "quote-source-stooq",
    };
    let mut date = date_short(quote.date);
    if let Some(time) = quote.time {
        date = t_with(
            "date-time",
            &[
                ("date", date.into()),
                ("time", time_label(time, zone.clock.get()).into()),
            ],
        );
    }
    t_with(key, &[("date", date.into())])
}
