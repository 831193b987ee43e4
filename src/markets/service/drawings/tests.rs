//! Drawings through the service, the API and events.

use super::*;
use crate::accounts::Farewell;
use crate::markets::Shape;
use crate::platform::config::Config;
use crate::testing::{Core, Socket, TestDb, TestHouse};
use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;

async fn service(db: &Database) -> (Core, Drawings) {
    let mut config = Config::default();
    config.accounts.deletion_days = 0;
    let core = Core::new(db, &config).await;
    let service = Drawings::start(db.clone(), Arc::clone(&core.bus), &core.accounts);
    core.person("olga").await;
    (core, service)
}

fn level(price: f64) -> Drawing {
    Drawing {
        id: DrawingId::new(),
        shape: Shape::Level(price),
    }
}

fn line() -> Drawing {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    Drawing {
        id: DrawingId::new(),
        shape: Shape::Trend((day("2012-01-03"), 411.23), (day("2013-03-01"), 430.47)),
    }
}

#[tokio::test]
async fn what_was_drawn_is_there_again() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let ada = core.person("ada").await;
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);
        let (one, two) = (level(450.5), line());
        service.save(&ada, "aapl", vec![one]).await.unwrap();
        // Another tab, and the same request again.
        service.save(&ada, "AAPL", vec![two]).await.unwrap();
        service
            .save(&ada, "AAPL", vec![one, two, two])
            .await
            .unwrap();
        service.save(&ada, "MSFT", vec![level(20.0)]).await.unwrap();
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [one, two]);
        service.remove(&ada, None, one.id).await.unwrap();
        assert_eq!(
            service
                .remove(&ada, None, one.id)
                .await
                .unwrap_err()
                .status(),
            404
        );
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [two]);
        // Restored, as after an undo.
        service.save(&ada, "AAPL", vec![one]).await.unwrap();
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [two, one]);
    })
    .await;
}

#[tokio::test]
async fn drawings_belong_to_one_account() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let (ada, bo) = (core.person("ada").await, core.person("bo").await);
        let one = level(450.5);
        service.save(&ada, "AAPL", vec![one]).await.unwrap();
        assert_eq!(service.of(&bo, "AAPL").await.unwrap(), []);
        assert_eq!(
            service
                .remove(&bo, None, one.id)
                .await
                .unwrap_err()
                .status(),
            404
        );
        let taken = service.save(&bo, "AAPL", vec![level(1.0), one]).await;
        assert_eq!(taken.unwrap_err().status(), 404);
        assert_eq!(service.of(&bo, "AAPL").await.unwrap(), [], "all or nothing");
        service.save(&bo, "AAPL", vec![level(2.0)]).await.unwrap();

        // Deleted with the account.
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        let left = core.accounts.leave(&ada, farewell, "192.0.2.2").await;
        left.unwrap();
        let erased = core.accounts.erase_due(&CancellationToken::new()).await;
        erased.unwrap();
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);
        assert_eq!(service.of(&bo, "AAPL").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_changes_nothing() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let ada = core.person("ada").await;
        let save = async |code: &str, drawings: Vec<Drawing>| {
            let kept = service.save(&ada, code, drawings).await;
            kept.map_err(|error| error.code.into_owned())
        };
        let bad = vec![level(1.0), level(f64::NAN)];
        assert_eq!(save("AAPL", bad).await.unwrap_err(), "bad-drawing");
        assert_eq!(
            save("a b", vec![level(1.0)]).await.unwrap_err(),
            "bad-symbol"
        );
        let many: Vec<_> = (1..=101).map(|n| level(f64::from(n))).collect();
        assert_eq!(save("AAPL", many).await.unwrap_err(), "too-many-drawings");
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);

        let full: Vec<_> = (1..=100).map(|n| level(f64::from(n))).collect();
        save("AAPL", full.clone()).await.unwrap();
        assert_eq!(
            save("AAPL", vec![level(1.0)]).await.unwrap_err(),
            "too-many-drawings"
        );
        // A drawing that exists does not count again.
        save("AAPL", vec![full[7]]).await.unwrap();
        for n in 1..20 {
            let each = (1..=100).map(|n| level(f64::from(n))).collect();
            save(&format!("S{n}"), each).await.unwrap();
        }
        assert_eq!(
            save("MORE", vec![level(1.0)]).await.unwrap_err(),
            "too-many-drawings"
        );
        assert_eq!(service.of(&ada, "S19").await.unwrap().len(), 100);
    })
    .await;
}

