//! The REST API of rooms and messages, field by field, and its responses to invalid requests.

use crate::chat::MAX_BODY;
use crate::shared::{ChannelId, MessageId};
use crate::testing::{TestHouse, User};
use axum::{body::Body, http::header};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A server, a member, and the Lobby's channel.
async fn home() -> (TestHouse, User, String) {
    let (house, ada) = TestHouse::with_user("ada").await;
    let general = house.general(&ada).await;
    (house, ada, general.to_string())
}

async fn say(user: &User, channel: &str, text: &str) -> Value {
    let path = format!("/api/channels/{channel}/messages");
    user.post(&path, json!({ "text": text })).await.is(201)
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn rooms_are_the_channels_of_the_lobby() {
    let (house, ada, general) = home().await;
    let rooms = ada.get("/api/rooms").await.is(200);
    assert_eq!(keys(&rooms), BTreeSet::from(["rooms"]));
    assert_eq!(rooms["rooms"].as_array().unwrap().len(), 1);
    let room = &rooms["rooms"][0];
    assert_eq!(
        keys(room),
        BTreeSet::from(["room_id", "room_name", "created_at"])
    );
    assert_eq!(room["room_id"], general);
    assert_eq!(room["room_name"], "general");
    let made = room["created_at"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(made).is_ok());

    let new = json!({ "room_name": "#Futures & options" });
    let made = ada.post("/api/rooms/", new.clone()).await.is(201);
    assert_eq!(keys(&made), BTreeSet::from(["room"]));
    assert_eq!(made["room"]["room_name"], "Futures & options");
    let rooms = ada.get("/api/rooms/").await.is(200);
    assert_eq!(rooms["rooms"][1], made["room"]);

    let named = |name: &str| json!({ "room_name": name });
    let changes = [
        (named("GENERAL"), 409, "channel-exists"),
        (named("gеneral"), 409, "channel-exists"),
        (named(""), 400, "name-empty"),
        (named(" # "), 400, "name-empty"),
        (named("a\u{202e}b"), 400, "name-characters"),
        (named("a\u{0}b"), 400, "name-characters"),
        (named(&"x".repeat(49)), 400, "name-too-long"),
        (json!({ "room_name": 7 }), 400, "malformed"),
        (json!({ "room_name": null }), 400, "malformed"),
    ];
    ada.refused("/api/rooms", &new, changes).await;
    for (method, body) in [("GET", None), ("POST", Some(named("x")))] {
        let nobody = house.request(method, "/api/rooms", None, body).await;
        nobody.fails(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_message_has_the_fields_of_the_contract() {
    let (_house, ada, general) = home().await;
    let sent = say(&ada, &general, "hello $AAPL").await;
    for field in [
        "message_id",
        "user_id",
        "username",
        "room_id",
        "original_text",
        "timestamp",
        "is_flagged",
        "toxicity_score",
        "translations",
        "seq",
    ] {
        assert!(sent.get(field).is_some(), "{field} in {sent}");
    }
    assert_eq!(sent["username"], "ada");
    assert_eq!(sent["room_id"], general);
    assert_eq!(sent["original_text"], "hello $AAPL");
    assert_eq!(sent["is_flagged"], false);
    assert_eq!(sent["toxicity_score"], 0.0);
    assert_eq!(sent["translations"], json!({}));
    assert_eq!(sent["seq"], 1);
    let at = sent["timestamp"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(at).is_ok());

    for path in [
        "messages/{}",
        "messages/{}/",
        "channels/{}/messages",
        "channels/{}/messages/",
    ] {
        let path = format!("/api/{}?limit=50", path.replace("{}", &general));
        let page = ada.get(&path).await.is(200);
        assert_eq!(page["count"], 1);
        assert_eq!(page["messages"], json!([sent]), "as it was answered");
    }
    // A retry returns the same message.
    let path = format!("/api/channels/{general}/messages/");
    let mut answers = Vec::new();
    for text in ["once", "once"] {
        let body = json!({ "text": text, "nonce": "n-1", "unknown": [1] });
        answers.push(ada.post(&path, body).await.is(201));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["seq"], 2);
}

#[tokio::test]
async fn pages_by_cursor() {
    let (_house, ada, general) = home().await;
    let mut ids = vec![String::new()];
    for n in 1..=7 {
        let sent = say(&ada, &general, &n.to_string()).await;
        ids.push(sent["message_id"].as_str().unwrap().to_owned());
    }
    let page = async |query: &str| {
        let path = format!("/api/channels/{general}/messages{query}");
        let page = ada.get(&path).await.is(200);
        let messages = page["messages"].as_array().unwrap();
        assert_eq!(page["count"], messages.len());
        let texts = messages
            .iter()
            .map(|m| m["original_text"].as_str().unwrap());
        (
            texts.collect::<String>(),
            page["has_older"] == true,
            page["has_newer"] == true,
        )
    };
    let shown = |text: &str, older, newer| (text.to_owned(), older, newer);
    assert_eq!(page("").await, shown("1234567", false, false));
    assert_eq!(page("?limit=3").await, shown("567", true, false));
    assert_eq!(page("?limit=100").await, shown("1234567", false, false));
    assert_eq!(page("?before=5&limit=3").await, shown("234", true, true));
    assert_eq!(page("?before=1").await, shown("", false, true));
    assert_eq!(page("?after=0&limit=2").await, shown("12", false, true));
    assert_eq!(page("?after=7").await, shown("", true, false));
    let before = format!("?before={}&limit=2", ids[3]);
    assert_eq!(page(&before).await, shown("12", false, true));
    let after = format!("?after={}", ids[3]);
    assert_eq!(page(&after).await, shown("4567", true, false));
}

#[tokio::test]
async fn what_makes_no_page() {
    let (_house, ada, general) = home().await;
    let other = ada
        .post("/api/rooms", json!({ "room_name": "other" }))
        .await;
    let other = other.is(201)["room"]["room_id"].clone();
    let elsewhere = say(&ada, other.as_str().unwrap(), "x").await;
    let elsewhere = elsewhere["message_id"].as_str().unwrap();
    let unknown = MessageId::new().to_string();
    let mut queries = vec![
        ("before=1&after=1".to_owned(), "bad-cursor"),
        ("limit=1&limit=2".to_owned(), "malformed"),
    ];
    for limit in ["0", "-1", "100000", "101", "abc", "", "1.5", "%00", "1e1"] {
        queries.push((format!("limit={limit}"), "bad-limit"));
    }
    for cursor in ["abc", "-1", "", "%F0%9F", "9e9", &unknown, elsewhere] {
        for way in ["before", "after"] {
            queries.push((format!("{way}={cursor}"), "bad-cursor"));
        }
    }
    for path in [
        format!("/api/messages/{general}"),
        format!("/api/channels/{general}/messages"),
    ] {
        for (query, code) in &queries {
            let reply = ada.get(&format!("{path}?{query}")).await;
            reply.fails(400, code);
        }
    }
}

#[tokio::test]
async fn what_is_no_message() {
    let (_house, ada, general) = home().await;
    let path = format!("/api/channels/{general}/messages");
    let what = format!("POST {path}");
    let post = async |kind: &str, body: Vec<u8>| ada.send(&what, kind, Body::from(body)).await;
    let json = "application/json";
    let bytes = |body: Value| body.to_string().into_bytes();
    let text = |text: &str| bytes(json!({ "text": text }));
    let nonce = |nonce: Value| bytes(json!({ "text": "x", "nonce": nonce }));
    for (body, status, code) in [
        (text(""), 400, "message-empty"),
        (text(" \n "), 400, "message-empty"),
        (text(&"x".repeat(MAX_BODY + 1)), 400, "message-too-long"),
        (text("a\u{0}b"), 400, "message-characters"),
        (text("a\u{9b}b"), 400, "message-characters"),
        (bytes(json!({ "text": 7 })), 400, "malformed"),
        (bytes(json!({ "text": ["x"] })), 400, "malformed"),
        (bytes(json!({ "message": "x" })), 400, "malformed"),
        (bytes(json!(["text"])), 400, "malformed"),
        (bytes(json!(null)), 400, "malformed"),
        (nonce(json!(7)), 400, "malformed"),
        (nonce(json!("")), 400, "bad-nonce"),
        (nonce(json!("a b")), 400, "bad-nonce"),
        (text(&"x".repeat(70_000)), 413, "too-large"),
        (text(&"x".repeat(300_000)), 413, "too-large"),
        ("".into(), 400, "malformed"),
        ("{".into(), 400, "malformed"),
        ("{\"text\":\"x\"".into(), 400, "malformed"),
        ("text=x".into(), 400, "malformed"),
        ("\"\\ud800\"".into(), 400, "malformed"),
        ("{\"text\":\"\\ud800\"}".into(), 400, "malformed"),
        (b"{\"text\":\"\xff\"}".to_vec(), 400, "malformed"),
        ("[".repeat(60_000).into(), 400, "malformed"),
    ] {
        let shown = String::from_utf8_lossy(&body)
            .chars()
            .take(50)
            .collect::<String>();
        let mut reply = post(json, body).await;
        reply.asked += &shown;
        reply.fails(status, code);
    }
    let good = text("x");
    post("text/plain", good.clone())
        .await
        .fails(415, "unsupported-media-type");
    let page = ada.get(&path).await.is(200);
    assert_eq!(page["count"], 0, "nothing was changed");
    post(json, good).await.is(201);
}

#[tokio::test]
async fn other_peoples_things_and_things_that_are_gone() {
    let (house, ada, general) = home().await;
    let bo = house.user("bo").await;
    let sent = say(&ada, &general, "mine").await;
    let id = sent["message_id"].as_str().unwrap();
    let own = format!("/api/channels/{general}/messages/{id}");
    let ours = json!({ "text": "ours" });
    let text = || Some(ours.clone());
    bo.patch(&own, ours.clone()).await.fails(403, "forbidden");
    bo.delete(&own).await.fails(403, "forbidden");
    for token in [None, Some("rubbish"), Some("")] {
        for (method, path) in [
            ("GET", format!("/api/messages/{general}")),
            ("GET", format!("/api/channels/{general}/messages")),
            ("POST", format!("/api/channels/{general}/messages")),
            ("PATCH", own.clone()),
            ("DELETE", own.clone()),
            ("DELETE", format!("/api/channels/{general}")),
        ] {
            let body = (method != "GET" && method != "DELETE").then(text).flatten();
            let reply = house.request(method, &path, token, body).await;
            assert_eq!(reply.status, 401, "{method} {path}: {reply:?}");
        }
    }
    let unknown = ChannelId::new().to_string();
    for channel in [
        unknown.as_str(),
        "general",
        "0",
        "%00",
        "..%2f..",
        "%ff",
        &"x".repeat(500),
    ] {
        for (method, path) in [
            ("GET", format!("/api/messages/{channel}")),
            ("GET", format!("/api/channels/{channel}/messages")),
            ("POST", format!("/api/channels/{channel}/messages")),
            ("PATCH", format!("/api/channels/{channel}/messages/{id}")),
            ("DELETE", format!("/api/channels/{channel}/messages/{id}")),
            ("DELETE", format!("/api/channels/{channel}")),
        ] {
            let body = (method == "POST" || method == "PATCH").then(text).flatten();
            ada.ask(method, &path, body).await.fails(404, "not-found");
        }
    }
    // Members can edit only their own messages, and only under the right channel.
    let changed = ada.patch(&own, ours.clone()).await.is(200);
    assert_eq!(changed["original_text"], "ours");
    assert_eq!(changed["seq"], 1);
    assert!(changed["edited_at"].is_string());
    ada.delete(&own).await.is_no_content();
    ada.patch(&own, ours.clone()).await.fails(404, "not-found");
    let page = bo.get(&format!("/api/messages/{general}")).await.is(200);
    assert_eq!(page["messages"][0]["deleted"], true);
    assert_eq!(page["messages"][0]["original_text"], "");
}

#[tokio::test]
async fn limits_are_told_with_the_waiting_time() {
    let house = TestHouse::with(|config| config.limits.messages.count = 2).await;
    let ada = house.user("ada").await;
    let general = house.general(&ada).await.to_string();
    for _ in 0..2 {
        say(&ada, &general, "x").await;
    }
    let path = format!("/api/channels/{general}/messages");
    let reply = ada.post(&path, json!({ "text": "x" })).await;
    reply.fails(429, "message-rate");
    assert_eq!(reply.headers[header::RETRY_AFTER], "1");
    assert_eq!(reply.json()["seconds"], 1);
}

#[tokio::test]
async fn requests_are_limited_by_account_and_by_network() {
    let house = TestHouse::with(|config| {
        config.limits.requests.count = 3;
        config.limits.network_requests.count = 5;
    })
    .await;
    let [ada, bo] = house.users(["ada", "bo"]).await;
    let get = async |path: &str, token: Option<&str>| house.request("GET", path, token, None).await;
    for _ in 0..3 {
        ada.get("/api/stocks/aapl.us").await.is(200);
    }
    let reply = ada.get("/api/stocks/aapl.us").await;
    reply.fails(429, "rate-limited");
    let wait: u64 = reply.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(reply.json()["seconds"], wait);
    // Other accounts and pages still work.
    bo.get("/api/rooms").await.is(200);
    ada.get("/health").await.is(200);
    // Invalid tokens count like requests without a token.
    for token in [None, Some("rubbish"), None, Some("x"), None] {
        let reply = get("/api/stocks/aapl.us", token).await;
        assert_eq!(reply.status, 200);
    }
    get("/api/rooms", Some("guess"))
        .await
        .fails(429, "rate-limited");
    get("/api/nothing", None).await.fails(429, "rate-limited");
    bo.get("/api/rooms").await.is(200);
}

#[tokio::test]
async fn wrong_methods_and_unknown_paths_are_told_in_json() {
    let (house, ada, general) = home().await;
    for (method, path) in [
        ("DELETE", "/api/rooms".to_owned()),
        ("PUT", "/api/rooms/".to_owned()),
        ("POST", format!("/api/messages/{general}")),
        ("PUT", format!("/api/channels/{general}/messages")),
        ("POST", "/api/health".to_owned()),
    ] {
        let reply = ada.ask(method, &path, None).await;
        reply.fails(405, "method-not-allowed");
    }
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/rooms/1/2",
        "/api/channels",
        "/api//rooms",
    ] {
        for method in ["GET", "POST"] {
            ada.ask(method, path, None).await.fails(404, "not-found");
        }
    }
    let page = house.request("GET", "/no/such/page", None, None).await;
    assert_eq!(page.status, 404);
    assert!(page.text.starts_with("<!DOCTYPE html>"), "{}", page.text);
}

#[tokio::test]
async fn health_says_little_to_strangers() {
    let house = TestHouse::new().await;
    for path in ["/health", "/health/", "/api/health", "/api/health/"] {
        let reply = house.request("GET", path, None, None).await;
        let health = reply.is(200);
        let expected = json!({
            "status": "healthy",
            "service": "rialto",
            "message": "Rialto is running",
        });
        assert_eq!(health, expected, "neither version nor workers");
        assert!(reply.headers.contains_key("x-request-id"));
    }
}
