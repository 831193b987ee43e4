//! Sums per symbol, stored beside the transactions that they are computed from.

use crate::markets::Split;
use crate::platform::database::Tx;
use crate::portfolio::rules::{
    ledger::Sums,
    moves::{Move, unpack},
};
use crate::shared::{Error, PortfolioId, Result};
use sea_orm::{
    ActiveValue::Set, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*,
    sea_query::OnConflict,
};

/// Rows per statement.
const ROWS: usize = 200;

pub(super) mod holding {
    use crate::shared::PortfolioId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolio_holdings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub portfolio_id: PortfolioId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub name: Option<String>,
        pub sector: Option<String>,
        pub sums: String,
        pub splits: String,
        pub moves: Option<Vec<u8>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Stored sums of a symbol's transactions.
#[derive(Clone, Debug)]
pub struct StoredHolding {
    /// Symbol; empty for cash.
    pub symbol: String,
    /// The owner's name for the symbol.
    pub name: Option<String>,
    /// The owner's sector for the symbol.
    pub sector: Option<String>,
    pub sums: Sums,
    /// Splits that the sums were computed with.
    pub splits: Vec<Split>,
}

/// Stored sums without the moves, which most callers do not need.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "holding::Entity")]
struct Row {
    portfolio_id: PortfolioId,
    symbol: String,
    name: Option<String>,
    sector: Option<String>,
    sums: String,
    splits: String,
}

fn stored(row: Row) -> Result<(PortfolioId, StoredHolding)> {
    let holding = StoredHolding {
        sums: serde_json::from_str(&row.sums).map_err(|_| Error::damaged("a portfolio's sums"))?,
        splits: splits(&row.splits)?,
        symbol: row.symbol,
        name: row.name,
        sector: row.sector,
    };
    Ok((row.portfolio_id, holding))
}

fn splits(text: &str) -> Result<Vec<Split>> {
    serde_json::from_str(text).map_err(|_| Error::damaged("a portfolio's splits"))
}

/// Moves of a symbol, from which its days are valued.
#[derive(Debug)]
pub struct StoredMoves {
    /// Symbol; empty for cash.
    pub symbol: String,
    /// Splits that the sums were computed with.
    pub splits: Vec<Split>,
    /// In the order in which they happened. None: not stored.
    pub moves: Option<Vec<Move>>,
}

#[derive(DerivePartialModel)]
#[sea_orm(entity = "holding::Entity")]
struct MovesRow {
    portfolio_id: PortfolioId,
    symbol: String,
    splits: String,
    moves: Option<Vec<u8>>,
}

/// Returns the moves of portfolios, ordered by portfolio and symbol.
pub async fn moves_of(
    db: &impl ConnectionTrait,
    portfolios: &[PortfolioId],
) -> Result<Vec<(PortfolioId, StoredMoves)>> {
    use holding::Column;
    let rows = holding::Entity::find()
        .filter(Column::PortfolioId.is_in(portfolios.iter().copied()))
        .order_by_asc(Column::PortfolioId)
        .order_by_asc(Column::Symbol)
        .into_partial_model::<MovesRow>()
        .all(db)
        .await?;
    let read = |row: MovesRow| {
        let moves = row.moves.as_deref();
        let moves =
            moves.map(|bytes| unpack(bytes).ok_or_else(|| Error::damaged("a portfolio's moves")));
        let stored = StoredMoves {
            symbol: row.symbol,
            splits: splits(&row.splits)?,
            moves: moves.transpose()?,
        };
        Ok((row.portfolio_id, stored))
    };
    rows.into_iter().map(read).collect()
}

/// The same for one portfolio.
pub async fn all_moves(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
) -> Result<Vec<StoredMoves>> {
    let moves = moves_of(db, &[portfolio]).await?;
    Ok(moves.into_iter().map(|(_, moves)| moves).collect())
}

/// Stores packed moves of a symbol that had none.
pub async fn save_moves(
    tx: &Tx,
    portfolio: PortfolioId,
    symbol: &str,
    moves: Vec<u8>,
) -> Result<()> {
    use holding::Column;
    holding::Entity::update_many()
        .col_expr(Column::Moves, Expr::value(moves))
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::Symbol.eq(symbol))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns the stored sums of portfolios, ordered by symbol.
pub async fn holdings_of(
    db: &impl ConnectionTrait,
    portfolios: &[PortfolioId],
) -> Result<Vec<(PortfolioId, StoredHolding)>> {
    let rows = holding::Entity::find()
        .filter(holding::Column::PortfolioId.is_in(portfolios.iter().copied()))
        .order_by_asc(holding::Column::Symbol)
        .into_partial_model::<Row>()
        .all(db)
        .await?;
    rows.into_iter().map(stored).collect()
}

/// Returns the stored sums of a portfolio, ordered by symbol.
pub async fn holdings(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
) -> Result<Vec<StoredHolding>> {
    let found = holdings_of(db, &[portfolio]).await?;
    Ok(found.into_iter().map(|(_, holding)| holding).collect())
}

/// Returns the stored sums of a symbol.
pub async fn holding(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: &str,
) -> Result<Option<StoredHolding>> {
    let row = holding::Entity::find_by_id((portfolio, symbol.to_owned()))
        .into_partial_model::<Row>()
        .one(db)
        .await?;
    let found = row.map(stored).transpose()?;
    Ok(found.map(|(_, holding)| holding))
}

/// Returns the number of symbols of a portfolio, held or not.
pub async fn instrument_count(db: &impl ConnectionTrait, portfolio: PortfolioId) -> Result<u64> {
    let count = holding::Entity::find()
        .filter(holding::Column::PortfolioId.eq(portfolio))
        .filter(holding::Column::Symbol.ne(""))
        .count(db)
        .await?;
    Ok(count)
}

/// Stores sums, and packed moves. None: the moves are computed on demand.
pub async fn save_holdings(
    tx: &Tx,
    portfolio: PortfolioId,
    all: Vec<(StoredHolding, Option<Vec<u8>>)>,
) -> Result<()> {
    use holding::Column;
    let text = |written: serde_json::Result<String>| written.map_err(Error::internal);
    let row = |(kept, moves): (StoredHolding, Option<Vec<u8>>)| {
        Ok(holding::ActiveModel {
            portfolio_id: Set(portfolio),
            sums: Set(text(serde_json::to_string(&kept.sums))?),
            splits: Set(text(serde_json::to_string(&kept.splits))?),
            symbol: Set(kept.symbol),
            name: Set(kept.name),
            sector: Set(kept.sector),
            moves: Set(moves),
        })
    };
    let rows = all.into_iter().map(row).collect::<Result<Vec<_>>>()?;
    let again = OnConflict::columns([Column::PortfolioId, Column::Symbol])
        .update_columns([
            Column::Name,
            Column::Sector,
            Column::Sums,
            Column::Splits,
            Column::Moves,
        ])
        .to_owned();
    // The database limits the number of values per statement.
    for some in rows.chunks(ROWS) {
        holding::Entity::insert_many(some.to_vec())
            .on_conflict(again.clone())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Deletes the sums of symbols that have no transactions left.
pub async fn drop_holdings(tx: &Tx, portfolio: PortfolioId, symbols: &[String]) -> Result<()> {
    use holding::Column;
    if symbols.is_empty() {
        return Ok(());
    }
    holding::Entity::delete_many()
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::Symbol.is_in(symbols.iter().map(String::as_str)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes a batch of stored sums of a portfolio; returns their number.
pub(super) async fn purge_holdings(tx: &Tx, portfolio: PortfolioId, limit: u64) -> Result<u64> {
    use holding::Column;
    let some = holding::Entity::find()
        .select_only()
        .column(Column::Symbol)
        .filter(Column::PortfolioId.eq(portfolio))
        .limit(limit)
        .into_query();
    let done = holding::Entity::delete_many()
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::Symbol.in_subquery(some))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
