//! Dividends of a data source: offered, added, undone. A local server plays Alpha Vantage; prices
//! are those of the sample.

use super::{Owner, cash, each, each_with, exact, input};
use crate::platform::{
    config::{Config, MarketSource},
    database::Tx,
};
use crate::portfolio::{ChosenDividend, Dividends, Origin, Service, TransactionInput};
use crate::shared::{ImportId, PortfolioId};
use crate::testing::{TestHouse, code, play};
use axum::{
    Router,
    extract::RawQuery,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

const IBM: [(&str, &str, &str); 4] = [
    ("2012-05-08", "2012-06-09", "0.85"),
    ("2012-08-08", "2012-09-10", "0.85"),
    ("2012-11-07", "2012-12-10", "0.85"),
    ("2013-02-06", "None", "0.85"),
];

/// Plays Alpha Vantage: it has only dividends, and is unavailable for MSFT.
async fn answer(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let asked = |what: &str| query.contains(what);
    let rows: &[(&str, &str, &str)] = if asked("symbol=MSFT") {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    } else if !asked("function=DIVIDENDS") {
        &[]
    } else if asked("symbol=IBM") {
        &IBM
    } else if asked("symbol=AAPL") {
        // Invented dividends, not adjusted for splits.
        &[
            ("2000-03-02", "None", "0.80"),
            ("2000-06-22", "None", "0.40"),
            ("2005-03-01", "None", "0.20"),
        ]
    } else {
        &[]
    };
    if rows.is_empty() {
        let unknown = json!({ "Error Message": "Invalid API call. Please retry." });
        return axum::Json(unknown).into_response();
    }
    let row = |(ex_date, pays, amount): &(&str, &str, &str)| {
        json!({ "ex_dividend_date": ex_date, "declaration_date": "None", "record_date": "None",
            "payment_date": pays, "amount": amount })
    };
    let data: Vec<Value> = rows.iter().map(row).collect();
    axum::Json(json!({ "symbol": "X", "data": data })).into_response()
}

/// Asks the local server first, then the sample.
async fn configure() -> impl Fn(&mut Config) {
    let base = format!("{}/", play(Router::new().fallback(answer)).await);
    move |config| {
        config.market.source =
            MarketSource::List(vec![MarketSource::AlphaVantage, MarketSource::Sample]);
        config.market.alpha_vantage_url.clone_from(&base);
        config.market.alpha_vantage_per_minute = 60_000;
        config.market.alpha_vantage_per_day = 10_000;
        config.secrets.alpha_vantage_key = Some("s3cretK3Y".into());
    }
}

/// The example portfolio of docs/methods/README.md, without the dividend.
async fn by_hand(owner: Owner<'_>) {
    for one in [
        cash("DEPOSIT", "2012-02-29", "10000"),
        TransactionInput {
            fee: "10".into(),
            ..input("BUY", "IBM", "2012-02-29", "40", "196.73")
        },
        TransactionInput {
            fee: "10".into(),
            ..input("SELL", "IBM", "2012-10-01", "10", "210.47")
        },
    ] {
        owner.add(one).await.unwrap();
    }
}

fn offered(found: &Dividends) -> Vec<(String, String, String)> {
    let one = found.offered.iter().map(|one| {
        let date = one.ex_date.to_string();
        (one.symbol.clone(), date, one.amount.to_string())
    });
    one.collect()
}

fn choices(found: &Dividends) -> Vec<ChosenDividend> {
    found.offered.iter().map(|one| one.choice()).collect()
}

#[tokio::test]
async fn what_is_missing_is_offered_taken_over_and_taken_back() {
    each_with(configure().await, async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        by_hand(owner).await;
        owner
            .add(input("BUY", "XOM", "2012-01-03", "1", "85"))
            .await
            .unwrap();
        owner
            .add(input("BUY", "MSFT", "2012-01-03", "1", "27"))
            .await
            .unwrap();
        let found = service.dividends(viewer, owner.id).await.unwrap();
        let row = |date: &str, money: &str| ("IBM".into(), date.into(), money.into());
        let all = [
            row("2013-02-06", "25.50"),
            row("2012-11-07", "25.50"),
            row("2012-08-08", "34.00"),
            row("2012-05-08", "34.00"),
        ];
        assert_eq!(offered(&found), all);
        let dates: Vec<_> = found
            .offered
            .iter()
            .map(|one| one.date.to_string())
            .collect();
        // The payment date, if reported.
        assert_eq!(
            dates,
            ["2013-02-06", "2012-12-10", "2012-09-10", "2012-06-09"]
        );
        assert_eq!(
            (found.untold, found.away),
            (vec!["XOM".into()], vec!["MSFT".into()])
        );
        assert_eq!((found.known, found.more), (0, 0));
        assert_eq!(found.paid.total, exact("0"));

        // Entered by the owner two days after the payment: it is not offered.
        owner
            .add(TransactionInput {
                symbol: "IBM".into(),
                ..cash("DIVIDEND", "2012-06-11", "34")
            })
            .await
            .unwrap();
        let found = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!(offered(&found), all[..3]);
        assert_eq!(found.known, 1);
        let taken = service.take_dividends(viewer, owner.id, choices(&found)[..2].to_vec());
        let taken = taken.await.unwrap();
        assert_eq!(taken.taken, 2);
        let after = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!(offered(&after), all[2..3]);
        assert_eq!((after.known, after.paid.total), (3, exact("85")));
        let written = service
            .transactions(viewer, owner.id, Some("IBM"), None, 10)
            .await
            .unwrap()
            .transactions;
        let newest = &written[0];
        assert_eq!(
            (newest.date.to_string(), newest.amount, newest.note.as_str()),
            (
                "2013-02-06".into(),
                Some(exact("25.5")),
                "30 × 0.85, 2013-02-06"
            )
        );
        let page = service.page(viewer, owner.id).await.unwrap();
        assert_eq!(
            page.cash,
            Some(exact("4249.5") + exact("51") - exact("112"))
        );

        // Already added, partly already added, or never due: each selection is rejected as a whole.
        let never = |change: fn(&mut ChosenDividend)| {
            let mut chosen = choices(&after);
            change(&mut chosen[0]);
            chosen
        };
        for (chosen, expected) in [
            (choices(&found)[..2].to_vec(), "dividend-not-offered"),
            (choices(&found), "dividend-not-offered"),
            (
                never(|one| one.per_share = exact("85")),
                "dividend-not-offered",
            ),
            (
                never(|one| (one.per_share, one.symbol) = (exact("85"), "a b".into())),
                "dividend-not-offered",
            ),
            (Vec::new(), "nothing-chosen"),
        ] {
            let what = format!("{chosen:?}");
            let taken = service.take_dividends(viewer, owner.id, chosen).await;
            assert_eq!(code(taken), expected, "{what}");
        }
        let unchanged = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!(unchanged, after);

        // Undone together, from the list of imports.
        let imports = service.imports(viewer, owner.id, None).await.unwrap();
        let [past] = imports.imports.as_slice() else {
            panic!()
        };
        assert_eq!(
            (past.id, past.origin, past.brought),
            (taken.import_id, Origin::Dividends, 2)
        );
        service
            .undo_import(viewer, owner.id, taken.import_id)
            .await
            .unwrap();
        let back = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!(back, found);
    })
    .await;
}

