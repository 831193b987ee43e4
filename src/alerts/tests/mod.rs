//! Alerts as their service, the channels and programs see them.

mod away;
mod splits;

use super::{
    Alert, AlertFired, AlertState, AlertsSeen, Draft, FiredPart, Notice, Parts, Posting, Service,
    Watcher, service::posting::sentence,
};
use crate::accounts::{Farewell, Viewer};
use crate::markets::{Quote, Source, Watchlists};
use crate::platform::{
    config::{Config, MarketSource},
    database::Database,
    tasks::Tasks,
};
use crate::realtime::{Envelope, Event, Scope, Topic, bus::Published};
use crate::shared::{AccountId, ChannelId};
use crate::testing::{Core, TestDb, TestHouse, plenty};
use crate::{chat, markets};
use axum::{Router, routing::get};
use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What was published, with its topic.
type Heard = Arc<Mutex<Vec<Published>>>;

struct Home {
    core: Core,
    alerts: Service,
    ada: Viewer,
    general: ChannelId,
    heard: Heard,
}

impl Home {
    async fn new(db: &Database) -> Self {
        let mut config = Config::default();
        config.limits.bot_messages = plenty();
        config.limits.registrations = plenty();
        config.accounts.deletion_days = 0;
        let core = Core::new(db, &config).await;
        let alerts = service(db, &core, &config);
        core.person("operator").await;
        let ada = core.person("ada").await;
        let lobby = core.communities.lobby();
        let made = core.communities.create_channel(&ada, lobby, "calls").await;
        let heard = Heard::default();
        let log = Arc::clone(&heard);
        core.bus.attach(Box::new(move |event| {
            log.lock().unwrap().push(event.clone());
        }));
        Self {
            alerts,
            ada,
            general: made.unwrap().id,
            heard,
            core,
        }
    }

    async fn make(&self, draft: Draft) -> Alert {
        self.alerts.create(&self.ada, &draft).await.unwrap()
    }

    /// The price of a minute of the fourth of March 2013, which is after the sample's last day.
    async fn price(&self, minute: u32, price: &str) {
        let quote = quote("AAPL", minute, price);
        self.alerts.hold_against("AAPL", &quote).await.unwrap();
    }

    async fn only(&self) -> Alert {
        let alerts = self.alerts.alerts(&self.ada).await.unwrap();
        assert_eq!(alerts.len(), 1);
        alerts.into_iter().next().unwrap()
    }

    async fn told(&self) -> Vec<Notice> {
        self.alerts.page(&self.ada).await.unwrap().notices
    }

    /// What an account heard of one kind.
    fn heard<E: Event>(&self, account: AccountId) -> Vec<E> {
        let topic = Topic::new(Scope::Account, account.0);
        let events = self.heard.lock().unwrap().clone();
        let of_it = events.into_iter().filter(|event| event.topic == topic);
        of_it
            .filter_map(|event| {
                let envelope: Envelope = serde_json::from_slice(&event.frame[1..]).unwrap();
                envelope.read::<E>()
            })
            .collect()
    }

    async fn posted(&self) -> Vec<chat::Message> {
        let chat = &self.core.chat;
        chat.messages_after(self.general, 0, 100).await.unwrap()
    }
}

fn service(db: &Database, core: &Core, config: &Config) -> Service {
    let markets = markets::Service::new(config, db, &Tasks::default()).unwrap();
    let watchlists = Watchlists::start(db.clone(), &core.accounts, markets.clone());
    Service::start(Parts {
        db: db.clone(),
        bus: Arc::clone(&core.bus),
        accounts: core.accounts.clone(),
        communities: core.communities.clone(),
        chat: core.chat.clone(),
        markets,
        watchlists,
    })
}

fn quote(symbol: &str, minute: u32, price: &str) -> Quote {
    Quote {
        symbol: symbol.into(),
        price: price.parse().unwrap(),
        open: None,
        high: None,
        low: None,
        previous_close: Some("400".parse().unwrap()),
        volume: None,
        date: NaiveDate::from_ymd_opt(2013, 3, 4).unwrap(),
        time: NaiveTime::from_hms_opt(10, minute, 0),
        source: Source::Sample,
    }
}

