//! What operators do: suspensions, links to a new password, settings, their record, and letters
//! on their way.

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
                    // Cannot sign in for as long as this is set.
                    .add_column(timestamp_with_time_zone_null("suspended_at"))
                    .to_owned(),
            )
            .await?;
        let tables = [
            // One for each account: a new link takes the place of the one before.
            of_account("password_resets")
                .col(uuid("account_id").primary_key())
                .col(text("token_hash").unique_key())
                .col(timestamp_with_time_zone("expires_at"))
                .to_owned(),
            // What a letter says is made when it is sent: no link waits here.
            of_account("letters")
                .col(uuid("id").primary_key())
                .col(uuid("account_id"))
                .col(text("kind"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("due_at"))
                .col(integer("attempts").default(0))
                .col(text_null("failure"))
                // Given up.
                .col(timestamp_with_time_zone_null("failed_at"))
                .to_owned(),
            Table::create()
                .table("instance_settings")
                .col(text("name").primary_key())
                // JSON.
                .col(text("value"))
                .to_owned(),
            // Outlives the accounts that it speaks of.
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

/// A table whose rows go with the account that they belong to.
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
