//! A client for the first version of this API (accounts, a portfolio, prices) calls all its
//! endpoints and checks each field under its original name.

use crate::testing::{Reply, TestHouse};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Name of a field, and a check of its value.
type Field = (&'static str, fn(&Value) -> bool);

/// Checks that an object has these fields with values of the right type.
fn has(object: &Value, fields: &[Field]) {
    for (field, is) in fields {
        let value = object.get(field).unwrap_or(&Value::Null);
        assert!(is(value), "{field}: {value} in {object}");
    }
}

fn is_time(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    chrono::DateTime::parse_from_rfc3339(text).is_ok()
}

fn is_day(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.parse::<chrono::NaiveDate>().is_ok()
}

const ACCOUNT: &[Field] = &[
    ("id", Value::is_string),
    ("email", Value::is_string),
    ("name", Value::is_string),
    ("createdAt", is_time),
];

const STOCK: &[Field] = &[
    ("symbol", Value::is_string),
    ("name", Value::is_string),
    ("shares", Value::is_f64),
    ("avgPrice", Value::is_f64),
    ("currentPrice", Value::is_f64),
    ("sector", Value::is_string),
    ("purchaseDate", is_day),
];

const TRANSACTION: &[Field] = &[
    ("id", Value::is_string),
    ("symbol", Value::is_string),
    ("type", Value::is_string),
    ("shares", Value::is_f64),
    ("price", Value::is_f64),
    ("total", Value::is_f64),
    ("date", is_day),
    ("createdAt", is_time),
];

#[tokio::test]
async fn a_client_of_the_first_description_works() {
    let house = TestHouse::new().await;
    let ask = async |method: &str, path: &str, token: Option<&str>, body: Option<Value>| {
        house.request(method, path, token, body).await
    };
    let error = |reply: &Reply, status: u16, said: &str| {
        let found = (reply.status, &reply.json()["error"]);
        assert_eq!(found, (status, &json!(said)), "{}", reply.asked);
    };
    // Accounts.
    let new =
        json!({ "email": "test@example.com", "password": "correct horse", "name": "Test User" });
    let made = ask("POST", "/api/auth/register", None, Some(new.clone()))
        .await
        .is(201);
    assert_eq!(made["success"], true);
    has(&made["user"], ACCOUNT);
    has(
        &made,
        &[
            ("token", Value::is_string),
            ("refreshToken", Value::is_string),
        ],
    );
    error(
        &ask("POST", "/api/auth/register", None, Some(new)).await,
        409,
        "Email already registered",
    );
    let credentials = json!({ "email": "test@example.com", "password": "correct horse" });
    let session = ask("POST", "/api/auth/login", None, Some(credentials))
        .await
        .is(200);
    assert_eq!(
        (&session["success"], &session["user"]),
        (&json!(true), &made["user"])
    );
    let wrong = json!({ "email": "test@example.com", "password": "wrong horse" });
    let refused = ask("POST", "/api/auth/login", None, Some(wrong)).await;
    error(&refused, 401, "Invalid credentials");
    let none = ask("POST", "/api/auth/login", None, Some(json!({}))).await;
    error(&none, 400, "Missing email or password");
    let refresh = session["refreshToken"].as_str();
    let fresh = ask("POST", "/api/auth/refresh", refresh, None)
        .await
        .is(200);
    let token = fresh["token"].as_str();
    assert_eq!(
        ask("GET", "/api/auth/me", token, None).await.is(200),
        json!({ "user": made["user"] })
    );

    // The portfolio, with and without a trailing slash.
    for path in ["/api/portfolio", "/api/portfolio/"] {
        assert_eq!(ask("GET", path, None, None).await.status, 401);
        let empty = ask("GET", path, token, None).await.is(200);
        assert_eq!(empty, json!({ "stocks": [], "transactions": [] }));
    }
    let apple = json!({ "symbol": "aapl", "name": "Apple Inc.", "shares": "10", "avgPrice": 150,
        "sector": "Technology", "purchaseDate": "2012-01-03" });
    let added = ask("POST", "/api/portfolio/add", token, Some(apple.clone()))
        .await
        .is(201);
    assert_eq!(added["success"], true);
    has(&added["stock"], STOCK);
    let fields: BTreeSet<&String> = added["stock"].as_object().unwrap().keys().collect();
    assert!(
        fields.iter().all(|field| !field.contains('_')),
        "{fields:?}"
    );
    let mut more = apple.clone();
    (more["avgPrice"], more["purchaseDate"]) = (json!(250.5), json!("2012-02-01"));
    let added = ask("POST", "/api/portfolio/add", token, Some(more))
        .await
        .is(201);
    let stock = &added["stock"];
    assert_eq!(
        (
            &stock["symbol"],
            &stock["shares"],
            &stock["avgPrice"],
            &stock["purchaseDate"]
        ),
        (
            &json!("AAPL"),
            &json!(20.0),
            &json!(200.25),
            &json!("2012-01-03")
        )
    );
    let page = ask("GET", "/api/portfolio/", token, None).await.is(200);
    assert_eq!(page["stocks"], json!([stock]));
    let transactions = page["transactions"].as_array().unwrap();
    assert_eq!(transactions.len(), 2);
    for one in transactions {
        has(one, TRANSACTION);
        let fields = one.as_object().unwrap();
        assert!(fields.keys().all(|field| !field.contains('_')), "{one}");
        assert_eq!(one["type"], "BUY");
    }
    // Newest first.
    assert_eq!(transactions[0]["total"], 2505.0);
    let mut less = apple;
    less.as_object_mut().unwrap().remove("avgPrice");
    let refused = ask("POST", "/api/portfolio/add", token, Some(less)).await;
    error(&refused, 400, "Missing required fields");
    let gone = ask("DELETE", "/api/portfolio/aapl", token, None).await;
    assert_eq!(gone.is(200), json!({ "success": true }));
    let again = ask("DELETE", "/api/portfolio/aapl", token, None).await;
    error(&again, 404, "Stock not found in portfolio");

    // Prices.
    let quote = ask("GET", "/api/stocks/AAPL", None, None).await.is(200);
    has(
        &quote,
        &[
            ("symbol", Value::is_string),
            ("currentPrice", Value::is_f64),
            ("change", Value::is_f64),
            ("changePercent", Value::is_f64),
            ("volume", Value::is_u64),
            ("timestamp", is_day),
        ],
    );
    let past = ask("GET", "/api/stocks/AAPL/historical?period=30", None, None)
        .await
        .is(200);
    let days = past["data"].as_array().unwrap();
    assert_eq!(days.len(), 30);
    for day in days {
        let figures = ["open", "high", "low", "close"].map(|name| (name, Value::is_f64 as _));
        has(day, &figures);
        has(day, &[("date", is_day), ("volume", Value::is_u64)]);
    }
    let unknown = ask("GET", "/api/stocks/APPL", None, None).await;
    error(&unknown, 404, "Stock data not found");
    let unknown = ask("GET", "/api/stocks/APPL/historical", None, None).await;
    error(&unknown, 404, "Historical data not found");
    let health = ask("GET", "/api/health", None, None).await.is(200);
    has(
        &health,
        &[("status", Value::is_string), ("message", Value::is_string)],
    );
}
