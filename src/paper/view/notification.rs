//! Notifications about orders, shown on every page.

use super::PLACE;
use super::figures::{price, units};
use crate::alerts::view::{NotificationRenderer, NotificationText};
use crate::paper::{Ended, OrderState, Reason, Side};
use crate::ui::t_with;
use serde::Deserialize;
use serde_json::Value;

/// Renders notifications about orders.
pub const NOTIFICATION_RENDERER: NotificationRenderer = (Ended::KIND, said);

fn said(body: &Value) -> Option<NotificationText> {
    let ended = Ended::deserialize(body).ok()?;
    let values = [
        ("units", units(ended.quantity).into()),
        ("symbol", ended.symbol.into()),
        ("price", ended.price.map(price).unwrap_or_default().into()),
    ];
    let buys = ended.side == Side::Buy;
    let text = match (ended.state, ended.reason) {
        (OrderState::Filled, _) if buys => t_with("paper-notification-bought", &values),
        (OrderState::Filled, _) => t_with("paper-notification-sold", &values),
        (OrderState::Rejected, Some(Reason::Cash)) => t_with("paper-notification-cash", &values),
        (OrderState::Rejected, Some(Reason::Units)) => t_with("paper-notification-units", &values),
        (OrderState::Rejected, _) => t_with("paper-notification-rejected", &values),
        (OrderState::Expired, _) if buys => t_with("paper-notification-expired-buy", &values),
        (OrderState::Expired, _) => t_with("paper-notification-expired-sell", &values),
        // Not notified: members cancel their own orders, and open ones have not ended.
        (OrderState::Open | OrderState::Canceled, _) => return None,
    };
    Some(NotificationText { text, place: PLACE })
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
            said(&serde_json::to_value(ended).unwrap())
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
        assert_eq!(said(&Value::Null), None);
        assert_eq!(said(&serde_json::json!({ "symbol": 1 })), None);
    }
}
