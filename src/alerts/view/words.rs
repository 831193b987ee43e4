//! Texts of alerts in the reader's language.

use crate::alerts::{AlertCard, AlertKind, AlertNotification, Condition, Posting};
use crate::feature::NotificationText;
use crate::markets::Source;
use crate::markets::view::{instrument_path, price_of};
use crate::ui::later::NotLoaded;
use crate::ui::time::date_short;
use crate::ui::{figure, t, t_with};
use chrono::NaiveDateTime;
use leptos::{prelude::*, wasm_split::wasm_split};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// Draws the body of a card. None: it does not parse.
type Renderer = fn(&Value) -> Option<AnyView>;

/// Draws a card. None: the kind is unknown or the body is invalid.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_alert_cards))]
pub fn draw_card(kind: String, body: Value) -> Result<Option<AnyView>, NotLoaded> {
    let of_kind = renderers().into_iter().find(|(known, _)| *known == kind);
    Ok(of_kind.and_then(|(_, draw)| draw(&body)))
}

/// Renderers of cards by kind.
fn renderers() -> Vec<(&'static str, Renderer)> {
    vec![(AlertCard::KIND, fired_card)]
}

/// Message key of a kind's name, for the form.
pub const fn kind_key(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::PriceAbove => "alert-kind-price-above",
        AlertKind::PriceBelow => "alert-kind-price-below",
        AlertKind::Rises => "alert-kind-rises",
        AlertKind::Falls => "alert-kind-falls",
        AlertKind::Moves => "alert-kind-moves",
        AlertKind::RsiAbove => "alert-kind-rsi-above",
        AlertKind::RsiBelow => "alert-kind-rsi-below",
        AlertKind::CrossesSma => "alert-kind-crosses-sma",
        AlertKind::CrossesEma => "alert-kind-crosses-ema",
        AlertKind::CrossesMacd => "alert-kind-crosses-macd",
    }
}

/// Text of a condition.
pub fn condition_text(condition: &Condition) -> String {
    let key = match condition.kind {
        AlertKind::PriceAbove => "alert-price-above",
        AlertKind::PriceBelow => "alert-price-below",
        AlertKind::Rises => "alert-rises",
        AlertKind::Falls => "alert-falls",
        AlertKind::Moves => "alert-moves",
        AlertKind::RsiAbove => "alert-rsi-above",
        AlertKind::RsiBelow => "alert-rsi-below",
        AlertKind::CrossesSma => "alert-crosses-sma",
        AlertKind::CrossesEma => "alert-crosses-ema",
        AlertKind::CrossesMacd => "alert-crosses-macd",
    };
    let value = condition.value.unwrap_or_default().normalize();
    let values = [
        ("value", figure(&value.to_string()).into()),
        ("period", condition.period.unwrap_or_default().into()),
    ];
    t_with(key, &values)
}

/// A price with its currency, time and data source.
pub fn price_text(symbol: &str, exact: Decimal, at: NaiveDateTime, source: Source) -> String {
    let values = [
        ("price", price_of(symbol, source, exact).into()),
        ("date", date_short(at.date()).into()),
        ("source", source.as_str().into()),
    ];
    t_with("alert-price", &values)
}

/// Text of the notification of a triggered alert. None: the kind is unknown or the body is invalid.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_notification_text))]
pub fn notification_text(kind: String, body: Value) -> Result<Option<NotificationText>, NotLoaded> {
    Ok(text_of(&kind, body))
}

fn text_of(kind: &str, body: Value) -> Option<NotificationText> {
    if kind != AlertNotification::KIND {
        return None;
    }
    let fired: AlertNotification = serde_json::from_value(body).ok()?;
    let price = price_text(&fired.symbol, fired.price, fired.price_at, fired.source);
    let posting = match fired.posting {
        Posting::None => None,
        Posting::Waiting => Some(t("notification-alert-posting")),
        Posting::Posted => Some(t("notification-alert-posted")),
        Posting::Refused => Some(t("notification-alert-refused")),
    };
    let note = Some(fired.note).filter(|note| !note.is_empty());
    Some(NotificationText {
        text: fired_text(&fired.symbol, &fired.condition, &price),
        place: instrument_path(&fired.symbol),
        details: note.into_iter().chain(posting).collect(),
    })
}

fn fired_text(symbol: &str, condition: &Condition, price: &str) -> String {
    let values = [
        ("symbol", symbol.into()),
        ("what", condition_text(condition).into()),
        ("price", price.into()),
    ];
    t_with("alert-fired", &values)
}

/// Card of a triggered alert in a channel.
fn fired_card(body: &Value) -> Option<AnyView> {
    let card = AlertCard::deserialize(body).ok()?;
    let price = price_text(&card.symbol, card.price, card.price_at, card.source);
    let text = fired_text(&card.symbol, &card.condition, &price);
    let by = t_with("alert-by", &[("name", card.by.into())]);
    Some(
        view! {
            <div class="card bot-note alert-card">
                <p>
                    <a href=instrument_path(&card.symbol)>{text}</a>
                </p>
                <p class="card-foot">{by}</p>
            </div>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_tell_what_fired() {
        let body = serde_json::json!({
            "symbol": "AAPL", "kind": "price_above", "value": "200", "period": null,
            "price": "201.3", "price_at": "2013-03-01T00:00:00", "source": "sample", "by": "ada",
        });
        let card = fired_card(&body).unwrap().to_html();
        for expected in [
            "AAPL",
            "200",
            "201.30",
            "1 Mar 2013",
            "ada",
            "/instruments/AAPL",
        ] {
            assert!(card.contains(expected), "{expected} in {card}");
        }
        assert!(fired_card(&Value::Null).is_none());
        assert!(fired_card(&serde_json::json!({"symbol": 1})).is_none());
    }

    #[test]
    fn notifications_tell_what_fired_and_where_it_is_posted() {
        let said = |posting: &str, note: &str| {
            let body = serde_json::json!({
                "alert_id": "01a20808-3902-71e1-8583-2a08dc24b443", "symbol": "AAPL",
                "kind": "rsi_above", "value": "70", "period": 14, "price": "201.3",
                "price_at": "2013-03-01T00:00:00", "source": "sample", "note": note,
                "posting": posting,
            });
            text_of(AlertNotification::KIND, body)
        };
        let alone = said("none", "").unwrap();
        for expected in ["AAPL", "RSI(14) above 70", "201.30", "1 Mar 2013"] {
            assert!(
                alone.text.contains(expected),
                "{expected} in {}",
                alone.text
            );
        }
        assert_eq!(alone.place, "/instruments/AAPL");
        assert!(alone.details.is_empty());
        for posting in ["waiting", "posted", "refused"] {
            let details = said(posting, "at last").unwrap().details;
            assert_eq!((details.len(), details[0].as_str()), (2, "at last"));
            assert!(details[1].contains("osted") || details[1].contains("Posting"));
        }
        assert_eq!(said("elsewhere", ""), None);
        assert_eq!(text_of(AlertNotification::KIND, Value::Null), None);
        assert_eq!(text_of("alerts.other", Value::Null), None);
    }

    #[test]
    fn every_kind_has_words() {
        for kind in AlertKind::ALL {
            let condition = Condition {
                kind: *kind,
                value: Some(Decimal::from(1_500)),
                period: Some(14),
            };
            let text = condition_text(&condition);
            assert!(!text.contains('{'), "{text}");
            assert_eq!(text.contains("1,500"), kind.takes_value(), "{text}");
            assert_eq!(text.contains("14"), kind.usual_period().is_some(), "{text}");
        }
    }
}
