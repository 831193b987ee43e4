//! Symbols that were stored under several spellings, before all of them were one position.

use super::{
    counting::{self, Removal, RemovalColumn, RemovalEntity, save_removal},
    holdings::holding,
    portfolio,
    rows::transaction,
};
use crate::markets::OTHER_SPELLINGS;
use crate::platform::database::Tx;
use crate::shared::{AccountId, PortfolioId, Result, TransactionId};
use sea_orm::{
    Condition, ExprTrait, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*,
    sea_query::CaseStatement,
};

/// Filter for rows whose symbol can be another spelling.
fn other_spelling(symbol: impl ColumnTrait) -> Condition {
    let patterns = OTHER_SPELLINGS.iter();
    patterns.fold(Condition::any(), |any, pattern| {
        any.add(symbol.like(*pattern))
    })
}

/// Returns portfolios after the given one, with their accounts, in which a symbol can be stored
/// under another spelling than the canonical one. Transactions that count have a holding, and
/// removed ones a removal.
pub async fn with_other_spellings(
    db: &impl ConnectionTrait,
    after: PortfolioId,
    limit: u64,
) -> Result<Vec<(PortfolioId, AccountId)>> {
    use portfolio::Column;
    let held = holding::Entity::find()
        .select_only()
        .column(holding::Column::PortfolioId)
        .filter(other_spelling(holding::Column::Symbol))
        .into_query();
    let removed = RemovalEntity::find()
        .select_only()
        .column(RemovalColumn::PortfolioId)
        .filter(other_spelling(RemovalColumn::Symbol))
        .into_query();
    let either = Condition::any()
        .add(Column::Id.in_subquery(held))
        .add(Column::Id.in_subquery(removed));
    let rows = portfolio::Entity::find()
        .select_only()
        .columns([Column::Id, Column::AccountId])
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Id.gt(after))
        .filter(either)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows)
}

/// true if a portfolio has transactions stored under exactly this symbol.
pub async fn has_transactions(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: &str,
) -> Result<bool> {
    use transaction::Column;
    let found = transaction::Entity::find()
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::Symbol.eq(symbol))
        .filter(counting::finished(&[portfolio]))
        .exists(db)
        .await?;
    Ok(found)
}

/// A symbol whose spellings become one.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The canonical spelling.
    pub symbol: String,
    /// All spellings, with their removals.
    pub spellings: Vec<(String, Removal)>,
    /// Transactions to delete, because another spelling has the same.
    pub doubles: Vec<TransactionId>,
}

/// Stores the transactions and removals of all spellings under the canonical one.
pub async fn merge_spellings(tx: &Tx, portfolio: PortfolioId, merged: &Merged) -> Result<()> {
    use transaction::Column;
    transaction::Entity::delete_many()
        .filter(Column::Id.is_in(merged.doubles.iter().copied()))
        .exec(tx)
        .await?;
    let removals: Vec<Removal> = merged.spellings.iter().map(|(_, of)| *of).collect();
    let removal = Removal::merged(&removals);
    let count = |any: Condition, (spelling, of): &(String, Removal)| {
        let counts = Column::Generation.gte(of.live_from);
        any.add(Column::Symbol.eq(spelling.as_str()).and(counts))
    };
    let count = merged.spellings.iter().fold(Condition::any(), count);
    let generation = CaseStatement::new()
        .case(count, removal.generation)
        .finally(0_i64);
    let spellings = || {
        merged
            .spellings
            .iter()
            .map(|(spelling, _)| spelling.as_str())
    };
    transaction::Entity::update_many()
        .col_expr(Column::Symbol, Expr::value(merged.symbol.as_str()))
        .col_expr(Column::Generation, generation.into())
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::Symbol.is_in(spellings()))
        .exec(tx)
        .await?;
    RemovalEntity::delete_many()
        .filter(RemovalColumn::PortfolioId.eq(portfolio))
        .filter(RemovalColumn::Symbol.is_in(spellings()))
        .exec(tx)
        .await?;
    // Without a removal all transactions have generation 0.
    if removal.generation > 0 {
        save_removal(tx, portfolio, &merged.symbol, removal).await?;
    }
    Ok(())
}
