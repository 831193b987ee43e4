//! Admin features: suspensions, password links, settings, audit log and email queue.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("accounts")
                    // The account cannot sign in while this is set.
                    .add_column(timestamp_with_time_zone_null("suspended_at"))
                    .to_owned(),
            )
            .await?;
        let tables = [
            // One per account: a new link replaces the previous one.
            of_account("password_resets")
                .col(uuid("account_id").primary_key())
                .col(text("token_hash").unique_key())
                .col(timestamp_with_time_zone("expires_at"))
                .to_owned(),
            // The text of an email is written when it is sent: no link waits here.
            of_account("letters")
                .col(uuid("id").primary_key())
                .col(uuid("account_id"))
                .col(text("kind"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("due_at"))
                .col(integer("attempts").default(0))
                .col(text_null("failure"))
                // When retrying ended without success.
                .col(timestamp_with_time_zone_null("failed_at"))
                .to_owned(),
            Table::create()
                .table("instance_settings")
                .col(text("name").primary_key())
                // JSON.
                .col(text("value"))
                .to_owned(),
            // Entries outlive the accounts that they name.
            Table::create()
                .table("audit")
                .col(uuid("id").primary_key())
                .col(timestamp_with_time_zone("at"))
                // None: the command line.
                .col(uuid_null("actor_id"))
                .col(text("act"))
                .col(uuid_null("subject_id"))
                .col(text("detail"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for (table, column) in [
            ("accounts", "operator"),
            ("letters", "due_at"),
            ("letters", "account_id"),
            ("letters", "failed_at"),
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
        for table in ["audit", "instance_settings", "letters", "password_resets"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        manager
            .drop_index(
                Index::drop()
                    .name("accounts_operator")
                    .table("accounts")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("accounts")
                    .drop_column("suspended_at")
                    .to_owned(),
            )
            .await
    }
}

/// Table whose rows are deleted with their account.
fn of_account(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .foreign_key(
            ForeignKey::create()
                .name(format!("{name}_account"))
                .from(name, "account_id")
                .to("accounts", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