fn above(value: &str) -> Draft {
    Draft {
        symbol: "AAPL".into(),
        kind: "price_above".into(),
        value: value.into(),
        ..Draft::default()
    }
}

#[tokio::test]
async fn it_fires_once_and_rests_until_it_is_armed() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let made = home.make(above("450")).await;
        assert_eq!(made.symbol, "AAPL");
        assert_eq!(made.seen_price.unwrap().to_string(), "430.47");
        home.price(1, "440").await;
        home.price(2, "449.99").await;
        assert!(home.told().await.is_empty());
        assert_eq!(home.only().await.seen_price.unwrap().to_string(), "449.99");

        home.price(3, "450.01").await;
        let told = home.told().await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].price.to_string(), "450.01");
        assert_eq!((told[0].posting, told[0].seen), (Posting::None, false));
        let heard = home.heard::<AlertFired>(home.ada.account);
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].notice, told[0]);
        assert_eq!(home.only().await.state, AlertState::Fired);
        for (minute, price) in [(4, "440"), (5, "460"), (6, "440"), (7, "470")] {
            home.price(minute, price).await;
        }
        assert_eq!(home.told().await.len(), 1, "it rests");

        // Armed again it knows where the price is now: the sample's last one.
        let armed = home.alerts.arm(&home.ada, made.id).await.unwrap();
        assert_eq!((armed.state, armed.armed), (AlertState::Armed, 2));
        let again = home.alerts.arm(&home.ada, made.id).await.unwrap();
        assert_eq!(again.armed, 2, "it goes on as it is");
        home.price(8, "455").await;
        assert_eq!(home.told().await.len(), 2);
        assert_eq!(home.heard::<AlertFired>(home.ada.account).len(), 2);

        // What was seen is counted, and other pages hear of it.
        let standing = home.alerts.standing(&home.ada).await.unwrap();
        assert_eq!(standing.unseen, 2);
        let latest = home.told().await[0].id;
        home.alerts.see(&home.ada, latest).await.unwrap();
        home.alerts.see(&home.ada, latest).await.unwrap();
        let seen = home.heard::<AlertsSeen>(home.ada.account);
        assert_eq!(seen, [AlertsSeen { unseen: 0 }]);
        assert!(home.told().await.iter().all(|notice| notice.seen));
    })
    .await;
}

#[tokio::test]
async fn an_older_price_is_passed_over() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.make(above("450")).await;
        home.price(5, "440").await;
        home.price(4, "460").await;
        assert!(home.told().await.is_empty());
        assert_eq!(home.only().await.seen_price.unwrap().to_string(), "440");
        home.price(5, "460").await;
        assert_eq!(
            home.told().await.len(),
            1,
            "another price of the same minute counts"
        );
    })
    .await;
}

#[tokio::test]
async fn two_nodes_and_a_restart_tell_once() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let mut draft = above("450");
        draft.channel = home.general.to_string();
        home.make(draft).await;
        home.price(1, "440").await;
        // What was seen is in the database: another node goes on from it.
        let other = service(&db, &home.core, &Config::default());
        let crossed = quote("AAPL", 2, "451");
        let (one, two) = futures::join!(
            home.alerts.hold_against("AAPL", &crossed),
            other.hold_against("AAPL", &crossed)
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(home.told().await.len(), 1);
        assert_eq!(home.heard::<AlertFired>(home.ada.account).len(), 1);

        // Killed after the firing: whoever comes next posts, and all of them post once.
        assert_eq!(home.told().await[0].posting, Posting::Waiting);
        let (one, two) = futures::join!(home.alerts.post_waiting(), other.post_waiting());
        one.unwrap();
        two.unwrap();
        assert_eq!(home.told().await[0].posting, Posting::Posted);
        // Killed between the post and its note.
        let forget = "UPDATE alert_notices SET posting = 'waiting'";
        let job = async move |tx: crate::platform::database::Tx| {
            tx.execute_unprepared(forget).await?;
            Ok(())
        };
        db.write(Uuid::nil(), job).await.unwrap();
        home.alerts.post_waiting().await.unwrap();
        let posted = home.posted().await;
        assert_eq!(posted.len(), 1);
        assert_eq!(
            posted[0].body,
            "AAPL is above 450: 451 on 2013-03-04 (sample). An alert of @ada"
        );
        assert_eq!(posted[0].author.username, "alerts");
        let part: FiredPart = serde_json::from_value(posted[0].parts[0].body.clone()).unwrap();
        assert_eq!((part.by.as_str(), part.price), ("ada", Decimal::from(451)));
        assert_eq!(sentence(&part), posted[0].body);
        assert_eq!(home.told().await[0].posting, Posting::Posted);
    })
    .await;
}

