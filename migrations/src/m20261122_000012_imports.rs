//! Imports of transaction files, and packed data for the daily values of holdings.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("portfolio_imports")
                    .col(uuid("id").primary_key())
                    .col(uuid("portfolio_id"))
                    // Name of the file; empty: none.
                    .col(text("name"))
                    // Number of transactions added.
                    .col(big_integer("brought"))
                    .col(timestamp_with_time_zone("created_at"))
                    // When its transactions began to count; none: not yet, or never.
                    .col(timestamp_with_time_zone_null("done_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("portfolio_imports_portfolio")
                            .from("portfolio_imports", "portfolio_id")
                            .to("portfolios", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("portfolio_imports_portfolio_id")
                    .table("portfolio_imports")
                    .col("portfolio_id")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO portfolio_imports (id, portfolio_id, name, brought, created_at, done_at) \
                 SELECT import_id, portfolio_id, '', COUNT(*), MIN(created_at), MIN(created_at) \
                 FROM portfolio_transactions WHERE import_id IS NOT NULL \
                 GROUP BY import_id, portfolio_id",
            )
            .await?;
        // Packed data that daily values are computed from; none: not computed yet.
        manager
            .alter_table(
                Table::alter()
                    .table("portfolio_holdings")
                    .add_column(ColumnDef::new("moves").blob().null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("portfolio_holdings")
                    .drop_column("moves")
                    .to_owned(),
            )
            .await?;
        manager
            .drop_table(Table::drop().table("portfolio_imports").to_owned())
            .await
    }
}
