//! Notifications of features other than alerts.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("tidings")
            .col(uuid("id").primary_key())
            .col(uuid("account_id"))
            // Kind and subject: one notification per pair.
            .col(text("kind"))
            .col(uuid("subject_id"))
            // Data that the feature turns into a sentence, JSON.
            .col(text("body"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("seen_by_owner_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("tidings_owner")
                    .from("tidings", "account_id")
                    .to("accounts", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(table).await?;
        for (name, columns, unique) in [
            ("tidings_once", ["kind", "subject_id"].as_slice(), true),
            ("tidings_account", &["account_id", "id"], false),
            ("tidings_unseen", &["account_id", "seen_by_owner_at"], false),
            ("tidings_age", &["created_at"], false),
        ] {
            let mut index = Index::create();
            index.name(name).table("tidings");
            for column in columns {
                index.col(*column);
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("tidings").to_owned())
            .await
    }
}
