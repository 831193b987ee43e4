//! Portfolios as their service and as programs see them.

mod files;

use super::rules::ledger::Method;
use super::service::Naming;
use super::{Draft, Service};
use crate::accounts::Viewer;
use crate::markets;
use crate::platform::{config::Config, database::Database, tasks::Tasks};
use crate::shared::{PortfolioId, TransactionId};
use crate::testing::{Core, TestDb, TestHouse};
use rust_decimal::Decimal;
use serde_json::{Value, json};

async fn service(db: &Database) -> (Core, Service) {
    let config = Config::default();
    let core = Core::new(db, &config).await;
    let markets = markets::Service::new(&config, db, &Tasks::default()).unwrap();
    let service = Service::start(db.clone(), &core.accounts, markets);
    (core, service)
}

fn draft(kind: &str, symbol: &str, date: &str, quantity: &str, price: &str) -> Draft {
    Draft {
        kind: kind.into(),
        symbol: symbol.into(),
        date: date.into(),
        quantity: quantity.into(),
        price: price.into(),
        ..Draft::default()
    }
}

fn cash(kind: &str, date: &str, amount: &str) -> Draft {
    Draft {
        kind: kind.into(),
        date: date.into(),
        amount: amount.into(),
        ..Draft::default()
    }
}

fn exact(text: &str) -> Decimal {
    text.parse().unwrap()
}

struct Owner<'a> {
    service: &'a Service,
    viewer: &'a Viewer,
    id: PortfolioId,
}

impl Owner<'_> {
    async fn add(&self, draft: Draft) -> Result<TransactionId, String> {
        let done = self
            .service
            .add(self.viewer, Some(self.id), &draft, Naming::default());
        done.await.map_err(|error| error.code.into_owned())
    }

    async fn held(&self, symbol: &str) -> (Decimal, Decimal, Decimal) {
        let page = self.service.page(self.viewer, self.id).await.unwrap();
        let holding = page.holdings.into_iter().find(|one| one.symbol == symbol);
        let holding = holding.unwrap();
        (holding.quantity, holding.cost, holding.realised)
    }
}

