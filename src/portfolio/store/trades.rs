//! Buys and sells of one symbol in all portfolios of an account, and the splits entered for it.

use super::{
    counting::{self, RemovalColumn, RemovalEntity},
    of_row, portfolios, ratio, transaction,
};
use crate::portfolio::model::{Kind, Transaction};
use crate::portfolio::rules::ledger::{Entry, MOST_SPLITS, What};
use crate::shared::{AccountId, PortfolioId, Result};
use sea_orm::{Condition, QueryOrder, QuerySelect, entity::prelude::*};

/// Returns transactions of these kinds that count, for a symbol in all portfolios of an account,
/// and the number of portfolios.
async fn of_kinds(
    db: &impl ConnectionTrait,
    account: AccountId,
    symbol: &str,
    kinds: &[Kind],
) -> Result<(u64, Select<transaction::Entity>)> {
    use transaction::Column;
    let owned = portfolios(db, account).await?;
    let count = owned.len() as u64;
    let owned: Vec<PortfolioId> = owned.into_iter().map(|portfolio| portfolio.id).collect();
    let removals = RemovalEntity::find()
        .filter(RemovalColumn::PortfolioId.is_in(owned.iter().copied()))
        .filter(RemovalColumn::Symbol.eq(symbol))
        .all(db)
        .await?;
    let mut found = transaction::Entity::find()
        .filter(Column::PortfolioId.is_in(owned.iter().copied()))
        .filter(Column::Symbol.eq(symbol))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(counting::finished(&owned));
    for removal in removals {
        let counts = Condition::any()
            .add(Column::PortfolioId.ne(removal.portfolio_id))
            .add(Column::Generation.gte(removal.live_from));
        found = found.filter(counts);
    }
    let found = found.order_by_desc(Column::Date).order_by_desc(Column::Id);
    Ok((count, found))
}

/// Returns the latest buys and sells of a symbol that count, in all portfolios of an account, each
/// with its portfolio.
pub async fn trades(
    db: &impl ConnectionTrait,
    account: AccountId,
    symbol: &str,
    limit: u64,
) -> Result<Vec<(PortfolioId, Transaction)>> {
    let (_, found) = of_kinds(db, account, symbol, &[Kind::Buy, Kind::Sell]).await?;
    let rows = found.limit(limit).all(db).await?;
    let trade = |row: transaction::Model| (row.portfolio_id, of_row(row, 0));
    Ok(rows.into_iter().map(trade).collect())
}

/// Returns the splits of a symbol entered in the portfolios of an account.
pub async fn own_splits(
    db: &impl ConnectionTrait,
    account: AccountId,
    symbol: &str,
) -> Result<Vec<(PortfolioId, Entry)>> {
    let (count, found) = of_kinds(db, account, symbol, &[Kind::Split]).await?;
    let rows = found.limit(count * MOST_SPLITS as u64).all(db).await?;
    let split = |row: transaction::Model| {
        let (from, to) = ratio(row.ratio_from, row.ratio_to)?;
        let entry = Entry {
            id: row.id,
            date: row.date,
            what: What::Split { from, to },
        };
        Some((row.portfolio_id, entry))
    };
    Ok(rows.into_iter().filter_map(split).collect())
}
