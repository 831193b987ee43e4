//! Tables, columns and stored kinds under the names that the product uses.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Old name, new name.
const TABLES: [(&str, &str); 3] = [
    ("calls", "predictions"),
    ("alert_notices", "alert_notifications"),
    ("tidings", "notifications"),
];

/// Table, old name, new name.
const COLUMNS: [(&str, &str, &str); 3] = [
    ("accounts", "operator", "admin"),
    ("messages", "parts", "cards"),
    ("portfolios", "kept_by", "managed_by"),
];

/// Table, old name, new name, columns, unique.
type Indexed = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    bool,
);

#[rustfmt::skip]
const INDEXES: [Indexed; 14] = [
    ("accounts", "accounts_operator", "accounts_admin", &["admin"], false),
    ("predictions", "calls_community", "predictions_community", &["community_id", "id"], false),
    ("predictions", "calls_state", "predictions_state", &["community_id", "state", "id"], false),
    ("predictions", "calls_symbol", "predictions_symbol", &["community_id", "symbol", "id"], false),
    ("predictions", "calls_author", "predictions_author", &["author_id", "id"], false),
    ("predictions", "calls_due", "predictions_due", &["state", "look_at"], false),
    ("alert_notifications", "alert_notices_once", "alert_notifications_once", &["alert_id", "armed"], true),
    ("alert_notifications", "alert_notices_account", "alert_notifications_account", &["account_id", "id"], false),
    ("alert_notifications", "alert_notices_posting", "alert_notifications_posting", &["posting", "id"], false),
    ("alert_notifications", "alert_notices_age", "alert_notifications_age", &["created_at"], false),
    ("notifications", "tidings_once", "notifications_once", &["kind", "subject_id"], true),
    ("notifications", "tidings_account", "notifications_account", &["account_id", "id"], false),
    ("notifications", "tidings_unseen", "notifications_unseen", &["account_id", "seen_by_owner_at"], false),
    ("notifications", "tidings_age", "notifications_age", &["created_at"], false),
];

/// Table, column, old value, new value.
const VALUES: [(&str, &str, &str, &str); 4] = [
    ("audit", "act", "operator_made", "admin_added"),
    ("audit", "act", "operator_unmade", "admin_removed"),
    ("paper_orders", "state", "cancelled", "canceled"),
    ("paper_orders", "state", "refused", "rejected"),
];

/// Table, column of JSON, old fragment, new fragment. Quotes inside texts are escaped there, so only
/// whole values match.
const FRAGMENTS: [(&str, &str, &str, &str); 3] = [
    ("messages", "cards", "\"bots.call\"", "\"bots.prediction\""),
    (
        "portfolio_holdings",
        "sums",
        "\"realised\":",
        "\"realized\":",
    ),
    (
        "notifications",
        "body",
        "\"state\":\"refused\"",
        "\"state\":\"rejected\"",
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (old, new) in TABLES {
            rename_table(manager, old, new).await?;
        }
        for (table, old, new) in COLUMNS {
            rename_column(manager, table, old, new).await?;
        }
        for (table, old, new, columns, unique) in INDEXES {
            replace_index(manager, table, old, new, columns, unique).await?;
        }
        for (table, column, old, new) in VALUES {
            replace_value(manager, table, column, old, new).await?;
        }
        for (table, column, old, new) in FRAGMENTS {
            replace_fragment(manager, table, column, old, new).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column, old, new) in FRAGMENTS {
            replace_fragment(manager, table, column, new, old).await?;
        }
        for (table, column, old, new) in VALUES {
            replace_value(manager, table, column, new, old).await?;
        }
        // The indexes name the new columns, and follow when these are renamed.
        for (table, old, new, columns, unique) in INDEXES {
            replace_index(manager, table, new, old, columns, unique).await?;
        }
        for (table, old, new) in COLUMNS {
            rename_column(manager, table, new, old).await?;
        }
        for (old, new) in TABLES {
            rename_table(manager, new, old).await?;
        }
        Ok(())
    }
}

async fn rename_table(
    manager: &SchemaManager<'_>,
    old: &'static str,
    new: &'static str,
) -> Result<(), DbErr> {
    let rename = Table::rename().table(old, new).to_owned();
    manager.rename_table(rename).await
}

async fn rename_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    old: &'static str,
    new: &'static str,
) -> Result<(), DbErr> {
    let alter = Table::alter()
        .table(table)
        .rename_column(old, new)
        .to_owned();
    manager.alter_table(alter).await
}

/// Drops an index and creates it under its new name: `SQLite` cannot rename indexes.
async fn replace_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    old: &'static str,
    new: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let drop = Index::drop().name(old).table(table).to_owned();
    manager.drop_index(drop).await?;
    let mut index = Index::create();
    index.name(new).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    manager.create_index(index).await
}

async fn replace_value(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
    old: &'static str,
    new: &'static str,
) -> Result<(), DbErr> {
    let update = Query::update()
        .table(table)
        .value(column, new)
        .and_where(Expr::col(column).eq(old))
        .to_owned();
    manager.execute(update).await
}

async fn replace_fragment(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
    old: &str,
    new: &str,
) -> Result<(), DbErr> {
    let replaced = Func::cust("replace")
        .arg(Expr::col(column))
        .arg(old)
        .arg(new);
    let update = Query::update()
        .table(table)
        .value(column, replaced)
        .and_where(Expr::col(column).like(format!("%{old}%")))
        .to_owned();
    manager.execute(update).await
}
