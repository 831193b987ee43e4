//! Accounts and their sessions.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("accounts")
                    .col(uuid("id").primary_key())
                    .col(text("username"))
                    .col(text("username_key").unique_key())
                    .col(text("display_name"))
                    .col(text_null("email"))
                    .col(text_null("email_key").unique_key())
                    .col(text_null("password_hash"))
                    .col(text("kind"))
                    .col(boolean("operator").default(false))
                    .col(big_integer("rev").default(0))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("accounts_expires_at")
                    .table("accounts")
                    .col("expires_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("sessions")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(boolean("browser"))
                    .col(text_null("refresh_hash"))
                    .col(text_null("previous_hash"))
                    .col(timestamp_with_time_zone_null("rotated_at"))
                    .col(text("user_agent"))
                    .col(text("address"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_used_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("sessions_account")
                            .from("sessions", "account_id")
                            .to("accounts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for column in ["expires_at", "ended_at"] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("sessions_{column}"))
                        .table("sessions")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("sessions_account_id")
                    .table("sessions")
                    .col("account_id")
                    .col("ended_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["sessions", "accounts"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
