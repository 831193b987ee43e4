//! Bots have their accounts before the first client connects, and members cannot impersonate them.

use crate::testing::{Socket, TestHouse, device, until};
use crate::{accounts::AccountKind, chat::Send};
use serde_json::{Value, json};

async fn members(house: &TestHouse, token: &str) -> Vec<(String, AccountKind)> {
    let accounts = &house.services.get::<crate::accounts::Service>().unwrap();
    let viewer = accounts.viewer_of_access_token(token).await.unwrap();
    let communities = &house.services.get::<crate::communities::Service>().unwrap();
    let page = communities.members(&viewer, communities.lobby(), None);
    let members = page.await.unwrap().members.into_iter();
    members
        .map(|member| (member.profile.username, member.profile.kind))
        .collect()
}

async fn register(house: &TestHouse, body: Value) -> (u16, Value) {
    let reply = house
        .request("POST", "/api/auth/register", None, Some(body))
        .await;
    (reply.status, reply.json())
}

#[tokio::test]
async fn nobody_passes_for_a_bot() {
    let house = TestHouse::new().await;
    house.serve().await;
    let (viewer, ada) = house.person("ada").await;
    let bots = members(&house, &ada).await;
    for name in ["stocks", "alerts"] {
        assert!(bots.contains(&(name.into(), AccountKind::Bot)), "{bots:?}");
    }
    let person = |name: &str| json!({ "name": name, "email": "bo@x.example", "password": "lantern-over-water" });
    let user = |name: &str| json!({ "username": name, "email": "bo@x.example", "password": "lantern-over-water" });
    for name in [
        "Stock bot",
        "STOCK BOT",
        "Stock.Bot",
        "stockbot",
        "Ѕtосk bоt", // Cyrillic
        "Ａｌｅｒｔｓ",
        "alerts-bot",
        "Stocks",
        "Rialto",
    ] {
        let (status, body) = register(&house, person(name)).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("name-reserved")),
            "{name}"
        );
        let renamed = house
            .services
            .get::<crate::accounts::Service>()
            .unwrap()
            .rename(&viewer, name)
            .await;
        assert_eq!(renamed.unwrap_err().code, "name-reserved", "{name}");
    }
    for name in ["stocks", "ALERTS", "аlerts", "alerts-bot", "stock_bot"] {
        let (status, body) = register(&house, user(name)).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("name-reserved")),
            "{name}"
        );
        let guest = json!({ "username": name });
        let reply = house
            .request("POST", "/api/auth/login", None, Some(guest))
            .await;
        reply.fails(400, "name-reserved");
    }
    // Names that only contain a bot's name are allowed.
    for (n, name) in ["Alerts for everybody", "Stock botany"].iter().enumerate() {
        let body = json!({ "name": name, "email": format!("p{n}@x.example"), "password": "lantern-over-water" });
        assert_eq!(register(&house, body).await.0, 201, "{name}");
    }
    house.close().await;
}

/// An instance on which members took the names before the bots existed.
#[tokio::test]
async fn a_bot_whose_name_is_taken_gets_another() {
    let house = TestHouse::new().await;
    for name in ["stocks", "alerts"] {
        house.person(name).await;
    }
    let address = house.serve().await;
    let (viewer, ada) = house.person("ada").await;
    let all = members(&house, &ada).await;
    for (name, kind) in [
        ("stocks", AccountKind::Person),
        ("stocks-bot", AccountKind::Bot),
        ("alerts", AccountKind::Person),
        ("alerts-bot", AccountKind::Bot),
    ] {
        assert!(all.contains(&(name.into(), kind)), "{all:?}");
    }
    // The bot answers under its other name.
    let channel_id = house.general(&viewer).await;
    let mut socket = Socket::connect(address, &ada).await;
    let text = "/stock=aapl.us".to_owned();
    socket.ask(&Send { channel_id, text }).await.unwrap();
    until("the bot answers", async || {
        let messages = house
            .services
            .get::<crate::chat::Service>()
            .unwrap()
            .messages_after(channel_id, 0, 10)
            .await;
        let messages = messages.unwrap();
        let mut authors = messages.iter().map(|message| &message.author.username);
        authors.any(|name| name == "stocks-bot")
    })
    .await;
    // The member who has the name can still sign in.
    let accounts = &house.services.get::<crate::accounts::Service>().unwrap();
    accounts
        .sign_in("stocks", "correct horse", &device())
        .await
        .unwrap();
    house.close().await;
}
