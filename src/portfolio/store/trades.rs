//! Purchases and sales of one instrument, over all portfolios of an account.

use super::{portfolios, transaction};
use crate::portfolio::model::{Kind, Transaction};
use crate::shared::{AccountId, Result};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The latest purchases and sales of an instrument in all portfolios of an account, without those
/// that count no more.
pub async fn trades(
    db: &impl ConnectionTrait,
    account: AccountId,
    symbol: &str,
    limit: u64,
) -> Result<Vec<Transaction>> {
    use transaction::Column;
    let owned = portfolios(db, account).await?;
    let owned = owned.into_iter().map(|portfolio| portfolio.id.0);
    let kinds = [Kind::Buy, Kind::Sell].map(Kind::as_str);
    let rows = transaction::Entity::find()
        .filter(Column::PortfolioId.is_in(owned))
        .filter(Column::Symbol.eq(symbol))
        .filter(Column::Kind.is_in(kinds))
        .filter(Column::RemovedAt.is_null())
        .order_by_desc(Column::Date)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(Transaction::try_from).collect()
}
