//! What belongs to the owner, made when a row names it and removed after the row.

use super::callers::Callers;
use crate::testing::{Reply, TestHouse};
use axum::{body::Body, extract::Request};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Is in everything that the owner wrote for themselves.
pub const OWN_MARK: &str = "for-the-owners-eyes";
/// Is in what the owner wrote in the club.
pub const CLUB_MARK: &str = "for-the-clubs-eyes";
/// Things that exist for nobody but the owner.
pub const PRIVATE: [&str; 11] = [
    "portfolio",
    "removed",
    "transaction",
    "import",
    "watchlist",
    "alert",
    "drawing",
    "order",
    "session",
    "call",
    "owner_topic",
];

pub struct Things<'a> {
    house: &'a TestHouse,
    callers: &'a Callers,
    /// The path as it is declared: some names mean something else in some paths.
    endpoint: &'a str,
    made: HashMap<String, String>,
    /// Where what was made is deleted.
    delete: Vec<String>,
}

impl<'a> Things<'a> {
    pub fn new(house: &'a TestHouse, callers: &'a Callers, endpoint: &'a str) -> Self {
        Self {
            house,
            callers,
            endpoint,
            made: HashMap::new(),
            delete: Vec::new(),
        }
    }

    /// A path with an id of the owner's in each `{place}`.
    pub async fn path(&mut self, path: &str) -> String {
        let mut filled = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            let name = match (name, self.endpoint) {
                ("id", "/api/sessions/{id}") => "session",
                // It can be deleted.
                ("channel_id", "/api/channels/{channel_id}") => "spare",
                ("id", _) => "owner",
                ("portfolio", path) if path.ends_with("/restore") => "removed",
                (name, _) => name,
            };
            filled += before;
            filled += &self.thing(name).await;
            rest = after;
        }
        filled + rest
    }

    /// A text with an id of the owner's for each `$name`.
    pub async fn filled(&mut self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            let end = after
                .find(|c: char| !c.is_ascii_lowercase() && c != '_')
                .unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            filled += before;
            filled += &self.thing(name).await;
            rest = after;
        }
        filled + rest
    }

    async fn thing(&mut self, name: &str) -> String {
        if let Some(made) = self.made.get(name) {
            return made.clone();
        }
        let thing = Box::pin(self.make(name)).await;
        self.made.insert(name.to_owned(), thing.clone());
        thing
    }

    async fn make(&mut self, name: &str) -> String {
        match name {
            "owner" | "account" => self.callers.id("owner").to_string(),
            "owner_topic" => format!("account:{}", self.callers.id("owner")),
            "session" => self.callers.owners_session().await,
            "club" | "community" => self.callers.club.to_string(),
            "channel" | "channel_id" => self.callers.channel.to_string(),
            "spare" => {
                let name = format!("spare {}", Uuid::now_v7());
                let channel = json!({ "community": self.callers.club, "name": name });
                id_of(&self.post("/rpc/communities/create_channel", channel).await)
            }
            "symbol" => "IBM".to_owned(),
            "section" => self.section().to_owned(),
            "token" | "hash" => "nothing".to_owned(),
            "name" => "description".to_owned(),
            "act" => "unsuspend".to_owned(),
            // Made anew each time: who sends one twice is told of the first.
            "random" | "notice" => Uuid::now_v7().to_string(),
            "message" | "message_id" => {
                let path = format!("/api/channels/{}/messages", self.callers.channel);
                let sent = self.post(&path, json!({ "text": CLUB_MARK })).await;
                id_of(&sent)
            }
            "portfolio_name" => {
                self.thing("portfolio").await;
                self.made["portfolio_name"].clone()
            }
            "portfolio" => {
                let name = format!("{OWN_MARK} {}", Uuid::now_v7());
                let made = self.post("/api/portfolios", json!({ "name": name })).await;
                let id = id_of(&made);
                let path = format!("/api/portfolios/{id}");
                let buy = json!({ "kind": "buy", "symbol": "IBM", "date": "2010-01-04",
                    "quantity": 2, "price": 130, "note": OWN_MARK });
                let bought = self.post(&format!("{path}/transactions"), buy).await;
                self.made.insert("transaction".into(), id_of(&bought));
                self.made.insert("portfolio_name".into(), name);
                self.delete.push(path);
                id
            }
            "transaction" => {
                self.thing("portfolio").await;
                self.made["transaction"].clone()
            }
            "removed" => {
                let id = self.thing("portfolio").await;
                let path = format!("/api/portfolios/{id}/positions/IBM");
                assert!(self.ask("DELETE", &path, String::new()).await.status < 300);
                id
            }
            "import" => {
                let id = self.thing("portfolio").await;
                let csv = "date,kind,symbol,quantity,price\n2011-01-04,BUY,IBM,1,140\n";
                let path = format!("/api/portfolios/{id}/imports");
                let sent = self.ask("POST", &path, csv.to_owned()).await;
                assert_eq!(sent.status, 200, "{}", sent.text);
                let list = self.ask("GET", &path, String::new()).await.is(200);
                id_of(&list["imports"][0])
            }
            "watchlist" => {
                let name = format!("{OWN_MARK} {}", Uuid::now_v7());
                let made = self.post("/api/watchlists", json!({ "name": name })).await;
                let path = format!("/api/watchlists/{}", id_of(&made));
                let ibm = json!({ "symbol": "IBM" });
                self.post(&format!("{path}/symbols"), ibm).await;
                self.delete.push(path);
                id_of(&made)
            }
            "alert" => {
                let draft = json!({ "symbol": "IBM", "kind": "price_above", "value": 900,
                    "note": OWN_MARK });
                let made = self.post("/api/alerts", draft).await;
                self.delete.push(format!("/api/alerts/{}", id_of(&made)));
                id_of(&made)
            }
            "drawing" => {
                let level = json!({ "kind": "level", "price": 450.5 });
                let made = self.post("/api/stocks/IBM/drawings", level).await;
                let path = format!("/api/stocks/IBM/drawings/{}", id_of(&made));
                self.delete.push(path);
                id_of(&made)
            }
            "call" => {
                let call = json!({ "symbol": "IBM", "direction": "long", "horizon": "3m" });
                let made = self.post("/api/calls", call).await;
                self.delete.push(format!("/api/calls/{}", id_of(&made)));
                id_of(&made)
            }
            "order" => {
                self.post("/api/paper/join", json!({})).await;
                let order = json!({ "symbol": "IBM", "side": "buy", "kind": "limit",
                    "quantity": 1, "limit": 1 });
                let made = self.post("/api/paper/orders", order).await;
                let id = id_of(&made);
                self.delete.push(format!("/api/paper/orders/{id}"));
                id
            }
            other => panic!("things.rs does not know what `{other}` is"),
        }
    }

    /// A part of the page that is asked for.
    fn section(&self) -> &'static str {
        match self.endpoint.split('/').nth(1) {
            Some("markets") => "watchlist",
            Some("operator") => "accounts",
            Some("portfolio") => "transactions",
            _ => "security",
        }
    }

    /// Removes what was made, as there may only be so many.
    pub async fn clear(&mut self) {
        for path in std::mem::take(&mut self.delete) {
            self.ask("DELETE", &path, String::new()).await;
        }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let reply = self.ask("POST", path, body.to_string()).await;
        assert!(reply.status < 300, "{path}: {}", reply.text);
        reply.json()
    }

    async fn ask(&self, method: &str, path: &str, body: String) -> Reply {
        let token = self.callers.token("owner").await.unwrap();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        self.house
            .ask(request.body(Body::from(body)).unwrap())
            .await
    }
}

/// The id of what was made.
fn id_of(made: &Value) -> String {
    let id = made["id"].as_str().or(made["message_id"].as_str());
    id.unwrap_or_else(|| panic!("no id: {made}")).to_owned()
}