#[tokio::test]
async fn transactions_come_to_holdings() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let made = service
            .create(&viewer, "Long run", Method::Fifo)
            .await
            .unwrap();
        let owner = Owner {
            service: &service,
            viewer: &viewer,
            id: made.id,
        };

        // Two of Apple's splits of the sample lie between: 100 become 400.
        owner
            .add(draft("BUY", "aapl", "2000-03-01", "100", "130.31"))
            .await
            .unwrap();
        owner
            .add(draft("BUY", "AAPL", "2010-01-04", "10", "213.43"))
            .await
            .unwrap();
        let sale = owner
            .add(draft("SELL", "AAPL", "2012-06-01", "300", "561.12"))
            .await
            .unwrap();
        let (quantity, cost, realised) = owner.held("AAPL").await;
        assert_eq!(quantity, exact("110"));
        assert_eq!(cost, exact("3257.75") + exact("2134.3"));
        assert_eq!(realised, exact("168336") - exact("9773.25"));
        let page = service.page(&viewer, made.id).await.unwrap();
        assert_eq!(page.cash, None, "nothing was put in");
        assert_eq!(page.holdings[0].name, "Apple Inc.");
        assert_eq!(
            page.holdings[0].sector.as_deref(),
            Some("Information Technology")
        );
        assert_eq!(page.value, exact("110") * exact("430.47"));

        // By average cost the same sale has cost something else.
        service
            .change(&viewer, made.id, "Long run", Method::Average)
            .await
            .unwrap();
        let (_, average, _) = owner.held("AAPL").await;
        assert_eq!(
            (average - (exact("13031") + exact("2134.3")) * exact("110") / exact("410"))
                .round_dp(9),
            Decimal::ZERO
        );

        // History can be put right, as long as nothing is sold that is not there.
        let few = draft("BUY", "AAPL", "2000-03-01", "70", "130.31");
        let first = service
            .transactions(&viewer, made.id, None, None, 10)
            .await
            .unwrap()
            .transactions;
        let first = first.last().unwrap().id;
        let refused = service
            .edit(&viewer, made.id, first, &few)
            .await
            .unwrap_err();
        assert_eq!((refused.code.as_ref(), refused.status()), ("oversold", 409));
        assert_eq!(refused.details["held"], "290");
        assert_eq!(
            service
                .remove(&viewer, made.id, first)
                .await
                .unwrap_err()
                .code,
            "oversold"
        );
        assert_eq!(
            owner.held("AAPL").await.0,
            exact("110"),
            "nothing was changed"
        );
        let gone = service.remove(&viewer, made.id, sale).await.unwrap();
        assert_eq!(gone.quantity, Some(exact("300")));
        assert_eq!(owner.held("AAPL").await.0, exact("410"));
        service.edit(&viewer, made.id, first, &few).await.unwrap();
        assert_eq!(owner.held("AAPL").await.0, exact("290"));

        // To another instrument.
        let ibm = draft("BUY", "IBM", "2000-03-01", "7", "100");
        service.edit(&viewer, made.id, first, &ibm).await.unwrap();
        assert_eq!(owner.held("AAPL").await.0, exact("10"));
        assert_eq!(owner.held("IBM").await.0, exact("7"));
        let count = service.portfolios(&viewer).await.unwrap()[0].transactions;
        assert_eq!(count, 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_changes_nothing() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let made = service.create(&viewer, "Mine", Method::Fifo).await.unwrap();
        let owner = Owner {
            service: &service,
            viewer: &viewer,
            id: made.id,
        };
        owner
            .add(draft("BUY", "IBM", "2010-01-04", "5", "130"))
            .await
            .unwrap();
        let refused = [
            (
                draft("SELL", "IBM", "2010-01-05", "5.0000000001", "1"),
                "oversold",
            ),
            (draft("SELL", "IBM", "2010-01-03", "1", "1"), "oversold"),
            (draft("SELL", "MSFT", "2010-01-05", "1", "1"), "oversold"),
            (draft("BUY", "IBM", "2999-01-01", "1", "1"), "future-date"),
            (draft("BUY", "", "2010-01-05", "1", "1"), "symbol-missing"),
            (draft("BUY", "IBM", "2010-01-05", "NaN", "1"), "bad-figure"),
            (
                Draft {
                    from: "1".into(),
                    to: "2".into(),
                    ..draft("SPLIT", "AAPL", "2005-03-01", "", "")
                },
                "split-known",
            ),
        ];
        for (draft, code) in refused {
            assert_eq!(
                owner.add(draft.clone()).await.unwrap_err(),
                code,
                "{draft:?}"
            );
        }
        let page = service
            .transactions(&viewer, made.id, None, None, 10)
            .await
            .unwrap();
        assert_eq!(page.transactions.len(), 1);
        assert_eq!(
            service.portfolios(&viewer).await.unwrap()[0].transactions,
            1
        );

        // Somebody else finds nothing, wherever they look.
        let other = core.person("bo").await;
        let id = page.transactions[0].id;
        let code = |error: crate::shared::Error| error.code.into_owned();
        let buy = draft("BUY", "IBM", "2010-01-05", "1", "1");
        let nothing = "not-found";
        assert_eq!(
            service
                .page(&other, made.id)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .detail(&other, made.id, "IBM")
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .transaction(&other, made.id, id)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .transactions(&other, made.id, None, None, 1)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .performance(&other, made.id, None)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .add(&other, Some(made.id), &buy, Naming::default())
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .edit(&other, made.id, id, &buy)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .remove(&other, made.id, id)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .remove_position(&other, made.id, "IBM")
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .change(&other, made.id, "x", Method::Fifo)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .delete(&other, made.id)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        // Nor with a portfolio of their own beside it.
        let own = service.create(&other, "Mine", Method::Fifo).await.unwrap();
        assert_eq!(
            service
                .remove(&other, own.id, id)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(
            service
                .edit(&other, own.id, id, &buy)
                .await
                .map_err(code)
                .unwrap_err(),
            nothing
        );
        assert_eq!(owner.held("IBM").await.0, exact("5"));
    })
    .await;
}