#[tokio::test]
async fn programs_draw_and_pages_hear_of_it() {
    let house = TestHouse::new().await;
    let address = house.serve().await;
    let (ada, token) = house.person("ada").await;
    let (_, other) = house.person("bo").await;
    let mut page = Socket::connect(address, &token).await;
    let topic = Topic::new(Scope::Account, ada.account.0);
    page.subscribe(topic, None).await.unwrap();
    let mut foreign = Socket::connect(address, &other).await;
    assert_eq!(
        foreign.subscribe(topic, None).await.unwrap_err().status(),
        404
    );

    let all = "/api/stocks/aapl/drawings";
    let ask = async |method: &str, path: &str, token: &str, body: Option<Value>| {
        house.request(method, path, Some(token), body).await
    };
    let level = json!({ "kind": "level", "price": 450.5 });
    let made = ask("POST", all, &token, Some(level)).await.is(201);
    let id = made["id"].as_str().unwrap();
    assert_eq!(made, json!({ "id": id, "kind": "level", "price": 450.5 }));
    let heard = page.event::<DrawingsChanged>().await;
    assert_eq!(heard.symbol, "AAPL");
    assert_eq!(heard.drawn[0].id.to_string(), id);
    assert_eq!(heard.drawn[0].shape, Shape::Level(450.5));

    let mine = DrawingId::new();
    let line = json!({ "id": mine, "kind": "trend",
        "from": { "day": "2012-01-03", "price": 411.23 },
        "to": { "day": "2013-03-01", "price": 430.47 } });
    let drawn = ask("POST", all, &token, Some(line.clone())).await.is(201);
    assert_eq!(drawn, line);
    // A repeated request changes nothing and publishes no event.
    let mut moved = line.clone();
    moved["to"]["price"] = json!(500);
    assert_eq!(ask("POST", all, &token, Some(moved)).await.is(201), line);
    let listed = ask("GET", all, &token, None).await.is(200);
    assert_eq!(listed, json!({ "drawings": [made, line] }));

    // A drawing of another account, of another chart, or none at all.
    let theirs = ask("GET", all, &other, None).await.is(200);
    assert_eq!(theirs, json!({ "drawings": [] }));
    let one = format!("{all}/{mine}");
    ask("DELETE", &one, &other, None)
        .await
        .fails(404, "not-found");
    ask("POST", all, &other, Some(line.clone()))
        .await
        .fails(404, "not-found");
    let elsewhere = format!("/api/stocks/msft/drawings/{mine}");
    ask("DELETE", &elsewhere, &token, None)
        .await
        .fails(404, "not-found");
    let there = "/api/stocks/msft/drawings";
    ask("POST", there, &token, Some(line))
        .await
        .fails(404, "not-found");
    let nothing = format!("{all}/nothing");
    ask("DELETE", &nothing, &token, None)
        .await
        .fails(404, "not-found");
    for (method, path) in [("GET", all), ("POST", all), ("DELETE", &one)] {
        let body = (method == "POST").then(|| json!({ "kind": "level", "price": 1 }));
        let nobody = house.request(method, path, None, body).await;
        nobody.fails(401, "unauthenticated");
    }
    let long = format!("/api/stocks/{}/drawings", "a".repeat(21));
    ask("GET", &long, &token, None)
        .await
        .fails(400, "bad-symbol");
    for (body, code) in [
        (json!({ "kind": "level", "price": 0 }), "bad-drawing"),
        (json!({ "kind": "circle", "price": 1 }), "malformed"),
        (json!({ "kind": "level" }), "malformed"),
        (
            json!({ "kind": "level", "price": 1, "id": "mine" }),
            "malformed",
        ),
    ] {
        ask("POST", all, &token, Some(body)).await.fails(400, code);
    }

    assert_eq!(ask("DELETE", &one, &token, None).await.status, 204);
    ask("DELETE", &one, &token, None)
        .await
        .fails(404, "not-found");
    let first = page.event::<DrawingsChanged>().await;
    assert_eq!((first.drawn.len(), first.drawn[0].id), (1, mine));
    let second = page.event::<DrawingsChanged>().await;
    assert_eq!((second.removed, second.drawn), (vec![mine], vec![]));
    page.close().await;
    foreign.close().await;
    house.close().await;
}
