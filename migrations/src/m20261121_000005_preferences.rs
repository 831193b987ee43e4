//! Preferences and avatars of accounts.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Columns of the account's row: every request reads them with the session.
        for column in ["preferences", "avatar"] {
            manager
                .alter_table(
                    Table::alter()
                        .table("accounts")
                        .add_column(text_null(column))
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("avatars")
                    .col(text("hash").primary_key())
                    .col(text("content_type"))
                    .col(blob("bytes"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("accounts_avatar")
                    .table("accounts")
                    .col("avatar")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("accounts_avatar")
                    .table("accounts")
                    .to_owned(),
            )
            .await?;
        manager
            .drop_table(Table::drop().table("avatars").to_owned())
            .await?;
        for column in ["avatar", "preferences"] {
            manager
                .alter_table(
                    Table::alter()
                        .table("accounts")
                        .drop_column(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
