//! Any worker that panics restarts and works.

use crate::chat::ChannelsAdvanced;
use crate::communities::PresenceChanged;
use crate::realtime::{Scope, Topic};
use crate::testing::{SmtpStub, Socket, TestHouse, count, number, until};
use serde_json::json;

/// All workers. A new one needs a line here and an action below.
const WORKERS: [&str; 17] = [
    "accounts.eraser",
    "accounts.exporter",
    "accounts.sweeper",
    "alerts.watcher",
    "bots.stock",
    "chat.advances",
    "chat.channel_remover",
    "communities.presence",
    "database.probe",
    "database.writer",
    "gateway.heartbeats",
    "mail.postman",
    "notifications.sweeper",
    "paper.filler",
    "portfolio.sweeper",
    "predictions.scorer",
    "trending.reader",
];

#[tokio::test]
async fn a_panic_in_any_worker_ends_nothing() {
    let mut stub = SmtpStub::start().await;
    let house = TestHouse::with(|config| {
        stub.configure(config);
        config.market.replay = 60;
        config.market.alert_seconds = 1;
    })
    .await;
    let address = house.serve().await;
    let (db, tasks) = (house.db(), house.tasks());
    let names: Vec<_> = tasks.workers().iter().map(|state| state.name).collect();
    assert_eq!(names, WORKERS);
    let [ada, bo, _] = house.users(["ada", "bo", "cy"]).await;
    let messages = format!("/api/channels/{}/messages", house.general(&ada).await);
    let say = async |text: &str| ada.post(&messages, json!({ "text": text })).await.is(201);

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
    let health = ada.get("/api/admin/health").await.is(200);
    assert_eq!(health["workers"].as_array().unwrap().len(), WORKERS.len());
    assert!((health["workers"].as_array().unwrap().iter()).all(|worker| worker["restarts"] == 2));

    // Workers with long intervals check at the start of their next run.
    let call = json!({ "symbol": "AAPL", "direction": "long", "horizon": "3m", "reason": "x" });
    ada.post("/api/predictions", call).await.is(201);
    let alert = json!({ "symbol": "AAPL", "kind": "price_above", "value": 100_000 });
    ada.post("/api/alerts", alert).await.is(201);
    for sql in [
        "UPDATE predictions SET look_at = '2020-01-01 00:00:00+00:00'",
        // Alerts expire on a day of the replayed market, which begins in 2012.
        "UPDATE alerts SET expires_at = '2012-01-01 00:00:00+00:00'",
        "UPDATE sessions SET expires_at = '2020-01-01 00:00:00+00:00' \
         WHERE account_id = (SELECT id FROM accounts WHERE username = 'cy')",
        "INSERT INTO notifications (id, account_id, kind, subject, body, created_at) \
         SELECT id, id, 'x', 'x', 'null', '2020-01-01 00:00:00+00:00' FROM accounts \
         WHERE username = 'ada'",
    ] {
        house.sql(sql).await;
    }
    let probe = "SELECT written FROM health_probes";
    let probed = number(db, probe).await;
    for name in [
        "predictions.scorer",
        "accounts.sweeper",
        "notifications.sweeper",
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
    until("an old notification is deleted", async || {
        count(db, "notifications WHERE created_at < '2021'").await == 0
    })
    .await;
    until("an alert expires", async || {
        ada.get("/api/alerts").await.is(200)["alerts"][0]["state"] != "armed"
    })
    .await;

    // The stock bot, the mention counter, and who tells of new messages elsewhere.
    let mut page = Socket::connect(address, &ada.token).await;
    let own = Topic::new(Scope::Account, ada.account.0);
    page.subscribe(own, None).await.unwrap();
    say("$MSFT").await;
    page.event::<ChannelsAdvanced>().await;
    say("/stock=aapl.us").await;
    until("the bot answers", async || {
        let page = ada.get(&messages).await.is(200);
        let said = page["messages"].as_array().unwrap();
        said.iter().any(|one| one["user_kind"] == "bot")
    })
    .await;
    until("mentions are counted", async || {
        count(db, "mentions").await == 2
    })
    .await;

    // Deleted channels are removed in the background.
    let made = ada
        .post("/api/rooms", json!({ "room_name": "short-lived" }))
        .await
        .is(201);
    let path = format!(
        "/api/channels/{}",
        made["room"]["room_id"].as_str().unwrap()
    );
    ada.delete(&path).await.is_no_content();
    let portfolio = ada
        .post("/api/portfolios", json!({ "name": "Short-lived" }))
        .await
        .is(201);
    let path = format!("/api/portfolios/{}", portfolio["id"].as_str().unwrap());
    ada.delete(&path).await.is_no_content();
    for table in ["channels", "portfolios"] {
        let deleted = format!("{table} WHERE deleted_at IS NOT NULL");
        until(table, async || count(db, &deleted).await == 0).await;
    }

    // The workers that fill orders, create exports, send emails and delete accounts.
    ada.post("/api/paper/join", json!({})).await.is(200);
    let order = json!({ "symbol": "AAPL", "side": "buy", "kind": "market", "quantity": 1 });
    ada.post("/api/paper/orders", order).await.is(201);
    ada.post("/api/account/export", json!({})).await.is(202);
    let leave = json!({ "password": "correct horse", "messages": "keep" });
    let left = bo.ask("DELETE", "/api/account", Some(leave)).await;
    assert_eq!(left.status, 200);
    until("an order is filled", async || {
        let path = "/api/paper/orders?state=filled";
        !ada.get(path).await.is(200)["orders"][0].is_null()
    })
    .await;
    until("a copy is made", async || {
        ada.get("/api/account/export").await.is(200)["state"] == "ready"
    })
    .await;
    until("an account is erased", async || {
        count(db, "accounts WHERE username = 'bo'").await == 0
    })
    .await;
    let reset = house
        .accounts()
        .request_reset("ada@example.com", "192.0.2.7");
    reset.await.unwrap();
    assert!(stub.letter().await.contains("To: ada@example.com"));

    // Presence, and the goodbye message at shutdown.
    let lobby = Topic::new(Scope::Community, house.communities().lobby().0);
    let mut socket = Socket::connect(address, &ada.token).await;
    socket.subscribe(lobby, None).await.unwrap();
    let dot = house.user("dot").await;
    let _dot = Socket::connect(address, &dot.token).await;
    let dot = |told: &PresenceChanged| {
        let mut changes = told.changes.iter();
        changes.any(|change| change.profile.username == "dot" && change.online)
    };
    while !dot(&socket.event().await) {}
    let ((), (goodbye, _)) = futures::join!(house.close(), socket.ended());
    assert!(goodbye.is_some_and(|goodbye| goodbye.resume));
}
