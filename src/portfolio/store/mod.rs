//! Portfolios in the database.

mod counting;
mod deleting;
mod entries;
mod files;
mod holdings;
mod managed;
mod rows;
mod spellings;
mod trades;

pub use counting::{Counting, Removal, counting, save_removal, unfinished_imports};
pub use deleting::{deleted_portfolios, mark_deleted, purge, remains};
pub use entries::entries_of;
pub use files::{
    begin_import, delete_import_rows, finish_import, has_import, imports, insert_import,
    stale_imports, symbols_of_import, undo_import,
};
pub use holdings::{
    StoredHolding, StoredMoves, all_moves, drop_holdings, holding, holdings, holdings_of,
    instrument_count, moves_of, save_holdings, save_moves,
};
pub use managed::{add_transactions, all_portfolios, hold_at, touch, touch_at, transaction_count};
pub use rows::symbol_of;
pub use spellings::{Merged, has_transactions, merge_spellings, with_other_spellings};
pub use trades::{own_splits, trades};

use self::rows::{columns, ratio, transaction};
use super::model::{Portfolio, Transaction};
use super::rules::{Checked, ledger::Method};
use crate::platform::database::{Tx, is_unique_violation};
use crate::shared::{AccountId, Error, PortfolioId, Result, TransactionId, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::{ActiveValue::Set, Condition, QueryOrder, QuerySelect, entity::prelude::*};
use std::collections::BTreeSet;

mod portfolio {
    use crate::portfolio::rules::ledger::Method;
    use crate::shared::{AccountId, PortfolioId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolios")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PortfolioId,
        pub account_id: AccountId,
        pub name: String,
        pub name_key: String,
        pub method: Method,
        pub rev: i64,
        pub transactions: i64,
        pub created_at: DateTimeUtc,
        pub managed_by: Option<String>,
        pub deleted_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<portfolio::Model> for Portfolio {
    fn from(row: portfolio::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            method: row.method,
            transactions: row.transactions,
            created_at: row.created_at,
            managed_by: row.managed_by,
        }
    }
}

/// Converts a row. It was removed if its generation is earlier than `live_from`.
fn of_row(row: transaction::Model, live_from: i64) -> Transaction {
    Transaction {
        id: row.id,
        kind: row.kind,
        symbol: Some(row.symbol).filter(|symbol| !symbol.is_empty()),
        date: row.date,
        quantity: row.quantity.map(Decimal::from),
        price: row.price.map(Decimal::from),
        fee: row.fee.map(Decimal::from),
        amount: row.amount.map(Decimal::from),
        ratio: ratio(row.ratio_from, row.ratio_to),
        note: row.note,
        created_at: row.created_at,
        removed: row.generation < live_from,
    }
}

/// Converts rows of a portfolio.
async fn of_rows(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    rows: Vec<transaction::Model>,
) -> Result<Vec<Transaction>> {
    let symbols: BTreeSet<&str> = rows.iter().map(|row| row.symbol.as_str()).collect();
    let removals = counting::removals(db, portfolio, Some(symbols)).await?;
    let of_row = |row: transaction::Model| {
        let removal = removals.get(&row.symbol);
        of_row(row, removal.map_or(0, |removal| removal.live_from))
    };
    Ok(rows.into_iter().map(of_row).collect())
}

/// Selects the portfolios of an account that are not deleted.
fn owned(account: AccountId) -> Select<portfolio::Entity> {
    portfolio::Entity::find()
        .filter(portfolio::Column::AccountId.eq(account))
        .filter(portfolio::Column::DeletedAt.is_null())
}

/// Returns the portfolios that an account manages itself, oldest first.
pub async fn portfolios(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Portfolio>> {
    let rows = owned(account)
        .filter(portfolio::Column::ManagedBy.is_null())
        .order_by_asc(portfolio::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Portfolio::from).collect())
}

/// Returns a portfolio of an account, with its `rev`.
pub async fn portfolio(
    db: &impl ConnectionTrait,
    account: AccountId,
    id: PortfolioId,
) -> Result<Option<(Portfolio, i64)>> {
    let row = owned(account)
        .filter(portfolio::Column::Id.eq(id))
        .one(db)
        .await?;
    Ok(row.map(|row| {
        let rev = row.rev;
        (row.into(), rev)
    }))
}

/// Returns the number of portfolios that an account manages itself.
pub async fn portfolio_count(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = owned(account)
        .filter(portfolio::Column::ManagedBy.is_null())
        .count(db)
        .await?;
    Ok(count)
}

fn taken(error: DbErr) -> Error {
    if is_unique_violation(&error) {
        Error::conflict("portfolio-exists", "Portfolio name taken").with("field", "name")
    } else {
        error.into()
    }
}

/// Inserts a portfolio; `portfolio-exists` if its folded name is taken.
pub async fn insert_portfolio(
    tx: &Tx,
    account: AccountId,
    new: &Portfolio,
    name_key: String,
) -> Result<()> {
    let row = portfolio::ActiveModel {
        id: Set(new.id),
        account_id: Set(account),
        name: Set(new.name.clone()),
        name_key: Set(name_key),
        method: Set(new.method),
        rev: Set(0),
        transactions: Set(0),
        created_at: Set(new.created_at),
        managed_by: Set(new.managed_by.clone()),
        deleted_at: Set(None),
    };
    let done = portfolio::Entity::insert(row).exec_without_returning(tx);
    done.await.map_err(taken)?;
    Ok(())
}

/// Updates the name and the cost basis method of a portfolio. Returns true if it exists.
pub async fn update_portfolio(
    tx: &Tx,
    account: AccountId,
    id: PortfolioId,
    name: String,
    name_key: String,
    method: Method,
) -> Result<bool> {
    let done = portfolio::Entity::update_many()
        .col_expr(portfolio::Column::Name, Expr::value(name))
        .col_expr(portfolio::Column::NameKey, Expr::value(name_key))
        .col_expr(portfolio::Column::Method, Expr::value(method))
        .filter(portfolio::Column::Id.eq(id))
        .filter(portfolio::Column::AccountId.eq(account))
        .filter(portfolio::Column::DeletedAt.is_null())
        .exec(tx);
    Ok(done.await.map_err(taken)?.rows_affected > 0)
}

pub async fn insert_transaction(
    tx: &Tx,
    portfolio: PortfolioId,
    id: TransactionId,
    input: &Checked,
    generation: i64,
) -> Result<()> {
    let row = transaction::ActiveModel {
        id: Set(id),
        portfolio_id: Set(portfolio),
        import_id: Set(None),
        created_at: Set(time::now()),
        generation: Set(generation),
        ..columns(input)
    };
    transaction::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

pub async fn update_transaction(
    tx: &Tx,
    id: TransactionId,
    input: &Checked,
    generation: i64,
) -> Result<()> {
    let row = transaction::ActiveModel {
        id: Set(id),
        generation: Set(generation),
        ..columns(input)
    };
    transaction::Entity::update(row).exec(tx).await?;
    Ok(())
}

pub async fn delete_transaction(tx: &Tx, id: TransactionId) -> Result<()> {
    transaction::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Returns a transaction of a portfolio.
pub async fn transaction(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    id: TransactionId,
) -> Result<Option<Transaction>> {
    let row = transaction::Entity::find_by_id(id)
        .filter(transaction::Column::PortfolioId.eq(portfolio))
        .filter(counting::finished(&[portfolio]))
        .one(db)
        .await?;
    let found = of_rows(db, portfolio, row.into_iter().collect()).await?;
    Ok(found.into_iter().next())
}

/// Returns transactions from before a position, latest date first and within a date latest id
/// first; of one symbol, or of all.
pub async fn transactions(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: Option<&str>,
    before: Option<(NaiveDate, TransactionId)>,
    limit: u64,
) -> Result<Vec<Transaction>> {
    use transaction::Column;
    let mut query = transaction::Entity::find()
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(counting::finished(&[portfolio]));
    if let Some(symbol) = symbol {
        query = query.filter(Column::Symbol.eq(symbol));
    }
    if let Some((date, id)) = before {
        // The first condition lets the index start at the date.
        let earlier = Condition::any()
            .add(Column::Date.lt(date))
            .add(Column::Id.lt(id));
        query = query.filter(Column::Date.lte(date)).filter(earlier);
    }
    let rows = query
        .order_by_desc(Column::Date)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    of_rows(db, portfolio, rows).await
}

/// Returns transactions, latest created first.
pub async fn latest_transactions(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    limit: u64,
) -> Result<Vec<Transaction>> {
    use transaction::Column;
    let rows = transaction::Entity::find()
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(counting::finished(&[portfolio]))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    of_rows(db, portfolio, rows).await
}
