//! The REST API of rooms and messages, field by field, and its responses to invalid requests.

use crate::chat::MAX_BODY;
use crate::shared::{ChannelId, MessageId};
use crate::testing::TestHouse;
use axum::{
    body::Body,
    extract::Request,
    http::{Method, header},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A server, a member's token, and the Lobby's channel.
async fn home() -> (TestHouse, String, String) {
    let house = TestHouse::new().await;
    let (ada, token) = house.person("ada").await;
    let general = house.general(&ada).await;
    (house, token, general.to_string())
}

async fn say(house: &TestHouse, token: &str, channel: &str, text: &str) -> Value {
    let path = format!("/api/channels/{channel}/messages");
    let body = json!({ "text": text });
    let reply = house.request("POST", &path, Some(token), Some(body)).await;
    reply.is(201)
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
    let (house, token, general) = home().await;
    let token = Some(token.as_str());
    let rooms = house
        .request("GET", "/api/rooms", token, None)
        .await
        .is(200);
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

    let new = |name: Value| Some(json!({ "room_name": name }));
    let made = house
        .request(
            "POST",
            "/api/rooms/",
            token,
            new("#Futures & options".into()),
        )
        .await
        .is(201);
    assert_eq!(keys(&made), BTreeSet::from(["room"]));
    assert_eq!(made["room"]["room_name"], "Futures & options");
    let rooms = house
        .request("GET", "/api/rooms/", token, None)
        .await
        .is(200);
    assert_eq!(rooms["rooms"][1], made["room"]);

    for (name, status, code) in [
        (json!("GENERAL"), 409, "channel-exists"),
        (json!("gеneral"), 409, "channel-exists"),
        (json!(""), 400, "name-empty"),
        (json!(" # "), 400, "name-empty"),
        (json!("a\u{202e}b"), 400, "name-characters"),
        (json!("a\u{0}b"), 400, "name-characters"),
        (json!("x".repeat(49)), 400, "name-too-long"),
        (json!(7), 400, "malformed"),
        (Value::Null, 400, "malformed"),
    ] {
        let reply = house.request("POST", "/api/rooms", token, new(name)).await;
        reply.fails(status, code);
    }
    let nobody = house.request("GET", "/api/rooms", None, None).await;
    nobody.fails(401, "unauthenticated");
    let nobody = house
        .request("POST", "/api/rooms", None, new("x".into()))
        .await;
    nobody.fails(401, "unauthenticated");
}

#[tokio::test]
async fn a_message_has_the_fields_of_the_contract() {
    let (house, token, general) = home().await;
    let sent = say(&house, &token, &general, "hello $AAPL").await;
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
        let page = house
            .request("GET", &path, Some(&token), None)
            .await
            .is(200);
        assert_eq!(page["count"], 1);
        assert_eq!(page["messages"], json!([sent]), "as it was answered");
    }
    // A retry returns the same message.
    let path = format!("/api/channels/{general}/messages/");
    let mut answers = Vec::new();
    for text in ["once", "once"] {
        let body = json!({ "text": text, "nonce": "n-1", "unknown": [1] });
        let reply = house.request("POST", &path, Some(&token), Some(body)).await;
        answers.push(reply.is(201));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["seq"], 2);
}

