//! Portfolios through the REST API.

use crate::testing::{TestHouse, changed};
use serde_json::{Value, json};

/// Seed 003: a client written for it works.
#[tokio::test]
async fn the_portfolio_of_older_clients() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let (all, add) = ("/api/portfolio", "/api/portfolio/add");
    let nobody = house.request("GET", all, None, None).await;
    assert_eq!(nobody.status, 401);
    let empty = ada.get("/api/portfolio/").await;
    assert_eq!(empty.is(200), json!({ "stocks": [], "transactions": [] }));
    let apple = json!({ "symbol": "aapl", "name": "Apple Inc.", "shares": 10, "avgPrice": 150.25,
        "sector": "Technology", "purchaseDate": "2012-01-03" });
    let added = ada.post(add, apple.clone()).await;
    let stock = json!({ "symbol": "AAPL", "name": "Apple Inc.", "shares": 10.0, "avgPrice": 150.25,
        "currentPrice": 430.47, "sector": "Technology", "purchaseDate": "2012-01-03" });
    assert_eq!(added.is(201), json!({ "success": true, "stock": stock }));
    let page = ada.get(all).await.is(200);
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
        let refused = ada.post(add, less).await;
        refused.fails_with(400, "Missing required fields", "missing-fields");
    }
    let german = json!({ "purchaseDate": "03.01.2012" });
    let changes = [
        (json!({ "shares": -1 }), 400, "bad-number"),
        (json!({ "shares": "x" }), 400, "bad-number"),
        (json!({ "shares": 1e300 }), 400, "bad-number"),
        (json!({ "avgPrice": null }), 400, "missing-fields"),
        (json!({ "symbol": "a b" }), 400, "bad-symbol"),
        (german, 400, "bad-date"),
        (json!({ "name": "\u{202e}" }), 400, "name-characters"),
    ];
    ada.refused(add, &apple, changes).await;
    let marked = changed(&apple, &json!({ "symbol": "$ibm" }));
    let added = ada.post(add, marked).await.is(201);
    assert_eq!(added["stock"]["symbol"], "IBM");
    ada.delete("/api/portfolio/IBM").await.is(200);
    let gone = ada.delete("/api/portfolio/aapl").await;
    assert_eq!(gone.is(200), json!({ "success": true }));
    let again = ada.delete("/api/portfolio/AAPL").await;
    again.fails_with(404, "Stock not found in portfolio", "not-in-portfolio");
    let page = ada.get(all).await.is(200);
    assert_eq!(page["stocks"], json!([]));
    assert_eq!(page["transactions"][0]["removed"], true);
}

