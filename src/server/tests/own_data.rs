//! Personal data of all features: a member's export contains it, and deleting the account removes
//! it.

use crate::shared::PortfolioId;
use crate::testing::{TestHouse, User, code, copy_of};
use serde_json::{Value, json};

/// Creates one item of each feature that stores personal data. Returns the portfolio and the paper
/// trading account.
async fn keep_one_of_each(house: &TestHouse, user: &User) -> (PortfolioId, PortfolioId) {
    let post = async |path: &str, body: Value| -> Value {
        let reply = user.post(path, body).await;
        assert!(reply.status < 300, "{path}: {}", reply.text);
        reply.json()
    };
    let name = &user.username;
    let general = house.general(user).await;
    let said = json!({ "text": format!("said by {name}") });
    post(&format!("/api/channels/{general}/messages"), said).await;
    post(
        "/api/watchlists",
        json!({ "name": format!("watched by {name}") }),
    )
    .await;
    let level = json!({ "kind": "level", "price": 450.5 });
    post("/api/stocks/aapl/drawings", level).await;
    let made = post(
        "/api/portfolios",
        json!({ "name": format!("held by {name}") }),
    )
    .await;
    let portfolio = id(&made["id"]);
    let bought = json!({ "kind": "buy", "symbol": "AAPL", "date": "2012-01-03", "quantity": 3,
        "price": 411, "currency": "USD" });
    post(&format!("/api/portfolios/{portfolio}/transactions"), bought).await;
    let alert = json!({ "symbol": "AAPL", "kind": "price_above", "value": 900,
        "note": format!("wanted by {name}") });
    post("/api/alerts", alert).await;
    let call = json!({ "symbol": "AAPL", "direction": "long", "horizon": "3m",
        "reason": format!("called by {name}") });
    post("/api/predictions", call).await;
    let joined = post("/api/paper/join", json!({})).await;
    let order = json!({ "symbol": "AAPL", "side": "buy", "kind": "market", "quantity": 2 });
    post("/api/paper/orders", order).await;
    (portfolio, id(&joined["account"]["portfolio"]))
}

fn id(value: &Value) -> PortfolioId {
    serde_json::from_value(value.clone()).unwrap_or_else(|_| panic!("no id: {value}"))
}

#[tokio::test]
async fn what_features_keep_is_copied_and_erased() {
    let (house, [_, ada, bo]) = TestHouse::with_users(["olga", "ada", "bo"]).await;
    let (held, paper) = keep_one_of_each(&house, &ada).await;
    keep_one_of_each(&house, &bo).await;

    let files = copy_of(house.accounts(), &ada).await;
    for (name, text) in [
        ("profile.json", "\"ada\""),
        ("sessions.json", "created_at"),
        ("messages/general-", "said by ada"),
        ("watchlists.json", "watched by ada"),
        ("drawings.json", "450.5"),
        (&format!("portfolios/{held}.jsonl"), "held by ada"),
        (&format!("portfolios/{held}.jsonl"), "2012-01-03"),
        (&format!("portfolios/{paper}.jsonl"), "\"id\""),
        ("alerts.json", "wanted by ada"),
        ("predictions.jsonl", "called by ada"),
        (&format!("paper-orders/{paper}.jsonl"), "\"buy\""),
    ] {
        let mut of_name = files.iter().filter(|(file, _)| file.starts_with(name));
        let found = of_name.any(|(_, all)| all.contains(text));
        assert!(found, "{name}: {text}\n{files:#?}");
    }
    for (name, text) in &files {
        assert!(!text.contains("by bo"), "{name}");
    }

    house.erase(&ada, false).await;
    for (viewer, left) in [(&ada, 0), (&bo, 1)] {
        let lists = house.watchlists().lists(viewer).await.unwrap();
        assert_eq!(lists.len(), left, "watchlists");
        let drawings = house.drawings().of(viewer, "AAPL").await.unwrap();
        assert_eq!(drawings.len(), left, "drawings");
        let portfolios = house.portfolio().portfolios(viewer).await.unwrap();
        assert_eq!(portfolios.len(), left, "portfolios");
        let alerts = house.alerts().alerts(viewer).await.unwrap();
        assert_eq!(alerts.len(), left, "alerts");
    }
    for kept in [held, paper] {
        let gone = house.portfolio().page(&ada, kept).await;
        assert_eq!(code(gone), "not-found");
    }
    // In what other members can read, bo's data remains and ada's is gone.
    let board = house.paper().board(&bo, None, None).await.unwrap();
    assert_eq!(board.members, 1);
    for (path, kept) in [
        ("/api/predictions".to_owned(), "called by bo"),
        (
            format!("/api/channels/{}/messages", house.general(&bo).await),
            "said by bo",
        ),
    ] {
        let reply = bo.get(&path).await;
        assert!(reply.text.contains(kept), "{}", reply.text);
        assert!(!reply.text.contains("by ada"), "{}", reply.text);
    }
    house.close().await;
}