#[tokio::test]
async fn pages_by_cursor() {
    let (house, token, general) = home().await;
    let mut ids = vec![String::new()];
    for n in 1..=7 {
        let sent = say(&house, &token, &general, &n.to_string()).await;
        ids.push(sent["message_id"].as_str().unwrap().to_owned());
    }
    let page = async |query: &str| {
        let path = format!("/api/channels/{general}/messages{query}");
        let page = house
            .request("GET", &path, Some(&token), None)
            .await
            .is(200);
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
    let (house, token, general) = home().await;
    let own = token.as_str();
    let token = Some(own);
    let room = json!({ "room_name": "other" });
    let other = house.request("POST", "/api/rooms", token, Some(room)).await;
    let other = other.is(201)["room"]["room_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let elsewhere = say(&house, own, &other, "x").await;
    let elsewhere = elsewhere["message_id"].as_str().unwrap();
    for path in [
        format!("/api/messages/{general}"),
        format!("/api/channels/{general}/messages"),
    ] {
        for limit in ["0", "-1", "100000", "101", "abc", "", "1.5", "%00", "1e1"] {
            let path = format!("{path}?limit={limit}");
            let reply = house.request("GET", &path, token, None).await;
            reply.fails(400, "bad-limit");
        }
        let unknown = MessageId::new().to_string();
        for cursor in ["abc", "-1", "", "%F0%9F", "9e9", &unknown, elsewhere] {
            for way in ["before", "after"] {
                let path = format!("{path}?{way}={cursor}");
                let reply = house.request("GET", &path, token, None).await;
                reply.fails(400, "bad-cursor");
            }
        }
        let reply = house
            .request("GET", &format!("{path}?before=1&after=1"), token, None)
            .await;
        reply.fails(400, "bad-cursor");
        let reply = house
            .request("GET", &format!("{path}?limit=1&limit=2"), token, None)
            .await;
        reply.fails(400, "malformed");
    }
}

#[tokio::test]
async fn what_is_no_message() {
    let (house, token, general) = home().await;
    let path = format!("/api/channels/{general}/messages");
    let post = async |kind: &str, body: Vec<u8>| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(&path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind);
        house.ask(request.body(Body::from(body)).unwrap()).await
    };
    let json = "application/json";
    for (body, status, code) in [
        (json!({ "text": "" }), 400, "message-empty"),
        (json!({ "text": " \n " }), 400, "message-empty"),
        (
            json!({ "text": "x".repeat(MAX_BODY + 1) }),
            400,
            "message-too-long",
        ),
        (json!({ "text": "a\u{0}b" }), 400, "message-characters"),
        (json!({ "text": "a\u{9b}b" }), 400, "message-characters"),
        (json!({ "text": 7 }), 400, "malformed"),
        (json!({ "text": ["x"] }), 400, "malformed"),
        (json!({ "message": "x" }), 400, "malformed"),
        (json!(["text"]), 400, "malformed"),
        (json!(null), 400, "malformed"),
        (json!({ "text": "x", "nonce": 7 }), 400, "malformed"),
        (json!({ "text": "x", "nonce": "" }), 400, "bad-nonce"),
        (json!({ "text": "x", "nonce": "a b" }), 400, "bad-nonce"),
        (json!({ "text": "x".repeat(70_000) }), 413, "too-large"),
        (json!({ "text": "x".repeat(300_000) }), 413, "too-large"),
    ] {
        let reply = post(json, body.to_string().into_bytes()).await;
        reply.fails(status, code);
    }
    for body in [
        "",
        "{",
        "{\"text\":\"x\"",
        "text=x",
        "\"\\ud800\"",
        "{\"text\":\"\\ud800\"}",
    ] {
        post(json, body.into()).await.fails(400, "malformed");
    }
    post(json, b"{\"text\":\"\xff\"}".to_vec())
        .await
        .fails(400, "malformed");
    post(json, "[".repeat(60_000).into())
        .await
        .fails(400, "malformed");
    let good = json!({ "text": "x" }).to_string().into_bytes();
    post("text/plain", good.clone())
        .await
        .fails(415, "unsupported-media-type");
    let page = house
        .request("GET", &path, Some(&token), None)
        .await
        .is(200);
    assert_eq!(page["count"], 0, "nothing was changed");
    post(json, good).await.is(201);
}

#[tokio::test]
async fn other_peoples_things_and_things_that_are_gone() {
    let (house, token, general) = home().await;
    let (_, bo) = house.person("bo").await;
    let sent = say(&house, &token, &general, "mine").await;
    let id = sent["message_id"].as_str().unwrap();
    let own = format!("/api/channels/{general}/messages/{id}");
    let text = || Some(json!({ "text": "ours" }));
    let reply = house.request("PATCH", &own, Some(&bo), text()).await;
    reply.fails(403, "forbidden");
    let reply = house.request("DELETE", &own, Some(&bo), None).await;
    reply.fails(403, "forbidden");
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
            let reply = house.request(method, &path, Some(&token), body).await;
            reply.fails(404, "not-found");
        }
    }
    // Members can edit only their own messages, and only under the right channel.
    let changed = house
        .request("PATCH", &own, Some(&token), text())
        .await
        .is(200);
    assert_eq!(changed["original_text"], "ours");
    assert_eq!(changed["seq"], 1);
    assert!(changed["edited_at"].is_string());
    let reply = house.request("DELETE", &own, Some(&token), None).await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    let reply = house.request("PATCH", &own, Some(&token), text()).await;
    reply.fails(404, "not-found");
    let path = format!("/api/messages/{general}");
    let page = house.request("GET", &path, Some(&bo), None).await.is(200);
    assert_eq!(page["messages"][0]["deleted"], true);
    assert_eq!(page["messages"][0]["original_text"], "");
}

#[tokio::test]
async fn limits_are_told_with_the_waiting_time() {
    let house = TestHouse::with(|config| config.limits.messages.count = 2).await;
    let (ada, token) = house.person("ada").await;
    let general = house.general(&ada).await.to_string();
    let path = format!("/api/channels/{general}/messages");
    let body = || Some(json!({ "text": "x" }));
    for _ in 0..2 {
        house
            .request("POST", &path, Some(&token), body())
            .await
            .is(201);
    }
    let reply = house.request("POST", &path, Some(&token), body()).await;
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
    let (_, ada) = house.person("ada").await;
    let (_, bo) = house.person("bo").await;
    let get = async |path: &str, token: Option<&str>| house.request("GET", path, token, None).await;
    for _ in 0..3 {
        get("/api/stocks/aapl.us", Some(&ada)).await.is(200);
    }
    let reply = get("/api/stocks/aapl.us", Some(&ada)).await;
    reply.fails(429, "rate-limited");
    let wait: u64 = reply.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(reply.json()["seconds"], wait);
    // Other accounts and pages still work.
    get("/api/rooms", Some(&bo)).await.is(200);
    get("/health", Some(&ada)).await.is(200);
    // Invalid tokens count like requests without a token.
    for token in [None, Some("rubbish"), None, Some("x"), None] {
        let reply = get("/api/stocks/aapl.us", token).await;
        assert_eq!(reply.status, 200);
    }
    get("/api/rooms", Some("guess"))
        .await
        .fails(429, "rate-limited");
    get("/api/nothing", None).await.fails(429, "rate-limited");
    get("/api/rooms", Some(&bo)).await.is(200);
}

#[tokio::test]
async fn wrong_methods_and_unknown_paths_are_told_in_json() {
    let (house, token, general) = home().await;
    let token = Some(token.as_str());
    for (method, path) in [
        ("DELETE", "/api/rooms".to_owned()),
        ("PUT", "/api/rooms/".to_owned()),
        ("POST", format!("/api/messages/{general}")),
        ("PUT", format!("/api/channels/{general}/messages")),
        ("POST", "/api/health".to_owned()),
    ] {
        let reply = house.request(method, &path, token, None).await;
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
            let reply = house.request(method, path, token, None).await;
            reply.fails(404, "not-found");
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