#[tokio::test]
async fn a_position_leaves_and_comes_back() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let made = service.create(&viewer, "Mine", Method::Fifo).await.unwrap();
        let owner = Owner {
            service: &service,
            viewer: &viewer,
            id: made.id,
        };
        owner
            .add(cash("DEPOSIT", "2010-01-04", "1000"))
            .await
            .unwrap();
        owner
            .add(draft("BUY", "IBM", "2010-01-05", "5", "130"))
            .await
            .unwrap();
        let page = service.page(&viewer, made.id).await.unwrap();
        assert_eq!(page.cash, Some(exact("350")));
        assert_eq!(
            page.value,
            exact("350") + exact("5") * page.holdings[0].price.unwrap()
        );

        service
            .remove_position(&viewer, made.id, "ibm")
            .await
            .unwrap();
        let page = service.page(&viewer, made.id).await.unwrap();
        assert_eq!((page.holdings.len(), page.cash), (0, Some(exact("1000"))));
        let listed = service
            .transactions(&viewer, made.id, Some("ibm"), None, 10)
            .await
            .unwrap();
        assert!(listed.transactions[0].removed);
        let buy = draft("BUY", "IBM", "2010-01-05", "1", "1");
        let edited = service
            .edit(&viewer, made.id, listed.transactions[0].id, &buy)
            .await;
        assert_eq!(edited.unwrap_err().code, "removed");
        let again = service.remove_position(&viewer, made.id, "IBM").await;
        assert_eq!(again.unwrap_err().code, "not-found");

        service
            .restore_position(&viewer, made.id, "IBM")
            .await
            .unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("5"));
        assert_eq!(
            service
                .restore_position(&viewer, made.id, "IBM")
                .await
                .unwrap_err()
                .code,
            "not-found"
        );
    })
    .await;
}

#[tokio::test]
async fn pages_of_transactions_are_whole() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let made = service.create(&viewer, "Mine", Method::Fifo).await.unwrap();
        let owner = Owner {
            service: &service,
            viewer: &viewer,
            id: made.id,
        };
        let mut written = Vec::new();
        for number in 0..7 {
            // Two of a day, and days that come in any order.
            let date = format!("2010-01-{:02}", 4 + (number * 3 % 7) / 2);
            written.push(
                owner
                    .add(draft("BUY", "IBM", &date, "1", "1"))
                    .await
                    .unwrap(),
            );
        }
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = service
                .transactions(&viewer, made.id, None, before.as_deref(), 3)
                .await
                .unwrap();
            seen.extend(page.transactions.iter().map(|one| (one.date, one.id)));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let mut sorted = seen.clone();
        sorted.sort_by(|one, other| other.cmp(one));
        assert_eq!(seen, sorted);
        assert_eq!(seen.len(), written.len());
        let bad = service
            .transactions(&viewer, made.id, None, Some("x"), 3)
            .await;
        assert_eq!(bad.unwrap_err().code, "bad-cursor");
    })
    .await;
}

