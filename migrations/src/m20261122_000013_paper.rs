//! Paper trading: seasons, members' accounts and their orders.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Feature that writes to the portfolio instead of its owner; none: the owner does.
        manager
            .alter_table(
                Table::alter()
                    .table("portfolios")
                    .add_column(ColumnDef::new("kept_by").text().null())
                    .to_owned(),
            )
            .await?;
        manager.create_table(seasons()).await?;
        manager.create_table(accounts()).await?;
        manager.create_table(orders()).await?;
        for (name, table, columns, unique) in [
            (
                "paper_seasons_begin",
                "paper_seasons",
                ["community_id", "begins"].as_slice(),
                true,
            ),
            (
                "paper_seasons_end",
                "paper_seasons",
                &["closed_at", "ends"],
                false,
            ),
            (
                "paper_accounts_member",
                "paper_accounts",
                &["season_id", "account_id"],
                true,
            ),
            (
                "paper_accounts_account",
                "paper_accounts",
                &["account_id", "id"],
                false,
            ),
            (
                "paper_orders_member",
                "paper_orders",
                &["member_id", "id"],
                false,
            ),
            (
                "paper_orders_open",
                "paper_orders",
                &["state", "symbol", "id"],
                false,
            ),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
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
        for table in ["paper_orders", "paper_accounts", "paper_seasons"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        let portfolios = Table::alter()
            .table("portfolios")
            .drop_column("kept_by")
            .to_owned();
        manager.alter_table(portfolios).await
    }
}

fn goes_with(
    of: &'static str,
    column: &'static str,
    table: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{of}_{column}"))
        .from(of, column)
        .to(table, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn seasons() -> TableCreateStatement {
    Table::create()
        .table("paper_seasons")
        .col(uuid("id").primary_key())
        .col(uuid("community_id"))
        .col(text("name"))
        // First day, and the day after the last.
        .col(date("begins"))
        .col(date("ends"))
        // Starting cash of each account. Exact decimals are stored as text.
        .col(text("cash"))
        // Benchmark symbols with their prices at the start, JSON.
        .col(text("market"))
        // Return of the benchmark when the season was closed, as a fraction.
        .col(text_null("market_made"))
        .col(timestamp_with_time_zone("created_at"))
        // When the final leaderboard was stored; none: not yet.
        .col(timestamp_with_time_zone_null("closed_at"))
        .foreign_key(&mut goes_with(
            "paper_seasons",
            "community_id",
            "communities",
        ))
        .to_owned()
}

fn accounts() -> TableCreateStatement {
    Table::create()
        .table("paper_accounts")
        .col(uuid("id").primary_key())
        .col(uuid("season_id"))
        .col(uuid("account_id"))
        // Portfolio with the cash and holdings.
        .col(uuid("portfolio_id").unique_key())
        .col(timestamp_with_time_zone("joined_at"))
        // Number of orders placed, and of orders filled.
        .col(integer("placed").default(0))
        .col(integer("trades").default(0))
        // Day of the last fill.
        .col(date_null("traded_on"))
        // Value when the season was closed.
        .col(text_null("final_value"))
        .foreign_key(&mut goes_with(
            "paper_accounts",
            "season_id",
            "paper_seasons",
        ))
        .foreign_key(&mut goes_with("paper_accounts", "account_id", "accounts"))
        .foreign_key(&mut goes_with(
            "paper_accounts",
            "portfolio_id",
            "portfolios",
        ))
        .to_owned()
}

fn orders() -> TableCreateStatement {
    Table::create()
        .table("paper_orders")
        .col(uuid("id").primary_key())
        .col(uuid("member_id"))
        .col(text("symbol"))
        .col(text("side"))
        .col(text("kind"))
        .col(text("quantity"))
        .col(text_null("limit_price"))
        .col(text("state"))
        // Why it was rejected.
        .col(text_null("reason"))
        .col(timestamp_with_time_zone("placed_at"))
        // Last known price when it was placed, and the time of that price in its market.
        .col(text("seen_price"))
        .col(text("seen_at"))
        // When it was filled, canceled, rejected or expired.
        .col(timestamp_with_time_zone_null("done_at"))
        .col(text_null("price"))
        // Time of the price in its market, and its data source.
        .col(text_null("priced_at"))
        .col(text_null("source"))
        .col(uuid_null("transaction_id"))
        .foreign_key(&mut goes_with(
            "paper_orders",
            "member_id",
            "paper_accounts",
        ))
        .to_owned()
}
