//! Watchlists through the service and the API.

use super::{Service, Watchlists};
use crate::accounts::{Farewell, Viewer};
use crate::platform::{config::Config, database::Database, tasks::Tasks};
use crate::shared::WatchlistId;
use crate::testing::{Core, TestDb, TestHouse};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

async fn service(db: &Database) -> (Core, Watchlists) {
    let mut config = Config::default();
    config.accounts.deletion_days = 0;
    let core = Core::new(db, &config).await;
    let markets = Service::new(&config, db, &Tasks::default()).unwrap();
    let service = Watchlists::start(db.clone(), &core.accounts, markets);
    core.person("olga").await;
    (core, service)
}

async fn symbols(service: &Watchlists, viewer: &Viewer, id: WatchlistId) -> String {
    service.list(viewer, id).await.unwrap().symbols.join(" ")
}

#[tokio::test]
async fn instruments_in_the_order_of_their_owner() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let ada = core.person("ada").await;
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
        assert_eq!(symbols(&service, &ada, id).await, "AAPL MSFT IBM");
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
        assert_eq!(symbols(&service, &ada, id).await, "AAPL IBM MSFT");
        service.shift(&ada, id, "aapl", true).await.unwrap();
        service.shift(&ada, id, "MSFT", false).await.unwrap();
        assert_eq!(symbols(&service, &ada, id).await, "AAPL IBM MSFT");
        service.shift(&ada, id, "AAPL", false).await.unwrap();
        assert_eq!(symbols(&service, &ada, id).await, "IBM AAPL MSFT");

        // Removed, and restored at its place.
        let place = service.remove(&ada, id, "aapl").await.unwrap();
        assert_eq!(place, 1);
        let gone = service.remove(&ada, id, "AAPL").await.unwrap_err();
        assert_eq!(gone.status(), 404);
        add(Some(id), "AAPL", Some(place)).await.unwrap();
        assert_eq!(symbols(&service, &ada, id).await, "IBM AAPL MSFT");

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
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let ada = core.person("ada").await;
        let bo = core.person("bo").await;
        let made = service.create(&ada, " Technology ").await.unwrap();
        assert_eq!(made.name, "Technology");
        let again = service.create(&ada, "technology").await.unwrap_err();
        assert_eq!(
            (again.code.as_ref(), again.status()),
            ("watchlist-exists", 409)
        );
        let other = service.create(&ada, "Other").await.unwrap();
        let taken = service.rename(&ada, other.id, "TECHNOLOGY").await;
        assert_eq!(taken.unwrap_err().code, "watchlist-exists");
        service.create(&bo, "Technology").await.unwrap();

        let status = |done: crate::shared::Result<()>| done.unwrap_err().status();
        assert_eq!(status(service.list(&bo, made.id).await.map(drop)), 404);
        assert_eq!(status(service.rename(&bo, made.id, "Mine").await), 404);
        assert_eq!(status(service.delete(&bo, made.id).await), 404);
        let added = service.add(&bo, Some(made.id), "IBM", None, "x").await;
        assert_eq!(status(added.map(drop)), 404);
        assert_eq!(status(service.shift(&bo, made.id, "IBM", true).await), 404);
        let set = service.set(&bo, made.id, &["IBM".into()]).await;
        assert_eq!(status(set.map(drop)), 404);
        assert_eq!(symbols(&service, &ada, made.id).await, "");

        for n in 2..20 {
            service.create(&ada, &format!("List {n}")).await.unwrap();
        }
        let many = service.create(&ada, "One more").await.unwrap_err();
        assert_eq!(many.code, "too-many-watchlists");
        service.delete(&ada, other.id).await.unwrap();
        service.create(&ada, "One more").await.unwrap();

        // Deleted with the account.
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        core.accounts
            .leave(&ada, farewell, "192.0.2.2")
            .await
            .unwrap();
        core.accounts
            .erase_due(&CancellationToken::new())
            .await
            .unwrap();
        assert!(service.lists(&ada).await.unwrap().is_empty());
        assert_eq!(service.lists(&bo).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn rest_reads_and_changes_lists() {
    let house = TestHouse::new().await;
    let (_, ada) = house.person("ada").await;
    let ask = async |method: &str, path: &str, body: Option<Value>| {
        house.request(method, path, Some(&ada), body).await
    };
    let none = ask("GET", "/api/watchlists", None).await.is(200);
    assert_eq!(none, json!({ "watchlists": [] }), "asking makes nothing");
    let made = ask("POST", "/api/watchlists", Some(json!({ "name": "Mine" }))).await;
    let made = made.is(201);
    let path = format!("/api/watchlists/{}", made["id"].as_str().unwrap());
    let of = format!("{path}/symbols");
    let added = ask("POST", &of, Some(json!({ "symbol": "apple" })))
        .await
        .is(201);
    assert_eq!(added["symbols"], json!(["AAPL"]));
    let all = json!({ "symbols": ["msft", "AAPL", "msft", "XOM"] });
    let set = ask("PUT", &of, Some(all)).await.is(200);
    assert_eq!(set["symbols"], json!(["MSFT", "AAPL", "XOM"]));
    let many: Vec<_> = (0..101).map(|n| format!("A{n}")).collect();
    let refused = ask("PUT", &of, Some(json!({ "symbols": many }))).await;
    refused.fails(409, "too-many-watched");
    let refused = ask("PUT", &of, Some(json!({ "symbols": ["a b"] }))).await;
    refused.fails(400, "bad-symbol");

    let list = ask("GET", &path, None).await.is(200);
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

    assert_eq!(
        ask("PUT", &path, Some(json!({ "name": "" }))).await.status,
        400
    );
    assert_eq!(
        ask("PUT", &path, Some(json!({ "name": "Yours" })))
            .await
            .status,
        204
    );
    assert_eq!(ask("DELETE", &format!("{of}/aapl"), None).await.status, 204);
    ask("DELETE", &format!("{of}/aapl"), None)
        .await
        .fails(404, "not-found");
    assert_eq!(ask("DELETE", &path, None).await.status, 204);
    ask("GET", &path, None).await.fails(404, "not-found");
    house.close().await;
}
