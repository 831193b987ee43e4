//! Any worker that panics restarts and works.

use crate::communities::PresenceChanged;
use crate::feature::Services;
use crate::platform::config::MailSecurity;
use crate::realtime::{Scope, Topic};
use crate::shared::Result;
use crate::testing::{SmtpStub, Socket, TestHouse, count, number, until};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

/// All workers. A new one needs a line here and an action below.
const WORKERS: [&str; 15] = [
    "accounts.eraser",
    "accounts.exporter",
    "accounts.sweeper",
    "alerts.watcher",
    "bots.stock",
    "chat.channel_remover",
    "communities.presence",
    "database.probe",
    "database.writer",
    "gateway.heartbeats",
    "mail.postman",
    "paper.filler",
    "portfolio.sweeper",
    "predictions.scorer",
    "trending.reader",
];

async fn execute(services: &Services, sql: &'static str) -> Result<()> {
    let job = async move |tx: crate::platform::database::Tx| {
        tx.execute_unprepared(sql).await?;
        Ok(())
    };
    services
        .get::<crate::platform::database::Database>()
        .unwrap()
        .write(Uuid::nil(), job)
        .await
}

#[tokio::test]
async fn a_panic_in_any_worker_ends_nothing() {
    let mut stub = SmtpStub::start().await;
    let house = TestHouse::with(|config| {
        config.server.public_url = "https://rialto.example".into();
        config.mail.security = MailSecurity::Plain;
        config.mail.host = stub.address.ip().to_string();
        config.mail.port = stub.address.port();
        config.mail.from = "Rialto <rialto@example.com>".into();
        config.market.replay = 60;
        config.market.alert_seconds = 1;
        config.accounts.deletion_days = 0;
    })
    .await;
    let address = house.serve().await;
    let (services, tasks) = (
        &house.services,
        &house
            .services
            .get::<crate::platform::tasks::Tasks>()
            .unwrap(),
    );
    let db = &services
        .get::<crate::platform::database::Database>()
        .unwrap();
    let names: Vec<_> = tasks.workers().iter().map(|state| state.name).collect();
    assert_eq!(names, WORKERS);
    let (ada, ada_token) = house.person("ada").await;
    let (_, bo_token) = house.person("bo").await;
    house.person("cy").await;
    let ask = async |method: &str, path: &str, body: Value| {
        let body = (method != "GET").then_some(body);
        house.request(method, path, Some(&ada_token), body).await
    };
    let messages = format!("/api/channels/{}/messages", house.general(&ada).await);
    let say = async |text: &str| {
        ask("POST", &messages, json!({ "text": text }))
            .await
            .is(201)
    };

    // Twice, so the second panic hits restarted workers.
    let mut listeners = Vec::new();
    for round in 1..=2 {
        for name in WORKERS {
            tasks.sabotage(name);
        }
        for name in WORKERS {
            tasks.restarted(name, round).await;
        }
        listeners.push(house.listeners());
    }
    assert_eq!(listeners[0], listeners[1], "who runs again hears once");
    let states = tasks.workers();
    assert!(states.iter().all(|state| state.last_panic.is_some()));
    let health = ask("GET", "/api/admin/health", Value::Null).await.is(200);
    assert_eq!(health["workers"].as_array().unwrap().len(), WORKERS.len());
    assert!((health["workers"].as_array().unwrap().iter()).all(|worker| worker["restarts"] == 2));

    // Workers with long intervals check at the start of their next run.
    let call = json!({ "symbol": "AAPL", "direction": "long", "horizon": "3m", "reason": "x" });
    ask("POST", "/api/predictions", call).await.is(201);
    let alert = json!({ "symbol": "AAPL", "kind": "price_above", "value": 100_000 });
    ask("POST", "/api/alerts", alert).await.is(201);
    for sql in [
        "UPDATE predictions SET look_at = '2020-01-01 00:00:00+00:00'",
        "UPDATE alerts SET expires_at = '2020-01-01 00:00:00+00:00'",
        "UPDATE sessions SET expires_at = '2020-01-01 00:00:00+00:00' \
         WHERE account_id = (SELECT id FROM accounts WHERE username = 'cy')",
    ] {
        execute(services, sql).await.unwrap();
    }
    let probe = "SELECT written FROM health_probes";
    let probed = number(db, probe).await;
    for name in [
        "predictions.scorer",
        "accounts.sweeper",
        "database.probe",
        "database.writer",
    ] {
        tasks.sabotage(name);
        tasks.restarted(name, 3).await;
    }
    until("a probe", async || number(db, probe).await != probed).await;
    until("a call is looked at", async || {
        count(db, "predictions WHERE look_at < '2021'").await == 0
    })
    .await;
    until("a session ends", async || {
        let open = "sessions WHERE ended_at IS NULL AND expires_at < '2021'";
        count(db, open).await == 0
    })
    .await;
    until("an alert expires", async || {
        ask("GET", "/api/alerts", Value::Null).await.is(200)["alerts"][0]["state"] != "armed"
    })
    .await;

    // The stock bot and the mention counter.
    say("$MSFT").await;
    say("/stock=aapl.us").await;
    until("the bot answers", async || {
        let page = ask("GET", &messages, Value::Null).await.is(200);
        let said = page["messages"].as_array().unwrap();
        said.iter().any(|one| one["user_kind"] == "bot")
    })
    .await;
    until("mentions are counted", async || {
        count(db, "mentions").await == 2
    })
    .await;

    // Deleted channels are removed in the background.
    let made = ask("POST", "/api/rooms", json!({ "room_name": "short-lived" }))
        .await
        .is(201);
    let path = format!(
        "/api/channels/{}",
        made["room"]["room_id"].as_str().unwrap()
    );
    assert_eq!(ask("DELETE", &path, Value::Null).await.status, 204);
    let portfolio = ask("POST", "/api/portfolios", json!({ "name": "Short-lived" }))
        .await
        .is(201);
    let path = format!("/api/portfolios/{}", portfolio["id"].as_str().unwrap());
    assert_eq!(ask("DELETE", &path, Value::Null).await.status, 204);
    for table in ["channels", "portfolios"] {
        let deleted = format!("{table} WHERE deleted_at IS NOT NULL");
        until(table, async || count(db, &deleted).await == 0).await;
    }

    // The workers that fill orders, create exports, send emails and delete accounts.
    ask("POST", "/api/paper/join", json!({})).await.is(200);
    let order = json!({ "symbol": "AAPL", "side": "buy", "kind": "market", "quantity": 1 });
    ask("POST", "/api/paper/orders", order).await.is(201);
    ask("POST", "/api/account/export", json!({})).await.is(202);
    let leave = json!({ "password": "correct horse", "messages": "keep" });
    let left = house.request("DELETE", "/api/account", Some(&bo_token), Some(leave));
    assert_eq!(left.await.status, 200);
    until("an order is filled", async || {
        let path = "/api/paper/orders?state=filled";
        !ask("GET", path, Value::Null).await.is(200)["orders"][0].is_null()
    })
    .await;
    until("a copy is made", async || {
        ask("GET", "/api/account/export", Value::Null).await.is(200)["state"] == "ready"
    })
    .await;
    until("an account is erased", async || {
        count(db, "accounts WHERE username = 'bo'").await == 0
    })
    .await;
    let accounts = services.get::<crate::accounts::Service>().unwrap();
    let reset = accounts.request_reset("ada@example.com", "192.0.2.7");
    reset.await.unwrap();
    assert!(stub.letter().await.contains("To: ada@example.com"));

    // Presence, and the goodbye message at shutdown.
    let lobby = Topic::new(
        Scope::Community,
        services
            .get::<crate::communities::Service>()
            .unwrap()
            .lobby()
            .0,
    );
    let mut socket = Socket::connect(address, &ada_token).await;
    socket.subscribe(lobby, None).await.unwrap();
    let (_, dot_token) = house.person("dot").await;
    let _dot = Socket::connect(address, &dot_token).await;
    let dot = |told: &PresenceChanged| {
        let mut changes = told.changes.iter();
        changes.any(|change| change.profile.username == "dot" && change.online)
    };
    while !dot(&socket.event().await) {}
    let ((), (goodbye, _)) = futures::join!(house.close(), socket.ended());
    assert!(goodbye.is_some_and(|goodbye| goodbye.resume));
}
