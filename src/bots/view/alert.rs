//! Card of a created alert.

use super::super::model::AlertCard;
use crate::alerts::{AlertKind, Condition};
use crate::markets::Source;
use crate::markets::view::{instrument_path, price_of, source_of};
use crate::ui::figure;
use crate::ui::text::{t, t_with};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// Renders the condition, the current price, and a link for deleting the alert.
pub fn alert_card(body: &Value) -> Option<AnyView> {
    let card = AlertCard::deserialize(body).ok()?;
    let values = [
        ("symbol", card.symbol.as_str().into()),
        ("what", waits_for(&card.condition).into()),
    ];
    let set = if card.here {
        t_with("alert-set-here", &values)
    } else {
        t_with("alert-set", &values)
    };
    let now = card.now.map(|now| {
        let sample = now.source == Source::Sample;
        let text = t_with(
            "alert-now",
            &[(
                "price",
                price_of(&card.symbol, now.source, now.price).into(),
            )],
        );
        view! {
            <p class="bot-line">{text}</p>
            <p class="card-foot" class:sample=sample>
                <time datetime=now.date.to_string()>{source_of(now.source, now.date)}</time>
            </p>
        }
    });
    let there = card
        .there
        .then(|| view! { <p class="bot-line">{t("alert-there")}</p> });
    Some(
        view! {
            <div class="card bot-note">
                <p>
                    <a href=instrument_path(&card.symbol)>{set}</a>
                </p>
                {there}
                {now}
                <p class="bot-line">
                    <a href="/markets/alerts">{t("alert-take-back")}</a>
                </p>
            </div>
        }
        .into_any(),
    )
}

/// Text of the condition, to follow the symbol.
fn waits_for(condition: &Condition) -> String {
    let key = match condition.kind {
        AlertKind::PriceAbove => "alert-will-price-above",
        AlertKind::PriceBelow => "alert-will-price-below",
        AlertKind::Rises => "alert-will-rise",
        AlertKind::Falls => "alert-will-fall",
        AlertKind::Moves => "alert-will-move",
        AlertKind::RsiAbove => "alert-will-rsi-above",
        AlertKind::RsiBelow => "alert-will-rsi-below",
        AlertKind::CrossesSma => "alert-will-cross-sma",
        AlertKind::CrossesEma => "alert-will-cross-ema",
        AlertKind::CrossesMacd => "alert-will-cross-macd",
    };
    let value = condition.value.unwrap_or_default().normalize();
    let values = [
        ("value", figure(&value.to_string()).into()),
        ("period", condition.period.unwrap_or_default().into()),
    ];
    t_with(key, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn every_kind_has_words() {
        for kind in AlertKind::ALL {
            let text = waits_for(&Condition {
                kind: *kind,
                value: Some(Decimal::from(1_500)),
                period: Some(14),
            });
            assert!(!text.contains('{'), "{text}");
            assert_eq!(text.contains("1,500"), kind.takes_value(), "{text}");
            assert_eq!(text.contains("14"), kind.usual_period().is_some(), "{text}");
        }
    }

    #[test]
    fn the_card_says_what_will_be_told() {
        let mut body = serde_json::json!({
            "symbol": "AAPL", "kind": "price_above", "value": "200", "period": null, "here": false,
            "there": true, "now": {"price": "430.47", "date": "2013-03-01", "source": "sample"},
        });
        let html = |body: &Value| Owner::new().with(|| alert_card(body).unwrap().to_html());
        let card = html(&body);
        for expected in [
            "you get a notification when AAPL rises above 200",
            "430.47",
            "sample 1 Mar 2013",
            "already met",
            "href=\"/markets/alerts\"",
        ] {
            assert!(card.contains(expected), "{expected} in {card}");
        }
        body["here"] = true.into();
        body["there"] = false.into();
        body["now"] = Value::Null;
        let card = html(&body);
        assert!(
            card.contains("this channel gets a message when AAPL"),
            "{card}"
        );
        assert!(
            !card.contains("already") && !card.contains("<time"),
            "{card}"
        );
    }
}
