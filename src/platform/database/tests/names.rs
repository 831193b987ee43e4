//! Data under old names is found under the new ones, and under the old ones after a downgrade.

use crate::platform::database::address;
use crate::testing::PostgresDb;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use std::path::Path;
use uuid::Uuid;

/// Part of the migration's name.
const NAMES: &str = "000028";

/// What the queries return before and after the migration.
const EXPECTED: [(&str, &str, &str); 2] = [
    (
        "SELECT sums FROM portfolio_holdings",
        r#"{"quantity":"1","realised":{"fifo":"2"}}"#,
        r#"{"quantity":"1","realized":{"fifo":"2"}}"#,
    ),
    ("SELECT act FROM audit", "operator_made", "admin_added"),
];

async fn text(db: &DatabaseConnection, sql: &str) -> String {
    let sql = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(sql).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap();
}

/// Fills the old schema: an admin with a portfolio, and an audit entry.
async fn fill(db: &DatabaseConnection) {
    let [account, portfolio, id] = [(); 3].map(|()| Uuid::now_v7());
    // As each database stores ids.
    let uuid = |id: Uuid| match db.get_database_backend() {
        sea_orm::DatabaseBackend::Postgres => format!("'{id}'"),
        _ => format!("x'{}'", id.simple()),
    };
    let (account, portfolio, id) = (uuid(account), uuid(portfolio), uuid(id));
    let at = "'2026-11-01 00:00:00+00:00'";
    for sql in [
        format!(
            "INSERT INTO accounts (id, username, username_key, display_name, kind, operator, \
             created_at) VALUES ({account}, 'ada', 'ada', 'Ada', 'person', TRUE, {at})"
        ),
        format!(
            "INSERT INTO portfolios (id, account_id, name, name_key, method, transactions, \
             created_at) VALUES ({portfolio}, {account}, 'Mine', 'mine', 'fifo', 0, {at})"
        ),
        format!(
            "INSERT INTO portfolio_holdings (portfolio_id, symbol, sums, splits) VALUES \
             ({portfolio}, 'IBM', '{}', '[]')",
            EXPECTED[0].1
        ),
        format!(
            "INSERT INTO audit (id, at, act, detail) VALUES ({id}, {at}, '{}', '')",
            EXPECTED[1].1
        ),
    ] {
        run(db, &sql).await;
    }
}

async fn check(url: &str, data: &Path) {
    let before = Migrator::migrations();
    let before = before.iter().position(|one| one.name().contains(NAMES));
    let before = u32::try_from(before.unwrap()).unwrap();
    let mut one = ConnectOptions::new(address(url, data));
    one.max_connections(1);
    let db = sea_orm::Database::connect(one).await.unwrap();
    Migrator::up(&db, Some(before)).await.unwrap();
    fill(&db).await;
    Migrator::up(&db, Some(1)).await.unwrap();
    for (sql, _, new) in EXPECTED {
        assert_eq!(text(&db, sql).await, *new);
    }
    assert_eq!(
        text(&db, "SELECT username FROM accounts WHERE admin").await,
        "ada"
    );
    for table in ["predictions", "notifications", "alert_notifications"] {
        run(&db, &format!("DELETE FROM {table}")).await;
    }
    Migrator::down(&db, Some(1)).await.unwrap();
    for (sql, old, _) in EXPECTED {
        assert_eq!(text(&db, sql).await, *old);
    }
    assert_eq!(
        text(&db, "SELECT username FROM accounts WHERE operator").await,
        "ada"
    );
    db.close().await.unwrap();
}

#[tokio::test]
async fn data_moves_to_the_new_names_and_back() {
    let postgres = PostgresDb::empty().await;
    let urls = [
        Some(String::new()),
        postgres.as_ref().map(|db| db.url.clone()),
    ];
    for url in urls.into_iter().flatten() {
        let data = tempfile::tempdir().unwrap();
        check(&url, data.path()).await;
    }
    if let Some(postgres) = postgres {
        postgres.drop().await;
    }
}
