//! What instruments come to, kept beside the transactions that it is computed from.

use super::damaged;
use crate::markets::Split;
use crate::platform::database::Tx;
use crate::portfolio::rules::{
    ledger::Sums,
    moves::{Move, pack, unpack},
};
use crate::shared::{Error, PortfolioId, Result};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};

mod holding {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolio_holdings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub portfolio_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub name: Option<String>,
        pub sector: Option<String>,
        pub sums: String,
        pub splits: String,
        pub moves: Option<Vec<u8>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What an instrument's transactions come to, as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The instrument; empty: cash.
    pub symbol: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// What its owner says that it does.
    pub sector: Option<String>,
    /// The sums.
    pub sums: Sums,
    /// The splits that they were computed with.
    pub splits: Vec<Split>,
}

/// What an instrument comes to, without its moves, which most have no use for.
#[derive(FromQueryResult)]
struct Row {
    symbol: String,
    name: Option<String>,
    sector: Option<String>,
    sums: String,
    splits: String,
}

impl TryFrom<Row> for Kept {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            sums: serde_json::from_str(&row.sums).map_err(|_| damaged("sums"))?,
            splits: splits(&row.splits)?,
            symbol: row.symbol,
            name: row.name,
            sector: row.sector,
        })
    }
}

fn splits(text: &str) -> Result<Vec<Split>> {
    serde_json::from_str(text).map_err(|_| damaged("splits"))
}

fn rows(portfolio: PortfolioId) -> Select<holding::Entity> {
    use holding::Column;
    holding::Entity::find()
        .select_only()
        .columns([
            Column::Symbol,
            Column::Name,
            Column::Sector,
            Column::Sums,
            Column::Splits,
        ])
        .filter(Column::PortfolioId.eq(portfolio.0))
}

/// What the days of an instrument are valued from.
#[derive(Debug)]
pub struct KeptMoves {
    /// The instrument; empty: cash.
    pub symbol: String,
    /// The splits that it was computed with.
    pub splits: Vec<Split>,
    /// In the order in which they happened; none: they were not kept yet.
    pub moves: Option<Vec<Move>>,
}

#[derive(FromQueryResult)]
struct MovesRow {
    symbol: String,
    splits: String,
    moves: Option<Vec<u8>>,
}

impl TryFrom<MovesRow> for KeptMoves {
    type Error = Error;

    fn try_from(row: MovesRow) -> Result<Self> {
        let moves = row.moves.as_deref();
        Ok(Self {
            symbol: row.symbol,
            splits: splits(&row.splits)?,
            moves: moves
                .map(|bytes| unpack(bytes).ok_or_else(|| damaged("moves")))
                .transpose()?,
        })
    }
}

/// What the days of a portfolio's instruments are valued from, by symbol.
pub async fn all_moves(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
) -> Result<Vec<KeptMoves>> {
    use holding::Column;
    let rows = holding::Entity::find()
        .select_only()
        .columns([Column::Symbol, Column::Splits, Column::Moves])
        .filter(Column::PortfolioId.eq(portfolio.0))
        .order_by_asc(Column::Symbol)
        .into_model::<MovesRow>()
        .all(db)
        .await?;
    rows.into_iter().map(KeptMoves::try_from).collect()
}

#[derive(FromQueryResult)]
struct MovesOf {
    portfolio_id: uuid::Uuid,
    #[sea_orm(nested)]
    row: MovesRow,
}

/// The same of several portfolios.
pub async fn moves_of(
    db: &impl ConnectionTrait,
    portfolios: &[PortfolioId],
) -> Result<Vec<(PortfolioId, KeptMoves)>> {
    use holding::Column;
    let rows = holding::Entity::find()
        .select_only()
        .columns([
            Column::PortfolioId,
            Column::Symbol,
            Column::Splits,
            Column::Moves,
        ])
        .filter(Column::PortfolioId.is_in(portfolios.iter().map(|id| id.0)))
        .order_by_asc(Column::PortfolioId)
        .order_by_asc(Column::Symbol)
        .into_model::<MovesOf>()
        .all(db)
        .await?;
    let kept = |of: MovesOf| Ok((PortfolioId(of.portfolio_id), KeptMoves::try_from(of.row)?));
    rows.into_iter().map(kept).collect()
}

