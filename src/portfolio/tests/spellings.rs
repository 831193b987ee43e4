//! A symbol with several spellings is one position, also if earlier versions stored two.

use super::{Owner, each, exact, input};
use crate::portfolio::TransactionInput;
use crate::portfolio::rules::{ledger::Method, moves::Move};
use crate::portfolio::service::{Naming, Taking};
use crate::portfolio::store;
use crate::testing::{TestHouse, code, texts};
use bytes::Bytes;
use rust_decimal::Decimal;
use serde_json::json;

#[tokio::test]
async fn all_spellings_are_one_position() {
    each(async |_, owner| {
        let (service, viewer, id) = (owner.service, owner.viewer, owner.id);
        let bought = input("BUY", "IBM.US", "2010-01-04", "10", "130");
        let bought = owner.add(bought).await.unwrap();
        let sold = input("SELL", "ibm", "2010-02-01", "4", "150");
        let sold = owner.add(sold).await.unwrap();
        assert_eq!(
            owner.held("IBM").await,
            (exact("6"), exact("780"), exact("80"))
        );
        let meta = input("BUY", "META", "2012-06-01", "3", "28");
        owner.add(meta).await.unwrap();
        let fb = input("SELL", "$fb", "2012-06-04", "1", "27");
        owner.add(fb).await.unwrap();
        assert_eq!(owner.held("META").await.0, exact("2"));
        let much = input("SELL", "FB.US", "2012-06-05", "3", "27");
        assert_eq!(owner.add(much).await.unwrap_err(), "oversold");
        let page = service.page(viewer, id).await.unwrap();
        assert_eq!(page.holdings.len(), 2);

        for spelling in ["IBM", "ibm.us"] {
            let listed = service.transactions(viewer, id, Some(spelling), None, 10);
            let listed = listed.await.unwrap().transactions;
            let ids: Vec<_> = listed.iter().map(|one| one.id).collect();
            assert_eq!(ids, [sold, bought], "{spelling}");
            let detail = service.detail(viewer, id, spelling, None, None).await;
            assert_eq!(detail.unwrap().holding.symbol, "IBM");
            assert_eq!(service.trades(viewer, spelling).await.unwrap().len(), 2);
        }
        let less = input("BUY", "IBM.US", "2010-01-04", "5", "130");
        service.edit(viewer, id, bought, &less).await.unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("1"));
        assert_eq!(service.page(viewer, id).await.unwrap().holdings.len(), 2);

        service.remove_position(viewer, id, "FB").await.unwrap();
        let gone = service.remove_position(viewer, id, "META.US").await;
        assert_eq!(code(gone), "not-found");
        service.restore_position(viewer, id, "fb.us").await.unwrap();
        assert_eq!(owner.held("META").await.0, exact("2"));
    })
    .await;
}

