//! What the providers of prices have been asked, and when a replay began.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A restart forgets nothing of a day's budget.
        manager
            .create_table(
                Table::create()
                    .table("market_budgets")
                    .col(text("source").primary_key())
                    .col(date("day"))
                    .col(integer("used"))
                    .to_owned(),
            )
            .await?;
        // Answers outlive a restart too: asking again costs of the budget.
        manager
            .create_table(
                Table::create()
                    .table("market_answers")
                    .col(text("kind"))
                    .col(text("symbol"))
                    .col(timestamp_with_time_zone("asked_at"))
                    // JSON.
                    .col(text("answer"))
                    .primary_key(Index::create().col("kind").col("symbol"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("market_answers_age")
                    .table("market_answers")
                    .col("asked_at")
                    .to_owned(),
            )
            .await?;
        // One row.
        manager
            .create_table(
                Table::create()
                    .table("market_replays")
                    .col(integer("id").primary_key())
                    .col(date("first_day"))
                    .col(integer("seconds"))
                    .col(timestamp_with_time_zone("started_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["market_replays", "market_answers", "market_budgets"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
