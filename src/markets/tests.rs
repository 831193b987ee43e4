//! Watchlists through the service and the API.

use super::{Watchlists, indicators, ratings};
use crate::accounts::Viewer;
use crate::shared::WatchlistId;
use crate::testing::{TestHouse, code};
use serde_json::{Value, json};

async fn symbols(service: &Watchlists, viewer: &Viewer, id: WatchlistId) -> String {
    service.list(viewer, id).await.unwrap().symbols.join(" ")
}

#[tokio::test]
async fn instruments_in_the_order_of_their_owner() {
    TestHouse::each(async |house| {
        let (service, ada) = (house.watchlists(), house.user("ada").await);
        assert_eq!(service.page(&ada, None).await.unwrap().shown, None);
        // The first call creates the list.
        let add = async |list, text: &str, place| {
            let added = service.add(&ada, list, text, place, "Mine").await;
            added.map_err(|error| error.code.into_owned())
        };
        let (id, symbol) = add(None, "apple", None).await.unwrap();
        assert_eq!(symbol, "AAPL");
        assert_eq!(add(None, "$msft", None).await.unwrap().0, id);
        add(Some(id), "IBM", None).await.unwrap();
        add(Some(id), "aapl", None).await.unwrap();
        assert_eq!(symbols(service, &ada, id).await, "AAPL MSFT IBM");
        for (text, code) in [
            ("", "symbol-missing"),
            ("  ", "symbol-missing"),
            ("ZZZZ", "unknown-symbol"),
            ("no such company", "unknown-symbol"),
            ("bank", "several-instruments"),
        ] {
            assert_eq!(add(Some(id), text, None).await.unwrap_err(), code, "{text}");
        }

        service.shift(&ada, id, "IBM", true).await.unwrap();
        assert_eq!(symbols(service, &ada, id).await, "AAPL IBM MSFT");
        service.shift(&ada, id, "aapl", true).await.unwrap();
        service.shift(&ada, id, "MSFT", false).await.unwrap();
        assert_eq!(symbols(service, &ada, id).await, "AAPL IBM MSFT");
        service.shift(&ada, id, "AAPL", false).await.unwrap();
        assert_eq!(symbols(service, &ada, id).await, "IBM AAPL MSFT");

        // Removed, and restored at its place.
        let place = service.remove(&ada, id, "aapl").await.unwrap();
        assert_eq!(place, 1);
        let gone = service.remove(&ada, id, "AAPL").await.unwrap_err();
        assert_eq!(gone.status(), 404);
        add(Some(id), "AAPL", Some(place)).await.unwrap();
        assert_eq!(symbols(service, &ada, id).await, "IBM AAPL MSFT");

        let page = service.page(&ada, None).await.unwrap();
        assert_eq!(
            (page.lists[0].name.as_str(), page.shown),
            ("Mine", Some(id))
        );
        let apple = &page.rows[1];
        assert_eq!(apple.name.as_deref(), Some("Apple Inc."));
        let quote = apple.quote.as_ref().unwrap();
        assert_eq!(quote.price.to_string(), "430.47");
        assert_eq!(quote.date.to_string(), "2013-03-01");
        assert_eq!(apple.change_percent.unwrap().to_string(), "-2.4762");
        assert_eq!(
            (apple.closes.len(), apple.closes.last()),
            (30, Some(&430.47))
        );
    })
    .await;
}