#[tokio::test]
async fn two_pages_that_take_the_same_over_write_it_once() {
    each_with(configure().await, async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        by_hand(owner).await;
        let found = service.dividends(viewer, owner.id).await.unwrap();
        let chosen = choices(&found);
        // A duplicate in one selection counts once.
        let twice: Vec<_> = chosen.iter().chain(&chosen).cloned().collect();
        let take = |chosen| service.take_dividends(viewer, owner.id, chosen);
        let (one, other) = tokio::join!(take(twice), take(chosen));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let after = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!((after.known, after.offered.len()), (4, 0));
        assert_eq!(after.paid.total, exact("119"));
        // 30 shares received each of them: 4 × 0.85, until the last price on 2013-03-01.
        assert_eq!(after.paid.held, exact("102"));
        assert_eq!(after.paid.cost, exact("5909.4"));
    })
    .await;
}

#[tokio::test]
async fn dividends_of_all_spellings() {
    each_with(configure().await, async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        for symbol in ["IBM.US", "IBM"] {
            let bought = input("BUY", symbol, "2012-02-29", "20", "196.73");
            owner.add(bought).await.unwrap();
        }
        let entered = TransactionInput {
            symbol: "ibm.us".into(),
            ..cash("DIVIDEND", "2012-06-11", "34")
        };
        owner.add(entered).await.unwrap();
        let found = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!((found.known, found.offered.len()), (1, 3));
        assert!(found.offered.iter().all(|one| one.symbol == "IBM"));
        // The same dividend in two spellings is one.
        let mut chosen = choices(&found);
        chosen.extend(choices(&found).into_iter().map(|one| ChosenDividend {
            symbol: "IBM.US".into(),
            ..one
        }));
        let taken = service.take_dividends(viewer, owner.id, chosen).await;
        assert_eq!(taken.unwrap().taken, 3);
        let after = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!((after.known, after.paid.total), (4, exact("136")));
    })
    .await;
}

