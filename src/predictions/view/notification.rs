//! Notifications about predictions, shown on every page.

use super::place::Wanted;
use super::records::percentage;
use crate::feature::NotificationText;
use crate::predictions::{Direction, Settled};
use crate::ui::later::NotLoaded;
use crate::ui::{t, t_with};
use leptos::wasm_split::wasm_split;
use serde_json::Value;

/// Text of a notification about a prediction. None: the kind is unknown or the body is invalid.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_notification_text))]
pub fn notification_text(kind: String, body: Value) -> Result<Option<NotificationText>, NotLoaded> {
    Ok(text_of(&kind, body))
}

fn text_of(kind: &str, body: Value) -> Option<NotificationText> {
    if kind != Settled::KIND {
        return None;
    }
    let settled: Settled = serde_json::from_value(body).ok()?;
    let direction = t(match settled.direction {
        Direction::Long => "prediction-long",
        Direction::Short => "prediction-short",
    });
    let result = settled
        .score
        .map(|score| percentage(Some(score.made), true));
    let values = [
        ("symbol", settled.symbol.as_str().into()),
        ("direction", direction.into()),
        ("horizon", settled.horizon.into()),
        ("result", result.unwrap_or_default().into()),
    ];
    let text = match settled.score {
        Some(score) if score.hit() => t_with("notification-prediction-hit", &values),
        Some(_) => t_with("notification-prediction-miss", &values),
        None => t_with("notification-prediction-void", &values),
    };
    let place = Wanted {
        symbol: Some(settled.symbol),
        ..Wanted::default()
    };
    Some(NotificationText {
        text,
        place: place.address(),
        details: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predictions::Score;

    #[test]
    fn every_result_is_told_in_words() {
        let settled = |direction, made: Option<f64>| {
            let settled = Settled {
                symbol: "AAPL".into(),
                direction,
                horizon: "3m".into(),
                score: made.map(|made| Score {
                    made,
                    base_rate: None,
                    base_mean: None,
                }),
            };
            text_of(Settled::KIND, serde_json::to_value(settled).unwrap()).unwrap()
        };
        let hit = settled(Direction::Short, Some(0.2572));
        for part in ["AAPL", "falls", "3m", "+25.7%"] {
            assert!(hit.text.contains(part), "{part} in {}", hit.text);
        }
        assert_eq!(hit.place, "/markets/predictions?symbol=AAPL");
        let mut all = vec![hit.text];
        for (direction, made) in [
            (Direction::Long, Some(0.2572)),
            (Direction::Short, Some(-0.5)),
            (Direction::Short, None),
        ] {
            let text = settled(direction, made).text;
            assert!(text.contains("AAPL") && !text.contains('{'), "{text}");
            assert!(!all.contains(&text), "{text}");
            all.push(text);
        }
        assert_eq!(text_of(Settled::KIND, Value::Null), None);
        assert_eq!(text_of("predictions.other", Value::Null), None);
    }
}