/// The portfolio that the documentation follows by hand: docs/portfolio.md.
#[tokio::test]
async fn a_year_followed_by_hand() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let viewer = core.person("ada").await;
        let made = service
            .create(&viewer, "By hand", Method::Fifo)
            .await
            .unwrap();
        let owner = Owner {
            service: &service,
            viewer: &viewer,
            id: made.id,
        };
        owner
            .add(cash("DEPOSIT", "2012-02-29", "10000"))
            .await
            .unwrap();
        owner
            .add(Draft {
                fee: "10".into(),
                ..draft("BUY", "IBM", "2012-02-29", "40", "196.73")
            })
            .await
            .unwrap();
        owner
            .add(Draft {
                symbol: "IBM".into(),
                ..cash("DIVIDEND", "2012-06-11", "34")
            })
            .await
            .unwrap();
        owner
            .add(Draft {
                fee: "10".into(),
                ..draft("SELL", "IBM", "2012-10-01", "10", "210.47")
            })
            .await
            .unwrap();
        let page = service.page(&viewer, made.id).await.unwrap();
        // 10000 - 7879.20 + 34 + 2094.70
        assert_eq!(page.cash, Some(exact("4249.5")));
        let ibm = &page.holdings[0];
        assert_eq!((ibm.quantity, ibm.cost), (exact("30"), exact("5909.4")));
        assert_eq!(ibm.realised, exact("2094.7") - exact("1969.8"));
        assert_eq!(ibm.price, Some(exact("202.91")));
        assert_eq!(page.value, exact("4249.5") + exact("6087.3"));

        let found = service
            .performance(&viewer, made.id, Some("ibm"))
            .await
            .unwrap();
        let near = |one: Option<f64>, other: f64| (one.unwrap() - other).abs() < 1e-9;
        assert!(found.keeps_cash);
        assert_eq!(
            (found.put_in, found.taken_out, found.days),
            (10_000.0, 0.0, 366)
        );
        assert!((found.value - 10_336.8).abs() < 1e-9);
        assert!(near(found.simple, 0.033_68));
        // One deposit and nothing since: all three agree, but for the length of the year.
        assert!(near(found.time_weighted, 0.033_68));
        let yearly = 1.033_68_f64.powf(365.0 / 366.0) - 1.0;
        assert!(near(found.time_weighted_yearly, yearly) && near(found.money_weighted, yearly));
        let benchmark = found.benchmark.as_ref().unwrap();
        // The same 10000 in IBM at the close of the first day.
        let same = 10_000.0 * 202.91 / 196.73;
        assert!((benchmark.value.unwrap() - same).abs() < 1e-6);
        // About a half to nearly four fifths of it is in IBM itself.
        assert!((0.5..0.8).contains(&benchmark.beta.unwrap()));
        assert_eq!(found.course.first().unwrap().value, 9_990.0);
        assert!(found.volatility.unwrap() > 0.0 && found.drawdown.unwrap().depth < 0.0);
        let unknown = service.performance(&viewer, made.id, Some("APPL")).await;
        assert_eq!(unknown.unwrap_err().code, "unknown-symbol");
    })
    .await;
}

/// Seed 003: a client written for it works.
#[tokio::test]
async fn the_portfolio_of_older_clients() {
    let house = TestHouse::new().await;
    let (_, token) = house.person("ada").await;
    let token = Some(token.as_str());
    assert_eq!(
        house
            .request("GET", "/api/portfolio", None, None)
            .await
            .status,
        401
    );
    let empty = house.request("GET", "/api/portfolio/", token, None).await;
    assert_eq!(empty.is(200), json!({ "stocks": [], "transactions": [] }));
    let apple = json!({ "symbol": "aapl", "name": "Apple Inc.", "shares": 10, "avgPrice": 150.25,
        "sector": "Technology", "purchaseDate": "2012-01-03" });
    let added = house
        .request("POST", "/api/portfolio/add", token, Some(apple.clone()))
        .await;
    let stock = json!({ "symbol": "AAPL", "name": "Apple Inc.", "shares": 10.0, "avgPrice": 150.25,
        "currentPrice": 430.47, "sector": "Technology", "purchaseDate": "2012-01-03" });
    assert_eq!(added.is(201), json!({ "success": true, "stock": stock }));
    let page = house
        .request("GET", "/api/portfolio", token, None)
        .await
        .is(200);
    assert_eq!(page["stocks"], json!([stock]));
    let written = &page["transactions"][0];
    assert_eq!(written["type"], "BUY");
    assert_eq!(
        (&written["shares"], &written["price"], &written["total"]),
        (&json!(10.0), &json!(150.25), &json!(1502.5))
    );
    assert_eq!(written["date"], "2012-01-03");
    for field in [
        "symbol",
        "name",
        "shares",
        "avgPrice",
        "sector",
        "purchaseDate",
    ] {
        let mut less = apple.clone();
        less.as_object_mut().unwrap().remove(field);
        let refused = house
            .request("POST", "/api/portfolio/add", token, Some(less))
            .await;
        refused.fails(400, "missing-fields");
        assert_eq!(refused.json()["error"], "Missing required fields");
    }
    for (field, value, code) in [
        ("shares", json!(-1), "bad-figure"),
        ("shares", json!("x"), "bad-figure"),
        ("shares", json!(1e300), "bad-figure"),
        ("avgPrice", json!(null), "missing-fields"),
        ("symbol", json!("a b"), "bad-symbol"),
        ("purchaseDate", json!("03.01.2012"), "bad-date"),
        ("name", json!("\u{202e}"), "name-characters"),
    ] {
        let mut wrong = apple.clone();
        wrong[field] = value;
        house
            .request("POST", "/api/portfolio/add", token, Some(wrong))
            .await
            .fails(400, code);
    }
    let mut marked = apple.clone();
    marked["symbol"] = json!("$ibm");
    let added = house
        .request("POST", "/api/portfolio/add", token, Some(marked))
        .await
        .is(201);
    assert_eq!(added["stock"]["symbol"], "IBM");
    house
        .request("DELETE", "/api/portfolio/IBM", token, None)
        .await
        .is(200);
    let gone = house
        .request("DELETE", "/api/portfolio/aapl", token, None)
        .await;
    assert_eq!(gone.is(200), json!({ "success": true }));
    let again = house
        .request("DELETE", "/api/portfolio/AAPL", token, None)
        .await;
    again.fails(404, "not-in-portfolio");
    assert_eq!(again.json()["error"], "Stock not found in portfolio");
    let page = house
        .request("GET", "/api/portfolio", token, None)
        .await
        .is(200);
    assert_eq!(page["stocks"], json!([]));
    assert_eq!(page["transactions"][0]["removed"], true);
}

