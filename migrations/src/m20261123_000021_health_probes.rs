//! A row that is written now and then to check that the database is writable.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("health_probes")
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .col(ColumnDef::new("written").big_integer().not_null())
            .col(ColumnDef::new("padding").blob().not_null())
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::drop().table("health_probes").to_owned();
        manager.drop_table(table).await
    }
}
