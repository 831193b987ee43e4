//! Bots have their accounts before the first client connects, and members cannot impersonate them.

use crate::testing::{Reply, Socket, TestHouse, User, code, device, until};
use crate::{accounts::AccountKind, chat::Send};
use serde_json::json;

async fn members(house: &TestHouse, viewer: &User) -> Vec<(String, AccountKind)> {
    let communities = house.communities();
    let page = communities.members(viewer, communities.lobby(), None);
    let members = page.await.unwrap().members.into_iter();
    members
        .map(|member| (member.profile.username, member.profile.kind))
        .collect()
}

async fn register(house: &TestHouse, field: &str, name: &str, email: &str) -> Reply {
    let body = json!({ field: name, "email": email, "password": "lantern-over-water" });
    house
        .request("POST", "/api/auth/register", None, Some(body))
        .await
}

#[tokio::test]
async fn nobody_passes_for_a_bot() {
    let house = TestHouse::new().await;
    house.serve().await;
    let ada = house.user("ada").await;
    let bots = members(&house, &ada).await;
    for name in ["stocks", "alerts"] {
        assert!(bots.contains(&(name.into(), AccountKind::Bot)), "{bots:?}");
    }
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
        let made = register(&house, "name", name, "bo@x.example").await;
        made.fails(400, "name-reserved");
        let renamed = house.accounts().rename(&ada, name).await;
        assert_eq!(code(renamed), "name-reserved", "{name}");
    }
    for name in ["stocks", "ALERTS", "аlerts", "alerts-bot", "stock_bot"] {
        let made = register(&house, "username", name, "bo@x.example").await;
        made.fails(400, "name-reserved");
        let guest = json!({ "username": name });
        let reply = house
            .request("POST", "/api/auth/login", None, Some(guest))
            .await;
        reply.fails(400, "name-reserved");
    }
    // Names that only contain a bot's name are allowed.
    for (n, name) in ["Alerts for everybody", "Stock botany"].iter().enumerate() {
        let email = format!("p{n}@x.example");
        register(&house, "name", name, &email).await.is(201);
    }
    house.close().await;
}

/// An instance on which members took the names before the bots existed.
#[tokio::test]
async fn a_bot_whose_name_is_taken_gets_another() {
    let house = TestHouse::new().await;
    for name in ["stocks", "alerts"] {
        house.user(name).await;
    }
    let address = house.serve().await;
    let ada = house.user("ada").await;
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
    let channel_id = house.general(&ada).await;
    let mut socket = Socket::connect(address, &ada.token).await;
    let text = "/stock=aapl.us".to_owned();
    socket.ask(&Send { channel_id, text }).await.unwrap();
    until("the bot answers", async || {
        let messages = house.chat().messages_after(channel_id, 0, 10).await;
        let messages = messages.unwrap();
        let mut authors = messages.iter().map(|message| &message.author.username);
        authors.any(|name| name == "stocks-bot")
    })
    .await;
    // The member who has the name can still sign in.
    let accounts = house.accounts();
    accounts
        .sign_in("stocks", "correct horse", &device())
        .await
        .unwrap();
    house.close().await;
}
