//! Who keeps a portfolio: its owner, or a feature in their place.

use super::portfolio;
use crate::platform::database::Tx;
use crate::portfolio::model::Portfolio;
use crate::shared::{AccountId, PortfolioId, Result};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement};

/// The portfolios of an account with those that something keeps in its place, the oldest first.
pub async fn all_portfolios(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Portfolio>> {
    let rows = portfolio::Entity::find()
        .filter(portfolio::Column::AccountId.eq(account.0))
        .order_by_asc(portfolio::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Portfolio::from).collect())
}

/// What a portfolio is when another change of it begins.
#[derive(Clone, Debug)]
pub struct Touched {
    /// How many transactions it holds then.
    pub transactions: i64,
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
               WHERE id = $2 AND account_id = $3 RETURNING transactions, kept_by";
    let values = [more.into(), id.0.into(), account.0.into()];
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let Some(row) = tx.query_one_raw(statement).await? else {
        return Ok(None);
    };
    Ok(Some(Touched {
        transactions: row.try_get_by_index(0)?,
        kept_by: row.try_get_by_index(1)?,
    }))
}
