//! Data under old names is found under the new ones, and under the old ones after a downgrade.

use crate::testing::{CREATED, OldDb, texts};
use sea_orm::ConnectionTrait;
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

/// Fills the old schema: an admin, a holding of a portfolio, and an audit entry.
async fn fill(old: &OldDb) {
    // As each database stores ids.
    let uuid = |id: Uuid| match old.raw.get_database_backend() {
        sea_orm::DatabaseBackend::Postgres => format!("'{id}'"),
        _ => format!("x'{}'", id.simple()),
    };
    let (portfolio, id) = (uuid(old.portfolio.0), uuid(Uuid::now_v7()));
    for sql in [
        "UPDATE accounts SET operator = TRUE".to_owned(),
        format!(
            "INSERT INTO portfolio_holdings (portfolio_id, symbol, sums, splits) VALUES \
             ({portfolio}, 'IBM', '{}', '[]')",
            EXPECTED[0].1
        ),
        format!(
            "INSERT INTO audit (id, at, act, detail) VALUES ({id}, '{CREATED}', '{}', '')",
            EXPECTED[1].1
        ),
    ] {
        old.raw.execute_unprepared(&sql).await.unwrap();
    }
}

async fn check(old: OldDb) {
    let db = &old.raw;
    fill(&old).await;
    old.up().await;
    for (sql, _, new) in EXPECTED {
        assert_eq!(texts(db, sql).await, [new]);
    }
    let admins = "SELECT username FROM accounts WHERE admin";
    assert_eq!(texts(db, admins).await, ["ada"]);
    for table in ["predictions", "notifications", "alert_notifications"] {
        let all = format!("DELETE FROM {table}");
        db.execute_unprepared(&all).await.unwrap();
    }
    old.down().await;
    for (sql, old, _) in EXPECTED {
        assert_eq!(texts(db, sql).await, [old]);
    }
    let admins = "SELECT username FROM accounts WHERE operator";
    assert_eq!(texts(db, admins).await, ["ada"]);
}

#[tokio::test]
async fn data_moves_to_the_new_names_and_back() {
    OldDb::each(NAMES, check).await;
}
