//! Cards of a portfolio or a trade in the conversation. They are part of every first page, so the
//! code is small.

use super::money::Currency;
use crate::markets::view::{change_mark, instrument_path, price, source_of};
use crate::markets::{Freshness, Source, currency};
use crate::portfolio::{PortfolioShare, TradeShare};
use crate::ui::change::plain;
use crate::ui::facts::fact;
use crate::ui::later::NotLoaded;
use crate::ui::money::{money, quantity};
use crate::ui::time::{date_short, date_text};
use crate::ui::{percent, t, t_with, with_currency};
use chrono::NaiveDate;
use leptos::{prelude::*, wasm_split::wasm_split};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// Renders the body of a card. None: the body is invalid.
type Renderer = fn(&Value) -> Option<AnyView>;

/// Draws a card. None: the kind is unknown or the body is invalid.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_portfolio_cards))]
pub fn draw_card(kind: String, body: Value) -> Result<Option<AnyView>, NotLoaded> {
    let of_kind = renderers().into_iter().find(|(known, _)| *known == kind);
    Ok(of_kind.and_then(|(_, draw)| draw(&body)))
}

/// Returns the renderers by kind of card.
fn renderers() -> Vec<(&'static str, Renderer)> {
    vec![
        (PortfolioShare::KIND, portfolio_card),
        (TradeShare::KIND, trade_card),
    ]
}

/// Formats a percentage.
fn percentage(of: Decimal) -> String {
    percent(&plain(of))
}

/// Renders a portfolio with its weights and returns.
fn portfolio_card(body: &Value) -> Option<AnyView> {
    let card = PortfolioShare::deserialize(body).ok()?;
    if card.lines.len() > PortfolioShare::LINES {
        return None;
    }
    let title = match card.name {
        Some(name) => t_with("share-title-of", &[("name", name.into())]),
        None => t("share-title"),
    };
    let symbols = card
        .lines
        .iter()
        .map(|line| (line.symbol.as_str(), card.source));
    let Currency(code) = Currency::shared(symbols);
    let mut pieces = Vec::new();
    let mut rows = Vec::new();
    for line in &card.lines {
        let more = [
            line.quantity.map(of_units),
            line.value.map(|value| money(value, code)),
        ];
        let more: Vec<String> = more.into_iter().flatten().collect();
        let name = view! { <a href=instrument_path(&line.symbol)>{line.symbol.clone()}</a> };
        pieces.push(line.percent);
        rows.push((name.into_any(), line.percent, more.join(" · ")));
    }
    if let Some((count, percent)) = card.others {
        pieces.push(percent);
        let name = t_with("share-others", &[("count", count.into())]);
        rows.push((name.into_any(), percent, String::new()));
    }
    if let Some(cash) = card.cash {
        pieces.push(cash);
        rows.push((t("label-cash").into_any(), cash, String::new()));
    }
    let bar: Vec<_> = pieces
        .into_iter()
        .enumerate()
        .map(|(at, percent)| {
            view! { <span class=tone("share-piece", at) style=format!("--part: {percent}")></span> }
        })
        .collect();
    let rows: Vec<_> = rows
        .into_iter()
        .enumerate()
        .map(|(at, (name, percent, more))| {
            let more = (!more.is_empty()).then(|| view! { <span class="share-more">{more}</span> });
            view! {
                <li>
                    <span class=tone("compare-mark", at) aria-hidden="true"></span>
                    <span>{name}</span>
                    <span class="share-part">{percentage(percent)}</span>
                    {more}
                </li>
            }
        })
        .collect();
    let extreme = |found: Option<(String, Decimal)>| {
        found.map(|(symbol, gain)| view! { {symbol} " " {change_mark(gain)} }.into_any())
    };
    let figures = vec![
        (t("performance-simple"), card.simple.map(change_mark)),
        (
            t("performance-time-weighted"),
            card.time_weighted.map(change_mark),
        ),
        (t("share-best"), extreme(card.best)),
        (t("share-worst"), extreme(card.worst)),
        (
            t("label-value"),
            card.value.map(|value| money(value, code).into_any()),
        ),
        (
            t("label-unrealized"),
            card.gain
                .map(|gain| crate::ui::change::change(gain, code, None)),
        ),
    ];
    let span = card.from.zip(card.to).map(|(from, to)| {
        let values = [
            ("from", date_short(from).into()),
            ("to", date_short(to).into()),
        ];
        view! { <p class="bot-line">{t_with("share-span", &values)}</p> }
    });
    let unpriced = card
        .unpriced
        .map(|_| view! { <p class="card-foot">{t("portfolio-no-prices")}</p> });
    Some(
        view! {
            <div class="card bot-compare share-card">
                <p class="share-title">{title}</p>
                <div class="share-bar" aria-hidden="true">
                    {bar}
                </div>
                <ul class="share-lines">{rows}</ul>
                {figure_list(figures)}
                {span}
                {unpriced}
                {foot(card.as_of, card.source)}
            </div>
        }
        .into_any(),
    )
}

