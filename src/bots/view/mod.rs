//! Renderers of the bots' cards.

mod alert;
mod chart;
mod compare;
mod prediction;
mod quote;

use super::model::{
    AlertCard, BotCard, ChartCard, CompareCard, Help, HowTo, MarketUnavailable, NoQuote,
    PredictionCard, QuoteCard, WhichOne,
};
use super::rules::commands;
use crate::ui::error_text;
use crate::ui::later::NotLoaded;
use crate::ui::text::{t, t_with};
use leptos::{prelude::*, wasm_split::wasm_split};
use serde::Deserialize;
use serde_json::Value;

/// Renders the body of a card; `None`: it does not have the shape of its kind, and the message's
/// text is shown instead.
pub type Renderer = fn(&Value) -> Option<AnyView>;

/// Draws a card. None: the kind is unknown or the body is invalid.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_bot_cards))]
pub fn draw_card(kind: String, body: Value) -> Result<Option<AnyView>, NotLoaded> {
    let of_kind = renderers().into_iter().find(|(known, _)| *known == kind);
    Ok(of_kind.and_then(|(_, draw)| draw(&body)))
}

/// Returns the renderers by kind of card.
fn renderers() -> Vec<(&'static str, Renderer)> {
    vec![
        (QuoteCard::KIND, quote::quote_card),
        (ChartCard::KIND, chart::chart_card),
        (CompareCard::KIND, compare::compare_card),
        (PredictionCard::KIND, prediction::prediction_card),
        (AlertCard::KIND, alert::alert_card),
        (NoQuote::KIND, no_quote_card),
        (MarketUnavailable::KIND, market_unavailable_card),
        (WhichOne::KIND, which_one_card),
        (HowTo::KIND, how_to_card),
        (Help::KIND, help_card),
    ]
}

/// The symbol is unknown.
pub fn no_quote_card(body: &Value) -> Option<AnyView> {
    let NoQuote { symbol } = NoQuote::deserialize(body).ok()?;
    let title = if symbol.is_empty() {
        t("bot-no-quote-nameless")
    } else {
        t_with("bot-no-quote", &[("symbol", symbol.into())])
    };
    Some(note(title, t("bot-no-quote-hint")))
}

/// The data source is unavailable.
pub fn market_unavailable_card(body: &Value) -> Option<AnyView> {
    let MarketUnavailable { symbol } = MarketUnavailable::deserialize(body).ok()?;
    Some(note(
        t("bot-market-unavailable"),
        t_with("bot-market-unavailable-hint", &[("symbol", symbol.into())]),
    ))
}

/// The symbol is missing.
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

/// The command has invalid parameters.
pub fn how_to_card(body: &Value) -> Option<AnyView> {
    let HowTo { example, error } = HowTo::deserialize(body).ok()?;
    let wrong = error.map(|error| view! { <p>{error_text(&error)}</p> });
    Some(
        view! {
            <div class="card bot-note">
                {wrong}
                <p>{t("bot-how-to")} " " <code>{example}</code></p>
            </div>
        }
        .into_any(),
    )
}

/// The list of commands.
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

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "ssr")]
    use crate::bots::reply::Reply;
    #[cfg(feature = "ssr")]
    use crate::markets::{Quote, Source};
    #[cfg(feature = "ssr")]
    use rust_decimal::Decimal;

    #[cfg(feature = "ssr")]
    fn decimal(digits: &str) -> Decimal {
        digits.parse().unwrap()
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
                .find(|(kind, _)| *kind == reply.card.kind)
                .unwrap();
            // A card depends on the reader's clock, whose signals need an owner.
            Owner::new().with(|| render(&reply.card.body).unwrap().to_html())
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
        assert!(html(Reply::help()).contains("/stock=SYMBOL"));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn cards_of_charts_and_predictions() {
        use crate::bots::{CompareLine, Given};
        use crate::markets::ratings::{Edge, Verdict};
        use crate::predictions::{Direction, Mark, Tally};
        let renderers = renderers();
        let html = |reply: Reply| {
            let mut all = renderers.iter();
            let (_, render) = all.find(|(kind, _)| *kind == reply.card.kind).unwrap();
            Owner::new().with(|| render(&reply.card.body).unwrap().to_html())
        };
        let chart = html(Reply::chart(&ChartCard {
            symbol: "AAPL".into(),
            from: "2012-09-04".parse().unwrap(),
            to: "2013-03-01".parse().unwrap(),
            days: 123,
            first: decimal("674.97"),
            last: decimal("430.47"),
            low: decimal("430.47"),
            high: decimal("702.10"),
            source: Source::Sample,
            rating: Some(Given {
                verdict: Verdict::Sell,
                rate: Some(0.4123),
                base: Some(0.4),
                horizon: 20,
                edge: Some(Edge::NotDemonstrated),
            }),
        }));
        for expected in [
            "/api/stocks/AAPL/chart.svg?period=123&amp;to=2013-03-01&amp;theme=dark",
            "prefers-color-scheme: light",
            "href=\"/instruments/AAPL\"",
            "674.97",
            "\u{2212}36.2",
            "41.2%",
            "sample 1 Mar 2013",
            "alt=\"AAPL",
        ] {
            assert!(chart.contains(expected), "{expected} in {chart}");
        }
        let line = |symbol: &str, total: f64| CompareLine {
            symbol: symbol.into(),
            points: vec![100.0, 100.0 * (1.0 + total)],
            total,
            volatility: None,
            fall: total.min(0.0),
            source: None,
        };
        let compare = html(Reply::compare(&CompareCard {
            lines: vec![line("AAPL", -0.2), line("MSFT", 0.1)],
            from: "2012-03-01".parse().unwrap(),
            to: "2013-03-01".parse().unwrap(),
            source: Source::Sample,
        }));
        for expected in ["<svg", "<table", "\u{2212}20.0%", "+10.0%", "MSFT"] {
            assert!(compare.contains(expected), "{expected} in {compare}");
        }
        let card = PredictionCard {
            symbol: "AAPL".into(),
            direction: Direction::Long,
            horizon: "3m".into(),
            reason: "<b>because</b>".into(),
            known: Mark {
                date: "2013-03-01".parse().unwrap(),
                price: decimal("430.47"),
            },
            due: "2013-06-01".parse().unwrap(),
            source: Source::Sample,
            record: Tally::default(),
            moves: true,
        };
        let prediction = html(Reply::predict(&card));
        for expected in [
            "AAPL",
            "430.47",
            "1 Jun 2013",
            "&lt;b&gt;because",
            "next open",
        ] {
            assert!(prediction.contains(expected), "{expected} in {prediction}");
        }
        let ended = html(Reply::predict(&PredictionCard {
            moves: false,
            ..card
        }));
        assert!(ended.contains("prices have ended"), "{ended}");
        let error = crate::shared::Error::bad_request("bad-horizon", "x");
        let how = html(Reply::how_to("predict", Some(error)));
        assert!(
            how.contains("/predict AAPL long 3m") && how.contains("2y"),
            "{how}"
        );
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