/// Apple's splits of 2000 and 2005, which the sample's price history contains.
#[tokio::test]
async fn shares_of_before_the_splits() {
    each_with(configure().await, async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        owner
            .add(input("BUY", "AAPL", "2000-03-01", "100", "130.31"))
            .await
            .unwrap();
        let found = service.dividends(viewer, owner.id).await.unwrap();
        let units: Vec<_> = found.offered.iter().map(|one| one.quantity).collect();
        assert_eq!(units, [exact("400"), exact("200"), exact("100")]);
        assert!(found.offered.iter().all(|one| one.amount == exact("80")));
        // Removed without a sell: no dividends are due.
        service
            .remove_position(viewer, owner.id, "AAPL")
            .await
            .unwrap();
        let none = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!(none, Dividends::default());
    })
    .await;
}

/// A portfolio of another account, and one managed by paper trading.
#[tokio::test]
async fn dividends_are_for_those_who_may_write() {
    each_with(configure().await, async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let other = house.user("bo").await;
        by_hand(owner).await;
        let found = service.dividends(viewer, owner.id).await.unwrap();
        for id in [owner.id, PortfolioId::new()] {
            let seen = service.dividends(&other, id).await;
            assert_eq!(code(seen), "not-found");
            let taken = service.take_dividends(&other, id, choices(&found)).await;
            assert_eq!(code(taken), "not-found");
        }
        let (account, date) = (viewer.account, "2012-01-03".parse().unwrap());
        let open = move |tx: Tx| async move {
            Service::open_kept(&tx, account, "paper", "Season", date, exact("100")).await
        };
        let kept = house.db().write(account.0, open).await.unwrap();
        let refused = service.take_dividends(viewer, kept, choices(&found)).await;
        assert_eq!(code(refused), "portfolio-managed");
        let seen = service.dividends(viewer, kept).await.unwrap();
        assert!(seen.offered.is_empty());
    })
    .await;
}

