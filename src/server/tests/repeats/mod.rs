//! Lost responses of every write of the REST API and every form: the request is sent again with its
//! idempotency key and takes effect once. The list of POSTs comes from the OpenAPI document, so a
//! new one without a row here fails the test.

mod broken;
mod forms;
mod keys;

use crate::platform::config::{Config, MarketSource};
use crate::testing::{PostgresDb, Reply, TestHouse, User, count, play};
use axum::{body::Body, extract::Request};
use futures::future::join;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path};

/// Requests for which a retry without a key is harmless or must be rejected: docs/repeats.md says
/// why.
const HARMLESS: &[&str] = &[
    "POST /api/account/export",
    "POST /api/account/password",
    "POST /api/account/recovery-codes",
    "POST /api/account/second-factor",
    "POST /api/account/second-factor/confirm",
    "POST /api/alerts/{alert}/arm",
    "POST /api/auth/login",
    "POST /api/auth/logout",
    "POST /api/auth/refresh",
    "POST /api/auth/register",
    "POST /api/login",
    "POST /api/logout",
    "POST /api/me/avatar",
    "POST /api/admin/accounts/{id}/reset-link",
    "POST /api/admin/accounts/{id}/{act}",
    "POST /api/paper/join",
    "POST /api/register",
    "POST /api/watchlists/{watchlist}/symbols",
];

/// Retries of messages and cards are recognized by their nonce; the chat handles another text with
/// a used nonce.
const BY_NONCE: &[&str] = &[
    "POST /api/channels/{channel_id}/messages",
    "POST /api/portfolios/{portfolio}/share",
];

/// Returns path and body of the n-th request of its kind.
type Ask = Box<dyn Fn(usize) -> (String, Sent)>;

/// A body.
enum Sent {
    Json(Value),
    Csv(String),
    Nothing,
}

/// A write that needs a key.
struct Write {
    /// Method and path as in the OpenAPI document.
    of: &'static str,
    ask: Ask,
    /// Rows of which each request adds one.
    rows: &'static str,
}

fn write(
    of: &'static str,
    rows: &'static str,
    ask: impl Fn(usize) -> (String, Sent) + 'static,
) -> Write {
    let ask = Box::new(ask);
    Write { of, ask, rows }
}

/// A member who has one of everything.
struct Home {
    house: TestHouse,
    user: User,
    writes: Vec<Write>,
}

/// Runs a fake data source for dividends.
async fn dividends() -> String {
    let day = |date| json!({ "ex_dividend_date": date, "payment_date": "None", "amount": "0.85" });
    let data = ["2012-05-08", "2012-08-08", "2012-11-07"].map(day);
    let found = json!({ "symbol": "IBM", "data": data });
    let app = axum::Router::new().fallback(async move |request: Request| {
        let asked = request.uri().query().unwrap_or_default();
        let known = asked.contains("function=DIVIDENDS") && asked.contains("symbol=IBM");
        axum::Json(if known {
            found.clone()
        } else {
            json!({ "Error Message": "Invalid API call." })
        })
    });
    format!("{}/", play(app).await)
}

fn configured(url: String, source: String) -> impl Fn(&mut Config) {
    move |config| {
        config.database.url.clone_from(&url);
        config.market.source =
            MarketSource::List(vec![MarketSource::AlphaVantage, MarketSource::Sample]);
        config.market.alpha_vantage_url.clone_from(&source);
        config.market.alpha_vantage_per_minute = 60_000;
        config.market.alpha_vantage_per_day = 10_000;
        config.secrets.alpha_vantage_key = Some("s3cretK3Y".into());
    }
}

