//! Deleted portfolios: they are no longer read, and their rows are deleted in batches.

use super::{counting, files, holdings, portfolio, rows::transaction};
use crate::platform::database::Tx;
use crate::shared::{AccountId, PortfolioId, Result, time};
use sea_orm::{QueryOrder, QuerySelect, QueryTrait, entity::prelude::*};

/// Rows deleted per batch.
const BATCH: u64 = 1_000;
/// Holdings deleted per batch: each can have some hundred kilobytes.
const HOLDINGS: u64 = 20;

/// Marks a portfolio as deleted, and frees its name. Returns true if it existed.
pub async fn mark_deleted(tx: &Tx, account: AccountId, id: PortfolioId) -> Result<bool> {
    use portfolio::Column;
    let done = portfolio::Entity::update_many()
        .col_expr(Column::DeletedAt, Expr::value(time::now()))
        .col_expr(Column::NameKey, Expr::value(format!("deleted:{id}")))
        .filter(Column::Id.eq(id))
        .filter(Column::AccountId.eq(account))
        .filter(Column::DeletedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Returns portfolios that are marked as deleted and still have rows.
pub async fn deleted_portfolios(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<PortfolioId>> {
    use portfolio::Column;
    let ids = portfolio::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::DeletedAt.is_not_null())
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

/// Returns a portfolio of an account, managed or not, marked as deleted or not.
pub async fn remains(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<PortfolioId>> {
    use portfolio::Column;
    let id = portfolio::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AccountId.eq(account))
        .order_by_asc(Column::Id)
        .into_tuple()
        .one(db)
        .await?;
    Ok(id)
}

/// Deletes a batch of rows of a portfolio, finally the portfolio. Returns true when it is gone.
pub async fn purge(tx: &Tx, id: PortfolioId) -> Result<bool> {
    use transaction::Column;
    let some = transaction::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PortfolioId.eq(id))
        .limit(BATCH)
        .into_query();
    let done = transaction::Entity::delete_many()
        .filter(Column::Id.in_subquery(some))
        .exec(tx)
        .await?;
    if done.rows_affected > 0
        || files::purge_imports(tx, id, BATCH).await? > 0
        || holdings::purge_holdings(tx, id, HOLDINGS).await? > 0
        || purge_removals(tx, id).await? > 0
    {
        return Ok(false);
    }
    portfolio::Entity::delete_by_id(id).exec(tx).await?;
    Ok(true)
}

async fn purge_removals(tx: &Tx, id: PortfolioId) -> Result<u64> {
    use counting::{RemovalColumn as Column, RemovalEntity};
    let some = RemovalEntity::find()
        .select_only()
        .column(Column::Symbol)
        .filter(Column::PortfolioId.eq(id))
        .limit(BATCH)
        .into_query();
    let done = RemovalEntity::delete_many()
        .filter(Column::PortfolioId.eq(id))
        .filter(Column::Symbol.in_subquery(some))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
