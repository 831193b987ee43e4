//! Messages and read markers.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("messages")
                    .col(uuid("id").primary_key())
                    .col(uuid("channel_id"))
                    .col(uuid("author_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("rev"))
                    .col(text("nonce"))
                    .col(text("body"))
                    .col(text_null("parts"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("edited_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("messages_channel")
                            .from("messages", "channel_id")
                            .to("channels", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("messages_author")
                            .from("messages", "author_id")
                            .to("accounts", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("messages_seq", ["channel_id", "seq"]),
            ("messages_rev", ["channel_id", "rev"]),
            ("messages_nonce", ["author_id", "nonce"]),
        ] {
            let [first, second] = columns;
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table("messages")
                        .col(first)
                        .col(second)
                        .unique()
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("read_markers")
                    .col(uuid("account_id"))
                    .col(uuid("channel_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("rev"))
                    .primary_key(Index::create().col("account_id").col("channel_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("read_markers_account")
                            .from("read_markers", "account_id")
                            .to("accounts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("read_markers_channel")
                            .from("read_markers", "channel_id")
                            .to("channels", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("read_markers_rev")
                    .table("read_markers")
                    .col("account_id")
                    .col("rev")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["read_markers", "messages"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