/// Renders a buy or sell with the change of the price since.
fn trade_card(body: &Value) -> Option<AnyView> {
    let card = TradeShare::deserialize(body).ok()?;
    let what = if card.bought {
        t("share-bought")
    } else {
        t("share-sold")
    };
    let code = card
        .source
        .and_then(|source| currency(&card.symbol, source));
    let price = |exact| with_currency(price(exact), code);
    let then = price(card.price);
    let then = match card.adjusted {
        Some(adjusted) => t_with(
            "share-adjusted",
            &[("price", then.into()), ("adjusted", price(adjusted).into())],
        ),
        None => then,
    };
    let figures = vec![
        (t("entry-price"), Some(then.into_any())),
        (t("share-since"), card.change.map(change_mark)),
        (t("share-now"), card.now.map(|now| price(now).into_any())),
        (
            t("label-quantity"),
            card.quantity.map(|of| quantity(of).into_any()),
        ),
        (
            t("transactions-total"),
            card.amount.map(|amount| money(amount, code).into_any()),
        ),
    ];
    Some(
        view! {
            <div class="card bot-compare share-card">
                <p class="share-title">
                    {what} " " <a href=instrument_path(&card.symbol)>{card.symbol.clone()}</a> " "
                    {date_text(card.date)}
                </p>
                {figure_list(figures)}
                {foot(card.as_of, card.source)}
            </div>
        }
        .into_any(),
    )
}

fn of_units(of: Decimal) -> String {
    t_with("share-units", &[("units", quantity(of).into())])
}

fn tone(class: &str, at: usize) -> String {
    format!("{class} tone-{}", at % 5)
}

/// Renders labeled numbers, omitting None.
fn figure_list(figures: Vec<(String, Option<AnyView>)>) -> AnyView {
    let figures: Vec<_> = figures
        .into_iter()
        .filter_map(|(name, figure)| Some(fact(name, figure?)))
        .collect();
    view! { <dl class="quote-figures">{figures}</dl> }.into_any()
}

/// Renders the date and the data source of the prices.
fn foot(as_of: Option<NaiveDate>, source: Option<Source>) -> Option<AnyView> {
    let (as_of, source) = as_of.zip(source)?;
    let sample = matches!(source.freshness(), Freshness::Sample | Freshness::Replay);
    Some(
        view! {
            <p class="card-foot" class:sample=sample>
                <time datetime=as_of.to_string()>{source_of(source, as_of)}</time>
            </p>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn html(draw: Renderer, body: &Value) -> String {
        Owner::new().with(|| draw(body).unwrap().to_html())
    }

    #[test]
    fn a_portfolio_is_told_in_per_cents() {
        let body = json!({
            "text": "Portfolio: …", "lines": [
                {"symbol": "AAPL", "percent": "62.5"},
                {"symbol": "IBM", "percent": "20.0", "quantity": "1000", "value": "202910"},
            ],
            "others": [2, "10.0"], "cash": "7.5", "from": "2012-02-29", "to": "2013-03-01",
            "simple": "-3.37", "time_weighted": "4.1", "best": ["AAPL", "12.00"],
            "as_of": "2013-03-01", "source": "sample",
        });
        let card = html(portfolio_card, &body);
        for expected in [
            "62.5%",
            "1,000",
            "202,910.00",
            "2 smaller holdings",
            "7.5%",
            "quote-change down",
            "\u{2212}3.37%",
            "+4.10%",
            "sample 1 Mar 2013",
            "card-foot sample",
            "--part: 62.5",
            "href=\"/instruments/AAPL\"",
        ] {
            assert!(card.contains(expected), "{expected} in {card}");
        }
        let mut named = body.clone();
        named["name"] = "<b>Mine</b>".into();
        assert!(
            html(portfolio_card, &named).contains("&lt;b>Mine")
                || html(portfolio_card, &named).contains("&lt;b&gt;Mine")
        );
        let mut many = body;
        many["lines"] = vec![json!({"symbol": "A", "percent": "1"}); 9].into();
        assert!(portfolio_card(&many).is_none());
    }

    #[test]
    fn a_trade_is_told_with_what_came_since() {
        let body = json!({
            "text": "…", "bought": true, "symbol": "AAPL", "date": "2004-03-01", "price": "24.02",
            "adjusted": "12.01", "change": "3484.26", "now": "430.47", "as_of": "2013-03-01",
            "source": "sample",
        });
        let card = html(trade_card, &body);
        for expected in ["Bought", "24.02", "12.01", "+3,484.26%", "430.47", "sample"] {
            assert!(card.contains(expected), "{expected} in {card}");
        }
        for (_, draw) in renderers() {
            for body in [Value::Null, json!({"price": "x"}), json!([1])] {
                assert!(draw(&body).is_none());
            }
        }
    }
}