#[tokio::test]
async fn files_recognize_all_spellings() {
    each(async |_, owner| {
        let (service, viewer, id) = (owner.service, owner.viewer, owner.id);
        for (symbol, quantity, price) in [("AAPL", "10", "200"), ("META", "2", "28")] {
            let bought = input("BUY", symbol, "2012-06-01", quantity, price);
            owner.add(bought).await.unwrap();
        }
        let table = "date,type,symbol,quantity,price\n2012-06-01,BUY,AAPL.US,10,200\n\
            2012-06-01,BUY,FB,2,28\n2012-06-04,SELL,aapl.us,4,210\n";
        let semicolons = table.replace(',', ";");
        let row = |kind: &str, symbol: &str, day: &str, quantity: i32, price: i32| {
            json!({ "date": day, "type": kind, "symbol": symbol, "quantity": quantity,
                "unitPrice": price, "fee": 0, "currency": "USD" })
        };
        let ghostfolio = json!({ "activities": [
            row("BUY", "AAPL.US", "2012-06-01", 10, 200),
            row("BUY", "FB", "2012-06-01", 2, 28),
            row("SELL", "AAPL.US", "2012-06-04", 4, 210),
        ] });
        for file in [table.to_owned(), semicolons, ghostfolio.to_string()] {
            let seen = service.preview(viewer, id, file.clone().into()).await;
            let seen = seen.unwrap();
            assert_eq!((seen.fresh, seen.known, seen.refused), (1, 2, 0), "{file}");
            assert_eq!(seen.additions[0].symbol.as_deref(), Some("AAPL"));
            assert_eq!(seen.conflict, None);
        }
        let taken = service.import(viewer, id, Bytes::from(table), Taking::default());
        assert_eq!(taken.await.unwrap().fresh, 1);
        assert_eq!(owner.held("AAPL").await.0, exact("6"));
        assert_eq!(service.page(viewer, id).await.unwrap().holdings.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn older_clients_use_their_own_spelling() {
    let (house, ada) = TestHouse::with_user("ada").await;
    let apple = json!({ "symbol": "AAPL.US", "name": "Apple", "shares": 10, "avgPrice": 150,
        "sector": "Technology", "purchaseDate": "2012-01-03" });
    let added = ada.post("/api/portfolio/add", apple).await.is(201);
    assert_eq!(added["stock"]["symbol"], "AAPL");
    let listed = ada.get("/api/portfolios").await.is(200);
    let at = format!(
        "/api/portfolios/{}",
        listed["portfolios"][0]["id"].as_str().unwrap()
    );
    let found = ada.get(&format!("{at}/transactions?symbol=AAPL.US")).await;
    assert_eq!(found.is(200)["transactions"][0]["symbol"], "AAPL");
    let out = ada.get(&format!("{at}/export.csv")).await.text;
    assert!(out.contains(",AAPL,") && !out.contains("AAPL.US"), "{out}");
    ada.delete("/api/portfolio/AAPL.US").await.is(200);
    let restore = format!("{at}/positions/aapl.us/restore");
    assert_eq!(ada.post(&restore, json!(null)).await.status, 204);
    let gone = ada.delete(&format!("{at}/positions/AAPL.US")).await;
    assert_eq!(gone.status, 204);
    let again = ada.delete("/api/portfolio/AAPL").await;
    again.fails(404, "not-in-portfolio");
    house.close().await;
}

/// Stores everything of a symbol under a spelling, as earlier versions did.
async fn stored_as(house: &TestHouse, symbol: &str, spelling: &str) {
    for table in [
        "portfolio_transactions",
        "portfolio_holdings",
        "portfolio_removals",
    ] {
        let sql = format!("UPDATE {table} SET symbol = '{spelling}' WHERE symbol = '{symbol}'");
        house.sql(sql).await;
    }
}

/// All that is stored of a symbol, without ids.
async fn stored(house: &TestHouse, owner: Owner<'_>, symbol: &str) -> (String, Vec<Move>) {
    let kept = store::holding(house.db(), owner.id, symbol).await.unwrap();
    let moves = store::all_moves(house.db(), owner.id).await.unwrap();
    let moves = moves.into_iter().find(|one| one.symbol == symbol);
    let listed = service_list(owner, symbol).await;
    (
        format!("{kept:?} {listed:?}"),
        moves.unwrap().moves.unwrap(),
    )
}

async fn service_list(owner: Owner<'_>, symbol: &str) -> Vec<(String, Option<Decimal>, bool)> {
    let listed = owner
        .service
        .transactions(owner.viewer, owner.id, Some(symbol), None, 100);
    let listed = listed.await.unwrap().transactions.into_iter();
    listed
        .map(|one| {
            let what = format!("{} {} {}", one.date, one.kind.as_str(), one.note);
            (what, one.quantity, one.removed)
        })
        .collect()
}

async fn rev(house: &TestHouse, owner: Owner<'_>) -> i64 {
    let found = store::portfolio(house.db(), owner.viewer.account, owner.id).await;
    found.unwrap().unwrap().1
}

/// Of each transaction also whether the second spelling has it.
fn history() -> Vec<(bool, TransactionInput)> {
    let noted = TransactionInput {
        note: "a note".into(),
        fee: "5".into(),
        ..input("BUY", "IBM", "2010-03-01", "20", "128")
    };
    vec![
        (false, input("BUY", "IBM", "2010-01-04", "10", "130")),
        (true, noted),
        (false, input("SELL", "IBM", "2010-04-01", "5", "129")),
        (true, input("SELL", "IBM", "2010-05-03", "15", "131")),
    ]
}

#[tokio::test]
async fn two_stored_positions_become_one() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        // Another symbol takes the place of the second spelling.
        for (second, mut one) in history() {
            if second {
                one.symbol = "KO".into();
            }
            let named = Naming {
                name: second.then(|| "Big Blue".into()),
                sector: None,
            };
            let added = service.add(viewer, Some(owner.id), &one, named).await;
            added.unwrap();
        }
        let file = "date,type,symbol,quantity,price\n2010-06-01,BUY,KO,8,125\n";
        let taken = service.import(viewer, owner.id, file.into(), Taking::default());
        let taken = taken.await.unwrap().id.unwrap();
        let meta = input("BUY", "META", "2012-06-01", "3", "28");
        owner.add(meta).await.unwrap();
        stored_as(house, "KO", "IBM.US").await;
        stored_as(house, "META", "FB.US").await;
        let before = service.portfolios(viewer).await.unwrap()[0].transactions;

        // Merged before the server serves.
        let next = house.another(|_| {}).await;
        next.serve().await;
        let page = service.page(viewer, owner.id).await.unwrap();
        let mut symbols: Vec<_> = page.holdings.iter().map(|one| &*one.symbol).collect();
        symbols.sort_unstable();
        assert_eq!(symbols, ["IBM", "META"]);
        assert_eq!(page.portfolio.transactions, before);
        assert_eq!(owner.held("META").await.0, exact("3"));

        // The same as if all of them had been added to one position.
        let expected = Owner::with(service, viewer, "Expected").await;
        for (second, one) in history() {
            let named = Naming {
                name: second.then(|| "Big Blue".into()),
                sector: None,
            };
            let added = service.add(viewer, Some(expected.id), &one, named).await;
            added.unwrap();
        }
        let last = input("BUY", "IBM", "2010-06-01", "8", "125");
        expected.add(last).await.unwrap();
        assert_eq!(
            stored(house, owner, "IBM").await,
            stored(house, expected, "IBM").await
        );
        assert_eq!(owner.held("IBM").await, expected.held("IBM").await);
        for method in [Method::Fifo, Method::Average] {
            for portfolio in [owner, expected] {
                let name = format!("{:?}", portfolio.id);
                let changed = service.change(viewer, portfolio.id, &name, method).await;
                changed.unwrap();
            }
            assert_eq!(owner.held("IBM").await, expected.held("IBM").await);
        }

        // Repeated it changes nothing.
        let at = rev(house, owner).await;
        service.merge_spellings().await.unwrap();
        assert_eq!(rev(house, owner).await, at);

        // The import can still be undone.
        let undone = service.undo_import(viewer, owner.id, taken).await;
        assert_eq!(undone.unwrap(), 1);
        assert_eq!(owner.held("IBM").await.0, exact("10"));
        next.close().await;
    })
    .await;
}

#[tokio::test]
async fn removed_transactions_stay_removed() {
    each(async |house, owner| {
        let (service, viewer, id) = (owner.service, owner.viewer, owner.id);
        let buy = async |symbol: &str, quantity: &str| {
            let bought = input("BUY", symbol, "2010-01-04", quantity, "100");
            owner.add(bought).await.unwrap();
        };
        // The first spelling was removed once, the second twice, and bought again.
        buy("IBM", "1").await;
        service.remove_position(viewer, id, "IBM").await.unwrap();
        buy("IBM", "2").await;
        for quantity in ["4", "8"] {
            buy("KO", quantity).await;
            service.remove_position(viewer, id, "KO").await.unwrap();
        }
        buy("KO", "16").await;
        // Of the next one only removed transactions are left, of the last one restored ones.
        buy("MSFT", "32").await;
        service.remove_position(viewer, id, "MSFT").await.unwrap();
        buy("XOM", "64").await;
        service.remove_position(viewer, id, "XOM").await.unwrap();
        buy("XOM", "128").await;
        service.restore_position(viewer, id, "XOM").await.unwrap();
        for (symbol, spelling) in [("KO", "IBM.US"), ("MSFT", "FB"), ("XOM", "GE.US")] {
            stored_as(house, symbol, spelling).await;
        }

        service.merge_spellings().await.unwrap();
        service.merge_spellings().await.unwrap();
        let sql = "SELECT symbol FROM portfolio_removals ORDER BY symbol";
        assert_eq!(texts(house.db(), sql).await, ["GE", "IBM", "META"]);
        assert_eq!(owner.held("IBM").await.0, exact("18"));
        assert_eq!(owner.held("GE").await.0, exact("192"));
        let page = service.page(viewer, id).await.unwrap();
        assert_eq!(page.holdings.len(), 2);
        let mut removed: Vec<_> = service_list(owner, "IBM.US").await;
        removed.retain(|(_, _, removed)| *removed);
        assert_eq!(removed.len(), 3);

        buy("IBM", "1000").await;
        assert_eq!(owner.held("IBM").await.0, exact("1018"));
        for (symbol, all) in [("IBM.US", "1031"), ("FB", "32")] {
            service.restore_position(viewer, id, symbol).await.unwrap();
            let symbol = crate::markets::canonical(symbol);
            assert_eq!(owner.held(symbol).await.0, exact(all), "{symbol}");
        }
        for symbol in ["IBM", "GE.US"] {
            service.remove_position(viewer, id, symbol).await.unwrap();
        }
        let page = service.page(viewer, id).await.unwrap();
        assert_eq!(page.holdings.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn splits_happened_once_and_what_does_not_fit_stays() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let split = |symbol: &str, date: &str, from: &str, to: &str| TransactionInput {
            from: from.into(),
            to: to.into(),
            ..input("SPLIT", symbol, date, "", "")
        };
        for one in [
            // Entered under both spellings, two days apart.
            input("BUY", "AAA", "2010-01-04", "10", "130"),
            split("AAA", "2010-02-01", "1", "2"),
            input("BUY", "BBB", "2010-01-04", "5", "130"),
            split("BBB", "2010-02-03", "1", "2"),
            // With the split of the other spelling it sold more than it held.
            input("BUY", "CCC", "2010-01-04", "10", "130"),
            input("SELL", "CCC", "2010-03-01", "10", "130"),
            input("BUY", "DDD", "2010-01-04", "10", "130"),
            split("DDD", "2010-02-01", "10", "1"),
        ] {
            owner.add(one).await.unwrap();
        }
        stored_as(house, "BBB", "AAA.US").await;
        stored_as(house, "DDD", "CCC.US").await;
        for _ in 0..2 {
            service.merge_spellings().await.unwrap();
            let page = service.page(viewer, owner.id).await.unwrap();
            let mut held: Vec<_> = page
                .holdings
                .into_iter()
                .map(|one| (one.symbol, one.quantity.normalize().to_string()))
                .collect();
            held.sort();
            let expected = [("AAA", "30"), ("CCC", "0"), ("CCC.US", "1")];
            let expected = expected.map(|(symbol, units)| (symbol.into(), units.into()));
            assert_eq!(held, expected);
            assert_eq!(page.portfolio.transactions, 7);
        }
        // Each of them can be removed by its own name.
        let (id, apart) = (owner.id, "CCC.US");
        service.remove_position(viewer, id, apart).await.unwrap();
        assert_eq!(owner.held("CCC").await.0, exact("0"));
        let page = service.page(viewer, id).await.unwrap();
        assert_eq!(page.holdings.len(), 2);
        service.restore_position(viewer, id, apart).await.unwrap();
        assert_eq!(owner.held(apart).await.0, exact("1"));
        // The owner edits what does not fit; the next start merges the rest.
        let sql = "DELETE FROM portfolio_transactions WHERE symbol = 'CCC' AND kind = 'SELL'";
        assert_eq!(house.sql(sql).await, 1);
        service.merge_spellings().await.unwrap();
        assert_eq!(owner.held("CCC").await.0, exact("2"));
    })
    .await;
}
