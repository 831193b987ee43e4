//! Position of each durable listener in each channel.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("listener_cursors")
                    .col(text("listener"))
                    .col(uuid("channel_id"))
                    .col(big_integer("seq"))
                    .primary_key(Index::create().col("listener").col("channel_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("listener_cursors_channel")
                            .from("listener_cursors", "channel_id")
                            .to("channels", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("listener_cursors").to_owned())
            .await
    }
}
