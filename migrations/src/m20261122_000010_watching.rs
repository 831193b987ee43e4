//! Watchlists, alerts and the notifications of alerts.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                of_account("watchlists")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    // Counts changes; each change increments it first, which locks the row.
                    .col(big_integer("rev").default(0))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("watchlist_symbols")
                    .col(uuid("watchlist_id"))
                    .col(text("symbol"))
                    // Position in the owner's order.
                    .col(integer("place"))
                    .primary_key(Index::create().col("watchlist_id").col("symbol"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("watchlist_symbols_watchlist")
                            .from("watchlist_symbols", "watchlist_id")
                            .to("watchlists", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                of_account("alerts")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(text("symbol"))
                    // The condition.
                    .col(text("kind"))
                    .col(text_null("value"))
                    .col(integer_null("period"))
                    // Channel to post in; none: the owner is notified.
                    .col(uuid_null("channel_id"))
                    .col(text("note"))
                    .col(text("state"))
                    // How many times the alert was activated.
                    .col(integer("armed"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    // Last seen price, its time, and the side of the condition that it was on.
                    .col(text_null("seen_price"))
                    .col(text_null("seen_at"))
                    .col(text_null("stand"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("fired_at"))
                    .to_owned(),
            )
            .await?;
        // Notifications of alerts; they remain when the alert is deleted.
        manager
            .create_table(
                of_account("alert_notices")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("alert_id"))
                    .col(integer("armed"))
                    .col(text("symbol"))
                    .col(text("kind"))
                    .col(text_null("value"))
                    .col(integer_null("period"))
                    .col(text("price"))
                    .col(text("price_at"))
                    .col(text("source"))
                    .col(text("note"))
                    .col(uuid_null("channel_id"))
                    // Whether the post is pending, done or failed.
                    .col(text("posting"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("seen_by_owner_at"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns, unique) in [
            (
                "watchlists_name",
                "watchlists",
                vec!["account_id", "name_key"],
                true,
            ),
            ("alerts_account", "alerts", vec!["account_id", "id"], false),
            (
                "alerts_watched",
                "alerts",
                vec!["state", "symbol", "id"],
                false,
            ),
            (
                "alert_notices_once",
                "alert_notices",
                vec!["alert_id", "armed"],
                true,
            ),
            (
                "alert_notices_account",
                "alert_notices",
                vec!["account_id", "id"],
                false,
            ),
            (
                "alert_notices_posting",
                "alert_notices",
                vec!["posting", "id"],
                false,
            ),
            (
                "alert_notices_age",
                "alert_notices",
                vec!["created_at"],
                false,
            ),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(column);
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["alert_notices", "alerts", "watchlist_symbols", "watchlists"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
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
