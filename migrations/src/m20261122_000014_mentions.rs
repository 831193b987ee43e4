//! Symbols that messages mention, and how far each channel was read for them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("mentions")
                    .col(uuid("message_id"))
                    .col(text("symbol"))
                    .col(uuid("channel_id"))
                    .col(uuid("author_id"))
                    // Day of the message, in UTC.
                    .col(date("day"))
                    .primary_key(Index::create().col("message_id").col("symbol"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("mentions_message")
                            .from("mentions", "message_id")
                            .to("messages", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            (
                "mentions_days",
                ["channel_id", "day", "symbol", "author_id"],
            ),
            (
                "mentions_symbol",
                ["symbol", "channel_id", "day", "author_id"],
            ),
        ] {
            let mut index = Index::create();
            index.name(name).table("mentions");
            for column in columns {
                index.col(column);
            }
            manager.create_index(index.to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("mention_cursors")
                    .col(uuid("channel_id").primary_key())
                    // The channel's `rev` up to which its messages were read.
                    .col(big_integer("rev"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("mention_cursors_channel")
                            .from("mention_cursors", "channel_id")
                            .to("channels", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["mention_cursors", "mentions"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
