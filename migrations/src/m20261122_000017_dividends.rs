//! Dividends added from a data source are listed among the imports.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Origin of an import without a file, such as `dividends`; none: a file.
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
