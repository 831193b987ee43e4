//! Card of a price chart: an image that the server draws, and its content in words.

use super::super::model::{ChartCard, Given};
use crate::markets::view::{in_address, instrument_path, price_of, source_of};
use crate::markets::{
    Source,
    ratings::{Edge, Verdict},
};
use crate::ui::change::percentage;
use crate::ui::change::{rounded, signed};
use crate::ui::percent;
use crate::ui::preferences::{Preferences, Theme};
use crate::ui::text::{t, t_with};
use crate::ui::time::date_short;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// Renders the image with its numbers; it links to the symbol.
pub fn chart_card(body: &Value) -> Option<AnyView> {
    let card = ChartCard::deserialize(body).ok()?;
    let ChartCard {
        symbol, to, source, ..
    } = &card;
    let change = card.change_percent().unwrap_or_default();
    let change = percent(&signed(rounded(change, 2)));
    let age = source_of(*source, *to);
    let alt = t_with(
        "bot-chart-alt",
        &[
            ("symbol", symbol.as_str().into()),
            ("from", date_short(card.from).into()),
            ("to", date_short(*to).into()),
            ("first", price_of(symbol, *source, card.first).into()),
            ("last", price_of(symbol, *source, card.last).into()),
            ("low", price_of(symbol, *source, card.low).into()),
            ("high", price_of(symbol, *source, card.high).into()),
            ("change", change.as_str().into()),
            ("source", age.as_str().into()),
        ],
    );
    // The address contains the last day, so the image never changes.
    let image = |theme: &str| {
        let (days, symbol) = (card.days, in_address(symbol));
        format!("/api/stocks/{symbol}/chart.svg?period={days}&to={to}&theme={theme}")
    };
    let (light, dark) = (image("light"), image("dark"));
    let (shown, other) = match Preferences::current().theme {
        Theme::Light => (light, None),
        Theme::Dark => (dark, None),
        // Follows the reader's system.
        Theme::System => (dark, Some(light)),
    };
    let other = other.map(|light| {
        view! { <source media="(prefers-color-scheme: light)" srcset=light /> }
    });
    let rating = card.rating.map(rating);
    let sample = *source == Source::Sample;
    Some(
        view! {
            <div class="card bot-chart">
                <a href=instrument_path(symbol)>
                    <picture>
                        {other}
                        <img src=shown alt=alt width="800" height="360" loading="lazy" />
                    </picture>
                </a>
                <p class="bot-line">
                    <span class="quote-symbol">{symbol.clone()}</span>
                    " "
                    {price_of(symbol, *source, card.first)}
                    " → "
                    <strong>{price_of(symbol, *source, card.last)}</strong>
                    " "
                    {change}
                </p>
                {rating}
                <p class="card-foot" class:sample=sample>
                    <time datetime=to.to_string()>{age}</time>
                </p>
            </div>
        }
        .into_any(),
    )
}

/// Renders the technical rating and its hit rate.
fn rating(given: Given) -> AnyView {
    let verdict = match given.verdict {
        Verdict::StrongBuy => t("rating-strong-buy"),
        Verdict::Buy => t("rating-buy"),
        Verdict::Neutral => t("rating-neutral"),
        Verdict::Sell => t("rating-sell"),
        Verdict::StrongSell => t("rating-strong-sell"),
    };
    let record = given.rate.zip(given.base).map(|(rate, base)| {
        let values = [
            ("rate", percentage(Some(rate), 1, false).into()),
            ("base", percentage(Some(base), 1, false).into()),
            (
                "days",
                i64::try_from(given.horizon).unwrap_or_default().into(),
            ),
        ];
        t_with("rating-record", &values)
    });
    let buys = matches!(given.verdict, Verdict::StrongBuy | Verdict::Buy);
    let shown = match given.edge {
        Some(Edge::Both) => true,
        Some(Edge::Buy) => buys,
        Some(Edge::Sell) => !buys,
        Some(Edge::NotDemonstrated) | None => false,
    };
    let luck = (given.verdict != Verdict::Neutral && !shown).then(|| t("rating-no-edge"));
    view! {
        <p class="bot-line">
            {t("bot-rating-title")}
            " "
            <strong>{verdict}</strong>
            ". "
            {record}
            " "
            {luck}
        </p>
    }
    .into_any()
}
