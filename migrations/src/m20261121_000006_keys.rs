//! Two-factor authentication, sign-in challenges, account deletions and personal data exports.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("sessions")
                    // Access tokens issued before this time are rejected.
                    .add_column(timestamp_with_time_zone_null("tokens_since"))
                    .to_owned(),
            )
            .await?;
        let tables = [
            of_account("second_factors")
                .col(uuid("account_id").primary_key())
                // Sealed with the key of the data folder.
                .col(binary("secret"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("confirmed_at"))
                // A code works once: codes of this time step and earlier steps are rejected.
                .col(big_integer("last_step").default(0))
                .to_owned(),
            of_account("recovery_codes")
                .col(uuid("account_id"))
                .col(text("code_hash"))
                .col(timestamp_with_time_zone_null("used_at"))
                .primary_key(Index::create().col("account_id").col("code_hash"))
                .to_owned(),
            of_account("sign_in_challenges")
                .col(uuid("id").primary_key())
                .col(uuid("account_id"))
                .col(text("secret_hash"))
                .col(text("purpose"))
                .col(timestamp_with_time_zone("expires_at"))
                .to_owned(),
            of_account("departures")
                .col(uuid("account_id").primary_key())
                .col(boolean("keep_messages"))
                .col(timestamp_with_time_zone("requested_at"))
                .col(timestamp_with_time_zone("due_at"))
                .to_owned(),
            Table::create()
                .table("retired_names")
                .col(text("name_hash").primary_key())
                .col(timestamp_with_time_zone("retired_at"))
                .to_owned(),
            of_account("exports")
                .col(uuid("account_id").primary_key())
                // Name of the file.
                .col(uuid("id"))
                .col(text("state"))
                .col(big_integer("done").default(0))
                .col(big_integer("total").default(0))
                .col(big_integer("size").default(0))
                .col(timestamp_with_time_zone("requested_at"))
                .col(timestamp_with_time_zone_null("expires_at"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for (table, column) in [
            ("sign_in_challenges", "account_id"),
            ("sign_in_challenges", "expires_at"),
            ("departures", "due_at"),
            ("exports", "state"),
            ("exports", "expires_at"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("{table}_{column}"))
                        .table(table)
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "exports",
            "retired_names",
            "departures",
            "sign_in_challenges",
            "recovery_codes",
            "second_factors",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table("sessions")
                    .drop_column("tokens_since")
                    .to_owned(),
            )
            .await
    }
}

/// Table whose rows are deleted with their account.
fn of_account(table: &'static str) -> TableCreateStatement {
    Table::create()
        .table(table)
        .foreign_key(
            ForeignKey::create()
                .name(format!("{table}_account"))
                .from(table, "account_id")
                .to("accounts", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
