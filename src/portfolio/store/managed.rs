//! Portfolios that a feature manages, and locks on portfolios.

use super::{
    owned,
    portfolio::{Column, Entity},
};
use crate::platform::database::Tx;
use crate::portfolio::model::Portfolio;
use crate::shared::{AccountId, PortfolioId, Result};
use sea_orm::{ExprTrait, QueryOrder, Statement, UpdateMany, entity::prelude::*};

/// Returns all portfolios of an account, including managed ones, oldest first.
pub async fn all_portfolios(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Portfolio>> {
    let rows = owned(account).order_by_asc(Column::Id).all(db).await?;
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
    touched(tx, id, touching(account, more)).await
}

/// The same if the portfolio still has this `rev`. None: it has not, or does not exist.
pub async fn touch_at(
    tx: &Tx,
    account: AccountId,
    id: PortfolioId,
    rev: i64,
    more: i64,
) -> Result<Option<Touched>> {
    let update = touching(account, more).filter(Column::Rev.eq(rev));
    touched(tx, id, update).await
}

fn touching(account: AccountId, more: i64) -> UpdateMany<Entity> {
    adding(more)
        .col_expr(Column::Rev, Expr::col(Column::Rev).add(1))
        .filter(Column::AccountId.eq(account))
}

fn adding(more: i64) -> UpdateMany<Entity> {
    Entity::update_many().col_expr(
        Column::Transactions,
        Expr::col(Column::Transactions).add(more),
    )
}

/// Adds `more` to the number of transactions, without changing holdings and `rev`: these
/// transactions do not count (yet or any more). None: the portfolio does not exist.
pub async fn add_transactions(tx: &Tx, id: PortfolioId, more: i64) -> Result<Option<Touched>> {
    touched(tx, id, adding(more)).await
}

/// Locks a portfolio until the transaction ends, if it still has this `rev`. false: it has not, or
/// does not exist.
pub async fn hold_at(tx: &Tx, id: PortfolioId, rev: i64) -> Result<bool> {
    let update = Entity::update_many()
        .col_expr(Column::Rev, Expr::col(Column::Rev))
        .filter(Column::Rev.eq(rev));
    Ok(touched(tx, id, update).await?.is_some())
}

async fn touched(tx: &Tx, id: PortfolioId, update: UpdateMany<Entity>) -> Result<Option<Touched>> {
    let rows = update
        .filter(Column::Id.eq(id))
        .filter(Column::DeletedAt.is_null())
        .exec_with_returning(tx)
        .await?;
    let touched = rows.into_iter().next().map(|row| Touched {
        managed_by: row.managed_by,
    });
    Ok(touched)
}

/// Returns the number of transactions in all portfolios that the account's owner manages.
pub async fn transaction_count(db: &impl ConnectionTrait, account: AccountId) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(transactions), 0) AS BIGINT) FROM portfolios \
               WHERE account_id = $1 AND managed_by IS NULL AND deleted_at IS NULL";
    let values = [account.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}
