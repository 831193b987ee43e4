//! Texts of alerts in the reader's language.

use crate::alerts::{AlertCard, AlertKind, AlertNotification, Condition};
use crate::markets::Source;
use crate::markets::view::{instrument_path, price_of};
use crate::ui::time::date_short;
use crate::ui::{figure, t_with};
use chrono::NaiveDateTime;
use leptos::prelude::*;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// Draws the body of a card. None: it does not parse.
type Renderer = fn(&Value) -> Option<AnyView>;

/// Renderers of cards by kind.
pub fn renderers() -> Vec<(&'static str, Renderer)> {
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

/// Text of a notification.
pub fn notification_text(alert_notification: &AlertNotification) -> String {
    fired_text(
        &alert_notification.symbol,
        &alert_notification.condition,
        &price_text(
            &alert_notification.symbol,
            alert_notification.price,
            alert_notification.price_at,
            alert_notification.source,
        ),
    )
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
