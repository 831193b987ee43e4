//! Portfolios, their transactions and holdings.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("portfolios")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text("method"))
                    // Counts changes; each change increments it first, which locks the row.
                    .col(big_integer("rev").default(0))
                    .col(big_integer("transactions").default(0))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("portfolios_account")
                            .from("portfolios", "account_id")
                            .to("accounts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        // Exact decimals are stored as text: SQLite has no decimal type.
        manager
            .create_table(
                of_portfolio("portfolio_transactions")
                    .col(uuid("id").primary_key())
                    .col(uuid("portfolio_id"))
                    // Empty: the transaction concerns cash only.
                    .col(text("symbol"))
                    .col(text("kind"))
                    .col(date("date"))
                    .col(text_null("quantity"))
                    .col(text_null("price"))
                    .col(text_null("fee"))
                    .col(text_null("amount"))
                    .col(integer_null("ratio_from"))
                    .col(integer_null("ratio_to"))
                    .col(text("note"))
                    // The import that added it.
                    .col(uuid_null("import_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    // When its holding was removed from the portfolio; the transaction no longer
                    // counts.
                    .col(timestamp_with_time_zone_null("removed_at"))
                    .to_owned(),
            )
            .await?;
        // Holdings, computed from the transactions of a symbol.
        manager
            .create_table(
                of_portfolio("portfolio_holdings")
                    .col(uuid("portfolio_id"))
                    .col(text("symbol"))
                    // Name given by the owner.
                    .col(text_null("name"))
                    .col(text_null("sector"))
                    // JSON.
                    .col(text("sums"))
                    // Splits that the sums are computed with, JSON.
                    .col(text("splits"))
                    .primary_key(Index::create().col("portfolio_id").col("symbol"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns, unique) in [
            (
                "portfolios_name",
                "portfolios",
                vec!["account_id", "name_key"],
                true,
            ),
            (
                "portfolio_transactions_symbol",
                "portfolio_transactions",
                vec!["portfolio_id", "symbol", "date", "id"],
                false,
            ),
            (
                "portfolio_transactions_date",
                "portfolio_transactions",
                vec!["portfolio_id", "date", "id"],
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
        for table in ["portfolio_holdings", "portfolio_transactions", "portfolios"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// Table whose rows are deleted with their portfolio.
fn of_portfolio(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .foreign_key(
            ForeignKey::create()
                .name(format!("{name}_portfolio"))
                .from(name, "portfolio_id")
                .to("portfolios", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