impl Home {
    async fn open(data: &Path, configure: impl Fn(&mut Config)) -> Self {
        let house = TestHouse::open(data, configure).await;
        let user = house.user("ada").await;
        let general = house.general(&user).await;
        let mut home = Self {
            house,
            user,
            writes: Vec::new(),
        };
        let made = home
            .post("/api/portfolios", json!({ "name": "Mine" }))
            .await;
        let portfolio = made["id"].as_str().unwrap().to_owned();
        let all = format!("/api/portfolios/{portfolio}");
        for symbol in ["IBM", "AAPL", "MSFT", "XOM"] {
            let bought = json!({ "kind": "BUY", "symbol": symbol, "date": "2012-02-29",
                "quantity": 40, "price": 20 });
            home.post(&format!("{all}/transactions"), bought).await;
        }
        let out = ["AAPL", "MSFT", "XOM"];
        for symbol in out {
            let path = format!("{all}/positions/{symbol}");
            let gone = home.send("DELETE", &path, Sent::Nothing, None).await;
            assert_eq!(gone.status, 204, "{}", gone.text);
        }
        home.post("/api/paper/join", json!({})).await;
        let order = |quantity: usize| {
            json!({ "symbol": "AAPL", "side": "buy", "kind": "limit", "quantity": quantity,
                "limit": 5 })
        };
        let mut orders = Vec::new();
        for quantity in 1..=3 {
            let placed = home.post("/api/paper/orders", order(quantity)).await;
            orders.push(placed["id"].as_str().unwrap().to_owned());
        }
        let at = |path: &str| format!("{all}/{path}");
        let (transactions, taken, imports) = (
            at("transactions"),
            at("dividends"),
            at("imports?name=n.csv"),
        );
        let (share, positions) = (at("share"), at("positions"));
        let fixed = |path: &'static str, body: fn(usize) -> Value| {
            move |n| (path.to_owned(), Sent::Json(body(n)))
        };
        home.writes = vec![
            write(
                "POST /api/rooms",
                "channels",
                fixed(
                    "/api/rooms",
                    |n| json!({ "room_name": format!("room {n}") }),
                ),
            ),
            write(
                "POST /api/channels/{channel_id}/messages",
                "messages",
                move |n| {
                    let path = format!("/api/channels/{general}/messages");
                    (path, Sent::Json(json!({ "text": format!("said {n}") })))
                },
            ),
            write(
                "POST /api/watchlists",
                "watchlists",
                fixed(
                    "/api/watchlists",
                    |n| json!({ "name": format!("list {n}") }),
                ),
            ),
            write(
                "POST /api/stocks/{symbol}/drawings",
                "chart_drawings",
                fixed(
                    "/api/stocks/AAPL/drawings",
                    |n| json!({ "kind": "level", "price": 400 + n }),
                ),
            ),
            write(
                "POST /api/alerts",
                "alerts",
                fixed(
                    "/api/alerts",
                    |n| json!({ "symbol": "AAPL", "kind": "price_above", "value": 900 + n }),
                ),
            ),
            write(
                "POST /api/predictions",
                "predictions",
                fixed("/api/predictions", |n| {
                    json!({ "symbol": "AAPL", "direction": "long", "horizon": "3m",
                        "reason": format!("because {n}") })
                }),
            ),
            write("POST /api/paper/orders", "paper_orders", move |n| {
                ("/api/paper/orders".into(), Sent::Json(order(10 + n)))
            }),
            write("PUT /api/paper/orders/{order}", "paper_orders", move |n| {
                let path = format!("/api/paper/orders/{}", orders[n]);
                (path, Sent::Json(order(20 + n)))
            }),
            write(
                "POST /api/portfolios",
                "portfolios",
                fixed(
                    "/api/portfolios",
                    |n| json!({ "name": format!("held {n}") }),
                ),
            ),
            write(
                "POST /api/portfolio/add",
                "portfolio_transactions",
                fixed("/api/portfolio/add", |n| {
                    // One symbol each, because the response contains the current holding.
                    let symbol = ["GE", "KO", "PG"][n];
                    json!({ "symbol": symbol, "name": symbol, "shares": 1, "avgPrice": 20,
                        "sector": "Industry", "purchaseDate": "2012-03-01" })
                }),
            ),
            // Sells most of the holding, so a retry without a key is rejected.
            write(
                "POST /api/portfolios/{portfolio}/transactions",
                "portfolio_transactions",
                move |n| {
                    let quantity = [30, 10, 1][n];
                    let sold = json!({ "kind": "SELL", "symbol": "IBM", "date": "2013-01-02",
                        "quantity": quantity, "price": 30 });
                    (transactions.clone(), Sent::Json(sold))
                },
            ),
            write(
                "POST /api/portfolios/{portfolio}/dividends",
                "portfolio_imports",
                move |n| {
                    let date = ["2012-05-08", "2012-08-08", "2012-11-07"][n];
                    let one = json!({ "symbol": "IBM", "ex_date": date, "per_share": "0.85" });
                    (taken.clone(), Sent::Json(json!({ "dividends": [one] })))
                },
            ),
            write(
                "POST /api/portfolios/{portfolio}/imports",
                "portfolio_imports",
                move |n| {
                    let csv = "date,type,symbol,quantity,price\n2010-01-04,BUY,T,";
                    let path = format!("{imports}&duplicates=true");
                    (path, Sent::Csv(format!("{csv}{},20\n", n + 7)))
                },
            ),
            write(
                "POST /api/portfolios/{portfolio}/positions/{symbol}/restore",
                "portfolio_removals WHERE live_from = 0",
                move |n| {
                    let path = format!("{positions}/{}/restore", out[n]);
                    (path, Sent::Nothing)
                },
            ),
            write(
                "POST /api/portfolios/{portfolio}/share",
                "messages",
                move |n| {
                    let card = json!({ "channel": general, "comment": format!("look {n}") });
                    (share.clone(), Sent::Json(card))
                },
            ),
        ];
        home
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let reply = self.send("POST", path, Sent::Json(body), None).await;
        assert!(reply.status < 300, "{path}: {}", reply.text);
        reply.json()
    }

    async fn send(&self, method: &str, path: &str, body: Sent, key: Option<&str>) -> Reply {
        let (kind, body) = match body {
            Sent::Json(json) => ("application/json", Body::from(json.to_string())),
            Sent::Csv(csv) => ("text/csv", Body::from(csv)),
            Sent::Nothing => ("text/plain", Body::empty()),
        };
        let bearer = self.user.bearer();
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", kind)];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        self.house
            .send(&format!("{method} {path}"), &headers, body)
            .await
    }

    /// Sends the n-th request of a write.
    async fn ask(&self, write: &Write, n: usize, key: &str) -> Reply {
        let (method, _) = write.of.split_once(' ').unwrap();
        let (path, body) = (write.ask)(n);
        self.send(method, &path, body, Some(key)).await
    }

    async fn count(&self, rows: &str) -> i64 {
        count(self.house.db(), rows).await
    }
}

