//! What changed in a community and in an account, so that a page that missed events catches up.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rev = ColumnDef::new("rev")
            .big_integer()
            .not_null()
            .default(0)
            .to_owned();
        let add = Table::alter()
            .table("communities")
            .add_column(rev)
            .to_owned();
        manager.alter_table(add).await?;
        // A row for each channel and member that ever changed, deleted ones included.
        let of_communities = Table::create()
            .table("community_changes")
            .col(uuid("community_id"))
            .col(uuid("subject_id"))
            .col(boolean("is_member"))
            .col(big_integer("rev"))
            .primary_key(Index::create().col("community_id").col("subject_id"))
            .foreign_key(&mut cascade("community_id", "communities"))
            .to_owned();
        manager.create_table(of_communities).await?;
        let of_accounts = Table::create()
            .table("account_changes")
            .col(uuid("account_id"))
            .col(text("kind"))
            .col(big_integer("rev"))
            .primary_key(Index::create().col("account_id").col("kind"))
            .foreign_key(&mut cascade("account_id", "accounts"))
            .to_owned();
        manager.create_table(of_accounts).await?;
        let by_rev = Index::create()
            .name("community_changes_rev")
            .table("community_changes")
            .col("community_id")
            .col("rev")
            .to_owned();
        manager.create_index(by_rev).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["account_changes", "community_changes"] {
            let drop = Table::drop().table(table).to_owned();
            manager.drop_table(drop).await?;
        }
        let drop = Table::alter()
            .table("communities")
            .drop_column("rev")
            .to_owned();
        manager.alter_table(drop).await
    }
}

fn cascade(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(table, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
