//! Portfolios from before removals had generations: removed symbols stay removed and can be
//! restored.

use super::{Owner, exact, input};
use crate::accounts::Viewer;
use crate::markets;
use crate::platform::{
    config::Config,
    database::{Database, address},
    tasks::Tasks,
};
use crate::portfolio::Service;
use crate::shared::{AccountId, PortfolioId};
use crate::testing::{Core, PostgresDb};
use chrono::{DateTime, NaiveDate, Utc};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement, Value};
use std::{path::Path, time::Duration};
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

async fn insert(db: &DatabaseConnection, table: &str, row: Vec<(&str, Value)>) {
    let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    let places: Vec<_> = (1..=values.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        columns.join(", "),
        places.join(", ")
    );
    let backend = db.get_database_backend();
    let row = Statement::from_sql_and_values(backend, sql, values);
    db.execute_raw(row).await.unwrap();
}

/// Inserts ada's portfolio in the old schema.
async fn fill(db: &DatabaseConnection) -> (AccountId, PortfolioId) {
    let (account, portfolio) = (AccountId::new(), PortfolioId::new());
    let (finished, unfinished) = (Uuid::now_v7(), Uuid::now_v7());
    let at: DateTime<Utc> = "2026-11-01T00:00:00Z".parse().unwrap();
    let none: Option<DateTime<Utc>> = None;
    let person = vec![
        ("id", account.0.into()),
        ("username", "ada".into()),
        ("username_key", "ada".into()),
        ("display_name", "Ada".into()),
        ("kind", "person".into()),
        ("created_at", at.into()),
    ];
    insert(db, "accounts", person).await;
    let mine = vec![
        ("id", portfolio.0.into()),
        ("account_id", account.0.into()),
        ("name", "Mine".into()),
        ("name_key", "mine".into()),
        ("method", "fifo".into()),
        ("transactions", 8_i64.into()),
        ("created_at", at.into()),
    ];
    insert(db, "portfolios", mine).await;
    for (id, done_at) in [(finished, Some(at)), (unfinished, none)] {
        let import = vec![
            ("id", id.into()),
            ("portfolio_id", portfolio.0.into()),
            ("name", "old.csv".into()),
            ("brought", 2_i64.into()),
            ("created_at", at.into()),
            ("done_at", done_at.into()),
        ];
        insert(db, "portfolio_imports", import).await;
    }
    for (symbol, quantity, removed, import) in old(finished, unfinished) {
        let row = vec![
            ("id", Uuid::now_v7().into()),
            ("portfolio_id", portfolio.0.into()),
            ("symbol", symbol.into()),
            ("kind", "BUY".into()),
            ("date", NaiveDate::from_ymd_opt(2010, 1, 4).into()),
            ("quantity", quantity.into()),
            ("price", "100".into()),
            ("note", "".into()),
            ("import_id", import.into()),
            ("created_at", at.into()),
            ("removed_at", removed.then_some(at).into()),
        ];
        insert(db, "portfolio_transactions", row).await;
    }
    (account, portfolio)
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

async fn upgrade(url: &str, data: &Path) {
    let before = Migrator::migrations();
    let before = before.iter().position(|one| one.name().contains(BATCHES));
    let before = u32::try_from(before.unwrap()).unwrap();
    let mut one = ConnectOptions::new(address(url, data));
    one.max_connections(1);
    let raw = sea_orm::Database::connect(one).await.unwrap();
    Migrator::up(&raw, Some(before)).await.unwrap();
    let (account, id) = fill(&raw).await;
    // Migrates up and down.
    let old = removed(&raw).await;
    Migrator::up(&raw, Some(1)).await.unwrap();
    Migrator::down(&raw, Some(1)).await.unwrap();
    assert_eq!(removed(&raw).await, old);
    raw.close().await.unwrap();

    let (db, writer) = Database::open(url, data).await.unwrap();
    let tasks = Tasks::default();
    tasks.start(writer);
    let config = Config::default();
    let core = Core::new(&db, &config).await;
    let markets = markets::Service::new(&config, &db, &Tasks::default()).unwrap();
    let service = Service::start(db.clone(), &core.accounts, markets);
    let viewer = Viewer {
        account,
        ..core.person("bo").await
    };
    let owner = Owner {
        service: &service,
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

    let sql = "SELECT symbol FROM portfolio_removals ORDER BY symbol";
    let sql = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(sql).await.unwrap().into_iter();
    let symbols: Vec<String> = rows.map(|row| row.try_get_by_index(0).unwrap()).collect();
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
        assert_eq!(nothing.unwrap_err().code, "not-found", "{symbol}");
    }
    tasks.stop(Duration::from_secs(10)).await;
}

#[tokio::test]
async fn what_was_removed_before_generations_stays_removed() {
    let postgres = PostgresDb::empty().await;
    let urls = [
        Some(String::new()),
        postgres.as_ref().map(|db| db.url.clone()),
    ];
    for url in urls.into_iter().flatten() {
        let data = tempfile::tempdir().unwrap();
        Box::pin(upgrade(&url, data.path())).await;
    }
    if let Some(postgres) = postgres {
        postgres.drop().await;
    }
}