/// Seed 003: JSON numbers are binary, errors name the fields of the request, and the latest created
/// transaction is first.
#[tokio::test]
async fn numbers_names_and_order_of_older_clients() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let stock = |symbol: &str, shares: Value, price: Value| {
        json!({ "symbol": symbol, "name": "Apple Inc.", "shares": shares, "avgPrice": price,
            "sector": "Technology", "purchaseDate": "2012-01-03" })
    };
    let add = async |stock: Value| ada.post("/api/portfolio/add", stock).await;
    for (symbol, shares, kept, price, paid) in [
        (
            "A",
            json!(0.1 + 0.2),
            0.3,
            json!(1.0 / 3.0),
            0.333_333_333_3,
        ),
        (
            "B",
            json!("0.30000000000000004"),
            0.3,
            json!("0.3333333333333333"),
            0.333_333_333_3,
        ),
        ("C", json!(1e-7), 0.000_000_1, json!(2e-7), 0.000_000_2),
        (
            "D",
            json!(1.1 * 3.0),
            3.3,
            json!(123_456_789.123_456_78),
            123_456_789.123_456_78,
        ),
    ] {
        let added = add(stock(symbol, shares, price)).await.is(201);
        assert_eq!(added["stock"]["shares"], kept, "{symbol}");
        assert_eq!(added["stock"]["avgPrice"], paid, "{symbol}");
    }
    // An earlier date, but created last.
    let mut early = stock("E", json!(1), json!(1));
    early["purchaseDate"] = json!("2001-01-03");
    add(early).await.is(201);
    let page = ada.get("/api/portfolio").await.is(200);
    let written = page["transactions"].as_array().unwrap().iter();
    let order: Vec<&Value> = written.map(|one| &one["symbol"]).collect();
    assert_eq!(order, ["E", "D", "C", "B", "A"]);
    assert_eq!(page["transactions"][4]["shares"], 0.3);

    for (field, value, code) in [
        ("shares", json!(0), "bad-number"),
        ("shares", json!(1e-11), "bad-number"),
        ("shares", json!(1e13), "bad-number"),
        ("avgPrice", json!(-0.5), "bad-number"),
        ("avgPrice", json!("a lot"), "bad-number"),
        ("purchaseDate", json!("2999-01-01"), "future-date"),
        ("symbol", json!("a b"), "bad-symbol"),
        ("name", json!("x".repeat(81)), "name-too-long"),
        ("sector", json!("x".repeat(81)), "name-too-long"),
        ("shares", json!(null), "missing-fields"),
        ("purchaseDate", json!(null), "missing-fields"),
    ] {
        let mut wrong = stock("AAPL", json!(1), json!(1));
        wrong[field] = value;
        let refused = add(wrong).await;
        refused.fails(400, code);
        assert_eq!(refused.json()["field"], field, "{code}");
        if code == "bad-number" {
            let said = refused.json()["error"].to_string();
            assert!(said.contains(&format!("The {field} must")), "{said}");
        }
    }
    // The same for the fields of a transaction.
    let first = ada.get("/api/portfolios").await.is(200);
    let id = first["portfolios"][0]["id"].as_str().unwrap();
    let path = format!("/api/portfolios/{id}/transactions");
    let float = 0.1 + 0.2;
    let buy = json!({ "kind": "BUY", "symbol": "F", "date": "2010-01-04", "quantity": float,
        "price": 1.0 / 3.0, "fee": float });
    let made = ada.post(&path, buy).await.is(201);
    assert_eq!(
        (&made["quantity"], &made["price"], &made["fee"]),
        (&json!("0.3"), &json!("0.3333333333"), &json!("0.3"))
    );
    let paid = json!({ "kind": "DEPOSIT", "date": "2010-01-04", "amount": float });
    let made = ada.post(&path, paid).await.is(201);
    assert_eq!(made["amount"], "0.3");
    // Numbers sent as strings are not rounded silently.
    let written =
        json!({ "kind": "DEPOSIT", "date": "2010-01-04", "amount": "0.30000000000000004" });
    ada.post(&path, written).await.fails(400, "bad-number");
    house.close().await;
}

#[tokio::test]
async fn portfolios_for_programs() {
    let (house, [ada, bo]) = TestHouse::with_users(["ada", "bo"]).await;
    let mine = json!({ "name": "Mine", "method": "average" });
    let made = ada.post("/api/portfolios", mine).await.is(201);
    let base = &format!("/api/portfolios/{}", made["id"].as_str().unwrap());
    let again = ada.post("/api/portfolios", json!({ "name": "mine" })).await;
    again.fails(409, "portfolio-exists");
    let all = &format!("{base}/transactions");
    let buy = json!({ "kind": "buy", "symbol": "IBM", "date": "2010-01-04", "quantity": 2.5, "price": "130", "note": "first" });
    let one = ada.post(all, buy).await.is(201);
    assert_eq!(
        (&one["kind"], &one["quantity"], &one["removed"]),
        (&json!("BUY"), &json!("2.5"), &json!(false))
    );
    let at = &format!("{all}/{}", one["id"].as_str().unwrap());
    let changed = json!({ "kind": "BUY", "symbol": "IBM", "date": "2010-01-04", "quantity": "3", "price": "130" });
    assert_eq!(ada.put(at, changed).await.is(200)["quantity"], "3");
    assert_eq!(ada.get(at).await.is(200)["note"], "");
    let page = ada.get(base).await.is(200);
    assert_eq!(page["holdings"][0]["quantity"], "3");
    let found = ada.get(&format!("{base}/performance?benchmark=aapl")).await;
    let found = found.is(200);
    assert_eq!(found["benchmark"]["symbol"], "AAPL");
    assert!(found["money_weighted"].is_number());
    let listed = ada.get(&format!("{all}?limit=1")).await.is(200);
    assert_eq!(listed["transactions"].as_array().map(Vec::len), Some(1));
    let bad = ada.get(&format!("{all}?limit=0")).await;
    bad.fails(400, "bad-limit");
    assert_eq!(ada.delete(at).await.is(200)["kind"], "BUY");
    assert_eq!(ada.delete(at).await.status, 404);
    bo.get(base).await.fails(404, "not-found");
    let renamed = ada.put(base, json!({ "name": "Yours" })).await;
    renamed.is_no_content();
    ada.delete(base).await.is_no_content();
    let none = ada.get("/api/portfolios").await.is(200);
    assert_eq!(none, json!({ "portfolios": [] }));
    house.close().await;
}