#[tokio::test]
async fn who_lost_the_right_is_told_alone() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        for value in ["450", "460"] {
            let mut draft = above(value);
            draft.channel = home.general.to_string();
            home.make(draft).await;
        }
        home.price(1, "451").await;
        let leave = format!(
            "DELETE FROM memberships WHERE account_id = {}",
            literal(&db, home.ada.account.0)
        );
        let job = async move |tx: crate::platform::database::Tx| {
            let gone = tx.execute_unprepared(&leave).await?;
            assert_eq!(gone.rows_affected(), 1);
            Ok(())
        };
        db.write(Uuid::nil(), job).await.unwrap();
        // Asked again between the firing and the post, and when it fires.
        home.alerts.post_waiting().await.unwrap();
        home.price(2, "461").await;
        home.alerts.post_waiting().await.unwrap();
        let told = home.told().await;
        assert_eq!(told.len(), 2);
        assert!(
            told.iter().all(|one| one.posting == Posting::Refused),
            "{told:?}"
        );
        assert!(home.posted().await.is_empty());
        assert_eq!(home.heard::<AlertFired>(home.ada.account).len(), 2);
        // Nor can another be made.
        let mut draft = above("470");
        draft.channel = home.general.to_string();
        let refused = home.alerts.create(&home.ada, &draft).await.unwrap_err();
        assert_eq!(
            (refused.status(), refused.details["field"].as_str()),
            (404, "channel")
        );
    })
    .await;
}

/// An id as this database's SQL writes it.
fn literal(db: &Database, id: Uuid) -> String {
    if db.kind().to_lowercase().contains("sqlite") {
        format!("x'{}'", id.simple())
    } else {
        format!("'{id}'")
    }
}

#[tokio::test]
async fn a_time_that_is_over_puts_to_rest() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let mut draft = above("450");
        draft.expires = "2999-12-31".into();
        let made = home.make(draft).await;
        let over = "UPDATE alerts SET expires_at = created_at";
        let job = async move |tx: crate::platform::database::Tx| {
            tx.execute_unprepared(over).await?;
            Ok(())
        };
        db.write(Uuid::nil(), job).await.unwrap();
        home.price(1, "451").await;
        assert!(home.told().await.is_empty(), "its time is over");
        home.alerts.look().await.unwrap();
        assert_eq!(home.only().await.state, AlertState::Expired);
        let armed = home.alerts.arm(&home.ada, made.id).await.unwrap();
        assert_eq!((armed.state, armed.expires_at), (AlertState::Armed, None));
    })
    .await;
}

#[tokio::test]
async fn many_alerts_on_one_price() {
    let fresh = TestDb::sqlite().await;
    let home = Home::new(&fresh.db).await;
    // More than one page of them, half of which fire.
    for n in 0..199 {
        home.make(above(if n % 2 == 0 { "450" } else { "460" }))
            .await;
    }
    let bo = home.core.person("bo").await;
    for _ in 0..30 {
        home.alerts.create(&bo, &above("450")).await.unwrap();
    }
    home.make(above("450")).await;
    let refused = home
        .alerts
        .create(&home.ada, &above("1"))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "too-many-alerts");
    home.price(1, "455").await;
    let waiting = home.alerts.alerts(&home.ada).await.unwrap();
    let fired = waiting.iter().filter(|one| one.state == AlertState::Fired);
    assert_eq!(fired.count(), 101);
    assert!(waiting.iter().all(|one| one.seen_price == Some(455.into())));
    assert_eq!(home.heard::<AlertFired>(home.ada.account).len(), 101);
    assert_eq!(home.heard::<AlertFired>(bo.account).len(), 30);
    fresh.stop().await;
}

