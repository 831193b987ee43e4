//! A whole server: REST under the replay, and pages as the server draws them.

use super::{limited, quote};
use crate::paper::Filler;
use crate::paper::service::Wanted;
use crate::platform::tasks::Tasks;
use crate::testing::{TestHouse, changed, until};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// What the server draws: the first paint, and the whole page without JavaScript.
#[tokio::test]
async fn pages_are_drawn_whole() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let empty = ada.page("/markets/paper").await;
    for part in [
        "Join paper trading",
        "action=\"/rpc/paper/join\"",
        "Sample prices end in 2013",
        "No members yet.",
    ] {
        assert!(empty.contains(part), "{part}");
    }
    let paper = house.paper();
    paper.join(&ada, None).await.unwrap();
    let input = limited("buy", "10", "1234.5");
    paper.place(&ada, None, &input).await.unwrap();
    let joined = ada.page("/markets/paper?symbol=%3Cb%3EIBM").await;
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
    let changing = ada.page(&change).await;
    for part in [
        "Edit AAPL order: Buy 10 at 1,234.50\u{a0}USD or less",
        &format!("name=\"replaces\" value=\"{}\"", open[0].id),
        "value=\"1234.5\"",
        "Save order",
    ] {
        assert!(changing.contains(part), "{part}");
    }
    let gone = format!("/markets/paper?change={}", Uuid::now_v7());
    assert!(!ada.page(&gone).await.contains("Save order"));
    paper
        .match_orders("AAPL", &quote("AAPL", 1, "400"))
        .await
        .unwrap();
    let filled = ada.page("/markets/paper").await;
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
    let selling = ada.page("/markets/paper?symbol=AAPL&sell=10").await;
    for part in ["value=\"10\"", "<option value=\"sell\" selected"] {
        assert!(selling.contains(part), "{part}");
    }
    let told = ada.page("/markets/alerts").await;
    for part in [
        "Paper trading: bought 10 AAPL at 400.00",
        "href=\"/markets/paper\"",
    ] {
        assert!(told.contains(part), "{part}");
    }
    let instrument = ada.page("/instruments/AAPL").await;
    assert!(instrument.contains("/markets/paper?symbol=AAPL"));
    let wrong = ada.page("/markets/paper?season=x").await;
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
    let [ada, bo] = house.users(["ada", "bo"]).await;
    let good = json!({ "symbol": "AAPL", "side": "buy", "kind": "market", "quantity": 10 });
    let orders = "/api/paper/orders";
    let early = ada.post(orders, good.clone()).await;
    early.fails(409, "not-joined");
    for who in [&ada, &bo] {
        let joined = who.post("/api/paper/join", json!({})).await.is(200);
        assert_eq!(joined["account"]["cash"], "100000");
    }
    let changes = [
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
    ];
    ada.refused(orders, &good, changes).await;
    for (path, status, code) in [
        ("/api/paper/seasons?community=", 400, "bad-community"),
        ("/api/paper/account?community=x", 400, "bad-community"),
        ("/api/paper/account?season=", 400, "bad-season"),
        ("/api/paper/leaderboard?season=7", 400, "bad-season"),
        ("/api/paper/orders?season=", 400, "bad-season"),
        ("/api/paper/orders?state=", 400, "bad-state"),
        ("/api/paper/orders?before=", 400, "bad-cursor"),
    ] {
        ada.get(path).await.fails(status, code);
    }
    let unknown = format!("/api/paper/account?season={}", Uuid::now_v7());
    ada.get(&unknown).await.fails(404, "not-found");
    let empty = ada.get(orders).await.is(200);
    assert_eq!(
        empty,
        json!({ "orders": [], "next": null }),
        "bad input changes nothing"
    );

    let placed = ada.post(orders, good.clone()).await.is(201);
    assert_eq!(
        (&placed["state"], &placed["moves"]),
        (&json!("open"), &json!(true))
    );
    // Replaces the order.
    let path = format!("{orders}/{}", placed["id"].as_str().unwrap());
    let other = changed(&good, &json!({ "quantity": "11" }));
    bo.put(&path, other.clone()).await.fails(404, "not-found");
    let changed = ada.put(&path, other).await.is(200);
    assert_eq!(changed["quantity"], "11");
    let changed = format!("{orders}/{}", changed["id"].as_str().unwrap());
    let placed = ada.put(&changed, good).await.is(200);
    let path = format!("{orders}/{}", placed["id"].as_str().unwrap());
    bo.delete(&path).await.fails(404, "not-found");
    let part = Tasks::default();
    part.start(Filler::new(
        house.paper().clone(),
        Duration::from_millis(20),
    ));
    let filled =
        async || ada.get("/api/paper/orders?state=filled").await.is(200)["orders"][0].clone();
    until("it is filled", async || !filled().await.is_null()).await;
    let filled = filled().await;
    part.stop(Duration::from_secs(5)).await;
    assert_eq!(filled["id"], placed["id"]);
    assert!(filled["priced_at"].as_str() > placed["seen_at"].as_str());
    ada.delete(&path).await.fails(409, "order-ended");

    let account = ada.get("/api/paper/account").await.is(200);
    let portfolio = account["account"]["portfolio"].as_str().unwrap();
    assert_eq!(account["holdings"][0]["quantity"], "10");
    let ledger = format!("/api/portfolios/{portfolio}");
    let read = ada.get(&ledger).await.is(200);
    assert_eq!(read["portfolio"]["managed_by"], "paper");
    bo.get(&ledger).await.fails(404, "not-found");
    ada.delete(&ledger).await.fails(409, "portfolio-managed");
    let gift = json!({ "kind": "DEPOSIT", "date": "2012-06-01", "amount": "1" });
    let path = format!("{ledger}/transactions");
    ada.post(&path, gift).await.fails(409, "portfolio-managed");
    let own = ada.get("/api/portfolios").await.is(200);
    assert_eq!(own["portfolios"], json!([]));

    let board = bo.get("/api/paper/leaderboard").await.is(200);
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
    let (house, ada) = TestHouse::with_user("ada").await;
    house.paper().join(&ada, None).await.unwrap();
    let order = json!({ "symbol": "AAPL", "side": "buy", "kind": "limit", "quantity": 0.1 + 0.2,
        "limit": 100.0 / 3.0 });
    let placed = ada.post("/api/paper/orders", order).await.is(201);
    assert!(placed.to_string().contains("\"33.3333333333\""), "{placed}");
    assert!(placed.to_string().contains("\"0.3\""), "{placed}");
    house.close().await;
}