#[tokio::test]
async fn dividends_for_programs() {
    let house = TestHouse::with(configure().await).await;
    let [ada, bo] = house.users(["ada", "bo"]).await;
    let base = ada.portfolio("Mine").await;
    let buy = json!({ "kind": "BUY", "symbol": "IBM", "date": "2012-02-29", "quantity": 40, "price": "196.73" });
    ada.post(&format!("{base}/transactions"), buy).await.is(201);
    let at = &format!("{base}/dividends");
    bo.get(at).await.fails(404, "not-found");
    let found = ada.get(at).await.is(200);
    assert_eq!(found["offered"].as_array().map(Vec::len), Some(4));
    let first = &found["offered"][0];
    assert_eq!(
        first,
        &json!({ "symbol": "IBM", "ex_date": "2013-02-06", "date": "2013-02-06",
            "per_share": "0.85", "quantity": "40", "amount": "34.00" })
    );
    // An offered dividend can be sent back as it is.
    let chosen = json!({ "dividends": [first] });
    bo.post(at, chosen.clone()).await.fails(404, "not-found");
    let taken = ada.post(at, chosen.clone()).await.is(201);
    assert_eq!(taken["taken"], 1);
    let half = json!({ "dividends": [{ "symbol": "IBM" }] });
    let changes = [
        (json!({}), 409, "dividend-not-offered"),
        (json!({ "dividends": [] }), 400, "nothing-chosen"),
        (half, 400, "malformed"),
    ];
    ada.refused(at, &chosen, changes).await;
    let found = ada.get(at).await.is(200);
    assert_eq!(
        (&found["known"], &found["paid"]["total"]),
        (&json!(1), &json!("34.00"))
    );
    assert_eq!(found["holdings"][0]["symbol"], "IBM");
    let listed = ada.get(&format!("{base}/imports")).await.is(200);
    assert_eq!(listed["imports"][0]["origin"], "dividends");
    let import: ImportId = taken["import_id"].as_str().unwrap().parse().unwrap();
    let back = ada.delete(&format!("{base}/imports/{import}")).await;
    back.is_no_content();
    let found = ada.get(at).await.is(200);
    assert_eq!(found["offered"].as_array().map(Vec::len), Some(4));
}

/// The bundled sample has no dividends, and reports that.
#[tokio::test]
async fn the_sample_tells_of_no_dividends() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        by_hand(owner).await;
        let found = service.dividends(viewer, owner.id).await.unwrap();
        assert_eq!((found.offered, found.untold), (vec![], vec!["IBM".into()]));
    })
    .await;
}

/// Without scripts: the page as the server renders it, and its form as a browser sends it.
#[tokio::test]
async fn the_page_and_its_form_without_scripts() {
    let house = TestHouse::with(configure().await).await;
    let ada = house.user("ada").await;
    let page = async || ada.page("/portfolio/dividends").await;
    assert!(page().await.contains("Add a buy to see dividends."));
    let owner = Owner::with(house.portfolio(), &ada, "Mine").await;
    by_hand(owner).await;
    owner
        .add(input("BUY", "XOM", "2012-01-03", "1", "85"))
        .await
        .unwrap();
    let drawn = page().await;
    for part in [
        "action=\"/rpc/portfolio/take_dividends\"",
        "name=\"chosen[]\"",
        "value=\"2012-05-08_0.85_IBM\"",
        "No data source has dividends of XOM.",
        "Add selected",
    ] {
        assert!(drawn.contains(part), "{part}");
    }
    let chosen = |date: &str| format!("&chosen%5B%5D={date}_0.85_IBM");
    let send = async |chosen: String| {
        let what = "POST /rpc/portfolio/take_dividends";
        let body = format!("portfolio={}{chosen}", owner.id);
        ada.send(what, "application/x-www-form-urlencoded", body)
            .await
    };
    let two = [chosen("2012-05-08"), chosen("2012-08-08")].concat();
    let taken = send(two).await;
    assert!(
        taken.text.contains("\"taken\":2"),
        "{} {}",
        taken.status,
        taken.text
    );
    assert!(!page().await.contains("2012-05-08_0.85_IBM"));
    let nothing = send(String::new()).await;
    assert!(nothing.text.contains("nothing-chosen"), "{}", nothing.text);
    let wrong = send("&chosen%5B%5D=x".into()).await;
    assert!(wrong.text.contains("malformed"), "{}", wrong.text);
}
