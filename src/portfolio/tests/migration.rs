//! Portfolios from before removals had generations: removed symbols stay removed and can be
//! restored.

use super::{Owner, exact, input};
use crate::accounts::Viewer;
use crate::testing::{OldDb, TestHouse, code, texts};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use uuid::Uuid;

/// Part of the migration's name.
const BATCHES: &str = "000022";

/// Old transactions: symbol, quantity of a buy, whether it was removed, and the import.
fn old(finished: Uuid, unfinished: Uuid) -> Vec<(&'static str, &'static str, bool, Option<Uuid>)> {
    vec![
        ("IBM", "1", true, None),
        ("IBM", "2", false, None),
        ("IBM", "4", false, Some(finished)),
        ("AAPL", "8", true, None),
        ("KO", "16", true, Some(finished)),
        ("MSFT", "32", false, None),
        // The rows of an import were marked as removed until all of them were written.
        ("XOM", "64", true, Some(unfinished)),
        ("MSFT", "128", true, Some(unfinished)),
    ]
}

/// Inserts the transactions of Ada's portfolio.
async fn fill(old_db: &OldDb) {
    let (finished, unfinished) = (Uuid::now_v7(), Uuid::now_v7());
    let at: DateTime<Utc> = "2026-11-01T00:00:00Z".parse().unwrap();
    let portfolio = old_db.portfolio.0;
    for (id, done_at) in [(finished, Some(at)), (unfinished, None)] {
        let import = vec![
            ("id", id.into()),
            ("portfolio_id", portfolio.into()),
            ("name", "old.csv".into()),
            ("brought", 2_i64.into()),
            ("done_at", done_at.into()),
        ];
        old_db.insert("portfolio_imports", import).await;
    }
    for (symbol, quantity, removed, import) in old(finished, unfinished) {
        let row = vec![
            ("id", Uuid::now_v7().into()),
            ("portfolio_id", portfolio.into()),
            ("symbol", symbol.into()),
            ("kind", "BUY".into()),
            ("date", NaiveDate::from_ymd_opt(2010, 1, 4).into()),
            ("quantity", quantity.into()),
            ("price", "100".into()),
            ("note", "".into()),
            ("import_id", import.into()),
            ("removed_at", removed.then_some(at).into()),
        ];
        old_db.insert("portfolio_transactions", row).await;
    }
    let count = "UPDATE portfolios SET transactions = 8";
    old_db.raw.execute_unprepared(count).await.unwrap();
}

/// Returns whether transactions are removed, by quantity.
async fn removed(db: &DatabaseConnection) -> Vec<(String, bool)> {
    let sql = "SELECT quantity, removed_at IS NOT NULL FROM portfolio_transactions \
               ORDER BY quantity";
    let all = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(all).await.unwrap();
    let of = |row: &sea_orm::QueryResult| {
        let quantity = row.try_get_by_index(0).unwrap();
        (quantity, row.try_get_by_index(1).unwrap())
    };
    rows.iter().map(of).collect()
}

async fn upgrade(old_db: OldDb) {
    fill(&old_db).await;
    // Migrates up and down.
    let old = removed(&old_db.raw).await;
    old_db.up().await;
    old_db.down().await;
    assert_eq!(removed(&old_db.raw).await, old);
    old_db.raw.close().await.unwrap();

    let (account, id) = (old_db.account, old_db.portfolio);
    let house = TestHouse::open(old_db.data.path(), |config| {
        config.database.url = old_db.url
    })
    .await;
    let service = house.portfolio();
    let viewer = Viewer {
        account,
        ..house.user("bo").await.viewer
    };
    let owner = Owner {
        service,
        viewer: &viewer,
        id,
    };
    let listed = service.transactions(&viewer, id, None, None, 100).await;
    let listed = listed.unwrap().transactions.into_iter();
    let mut listed: Vec<_> = listed
        .map(|one| (one.quantity.unwrap().to_string(), one.removed))
        .collect();
    listed.sort();
    let expected = [
        ("1", true),
        ("16", true),
        ("2", false),
        ("32", false),
        ("4", false),
        ("8", true),
    ];
    let expected = expected.map(|(units, removed)| (units.to_owned(), removed));
    assert_eq!(listed, expected, "without those of the unfinished import");

    let symbols = "SELECT symbol FROM portfolio_removals ORDER BY symbol";
    let symbols = texts(house.db(), symbols).await;
    assert_eq!(symbols, ["AAPL", "IBM", "KO"]);

    // New transactions count together with old ones, and removed symbols can be restored.
    for (symbol, now, then) in [
        ("IBM", "1006", "1007"),
        ("AAPL", "1000", "1008"),
        ("KO", "1000", "1016"),
    ] {
        let bought = input("BUY", symbol, "2010-02-01", "1000", "100");
        owner.add(bought).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact(now), "{symbol}");
        service.restore_position(&viewer, id, symbol).await.unwrap();
        assert_eq!(owner.held(symbol).await.0, exact(then), "{symbol}");
    }
    let bought = input("BUY", "MSFT", "2010-02-01", "1000", "100");
    owner.add(bought).await.unwrap();
    assert_eq!(owner.held("MSFT").await.0, exact("1032"));
    for symbol in ["MSFT", "XOM"] {
        let nothing = service.restore_position(&viewer, id, symbol).await;
        assert_eq!(code(nothing), "not-found", "{symbol}");
    }
    house.close().await;
}

#[tokio::test]
async fn what_was_removed_before_generations_stays_removed() {
    OldDb::each(BATCHES, upgrade).await;
}
