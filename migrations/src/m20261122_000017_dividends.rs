//! Dividends that were taken over from what sources tell stand in the list of files.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What it was made of in place of a file, such as `dividends`; none: a file.
        manager
            .alter_table(
                Table::alter()
                    .table("portfolio_imports")
                    .add_column(ColumnDef::new("origin").text().null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("portfolio_imports")
                    .drop_column("origin")
                    .to_owned(),
            )
            .await
    }
}
