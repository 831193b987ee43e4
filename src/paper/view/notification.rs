//! Notifications about orders, shown on every page.

use super::figures::price;
use super::place::PLACE;
use crate::feature::NotificationText;
use crate::paper::{Ended, OrderState, Reason, Side};
use crate::ui::later::NotLoaded;
use crate::ui::money::quantity;
use crate::ui::t_with;
use leptos::wasm_split::wasm_split;
use serde_json::Value;

/// Text of a notification about an order. None: the kind is unknown or the body is invalid.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_notification_text))]
pub fn notification_text(kind: String, body: Value) -> Result<Option<NotificationText>, NotLoaded> {
    Ok(text_of(&kind, body))
}

fn text_of(kind: &str, body: Value) -> Option<NotificationText> {
    if kind != Ended::KIND {
        return None;
    }
    let ended: Ended = serde_json::from_value(body).ok()?;
    let values = [
        ("units", quantity(ended.quantity).into()),
        ("symbol", ended.symbol.into()),
        ("price", ended.price.map(price).unwrap_or_default().into()),
    ];
    let buys = ended.side == Side::Buy;
    let text = match (ended.state, ended.reason) {
        (OrderState::Filled, _) if buys => t_with("notification-paper-bought", &values),
        (OrderState::Filled, _) => t_with("notification-paper-sold", &values),
        (OrderState::Rejected, Some(Reason::Cash)) => t_with("notification-paper-cash", &values),
        (OrderState::Rejected, Some(Reason::Units)) => t_with("notification-paper-units", &values),
        (OrderState::Rejected, _) => t_with("notification-paper-rejected", &values),
        (OrderState::Expired, _) if buys => t_with("notification-paper-expired-buy", &values),
        (OrderState::Expired, _) => t_with("notification-paper-expired-sell", &values),
        // Not notified: members cancel their own orders, and open ones have not ended.
        (OrderState::Open | OrderState::Canceled, _) => return None,
    };
    Some(NotificationText {
        text,
        place: PLACE.to_owned(),
        details: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_is_told_in_words() {
        let ended = |side, state, reason, price: Option<&str>| {
            let ended = Ended {
                symbol: "AAPL".into(),
                side,
                quantity: "1500.50".parse().unwrap(),
                state,
                reason,
                price: price.map(|price| price.parse().unwrap()),
            };
            text_of(Ended::KIND, serde_json::to_value(ended).unwrap())
        };
        let filled = ended(Side::Buy, OrderState::Filled, None, Some("440.25")).unwrap();
        for part in ["AAPL", "1,500.5", "440.25"] {
            assert!(filled.text.contains(part), "{part} in {}", filled.text);
        }
        assert_eq!(filled.place, "/markets/paper");
        let mut all = vec![filled.text];
        for (side, state, reason) in [
            (Side::Sell, OrderState::Filled, None),
            (Side::Buy, OrderState::Rejected, Some(Reason::Cash)),
            (Side::Sell, OrderState::Rejected, Some(Reason::Units)),
            (Side::Sell, OrderState::Rejected, Some(Reason::Full)),
            (Side::Buy, OrderState::Expired, None),
            (Side::Sell, OrderState::Expired, None),
        ] {
            let text = ended(side, state, reason, Some("1")).unwrap().text;
            assert!(text.contains("AAPL") && !text.contains('{'), "{text}");
            assert!(!all.contains(&text), "{text}");
            all.push(text);
        }
        assert_eq!(ended(Side::Buy, OrderState::Canceled, None, None), None);
        assert_eq!(text_of(Ended::KIND, Value::Null), None);
        let incomplete = serde_json::json!({ "symbol": 1 });
        assert_eq!(text_of(Ended::KIND, incomplete), None);
    }
}
