//! A whole server: REST under the replay, and pages as the server draws them.

use super::{limited, quote};
use crate::paper::Filler;
use crate::paper::service::Wanted;
use crate::platform::tasks::Tasks;
use crate::testing::TestHouse;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// What the server draws: the first paint, and the whole page without JavaScript.
#[tokio::test]
async fn pages_are_drawn_whole() {
    let house = TestHouse::new().await;
    let (ada, token) = house.person("ada").await;
    let page = async |path: &str| {
        let reply = house.request("GET", path, Some(&token), None).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.text
    };
    let empty = page("/markets/paper").await;
    for part in [
        "Join paper trading",
        "action=\"/rpc/paper/join\"",
        "Sample prices end in 2013",
        "No members yet.",
    ] {
        assert!(empty.contains(part), "{part}");
    }
    let paper = &house.services.get::<crate::paper::Service>().unwrap();
    paper.join(&ada, None).await.unwrap();
    let input = limited("buy", "10", "1234.5");
    paper.place(&ada, None, &input).await.unwrap();
    let joined = page("/markets/paper?symbol=%3Cb%3EIBM").await;
    for part in [
        "action=\"/rpc/paper/place\"",
        "value=\"&lt;b&gt;IBM\"",
        "Buy 10 at 1,234.50\u{a0}USD or less",
        "action=\"/rpc/paper/cancel\"",
        "100,000.00\u{a0}USD",
        "12,345.00\u{a0}USD",
        "Benchmark: AAPL, IBM, MSFT",
    ] {
        assert!(joined.contains(part), "{part}");
    }
    let open = paper.orders(&ada, &Wanted::default()).await.unwrap().orders;
    let change = format!("/markets/paper?change={}", open[0].id);
    assert!(joined.contains(&change));
    let changing = page(&change).await;
    for part in [
        "Edit AAPL order: Buy 10 at 1,234.50\u{a0}USD or less",
        &format!("name=\"replaces\" value=\"{}\"", open[0].id),
        "value=\"1234.5\"",
        "Save order",
    ] {
        assert!(changing.contains(part), "{part}");
    }
    let gone = format!("/markets/paper?change={}", Uuid::now_v7());
    assert!(!page(&gone).await.contains("Save order"));
    paper
        .match_orders("AAPL", &quote("AAPL", 1, "400"))
        .await
        .unwrap();
    let filled = page("/markets/paper").await;
    for part in [
        "data-state=\"filled\"",
        "Apple Inc.",
        "96,000.00",
        "100,304.70",
        "href=\"/markets/paper?symbol=AAPL&amp;sell=10\"",
        "Max drawdown",
    ] {
        assert!(filled.contains(part), "{part}");
    }
    let selling = page("/markets/paper?symbol=AAPL&sell=10").await;
    for part in ["value=\"10\"", "<option value=\"sell\" selected"] {
        assert!(selling.contains(part), "{part}");
    }
    let told = page("/markets/alerts").await;
    for part in [
        "Paper trading: bought 10 AAPL at 400.00",
        "href=\"/markets/paper\"",
    ] {
        assert!(told.contains(part), "{part}");
    }
    let instrument = page("/instruments/AAPL").await;
    assert!(instrument.contains("/markets/paper?symbol=AAPL"));
    let wrong = page("/markets/paper?season=x").await;
    assert!(wrong.contains("Season not found."));
    house.close().await;
}

