//! Cards for what bots hang on their messages. Chat offers the registry; [`renderers`] fills it.

use super::model::{BotPart, Help, MarketUnavailable, NoQuote, QuoteCard, WhichOne};
use super::rules::commands;
use crate::markets::{Freshness, Quote, Source};
use crate::ui::text::{t, t_with};
use crate::ui::time::{Zone, date_short, time_label};
use crate::ui::{change, figure};
use leptos::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// Renders the body of a part; `None`: it is not of the kind's shape, and the message's text has
/// to do.
pub type Renderer = fn(&Value) -> Option<AnyView>;

/// The cards by the kind of part that they show.
#[must_use]
pub fn renderers() -> Vec<(&'static str, Renderer)> {
    vec![
        (QuoteCard::KIND, quote_card),
        (NoQuote::KIND, no_quote_card),
        (MarketUnavailable::KIND, market_unavailable_card),
        (WhichOne::KIND, which_one_card),
        (Help::KIND, help_card),
    ]
}

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
    let sample = matches!(
        quote.source.freshness(),
        Freshness::Sample | Freshness::Replay
    );
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
                    {change.map(|change| change::change(exact(change), change_percent))}
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

/// There is no such code.
#[must_use]
pub fn no_quote_card(body: &Value) -> Option<AnyView> {
    let NoQuote { symbol } = NoQuote::deserialize(body).ok()?;
    let title = if symbol.is_empty() {
        t("bot-no-quote-nameless")
    } else {
        t_with("bot-no-quote", &[("symbol", symbol.into())])
    };
    Some(note(title, t("bot-no-quote-hint")))
}

/// The source of prices is away.
#[must_use]
pub fn market_unavailable_card(body: &Value) -> Option<AnyView> {
    let MarketUnavailable { symbol } = MarketUnavailable::deserialize(body).ok()?;
    Some(note(
        t("bot-market-unavailable"),
        t_with("bot-market-unavailable-hint", &[("symbol", symbol.into())]),
    ))
}

/// The code is missing.
#[must_use]
pub fn which_one_card(body: &Value) -> Option<AnyView> {
    let WhichOne { example } = WhichOne::deserialize(body).ok()?;
    Some(
        view! {
            <div class="card bot-note">
                <p>{t("bot-which-one")} " " <code>{example}</code></p>
            </div>
        }
        .into_any(),
    )
}

/// What can be asked.
#[must_use]
pub fn help_card(body: &Value) -> Option<AnyView> {
    let known = commands();
    let lines: Vec<_> = Help::deserialize(body)
        .ok()?
        .commands
        .into_iter()
        .map(|command| {
            let info = known.iter().find(|info| info.name == command.name);
            let description = info.map(|info| t(info.description_key));
            view! { <div><dt><code>{command.usage}</code></dt><dd>{description}</dd></div> }
        })
        .collect();
    Some(view! { <div class="card bot-help"><dl>{lines}</dl></div> }.into_any())
}

fn note(title: String, hint: String) -> AnyView {
    view! {
        <div class="card bot-note">
            <p>{title}</p>
            <p class="card-foot">{hint}</p>
        </div>
    }
    .into_any()
}

/// Where and when a quote is from: nobody may take an old price for a live one.
fn age(quote: &Quote, zone: Zone) -> String {
    let key = match quote.source {
        Source::Sample => "quote-source-sample",
        Source::Replay => "quote-source-replay",
        Source::Folder => "quote-source-folder",
        Source::Stooq => "quote-source-stooq",
        Source::AlphaVantage => "quote-source-alpha_vantage",
        Source::Massive => "quote-source-massive",
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

/// A price for the reader.
fn price(price: Decimal) -> String {
    figure(&change::plain(exact(price)))
}

/// A price with 2 decimals; with up to 6 when it is less than 1.
fn exact(price: Decimal) -> Decimal {
    let decimals = if price.abs() < Decimal::ONE { 6 } else { 2 };
    change::at_most(price, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "ssr")]
    use crate::bots::reply::Reply;

    fn decimal(digits: &str) -> Decimal {
        digits.parse().unwrap()
    }

    #[test]
    fn figures_for_people() {
        for (exact, shown) in [
            ("430.47", "430.47"),
            ("430", "430.00"),
            ("430.400", "430.40"),
            ("438.1799", "438.18"),
            ("0.00012345678", "0.000123"),
            ("1234567.5", "1,234,567.50"),
        ] {
            assert_eq!(price(decimal(exact)), shown);
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn cards_show_what_the_bot_says() {
        let quote = Quote {
            symbol: "AAPL.US".into(),
            price: decimal("430.47"),
            open: Some(decimal("438.0")),
            high: None,
            low: None,
            previous_close: Some(decimal("441.4")),
            volume: Some(19_730_300),
            date: "2013-03-01".parse().unwrap(),
            time: None,
            source: Source::Sample,
        };
        let renderers = renderers();
        let html = |reply: Reply| {
            let (_, render) = renderers
                .iter()
                .find(|(kind, _)| *kind == reply.part.kind)
                .unwrap();
            // A card follows the reader's clock, which lives as long as the page does.
            Owner::new().with(|| render(&reply.part.body).unwrap().to_html())
        };
        let card = html(Reply::quote(quote));
        for expected in [
            "AAPL.US",
            "430.47",
            "USD",
            "quote-change down",
            "▼",
            "\u{2212}10.93",
            "\u{2212}2.48%",
            "1 Mar 2013",
            "datetime=\"2013-03-01\"",
            "19,730,300",
        ] {
            assert!(card.contains(expected), "{expected} in {card}");
        }
        assert!(html(Reply::no_quote("xxxx")).contains("XXXX"));
        assert!(html(Reply::market_unavailable("ibm")).contains("IBM"));
        assert!(html(Reply::which_one()).contains("/stock=AAPL.US"));
        assert!(html(Reply::help()).contains("/stock=CODE"));
    }

    #[test]
    fn other_shapes_are_left_to_the_text() {
        for (_, render) in renderers() {
            for body in [
                Value::Null,
                serde_json::json!({"price": "x"}),
                serde_json::json!([1]),
            ] {
                assert!(render(&body).is_none());
            }
        }
    }
}