/// Runs `test` on each database, with a data folder and a configuration.
async fn each(mut test: impl AsyncFnMut(&Path, &dyn Fn(&mut Config))) {
    let source = dividends().await;
    let postgres = PostgresDb::create().await;
    let urls = [
        Some(String::new()),
        postgres.as_ref().map(|db| db.url.clone()),
    ];
    for url in urls.into_iter().flatten() {
        eprintln!("on {url:?}");
        let data = tempfile::tempdir().unwrap();
        // Boxed, because the future contains a whole server.
        Box::pin(test(data.path(), &configured(url, source.clone()))).await;
    }
    if let Some(postgres) = postgres {
        postgres.drop().await;
    }
}

#[tokio::test]
async fn every_write_is_done_once() {
    each(async |data, configure| {
        let mut home = Home::open(data, configure).await;
        let mut first = Vec::new();
        for write in &home.writes {
            let of = write.of;
            let before = home.count(write.rows).await;
            let (lost, key) = (home.ask(write, 0, of_key(of, 0)).await, of_key(of, 0));
            assert!(lost.status < 300, "{of}: {}", lost.text);
            assert_eq!(home.count(write.rows).await, before + 1, "{of}");
            let again = home.ask(write, 0, key).await;
            assert_eq!(
                (again.status, &again.text),
                (lost.status, &lost.text),
                "{of}"
            );
            assert_eq!(home.count(write.rows).await, before + 1, "{of}");
            if !BY_NONCE.contains(&of) {
                let other = home.ask(write, 1, key).await;
                other.fails(409, "idempotency-key-reused");
            }
            assert_eq!(home.count(write.rows).await, before + 1, "{of}");

            // A double click.
            let key = of_key(of, 1);
            let (one, two) = join(home.ask(write, 1, key), home.ask(write, 1, key)).await;
            let (done, other) = if one.status < 300 {
                (one, two)
            } else {
                (two, one)
            };
            if other.text.contains("import-running") {
                let later = home.ask(write, 1, key).await;
                assert_eq!(later.is(done.status), done.json());
            } else {
                assert_eq!((other.status, other.text), (done.status, done.text), "{of}");
            }
            assert_eq!(home.count(write.rows).await, before + 2, "{of}");
            first.push(lost);
        }

        // The server ended between the commit and the response.
        home.house.close().await;
        home.house = TestHouse::open(data, configure).await;
        for (write, lost) in home.writes.iter().zip(first) {
            let before = home.count(write.rows).await;
            let again = home.ask(write, 0, of_key(write.of, 0)).await;
            assert_eq!(
                (again.status, again.text),
                (lost.status, lost.text),
                "{}",
                write.of
            );
            assert_eq!(home.count(write.rows).await, before, "{}", write.of);
        }
        let of_operations: BTreeSet<_> = home.writes.iter().map(|write| write.of).collect();
        all_are_here(&home.house, of_operations).await;
        home.house.close().await;
    })
    .await;
}

/// A key of the maximum length, made of visible characters.
fn of_key(of: &str, n: usize) -> &'static str {
    let key = format!("{n}{}", of.replace(' ', ":"));
    let key = key.chars().rev().take(64).collect::<String>();
    Box::leak(key.into_boxed_str())
}

/// Checks that each POST of the document has a row here and one in the docs.
async fn all_are_here(house: &TestHouse, mut known: BTreeSet<&str>) {
    let described = house.request("GET", "/api/openapi.json", None, None).await;
    let described = described.is(200);
    let paths = described["paths"].as_object().unwrap();
    let posts = paths.iter().filter(|(_, item)| item["post"].is_object());
    let posts: BTreeSet<_> = posts.map(|(path, _)| format!("POST {path}")).collect();
    known.extend(HARMLESS);
    known.retain(|of| of.starts_with("POST"));
    assert_eq!(
        posts.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        known,
        "say in `Home::open` or `HARMLESS`, and in docs/repeats.md, what a repeat of it does"
    );
    let docs = include_str!("../../../../docs/repeats.md");
    for post in posts {
        assert!(
            docs.contains(&format!("`{post}`")),
            "docs/repeats.md: {post}"
        );
    }
}