/// Prices over the network: the part sees them, once for all who wait.
#[tokio::test]
async fn the_watcher_asks_once_for_each_symbol() {
    let fresh = TestDb::sqlite().await;
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let handler = async move || {
        *count.lock().unwrap() += 1;
        "Symbol,Date,Time,Open,High,Low,Close,Volume\r\n\
         AAPL.US,2024-03-01,10:05:00,455,461,455,460,1000\r\n"
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = Config::default();
    config.market.source = MarketSource::Stooq;
    config.market.stooq_url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().route("/q/l/", get(handler));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });

    // What they saw when they were made is in the database, and all that a new start has.
    let home = Home::new(&fresh.db).await;
    let bo = home.core.person("bo").await;
    for viewer in [&home.ada, &bo] {
        let mut draft = above("450");
        draft.symbol = "AAPL.US".into();
        draft.channel = home.general.to_string();
        home.alerts.create(viewer, &draft).await.unwrap();
    }
    let after = service(&fresh.db, &home.core, &config);
    let parts = Tasks::default();
    parts.start(Watcher::new(after, Duration::from_millis(20)));
    for _ in 0..500 {
        if home.posted().await.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    parts.stop(Duration::from_secs(5)).await;
    assert_eq!(
        *asked.lock().unwrap(),
        1,
        "once for all, however many looks"
    );
    let mut posted = home.posted().await;
    posted.sort_by(|one, other| one.body.cmp(&other.body));
    let said: Vec<_> = posted.iter().map(|one| one.body.as_str()).collect();
    assert_eq!(
        said,
        [
            "AAPL.US is above 450: 460 on 2024-03-01 (stooq). An alert of @ada",
            "AAPL.US is above 450: 460 on 2024-03-01 (stooq). An alert of @bo",
        ]
    );
    fresh.stop().await;
}

#[tokio::test]
async fn indicators_look_at_the_past_of_the_sample() {
    let fresh = TestDb::sqlite().await;
    let home = Home::new(&fresh.db).await;
    // The sample ends below the mean of 20 days.
    let sma = Draft {
        symbol: "Apple".into(),
        kind: "crosses_sma".into(),
        period: "20".into(),
        ..Draft::default()
    };
    let made = home.make(sma).await;
    assert_eq!(
        (made.symbol.as_str(), made.condition.period),
        ("AAPL", Some(20))
    );
    home.price(1, "431").await;
    assert!(home.told().await.is_empty());
    home.price(2, "500").await;
    assert_eq!(home.told().await.len(), 1);
    fresh.stop().await;
}

#[tokio::test]
async fn alerts_go_with_their_account() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.make(above("450")).await;
        home.price(1, "451").await;
        let own = home.core.accounts.clone();
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        own.leave(&home.ada, farewell, "192.0.2.2").await.unwrap();
        own.erase_due(&CancellationToken::new()).await.unwrap();
        assert!(home.alerts.alerts(&home.ada).await.unwrap().is_empty());
        let standing = home.alerts.standing(&home.ada).await.unwrap();
        assert_eq!(standing.unseen, 0);
    })
    .await;
}

