//! Predictions and their scores.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let goes_with = |column: &str, table: &str| {
            ForeignKey::create()
                .name(format!("calls_{column}"))
                .from("calls", column.to_owned())
                .to(table.to_owned(), "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("calls")
                    .col(uuid("id").primary_key())
                    .col(uuid("community_id"))
                    // None: Rialto's own.
                    .col(uuid_null("author_id"))
                    // What it was made for (a message, a rated day); unique, so it is made once.
                    .col(text("mark").unique_key())
                    .col(text("symbol"))
                    .col(text("direction"))
                    .col(text("horizon"))
                    .col(text("reason"))
                    .col(text("source"))
                    .col(timestamp_with_time_zone("made_at"))
                    // Last close known when it was made. Exact decimals are stored as text.
                    .col(date("known_on"))
                    .col(text("known_close"))
                    .col(date("due"))
                    .col(text("state"))
                    // When to check its prices next.
                    .col(timestamp_with_time_zone("look_at"))
                    .col(date_null("entry_on"))
                    .col(text_null("entry_price"))
                    .col(date_null("exit_on"))
                    .col(text_null("exit_price"))
                    .col(double_null("made"))
                    .col(double_null("base_rate"))
                    .col(double_null("base_mean"))
                    .foreign_key(&mut goes_with("community_id", "communities"))
                    .foreign_key(&mut goes_with("author_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("calls_community", ["community_id", "id"].as_slice()),
            ("calls_state", &["community_id", "state", "id"]),
            ("calls_symbol", &["community_id", "symbol", "id"]),
            ("calls_author", &["author_id", "id"]),
            ("calls_due", &["state", "look_at"]),
        ] {
            let mut index = Index::create();
            index.name(name).table("calls");
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table("calls").to_owned();
        manager.drop_table(drop).await
    }
}
