//! Communities, their channels and members.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("communities")
                    .col(uuid("id").primary_key())
                    .col(text("name"))
                    .col(boolean("is_lobby").default(false))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("channels")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    // `seq` numbers messages without gaps; `rev` counts every change.
                    .col(big_integer("seq").default(0))
                    .col(big_integer("rev").default(0))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("channels_community")
                            .from("channels", "community_id")
                            .to("communities", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("channels_name")
                    .table("channels")
                    .col("community_id")
                    .col("name_key")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("memberships")
                    .col(uuid("community_id"))
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("joined_at"))
                    .primary_key(Index::create().col("community_id").col("account_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("memberships_community")
                            .from("memberships", "community_id")
                            .to("communities", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("memberships_account")
                            .from("memberships", "account_id")
                            .to("accounts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("memberships_account_id")
                    .table("memberships")
                    .col("account_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["memberships", "channels", "communities"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