#[tokio::test]
async fn rest_makes_and_refuses() {
    let house = TestHouse::new().await;
    let (_, ada) = house.person("ada").await;
    let (_, bo) = house.person("bo").await;
    let ask = async |method: &str, path: &str, who: &str, body: Option<Value>| {
        house.request(method, path, Some(who), body).await
    };
    let good = json!({ "symbol": "aapl", "kind": "price_above", "value": 450, "note": "at last" });
    let made = ask("POST", "/api/alerts", &ada, Some(good.clone()))
        .await
        .is(201);
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

    for (change, status, code) in [
        (json!({ "value": "much" }), 400, "bad-alert-value"),
        (json!({ "value": -1 }), 400, "bad-alert-value"),
        (json!({ "kind": "price" }), 400, "bad-alert-kind"),
        (
            json!({ "kind": "rsi_above", "value": 101 }),
            400,
            "bad-alert-value",
        ),
        (
            json!({ "kind": "crosses_sma", "period": 1 }),
            400,
            "bad-alert-period",
        ),
        (json!({ "symbol": "" }), 400, "symbol-missing"),
        (json!({ "symbol": "ZZZZ" }), 404, "unknown-symbol"),
        (json!({ "symbol": "bank" }), 400, "several-instruments"),
        (json!({ "channel": Uuid::now_v7() }), 404, "not-found"),
        (json!({ "expires": "2001-01-01" }), 400, "expiry-past"),
        (json!({ "note": "x".repeat(201) }), 400, "note-too-long"),
    ] {
        let mut body = good.clone();
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        let refused = ask("POST", "/api/alerts", &ada, Some(body)).await;
        refused.fails(status, code);
    }
    let all = ask("GET", "/api/alerts", &ada, None).await.is(200);
    assert_eq!(
        all["alerts"].as_array().unwrap().len(),
        1,
        "bad input changes nothing"
    );

    // Nobody else finds it.
    let path = format!("/api/alerts/{id}");
    let arm = format!("{path}/arm");
    ask("DELETE", &path, &bo, None)
        .await
        .fails(404, "not-found");
    ask("POST", &arm, &bo, None).await.fails(404, "not-found");
    let armed = ask("POST", &arm, &ada, None).await.is(200);
    assert_eq!(armed["armed"], 1);
    assert_eq!(ask("DELETE", &path, &ada, None).await.status, 204);
    ask("DELETE", &path, &ada, None)
        .await
        .fails(404, "not-found");
    house.close().await;
}

/// What the server draws: the first paint, and all that there is without scripts.
#[tokio::test]
async fn pages_are_drawn_whole() {
    let house = TestHouse::new().await;
    let (ada, token) = house.person("ada").await;
    let page = async |path: &str| {
        let reply = house.request("GET", path, Some(&token), None).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.text
    };
    let empty = page("/markets/watchlist").await;
    assert!(empty.contains("What do you want to keep an eye on?"));
    assert!(empty.contains("action=\"/rpc/watchlists/add\""));
    let empty = page("/markets/alerts").await;
    assert!(empty.contains("What should you be told of?"));
    assert!(empty.contains("action=\"/rpc/alerts/create\""));

    let watchlists = &house.services.watchlists;
    for symbol in ["AAPL", "XOM"] {
        let added = watchlists.add(&ada, None, symbol, None, "Mine").await;
        added.unwrap();
    }
    let list = page("/markets/watchlist").await;
    for part in [
        "data-symbol=\"AAPL\"",
        "href=\"/instruments/AAPL\"",
        "Apple Inc.",
        "430.47",
        "sample 1 Mar 2013",
        "\u{2212}2.48%",
        "AAPL: course of the last 30 closes",
        "No price",
        "Move XOM up: 2 of 2",
    ] {
        assert!(list.contains(part), "{part}");
    }

    let alerts = &house.services.alerts;
    alerts.create(&ada, &above("450")).await.unwrap();
    let crossed = quote("AAPL", 1, "451");
    alerts.hold_against("AAPL", &crossed).await.unwrap();
    let rsi = Draft {
        symbol: "IBM".into(),
        kind: "rsi_below".into(),
        value: "30".into(),
        note: "<b>mine</b>".into(),
        ..Draft::default()
    };
    alerts.create(&ada, &rsi).await.unwrap();
    let told = page("/markets/alerts").await;
    for part in [
        "AAPL above 450: 451.00 on 4 Mar 2013 (sample)",
        "RSI(14) below 30",
        "&lt;b&gt;mine",
        "Has told, rests",
        "Set the alert of AAPL again",
        "action=\"/rpc/alerts/see\"",
    ] {
        assert!(told.contains(part), "{part}");
    }
    let missing = house
        .request("GET", "/markets/nothing", Some(&token), None)
        .await;
    assert!(missing.text.contains("<h1"), "{}", missing.status);
    house.close().await;
}
