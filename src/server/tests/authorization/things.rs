//! Things that belong to the owner, created when a row names them and deleted after the row.

use super::callers::Callers;
use crate::testing::{Reply, TestHouse};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Part of every private text of the owner.
pub const OWN_MARK: &str = "for-the-owners-eyes";
/// Part of what the owner wrote in the club.
pub const CLUB_MARK: &str = "for-the-clubs-eyes";
/// Things that only the owner can see.
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
    "prediction",
    "owner_topic",
];

pub struct Things<'a> {
    house: &'a TestHouse,
    callers: &'a Callers,
    /// Path as declared, because some names have another meaning in some paths.
    endpoint: &'a str,
    made: HashMap<String, String>,
    /// Paths for deleting what was created.
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

    /// Fills each `{place}` of a path with an id of the owner.
    pub async fn path(&mut self, path: &str) -> String {
        let mut filled = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            let name = match (name, self.endpoint) {
                ("id", "/api/sessions/{id}") => "session",
                // A channel that can be deleted.
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

    /// Fills each `$name` of a text with an id of the owner.
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
            // Always new: a repeated value would return the first result.
            "random" | "notification" => Uuid::now_v7().to_string(),
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
            "prediction" => {
                let prediction = json!({ "symbol": "IBM", "direction": "long", "horizon": "3m" });
                let made = self.post("/api/predictions", prediction).await;
                self.delete
                    .push(format!("/api/predictions/{}", id_of(&made)));
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

    /// The section of the page that is requested.
    fn section(&self) -> &'static str {
        match self.endpoint.split('/').nth(1) {
            Some("markets") => "watchlist",
            Some("admin") => "accounts",
            Some("portfolio") => "transactions",
            _ => "security",
        }
    }

    /// Deletes what was created, because the number of such things is limited.
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
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let what = format!("{method} {path}");
        self.house.send(&what, &headers, body).await
    }
}

/// The id in a response.
fn id_of(made: &Value) -> String {
    let id = made["id"].as_str().or(made["message_id"].as_str());
    id.unwrap_or_else(|| panic!("no id: {made}")).to_owned()
}
