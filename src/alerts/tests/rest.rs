//! Alerts through the REST API.

use super::*;
use serde_json::{Value, json};

#[tokio::test]
async fn rest_makes_and_refuses() {
    let house = TestHouse::new().await;
    let (_, ada) = house.person("ada").await;
    let (_, bo) = house.person("bo").await;
    let ask = async |method: &str, path: &str, who: &str, body: Option<Value>| {
        house.request(method, path, Some(who), body).await
    };
    let good = json!({ "symbol": "aapl", "kind": "price_above", "value": 450, "note": "at last" });
    let made = ask("POST", "/api/alerts", &ada, Some(good.clone()))
        .await
        .is(201);
    assert_eq!(made["symbol"], "AAPL");
    assert_eq!(
        (&made["kind"], &made["value"]),
        (&json!("price_above"), &json!("450"))
    );
    assert_eq!(
        (&made["state"], &made["armed"]),
        (&json!("armed"), &json!(1))
    );
    let id = made["id"].as_str().unwrap();

    for (change, status, code) in [
        (json!({ "value": "much" }), 400, "bad-alert-value"),
        (json!({ "value": -1 }), 400, "bad-alert-value"),
        (json!({ "kind": "price" }), 400, "bad-alert-kind"),
        (
            json!({ "kind": "rsi_above", "value": 101 }),
            400,
            "bad-alert-value",
        ),
        (
            json!({ "kind": "crosses_sma", "period": 1 }),
            400,
            "bad-alert-period",
        ),
        (json!({ "symbol": "" }), 400, "symbol-missing"),
        (json!({ "symbol": "ZZZZ" }), 404, "unknown-symbol"),
        (json!({ "symbol": "bank" }), 400, "several-instruments"),
        (json!({ "channel": Uuid::now_v7() }), 404, "not-found"),
        (json!({ "expires": "2001-01-01" }), 400, "expiry-past"),
        (json!({ "note": "x".repeat(201) }), 400, "note-too-long"),
    ] {
        let mut body = good.clone();
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        let refused = ask("POST", "/api/alerts", &ada, Some(body)).await;
        refused.fails(status, code);
    }
    let all = ask("GET", "/api/alerts", &ada, None).await.is(200);
    assert_eq!(
        all["alerts"].as_array().unwrap().len(),
        1,
        "bad input changes nothing"
    );
    // Binary floating-point numbers of API clients.
    for (value, kept) in [(0.1 + 0.2, "0.3"), (1.0 / 3.0, "0.33333333")] {
        let mut body = good.clone();
        body["value"] = json!(value);
        let made = ask("POST", "/api/alerts", &bo, Some(body)).await.is(201);
        assert_eq!(made["value"], kept);
    }

    // Other accounts get `not-found`.
    let path = format!("/api/alerts/{id}");
    let arm = format!("{path}/arm");
    ask("DELETE", &path, &bo, None)
        .await
        .fails(404, "not-found");
    ask("POST", &arm, &bo, None).await.fails(404, "not-found");
    let armed = ask("POST", &arm, &ada, None).await.is(200);
    assert_eq!(armed["armed"], 1);
    assert_eq!(ask("DELETE", &path, &ada, None).await.status, 204);
    ask("DELETE", &path, &ada, None)
        .await
        .fails(404, "not-found");
    house.close().await;
}
