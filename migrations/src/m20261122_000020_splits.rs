//! Alerts whose value was adjusted for a split.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The value as entered, and the day of the last split that adjusted it.
        for column in [
            ColumnDef::new("written").text().null().to_owned(),
            ColumnDef::new("split_on").date().null().to_owned(),
        ] {
            let add = Table::alter().table("alerts").add_column(column).to_owned();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["split_on", "written"] {
            let drop = Table::alter()
                .table("alerts")
                .drop_column(column)
                .to_owned();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
