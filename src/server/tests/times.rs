//! Times in responses have one format: RFC 3339 in UTC, with `Z`.

use crate::testing::TestHouse;
use serde_json::{Value, json};

/// Finds all texts of a response that are points in time, with their fields.
fn times(field: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| times(name, value, found)),
        Value::Array(items) => items.iter().for_each(|value| times(field, value, found)),
        Value::String(text) if chrono::DateTime::parse_from_rfc3339(text).is_ok() => {
            found.push((field.to_owned(), text.clone()));
        }
        _ => {}
    }
}

#[tokio::test]
async fn times_have_one_form() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let general = house.general(&ada).await;
    let said = format!("/api/channels/{general}/messages");
    let sent = ada.post(&said, json!({ "text": "hello" })).await.is(201);
    let message = sent["message_id"].as_str().unwrap();
    let edit = format!("/api/channels/{general}/messages/{message}");
    let page = format!("/api/messages/{general}");
    let bought = json!({ "symbol": "AAPL", "name": "Apple Inc.", "shares": 10, "sector": "Technology",
        "avgPrice": 150.25, "purchaseDate": "2012-01-03" });
    let mut found = Vec::new();
    for (method, path, body) in [
        ("PATCH", edit.as_str(), Some(json!({ "text": "again" }))),
        ("GET", page.as_str(), None),
        ("GET", "/api/rooms", None),
        ("GET", "/api/auth/me", None),
        ("GET", "/api/sessions", None),
        ("POST", "/api/portfolio/add", Some(bought)),
        ("GET", "/api/portfolio", None),
        ("GET", "/api/portfolios", None),
    ] {
        let reply = ada.ask(method, path, body).await;
        assert!(reply.status < 300, "{path}: {reply:?}");
        times("", &reply.json(), &mut found);
    }
    for field in [
        "timestamp",
        "edited_at",
        "created_at",
        "createdAt",
        "last_used_at",
    ] {
        assert!(
            found.iter().any(|(name, _)| name == field),
            "{field} in {found:?}"
        );
    }
    for (field, time) in found {
        assert!(time.ends_with('Z'), "{field}: {time}");
    }
}