#[tokio::test]
async fn portfolios_for_programs() {
    let house = TestHouse::new().await;
    let (_, token) = house.person("ada").await;
    let token = Some(token.as_str());
    let made = house
        .request(
            "POST",
            "/api/portfolios",
            token,
            Some(json!({ "name": "Mine", "method": "average" })),
        )
        .await
        .is(201);
    let base = format!("/api/portfolios/{}", made["id"].as_str().unwrap());
    house
        .request(
            "POST",
            "/api/portfolios",
            token,
            Some(json!({ "name": "mine" })),
        )
        .await
        .fails(409, "portfolio-exists");
    let all = format!("{base}/transactions");
    let buy = json!({ "kind": "buy", "symbol": "IBM", "date": "2010-01-04", "quantity": 2.5, "price": "130", "note": "first" });
    let one = house.request("POST", &all, token, Some(buy)).await.is(201);
    assert_eq!(
        (&one["kind"], &one["quantity"], &one["removed"]),
        (&json!("BUY"), &json!("2.5"), &json!(false))
    );
    let at = format!("{all}/{}", one["id"].as_str().unwrap());
    let changed = json!({ "kind": "BUY", "symbol": "IBM", "date": "2010-01-04", "quantity": "3", "price": "130" });
    assert_eq!(
        house
            .request("PUT", &at, token, Some(changed))
            .await
            .is(200)["quantity"],
        "3"
    );
    assert_eq!(
        house.request("GET", &at, token, None).await.is(200)["note"],
        ""
    );
    let page = house.request("GET", &base, token, None).await.is(200);
    assert_eq!(page["holdings"][0]["quantity"], "3");
    let found = house
        .request(
            "GET",
            &format!("{base}/performance?benchmark=aapl"),
            token,
            None,
        )
        .await
        .is(200);
    assert_eq!(found["benchmark"]["symbol"], "AAPL");
    assert!(found["money_weighted"].is_number());
    let listed = house
        .request("GET", &format!("{all}?limit=1"), token, None)
        .await
        .is(200);
    assert_eq!(listed["transactions"].as_array().map(Vec::len), Some(1));
    house
        .request("GET", &format!("{all}?limit=0"), token, None)
        .await
        .fails(400, "bad-limit");
    assert_eq!(
        house.request("DELETE", &at, token, None).await.is(200)["kind"],
        "BUY"
    );
    assert_eq!(house.request("DELETE", &at, token, None).await.status, 404);
    let (_, other) = house.person("bo").await;
    house
        .request("GET", &base, Some(&other), None)
        .await
        .fails(404, "not-found");
    assert_eq!(
        house
            .request("PUT", &base, token, Some(json!({ "name": "Yours" })))
            .await
            .status,
        204
    );
    assert_eq!(
        house.request("DELETE", &base, token, None).await.status,
        204
    );
    let none: Value = house
        .request("GET", "/api/portfolios", token, None)
        .await
        .is(200);
    assert_eq!(none, json!({ "portfolios": [] }));
}
