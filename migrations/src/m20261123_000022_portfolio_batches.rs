//! Removals, imports and deletions of portfolios take effect with one row; the affected rows follow
//! in batches.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Transactions removed with their holding, without those of unfinished imports.
const REMOVED: &str = "removed_at IS NOT NULL AND (import_id IS NULL OR import_id NOT IN \
                       (SELECT id FROM portfolio_imports WHERE done_at IS NULL))";

const INDEXES: [(&str, &str, &[&str]); 3] = [
    (
        "portfolio_transactions_import",
        "portfolio_transactions",
        &["import_id"],
    ),
    (
        "portfolio_transactions_created",
        "portfolio_transactions",
        &["portfolio_id", "created_at", "id"],
    ),
    (
        "portfolio_imports_done",
        "portfolio_imports",
        &["portfolio_id", "done_at"],
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Transactions of a generation before `live_from` are removed.
        manager
            .create_table(
                Table::create()
                    .table("portfolio_removals")
                    .col(uuid("portfolio_id"))
                    .col(text("symbol"))
                    // Generation of new transactions.
                    .col(big_integer("generation"))
                    // First generation that counts.
                    .col(big_integer("live_from"))
                    .primary_key(Index::create().col("portfolio_id").col("symbol"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("portfolio_removals_portfolio")
                            .from("portfolio_removals", "portfolio_id")
                            .to("portfolios", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        let generation = ColumnDef::new("generation")
            .big_integer()
            .not_null()
            .default(0)
            .to_owned();
        add(manager, "portfolio_transactions", generation).await?;
        // When it was deleted: nothing reads it any more, and its rows are deleted in batches.
        let deleted = ColumnDef::new("deleted_at")
            .timestamp_with_time_zone()
            .null()
            .to_owned();
        add(manager, "portfolios", deleted).await?;
        let connection = manager.get_connection();
        connection
            .execute_unprepared(&format!(
                "INSERT INTO portfolio_removals (portfolio_id, symbol, generation, live_from) \
                 SELECT DISTINCT portfolio_id, symbol, 1, 1 FROM portfolio_transactions \
                 WHERE {REMOVED}"
            ))
            .await?;
        connection
            .execute_unprepared(
                "UPDATE portfolio_transactions SET generation = 1 WHERE removed_at IS NULL \
                 AND EXISTS (SELECT 1 FROM portfolio_removals \
                 WHERE portfolio_removals.portfolio_id = portfolio_transactions.portfolio_id \
                 AND portfolio_removals.symbol = portfolio_transactions.symbol)",
            )
            .await?;
        drop_column(manager, "portfolio_transactions", "removed_at").await?;
        for (name, table, columns) in INDEXES {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDEXES {
            manager
                .drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
        }
        let removed = ColumnDef::new("removed_at")
            .timestamp_with_time_zone()
            .null()
            .to_owned();
        add(manager, "portfolio_transactions", removed).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE portfolio_transactions SET removed_at = created_at WHERE import_id IN \
                 (SELECT id FROM portfolio_imports WHERE done_at IS NULL) OR EXISTS \
                 (SELECT 1 FROM portfolio_removals \
                 WHERE portfolio_removals.portfolio_id = portfolio_transactions.portfolio_id \
                 AND portfolio_removals.symbol = portfolio_transactions.symbol \
                 AND portfolio_removals.live_from > portfolio_transactions.generation)",
            )
            .await?;
        drop_column(manager, "portfolio_transactions", "generation").await?;
        manager
            .get_connection()
            .execute_unprepared("DELETE FROM portfolios WHERE deleted_at IS NOT NULL")
            .await?;
        drop_column(manager, "portfolios", "deleted_at").await?;
        manager
            .drop_table(Table::drop().table("portfolio_removals").to_owned())
            .await
    }
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    let change = Table::alter().table(table).add_column(column).to_owned();
    manager.alter_table(change).await
}

async fn drop_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    let change = Table::alter().table(table).drop_column(column).to_owned();
    manager.alter_table(change).await
}
