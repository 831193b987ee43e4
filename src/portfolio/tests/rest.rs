//! Portfolios through the REST API.

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
        ("shares", json!(-1), "bad-number"),
        ("shares", json!("x"), "bad-number"),
        ("shares", json!(1e300), "bad-number"),
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

/// Seed 003: JSON numbers are binary, errors name the fields of the request, and the latest created
/// transaction is first.
#[tokio::test]
async fn numbers_names_and_order_of_older_clients() {
    let house = TestHouse::new().await;
    let (_, token) = house.person("ada").await;
    let token = Some(token.as_str());
    let stock = |symbol: &str, shares: Value, price: Value| {
        json!({ "symbol": symbol, "name": "Apple Inc.", "shares": shares, "avgPrice": price,
            "sector": "Technology", "purchaseDate": "2012-01-03" })
    };
    let add = async |stock: Value| {
        let path = "/api/portfolio/add";
        house.request("POST", path, token, Some(stock)).await
    };
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
    let page = house
        .request("GET", "/api/portfolio", token, None)
        .await
        .is(200);
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
    let first = house
        .request("GET", "/api/portfolios", token, None)
        .await
        .is(200);
    let id = first["portfolios"][0]["id"].as_str().unwrap();
    let path = format!("/api/portfolios/{id}/transactions");
    let float = 0.1 + 0.2;
    let buy = json!({ "kind": "BUY", "symbol": "F", "date": "2010-01-04", "quantity": float,
        "price": 1.0 / 3.0, "fee": float });
    let made = house.request("POST", &path, token, Some(buy)).await.is(201);
    assert_eq!(
        (&made["quantity"], &made["price"], &made["fee"]),
        (&json!("0.3"), &json!("0.3333333333"), &json!("0.3"))
    );
    let paid = json!({ "kind": "DEPOSIT", "date": "2010-01-04", "amount": float });
    let made = house
        .request("POST", &path, token, Some(paid))
        .await
        .is(201);
    assert_eq!(made["amount"], "0.3");
    // Numbers sent as strings are not rounded silently.
    let written =
        json!({ "kind": "DEPOSIT", "date": "2010-01-04", "amount": "0.30000000000000004" });
    let refused = house.request("POST", &path, token, Some(written)).await;
    refused.fails(400, "bad-number");
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