/// Keeps the moves of an instrument that had none.
pub async fn keep_moves(
    tx: &Tx,
    portfolio: PortfolioId,
    symbol: &str,
    moves: &[Move],
) -> Result<()> {
    use holding::Column;
    holding::Entity::update_many()
        .col_expr(Column::Moves, Expr::value(pack(moves)))
        .filter(Column::PortfolioId.eq(portfolio.0))
        .filter(Column::Symbol.eq(symbol))
        .exec(tx)
        .await?;
    Ok(())
}

/// What a portfolio's instruments come to, by symbol.
pub async fn holdings(db: &impl ConnectionTrait, portfolio: PortfolioId) -> Result<Vec<Kept>> {
    let rows = rows(portfolio)
        .order_by_asc(holding::Column::Symbol)
        .into_model::<Row>()
        .all(db)
        .await?;
    rows.into_iter().map(Kept::try_from).collect()
}

#[derive(FromQueryResult)]
struct RowOf {
    portfolio_id: uuid::Uuid,
    #[sea_orm(nested)]
    row: Row,
}

/// What the instruments of several portfolios come to.
pub async fn holdings_of(
    db: &impl ConnectionTrait,
    portfolios: &[PortfolioId],
) -> Result<Vec<(PortfolioId, Kept)>> {
    use holding::Column;
    let rows = holding::Entity::find()
        .select_only()
        .columns([
            Column::PortfolioId,
            Column::Symbol,
            Column::Name,
            Column::Sector,
            Column::Sums,
            Column::Splits,
        ])
        .filter(Column::PortfolioId.is_in(portfolios.iter().map(|id| id.0)))
        .into_model::<RowOf>()
        .all(db)
        .await?;
    let kept = |of: RowOf| Ok((PortfolioId(of.portfolio_id), Kept::try_from(of.row)?));
    rows.into_iter().map(kept).collect()
}

/// What one instrument comes to.
pub async fn holding(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: &str,
) -> Result<Option<Kept>> {
    let row = rows(portfolio)
        .filter(holding::Column::Symbol.eq(symbol))
        .into_model::<Row>()
        .one(db)
        .await?;
    row.map(Kept::try_from).transpose()
}

/// How many instruments a portfolio has, held or not.
pub async fn instrument_count(db: &impl ConnectionTrait, portfolio: PortfolioId) -> Result<u64> {
    let count = holding::Entity::find()
        .filter(holding::Column::PortfolioId.eq(portfolio.0))
        .filter(holding::Column::Symbol.ne(""))
        .count(db)
        .await?;
    Ok(count)
}

/// Keeps what an instrument comes to, and what its days are valued from.
pub async fn keep_holding(
    tx: &Tx,
    portfolio: PortfolioId,
    kept: &Kept,
    moves: &[Move],
) -> Result<()> {
    use holding::Column;
    let text = |written: serde_json::Result<String>| written.map_err(Error::internal);
    let row = holding::ActiveModel {
        portfolio_id: Set(portfolio.0),
        symbol: Set(kept.symbol.clone()),
        name: Set(kept.name.clone()),
        sector: Set(kept.sector.clone()),
        sums: Set(text(serde_json::to_string(&kept.sums))?),
        splits: Set(text(serde_json::to_string(&kept.splits))?),
        moves: Set(Some(pack(moves))),
    };
    let again = OnConflict::columns([Column::PortfolioId, Column::Symbol])
        .update_columns([
            Column::Name,
            Column::Sector,
            Column::Sums,
            Column::Splits,
            Column::Moves,
        ])
        .to_owned();
    holding::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Forgets an instrument that no transaction speaks of any more.
pub async fn drop_holding(tx: &Tx, portfolio: PortfolioId, symbol: &str) -> Result<()> {
    holding::Entity::delete_by_id((portfolio.0, symbol.to_owned()))
        .exec(tx)
        .await?;
    Ok(())
}
