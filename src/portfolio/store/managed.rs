//! Portfolios that a feature manages, and locks on portfolios.

use super::portfolio;
use crate::platform::database::Tx;
use crate::portfolio::model::Portfolio;
use crate::shared::{AccountId, PortfolioId, Result};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement, Value,
};

/// Returns all portfolios of an account, including managed ones, oldest first.
pub async fn all_portfolios(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Portfolio>> {
    let rows = portfolio::Entity::find()
        .filter(portfolio::Column::AccountId.eq(account.0))
        .filter(portfolio::Column::DeletedAt.is_null())
        .order_by_asc(portfolio::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Portfolio::from).collect())
}

/// A portfolio that was locked for a change.
#[derive(Clone, Debug)]
pub struct Touched {
    /// Feature that manages it. None: its owner does.
    pub managed_by: Option<String>,
}

/// Increments the `rev` of a portfolio, which locks it until the transaction ends, and adds `more`
/// to its number of transactions. None: the account has no such portfolio.
pub async fn touch(
    tx: &Tx,
    account: AccountId,
    id: PortfolioId,
    more: i64,
) -> Result<Option<Touched>> {
    let sql = "UPDATE portfolios SET rev = rev + 1, transactions = transactions + $1 \
               WHERE id = $2 AND account_id = $3 AND deleted_at IS NULL \
               RETURNING managed_by";
    touched(tx, sql, vec![more.into(), id.0.into(), account.0.into()]).await
}

/// The same if the portfolio still has this `rev`. None: it has not, or does not exist.
pub async fn touch_at(
    tx: &Tx,
    account: AccountId,
    id: PortfolioId,
    rev: i64,
    more: i64,
) -> Result<Option<Touched>> {
    let sql = "UPDATE portfolios SET rev = rev + 1, transactions = transactions + $1 \
               WHERE id = $2 AND account_id = $3 AND deleted_at IS NULL AND rev = $4 \
               RETURNING managed_by";
    let values = vec![more.into(), id.0.into(), account.0.into(), rev.into()];
    touched(tx, sql, values).await
}

/// Adds `more` to the number of transactions, without changing holdings and `rev`: these
/// transactions do not count (yet or any more). None: the portfolio does not exist.
pub async fn add_transactions(tx: &Tx, id: PortfolioId, more: i64) -> Result<Option<Touched>> {
    let sql = "UPDATE portfolios SET transactions = transactions + $1 \
               WHERE id = $2 AND deleted_at IS NULL RETURNING managed_by";
    touched(tx, sql, vec![more.into(), id.0.into()]).await
}

/// Locks a portfolio until the transaction ends, if it still has this `rev`. false: it has not, or
/// does not exist.
pub async fn hold_at(tx: &Tx, id: PortfolioId, rev: i64) -> Result<bool> {
    let sql = "UPDATE portfolios SET rev = rev WHERE id = $1 AND deleted_at IS NULL AND rev = $2 \
               RETURNING managed_by";
    let held = touched(tx, sql, vec![id.0.into(), rev.into()]).await?;
    Ok(held.is_some())
}

async fn touched(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<Option<Touched>> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let Some(row) = tx.query_one_raw(statement).await? else {
        return Ok(None);
    };
    Ok(Some(Touched {
        managed_by: row.try_get_by_index(0)?,
    }))
}

/// Returns the number of transactions in all portfolios that the account's owner manages.
pub async fn transaction_count(db: &impl ConnectionTrait, account: AccountId) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(transactions), 0) AS BIGINT) FROM portfolios \
               WHERE account_id = $1 AND managed_by IS NULL AND deleted_at IS NULL";
    let values = [account.0.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}
