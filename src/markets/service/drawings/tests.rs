//! Drawings through the service, the API and events.

use super::*;
use crate::markets::Shape;
use crate::testing::{Socket, TestHouse, code};
use chrono::NaiveDate;

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
    TestHouse::each(async |house| {
        let (service, ada) = (house.drawings(), house.user("ada").await);
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
        let gone = service.remove(&ada, None, one.id).await;
        assert_eq!(code(gone), "not-found");
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [two]);
        // Restored, as after an undo.
        service.save(&ada, "AAPL", vec![one]).await.unwrap();
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [two, one]);
    })
    .await;
}

#[tokio::test]
async fn drawings_belong_to_one_account() {
    TestHouse::each(async |house| {
        let [_, ada, bo] = house.users(["olga", "ada", "bo"]).await;
        let service = house.drawings();
        let one = level(450.5);
        service.save(&ada, "AAPL", vec![one]).await.unwrap();
        assert_eq!(service.of(&bo, "AAPL").await.unwrap(), []);
        let foreign = service.remove(&bo, None, one.id).await;
        assert_eq!(code(foreign), "not-found");
        let taken = service.save(&bo, "AAPL", vec![level(1.0), one]).await;
        assert_eq!(code(taken), "not-found");
        assert_eq!(service.of(&bo, "AAPL").await.unwrap(), [], "all or nothing");
        service.save(&bo, "AAPL", vec![level(2.0)]).await.unwrap();

        // Deleted with the account.
        house.erase(&ada, false).await;
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);
        assert_eq!(service.of(&bo, "AAPL").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_changes_nothing() {
    TestHouse::each(async |house| {
        let (service, ada) = (house.drawings(), house.user("ada").await);
        let save = async |symbol: &str, drawings: Vec<Drawing>| {
            code(service.save(&ada, symbol, drawings).await)
        };
        let many = |count: u32| (1..=count).map(|n| level(n.into())).collect::<Vec<_>>();
        for (symbol, drawings, expected) in [
            ("AAPL", vec![level(1.0), level(f64::NAN)], "bad-drawing"),
            ("a b", vec![level(1.0)], "bad-symbol"),
            ("AAPL", many(101), "too-many-drawings"),
        ] {
            assert_eq!(save(symbol, drawings).await, expected);
        }
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);

        let full = many(100);
        assert_eq!(save("AAPL", full.clone()).await, "ok");
        let more = vec![level(1.0)];
        assert_eq!(save("AAPL", more.clone()).await, "too-many-drawings");
        // A drawing that exists does not count again.
        assert_eq!(save("AAPL", vec![full[7]]).await, "ok");
        for n in 1..20 {
            assert_eq!(save(&format!("S{n}"), many(100)).await, "ok");
        }
        assert_eq!(save("MORE", more).await, "too-many-drawings");
        assert_eq!(service.of(&ada, "S19").await.unwrap().len(), 100);
    })
    .await;
}

#[tokio::test]
async fn programs_draw_and_pages_hear_of_it() {
    let (house, [ada, bo]) = TestHouse::with_users(["ada", "bo"]).await;
    let address = house.serve().await;
    let mut page = Socket::connect(address, &ada.token).await;
    let topic = Topic::new(Scope::Account, ada.account.0);
    page.subscribe(topic, None).await.unwrap();
    let mut foreign = Socket::connect(address, &bo.token).await;
    assert_eq!(code(foreign.subscribe(topic, None).await), "not-found");

    let all = "/api/stocks/aapl/drawings";
    let level = json!({ "kind": "level", "price": 450.5 });
    let made = ada.post(all, level).await.is(201);
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
    let drawn = ada.post(all, line.clone()).await.is(201);
    assert_eq!(drawn, line);
    // A repeated request changes nothing and publishes no event.
    let mut moved = line.clone();
    moved["to"]["price"] = json!(500);
    assert_eq!(ada.post(all, moved).await.is(201), line);
    let listed = ada.get(all).await.is(200);
    assert_eq!(listed, json!({ "drawings": [made, line] }));

    // A drawing of another account, of another chart, or none at all.
    let theirs = bo.get(all).await.is(200);
    assert_eq!(theirs, json!({ "drawings": [] }));
    let one = format!("{all}/{mine}");
    let there = "/api/stocks/msft/drawings";
    bo.delete(&one).await.fails(404, "not-found");
    bo.post(all, line.clone()).await.fails(404, "not-found");
    ada.post(there, line).await.fails(404, "not-found");
    for path in [format!("{there}/{mine}"), format!("{all}/nothing")] {
        ada.delete(&path).await.fails(404, "not-found");
    }
    for (method, path) in [("GET", all), ("POST", all), ("DELETE", &one)] {
        let body = (method == "POST").then(|| json!({ "kind": "level", "price": 1 }));
        let nobody = house.request(method, path, None, body).await;
        nobody.fails(401, "unauthenticated");
    }
    let long = format!("/api/stocks/{}/drawings", "a".repeat(21));
    ada.get(&long).await.fails(400, "bad-symbol");
    let changes = [
        (json!({ "price": 0 }), 400, "bad-drawing"),
        (json!({ "kind": "circle" }), 400, "malformed"),
        (json!({ "id": "mine" }), 400, "malformed"),
    ];
    let good = json!({ "kind": "level", "price": 1 });
    ada.refused(all, &good, changes).await;
    let without = ada.post(all, json!({ "kind": "level" })).await;
    without.fails(400, "malformed");

    ada.delete(&one).await.is_no_content();
    ada.delete(&one).await.fails(404, "not-found");
    let first = page.event::<DrawingsChanged>().await;
    assert_eq!((first.drawn.len(), first.drawn[0].id), (1, mine));
    let second = page.event::<DrawingsChanged>().await;
    assert_eq!((second.removed, second.drawn), (vec![mine], vec![]));
    page.close().await;
    foreign.close().await;
    house.close().await;
}
