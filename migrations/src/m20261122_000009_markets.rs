//! Used request budgets and cached answers of data sources, and the start of a replay.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Stored, so that a restart does not reset the day's budget.
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
        // Answers survive a restart too: asking again costs budget.
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
