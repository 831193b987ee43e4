//! Card of a quote.

use super::super::model::QuoteCard;
use crate::markets::Freshness;
use crate::markets::view::{age, price, shown};
use crate::ui::change::change as change_of;
use crate::ui::facts::fact;
use crate::ui::figure;
use crate::ui::money::currency;
use crate::ui::text::t;
use crate::ui::time::Zone;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// Renders a quote: symbol, price and change, the numbers of the day, and its data source and age.
pub fn quote_card(body: &Value) -> Option<AnyView> {
    let QuoteCard {
        quote,
        change,
        change_percent,
    } = QuoteCard::deserialize(body).ok()?;
    let zone = Zone::of_context();
    let sample = matches!(
        quote.source.freshness(),
        Freshness::Sample | Freshness::Replay
    );
    let (symbol, iso_date) = (quote.symbol.clone(), quote.date.to_string());
    let last = price(quote.price);
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
        .filter_map(|(key, figure)| Some(fact(t(key), figure?)))
        .collect();
    let figures = (!figures.is_empty()).then(|| view! { <dl class="quote-figures">{figures}</dl> });
    Some(
        view! {
            <div class="card quote">
                <div class="quote-line">
                    <span class="quote-symbol">{symbol}</span>
                    <span class="quote-money">
                        <span class="quote-price">{last}</span>
                        {quote.currency().map(|code| view! { " " {currency(code)} })}
                    </span>
                    {change.map(|change| change_of(shown(change), None, change_percent))}
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
