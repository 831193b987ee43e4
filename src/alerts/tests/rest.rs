//! Alerts through the REST API.

use super::*;
use crate::testing::{TestHouse, changed};
use serde_json::json;

#[tokio::test]
async fn rest_makes_and_refuses() {
    let (house, [ada, bo]) = TestHouse::with_users(["ada", "bo"]).await;
    let all = "/api/alerts";
    let good = json!({ "symbol": "aapl", "kind": "price_above", "value": 450, "note": "at last" });
    let made = ada.post(all, good.clone()).await.is(201);
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

    let rsi = json!({ "kind": "rsi_above", "value": 101 });
    let sma = json!({ "kind": "crosses_sma", "period": 1 });
    let changes = [
        (json!({ "value": "much" }), 400, "bad-alert-value"),
        (json!({ "value": -1 }), 400, "bad-alert-value"),
        (json!({ "kind": "price" }), 400, "bad-alert-kind"),
        (rsi, 400, "bad-alert-value"),
        (sma, 400, "bad-alert-period"),
        (json!({ "symbol": "" }), 400, "symbol-missing"),
        (json!({ "symbol": "ZZZZ" }), 404, "unknown-symbol"),
        (json!({ "symbol": "bank" }), 400, "several-instruments"),
        (json!({ "channel": Uuid::now_v7() }), 404, "not-found"),
        (json!({ "expires": "2001-01-01" }), 400, "expiry-past"),
        (json!({ "note": "x".repeat(201) }), 400, "note-too-long"),
    ];
    ada.refused(all, &good, changes).await;
    let alerts = ada.get(all).await.is(200)["alerts"].clone();
    assert_eq!(
        alerts.as_array().unwrap().len(),
        1,
        "bad input changes nothing"
    );
    // Binary floating-point numbers of API clients.
    for (value, kept) in [(0.1 + 0.2, "0.3"), (1.0 / 3.0, "0.33333333")] {
        let body = changed(&good, &json!({ "value": value }));
        let made = bo.post(all, body).await.is(201);
        assert_eq!(made["value"], kept);
    }

    // Other accounts get `not-found`.
    let path = format!("{all}/{id}");
    let arm = format!("{path}/arm");
    bo.delete(&path).await.fails(404, "not-found");
    bo.ask("POST", &arm, None).await.fails(404, "not-found");
    let armed = ada.ask("POST", &arm, None).await.is(200);
    assert_eq!(armed["armed"], 1);
    ada.delete(&path).await.is_no_content();
    ada.delete(&path).await.fails(404, "not-found");
    house.close().await;
}
