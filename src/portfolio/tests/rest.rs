//! Portfolios as programs see them.

use crate::testing::TestHouse;
use serde_json::{Value, json};

/// Seed 003: a client written for it works.
#[tokio::test]
async fn the_portfolio_of_older_clients() {
    let house = TestHouse::new().await;
    let (_, token) = house.person("ada").await;
    let token = Some(token.as_str());
    assert_eq!(
        house
            .request("GET", "/api/portfolio", None, None)
            .await
            .status,
        401
    );
    let empty = house.request("GET", "/api/portfolio/", token, None).await;
    assert_eq!(empty.is(200), json!({ "stocks": [], "transactions": [] }));
    let apple = json!({ "symbol": "aapl", "name": "Apple Inc.", "shares": 10, "avgPrice": 150.25,
        "sector": "Technology", "purchaseDate": "2012-01-03" });
    let added = house
        .request("POST", "/api/portfolio/add", token, Some(apple.clone()))
        .await;
    let stock = json!({ "symbol": "AAPL", "name": "Apple Inc.", "shares": 10.0, "avgPrice": 150.25,
        "currentPrice": 430.47, "sector": "Technology", "purchaseDate": "2012-01-03" });
    assert_eq!(added.is(201), json!({ "success": true, "stock": stock }));
    let page = house
        .request("GET", "/api/portfolio", token, None)
        .await
        .is(200);
    assert_eq!(page["stocks"], json!([stock]));
    let written = &page["transactions"][0];
    assert_eq!(written["type"], "BUY");
    assert_eq!(
        (&written["shares"], &written["price"], &written["total"]),
        (&json!(10.0), &json!(150.25), &json!(1502.5))
    );
    assert_eq!(written["date"], "2012-01-03");
    for field in [
        "symbol",
        "name",
        "shares",
        "avgPrice",
        "sector",
        "purchaseDate",
    ] {
        let mut less = apple.clone();
        less.as_object_mut().unwrap().remove(field);
        let refused = house
            .request("POST", "/api/portfolio/add", token, Some(less))
            .await;
        refused.fails(400, "missing-fields");
        assert_eq!(refused.json()["error"], "Missing required fields");
    }
    for (field, value, code) in [
        ("shares", json!(-1), "bad-figure"),
        ("shares", json!("x"), "bad-figure"),
        ("shares", json!(1e300), "bad-figure"),
        ("avgPrice", json!(null), "missing-fields"),
        ("symbol", json!("a b"), "bad-symbol"),
        ("purchaseDate", json!("03.01.2012"), "bad-date"),
        ("name", json!("\u{202e}"), "name-characters"),
    ] {
        let mut wrong = apple.clone();
        wrong[field] = value;
        house
            .request("POST", "/api/portfolio/add", token, Some(wrong))
            .await
            .fails(400, code);
    }
    let mut marked = apple.clone();
    marked["symbol"] = json!("$ibm");
    let added = house
        .request("POST", "/api/portfolio/add", token, Some(marked))
        .await
        .is(201);
    assert_eq!(added["stock"]["symbol"], "IBM");
    house
        .request("DELETE", "/api/portfolio/IBM", token, None)
        .await
        .is(200);
    let gone = house
        .request("DELETE", "/api/portfolio/aapl", token, None)
        .await;
    assert_eq!(gone.is(200), json!({ "success": true }));
    let again = house
        .request("DELETE", "/api/portfolio/AAPL", token, None)
        .await;
    again.fails(404, "not-in-portfolio");
    assert_eq!(again.json()["error"], "Stock not found in portfolio");
    let page = house
        .request("GET", "/api/portfolio", token, None)
        .await
        .is(200);
    assert_eq!(page["stocks"], json!([]));
    assert_eq!(page["transactions"][0]["removed"], true);
}

#[tokio::test]
async fn portfolios_for_programs() {
    let house = TestHouse::new().await;
    let (_, token) = house.person("ada").await;
    let token = Some(token.as_str());
    let made = house
        .request(
            "POST",
            "/api/portfolios",
            token,
            Some(json!({ "name": "Mine", "method": "average" })),
        )
        .await
        .is(201);
    let base = format!("/api/portfolios/{}", made["id"].as_str().unwrap());
    house
        .request(
            "POST",
            "/api/portfolios",
            token,
            Some(json!({ "name": "mine" })),
        )
        .await
        .fails(409, "portfolio-exists");
    let all = format!("{base}/transactions");
    let buy = json!({ "kind": "buy", "symbol": "IBM", "date": "2010-01-04", "quantity": 2.5, "price": "130", "note": "first" });
    let one = house.request("POST", &all, token, Some(buy)).await.is(201);
    assert_eq!(
        (&one["kind"], &one["quantity"], &one["removed"]),
        (&json!("BUY"), &json!("2.5"), &json!(false))
    );
    let at = format!("{all}/{}", one["id"].as_str().unwrap());
    let changed = json!({ "kind": "BUY", "symbol": "IBM", "date": "2010-01-04", "quantity": "3", "price": "130" });
    assert_eq!(
        house
            .request("PUT", &at, token, Some(changed))
            .await
            .is(200)["quantity"],
        "3"
    );
    assert_eq!(
        house.request("GET", &at, token, None).await.is(200)["note"],
        ""
    );
    let page = house.request("GET", &base, token, None).await.is(200);
    assert_eq!(page["holdings"][0]["quantity"], "3");
    let found = house
        .request(
            "GET",
            &format!("{base}/performance?benchmark=aapl"),
            token,
            None,
        )
        .await
        .is(200);
    assert_eq!(found["benchmark"]["symbol"], "AAPL");
    assert!(found["money_weighted"].is_number());
    let listed = house
        .request("GET", &format!("{all}?limit=1"), token, None)
        .await
        .is(200);
    assert_eq!(listed["transactions"].as_array().map(Vec::len), Some(1));
    house
        .request("GET", &format!("{all}?limit=0"), token, None)
        .await
        .fails(400, "bad-limit");
    assert_eq!(
        house.request("DELETE", &at, token, None).await.is(200)["kind"],
        "BUY"
    );
    assert_eq!(house.request("DELETE", &at, token, None).await.status, 404);
    let (_, other) = house.person("bo").await;
    house
        .request("GET", &base, Some(&other), None)
        .await
        .fails(404, "not-found");
    assert_eq!(
        house
            .request("PUT", &base, token, Some(json!({ "name": "Yours" })))
            .await
            .status,
        204
    );
    assert_eq!(
        house.request("DELETE", &base, token, None).await.status,
        204
    );
    let none: Value = house
        .request("GET", "/api/portfolios", token, None)
        .await
        .is(200);
    assert_eq!(none, json!({ "portfolios": [] }));
}
