//! Who keeps a portfolio: its owner, or a feature in their place.

use super::portfolio;
use crate::platform::database::Tx;
use crate::portfolio::model::Portfolio;
use crate::shared::{AccountId, PortfolioId, Result};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement, Value,
};

/// The portfolios of an account with those that something keeps in its place, the oldest first.
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

/// What a portfolio is when another change of it begins.
#[derive(Clone, Debug)]
pub struct Touched {
    /// What keeps it in its owner's place.
    pub kept_by: Option<String>,
}

/// Takes the number of another change of a portfolio, which holds it until the transaction ends,
/// and counts so many more transactions. None: the account has no such portfolio.
pub async fn touch(
    tx: &Tx,
    account: AccountId,
    id: PortfolioId,
    more: i64,
) -> Result<Option<Touched>> {
    let sql = "UPDATE portfolios SET rev = rev + 1, transactions = transactions + $1 \
               WHERE id = $2 AND account_id = $3 AND deleted_at IS NULL \
               RETURNING kept_by";
    touched(tx, sql, vec![more.into(), id.0.into(), account.0.into()]).await
}

/// The same where the portfolio is still as it was with its change `rev`. None: it is not, or not
/// there.
pub async fn touch_at(
    tx: &Tx,
    account: AccountId,
    id: PortfolioId,
    rev: i64,
    more: i64,
) -> Result<Option<Touched>> {
    let sql = "UPDATE portfolios SET rev = rev + 1, transactions = transactions + $1 \
               WHERE id = $2 AND account_id = $3 AND deleted_at IS NULL AND rev = $4 \
               RETURNING kept_by";
    let values = vec![more.into(), id.0.into(), account.0.into(), rev.into()];
    touched(tx, sql, values).await
}

/// Counts so many more transactions that do not count yet, or did not: what the portfolio holds stays,
/// and its `rev` with it. None: the account has no such portfolio.
pub async fn add_transactions(tx: &Tx, id: PortfolioId, more: i64) -> Result<Option<Touched>> {
    let sql = "UPDATE portfolios SET transactions = transactions + $1 \
               WHERE id = $2 AND deleted_at IS NULL RETURNING kept_by";
    touched(tx, sql, vec![more.into(), id.0.into()]).await
}

/// Holds a portfolio that is still as it was with its change `rev` until the transaction ends. False:
/// it is not, or not there.
pub async fn hold_at(tx: &Tx, id: PortfolioId, rev: i64) -> Result<bool> {
    let sql = "UPDATE portfolios SET rev = rev WHERE id = $1 AND deleted_at IS NULL AND rev = $2 \
               RETURNING kept_by";
    let held = touched(tx, sql, vec![id.0.into(), rev.into()]).await?;
    Ok(held.is_some())
}

async fn touched(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<Option<Touched>> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let Some(row) = tx.query_one_raw(statement).await? else {
        return Ok(None);
    };
    Ok(Some(Touched {
        kept_by: row.try_get_by_index(0)?,
    }))
}

/// How many transactions an account has in all portfolios that it keeps itself.
pub async fn transaction_count(db: &impl ConnectionTrait, account: AccountId) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(transactions), 0) AS BIGINT) FROM portfolios \
               WHERE account_id = $1 AND kept_by IS NULL AND deleted_at IS NULL";
    let values = [account.0.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}
