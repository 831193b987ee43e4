//! Counts the password changes of each account, so that proof by an older password is not valid.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut version = ColumnDef::new("password_version");
        version.big_integer().not_null().default(0);
        let add = Table::alter()
            .table("accounts")
            .add_column(version)
            .to_owned();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::alter()
            .table("accounts")
            .drop_column("password_version")
            .to_owned();
        manager.alter_table(drop).await
    }
}
