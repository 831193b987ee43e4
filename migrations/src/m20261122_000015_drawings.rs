//! Members' drawings on charts.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("chart_drawings")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(text("symbol"))
                    // A level has only a price; a line has all four values.
                    .col(date_null("from_day"))
                    .col(double("from_price"))
                    .col(date_null("to_day"))
                    .col(double_null("to_price"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("chart_drawings_account")
                            .from("chart_drawings", "account_id")
                            .to("accounts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("chart_drawings_of")
                    .table("chart_drawings")
                    .col("account_id")
                    .col("symbol")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("chart_drawings").to_owned())
            .await
    }
}