#[tokio::test]
async fn lists_belong_to_one_account() {
    TestHouse::each(async |house| {
        let [_, ada, bo] = house.users(["olga", "ada", "bo"]).await;
        let service = house.watchlists();
        let made = service.create(&ada, " Technology ").await.unwrap();
        assert_eq!(made.name, "Technology");
        let again = service.create(&ada, "technology").await.unwrap_err();
        assert_eq!(
            (again.code.as_ref(), again.status()),
            ("watchlist-exists", 409)
        );
        let other = service.create(&ada, "Other").await.unwrap();
        let taken = service.rename(&ada, other.id, "TECHNOLOGY").await;
        assert_eq!(code(taken), "watchlist-exists");
        service.create(&bo, "Technology").await.unwrap();

        let id = made.id;
        let added = service.add(&bo, Some(id), "IBM", None, "x").await;
        let set = service.set(&bo, id, &["IBM".into()]).await;
        for (what, refused) in [
            ("list", service.list(&bo, id).await.map(drop)),
            ("rename", service.rename(&bo, id, "Mine").await),
            ("delete", service.delete(&bo, id).await),
            ("add", added.map(drop)),
            ("shift", service.shift(&bo, id, "IBM", true).await),
            ("set", set.map(drop)),
        ] {
            assert_eq!(code(refused), "not-found", "{what}");
        }
        assert_eq!(symbols(service, &ada, made.id).await, "");

        for n in 2..20 {
            service.create(&ada, &format!("List {n}")).await.unwrap();
        }
        let many = service.create(&ada, "One more").await.unwrap_err();
        assert_eq!(many.code, "too-many-watchlists");
        service.delete(&ada, other.id).await.unwrap();
        service.create(&ada, "One more").await.unwrap();

        // Deleted with the account.
        house.erase(&ada, false).await;
        assert!(service.lists(&ada).await.unwrap().is_empty());
        assert_eq!(service.lists(&bo).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn rest_reads_and_changes_lists() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let none = ada.get("/api/watchlists").await.is(200);
    assert_eq!(none, json!({ "watchlists": [] }), "asking makes nothing");
    let made = ada.post("/api/watchlists", json!({ "name": "Mine" })).await;
    let made = made.is(201);
    let path = format!("/api/watchlists/{}", made["id"].as_str().unwrap());
    let of = format!("{path}/symbols");
    let added = ada.post(&of, json!({ "symbol": "apple" })).await.is(201);
    assert_eq!(added["symbols"], json!(["AAPL"]));
    let all = json!({ "symbols": ["msft", "AAPL", "msft", "XOM"] });
    let set = ada.put(&of, all).await.is(200);
    assert_eq!(set["symbols"], json!(["MSFT", "AAPL", "XOM"]));
    let many: Vec<_> = (0..101).map(|n| format!("A{n}")).collect();
    let refused = ada.put(&of, json!({ "symbols": many })).await;
    refused.fails(409, "too-many-watched");
    let refused = ada.put(&of, json!({ "symbols": ["a b"] })).await;
    refused.fails(400, "bad-symbol");

    let list = ada.get(&path).await.is(200);
    let rows = list["instruments"].as_array().unwrap();
    assert_eq!(
        (&rows[1]["symbol"], &rows[1]["price"]),
        (&json!("AAPL"), &json!(430.47))
    );
    assert_eq!(
        (&rows[1]["date"], &rows[1]["source"]),
        (&json!("2013-03-01"), &json!("sample"))
    );
    assert_eq!(rows[1]["closes"].as_array().unwrap().len(), 30);
    assert_eq!(rows[2]["price"], Value::Null, "the sample has none");

    let empty = ada.put(&path, json!({ "name": "" })).await;
    assert_eq!(empty.status, 400);
    let renamed = ada.put(&path, json!({ "name": "Yours" })).await;
    renamed.is_no_content();
    let apple = format!("{of}/aapl");
    ada.delete(&apple).await.is_no_content();
    ada.delete(&apple).await.fails(404, "not-found");
    ada.delete(&path).await.is_no_content();
    ada.get(&path).await.fails(404, "not-found");
    house.close().await;
}

/// On these days figures are equal that rounding set apart by the last digit.
#[tokio::test]
async fn rounding_does_not_vote() {
    TestHouse::each(async |house| {
        let history = house.markets().history("AAPL").await.unwrap().unwrap();
        let verdict = |on: &str| {
            let on = on.parse().unwrap();
            let bars = history.bars.iter().filter(|bar| bar.date <= on);
            let bars: Vec<_> = bars.map(indicators::Candle::from).collect();
            let rating = ratings::rate(&bars).0.unwrap();
            (rating.verdict(), rating)
        };
        let (verdict, rating) = verdict("2001-01-24");
        assert_eq!(verdict, Some(ratings::Verdict::Buy), "{rating:#?}");
    })
    .await;
}