/// Under the replay, the worker finds the prices by itself.
#[tokio::test]
async fn rest_trades_in_a_moving_market() {
    let house = TestHouse::with(|config| {
        config.market.replay = 60;
        config.market.alert_seconds = 1;
    })
    .await;
    let (_, ada) = house.person("ada").await;
    let (_, bo) = house.person("bo").await;
    let ask = async |method: &str, path: &str, who: &str, body: Option<Value>| {
        house.request(method, path, Some(who), body).await
    };
    let good = json!({ "symbol": "AAPL", "side": "buy", "kind": "market", "quantity": 10 });
    let orders = "/api/paper/orders";
    ask("POST", orders, &ada, Some(good.clone()))
        .await
        .fails(409, "not-joined");
    for who in [&ada, &bo] {
        let joined = ask("POST", "/api/paper/join", who, Some(json!({})))
            .await
            .is(200);
        assert_eq!(joined["account"]["cash"], "100000");
    }
    for (change, status, code) in [
        (json!({ "quantity": "much" }), 400, "bad-number"),
        (json!({ "quantity": 0 }), 400, "bad-number"),
        (json!({ "side": "short" }), 400, "bad-side"),
        (json!({ "kind": "stop" }), 400, "bad-order-kind"),
        (json!({ "kind": "limit" }), 400, "bad-number"),
        (json!({ "symbol": "" }), 400, "symbol-missing"),
        (json!({ "symbol": "ZZZZ" }), 404, "unknown-symbol"),
        (json!({ "quantity": "100000" }), 409, "paper-cash"),
        (json!({ "side": "sell" }), 409, "paper-units"),
        (json!({ "community": "" }), 400, "bad-community"),
        (json!({ "community": Uuid::now_v7() }), 404, "not-found"),
    ] {
        let mut body = good.clone();
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        ask("POST", orders, &ada, Some(body))
            .await
            .fails(status, code);
    }
    for (path, status, code) in [
        ("/api/paper/seasons?community=", 400, "bad-community"),
        ("/api/paper/account?community=x", 400, "bad-community"),
        ("/api/paper/account?season=", 400, "bad-season"),
        ("/api/paper/leaderboard?season=7", 400, "bad-season"),
        ("/api/paper/orders?season=", 400, "bad-season"),
        ("/api/paper/orders?state=", 400, "bad-state"),
        ("/api/paper/orders?before=", 400, "bad-cursor"),
    ] {
        ask("GET", path, &ada, None).await.fails(status, code);
    }
    let unknown = format!("/api/paper/account?season={}", Uuid::now_v7());
    ask("GET", &unknown, &ada, None)
        .await
        .fails(404, "not-found");
    let empty = ask("GET", orders, &ada, None).await.is(200);
    assert_eq!(
        empty,
        json!({ "orders": [], "next": null }),
        "bad input changes nothing"
    );

    let placed = ask("POST", orders, &ada, Some(good.clone())).await.is(201);
    assert_eq!(
        (&placed["state"], &placed["moves"]),
        (&json!("open"), &json!(true))
    );
    // Replaces the order.
    let path = format!("{orders}/{}", placed["id"].as_str().unwrap());
    let mut other = good.clone();
    other["quantity"] = json!("11");
    ask("PUT", &path, &bo, Some(other.clone()))
        .await
        .fails(404, "not-found");
    let changed = ask("PUT", &path, &ada, Some(other)).await.is(200);
    assert_eq!(changed["quantity"], "11");
    let changed = format!("{orders}/{}", changed["id"].as_str().unwrap());
    let placed = ask("PUT", &changed, &ada, Some(good)).await.is(200);
    let path = format!("{orders}/{}", placed["id"].as_str().unwrap());
    ask("DELETE", &path, &bo, None)
        .await
        .fails(404, "not-found");
    let part = Tasks::default();
    part.start(Filler::new(
        house
            .services
            .get::<crate::paper::Service>()
            .unwrap()
            .clone(),
        Duration::from_millis(20),
    ));
    let mut filled = Value::Null;
    for _ in 0..500 {
        let all = ask("GET", "/api/paper/orders?state=filled", &ada, None)
            .await
            .is(200);
        filled = all["orders"][0].clone();
        if !filled.is_null() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    part.stop(Duration::from_secs(5)).await;
    assert_eq!(filled["id"], placed["id"]);
    assert!(filled["priced_at"].as_str() > placed["seen_at"].as_str());
    ask("DELETE", &path, &ada, None)
        .await
        .fails(409, "order-ended");

    let account = ask("GET", "/api/paper/account", &ada, None).await.is(200);
    let portfolio = account["account"]["portfolio"].as_str().unwrap();
    assert_eq!(account["holdings"][0]["quantity"], "10");
    let ledger = format!("/api/portfolios/{portfolio}");
    let read = ask("GET", &ledger, &ada, None).await.is(200);
    assert_eq!(read["portfolio"]["managed_by"], "paper");
    ask("GET", &ledger, &bo, None).await.fails(404, "not-found");
    ask("DELETE", &ledger, &ada, None)
        .await
        .fails(409, "portfolio-managed");
    let gift = json!({ "kind": "DEPOSIT", "date": "2026-11-01", "amount": "1" });
    let path = format!("{ledger}/transactions");
    ask("POST", &path, &ada, Some(gift))
        .await
        .fails(409, "portfolio-managed");
    let own = ask("GET", "/api/portfolios", &ada, None).await.is(200);
    assert_eq!(own["portfolios"], json!([]));

    let board = ask("GET", "/api/paper/leaderboard", &bo, None)
        .await
        .is(200);
    assert_eq!(board["members"], 2);
    assert_eq!(board["ranking"][0]["member"]["username"], "ada");
    assert_eq!(board["ranking"][0]["rank"], 1);
    // One day: no drawdown, or one that begins and ends on that day.
    let drawdown = &board["ranking"][0]["drawdown"];
    assert_eq!(drawdown["from"], drawdown["to"]);
    assert!(drawdown.is_null() || drawdown["depth"].as_f64() < Some(0.0));
    assert_eq!(board["ranking"][1]["rank"], Value::Null);
    house.close().await;
}

/// Programs compute in binary: their numbers are rounded to the stored precision.
#[tokio::test]
async fn numbers_of_programs_are_rounded() {
    let house = TestHouse::new().await;
    let (ada, token) = house.person("ada").await;
    house
        .services
        .get::<crate::paper::Service>()
        .unwrap()
        .join(&ada, None)
        .await
        .unwrap();
    let order = json!({ "symbol": "AAPL", "side": "buy", "kind": "limit", "quantity": 0.1 + 0.2,
        "limit": 100.0 / 3.0 });
    let placed = house.request("POST", "/api/paper/orders", Some(&token), Some(order));
    let placed = placed.await.is(201);
    assert!(placed.to_string().contains("\"33.3333333333\""), "{placed}");
    assert!(placed.to_string().contains("\"0.3\""), "{placed}");
    house.close().await;
}
