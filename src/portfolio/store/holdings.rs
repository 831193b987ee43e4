//! What instruments come to, kept beside the transactions that it is computed from.

use super::damaged;
use crate::markets::Split;
use crate::platform::database::Tx;
use crate::portfolio::rules::ledger::Sums;
use crate::shared::{Error, PortfolioId, Result};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
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

impl TryFrom<holding::Model> for Kept {
    type Error = Error;

    fn try_from(row: holding::Model) -> Result<Self> {
        Ok(Self {
            sums: serde_json::from_str(&row.sums).map_err(|_| damaged("sums"))?,
            splits: serde_json::from_str(&row.splits).map_err(|_| damaged("splits"))?,
            symbol: row.symbol,
            name: row.name,
            sector: row.sector,
        })
    }
}

/// What a portfolio's instruments come to, by symbol.
pub async fn holdings(db: &impl ConnectionTrait, portfolio: PortfolioId) -> Result<Vec<Kept>> {
    let rows = holding::Entity::find()
        .filter(holding::Column::PortfolioId.eq(portfolio.0))
        .order_by_asc(holding::Column::Symbol)
        .all(db)
        .await?;
    rows.into_iter().map(Kept::try_from).collect()
}

/// What one instrument comes to.
pub async fn holding(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: &str,
) -> Result<Option<Kept>> {
    let row = holding::Entity::find_by_id((portfolio.0, symbol.to_owned()))
        .one(db)
        .await?;
    row.map(Kept::try_from).transpose()
}

/// Keeps what an instrument comes to.
pub async fn keep_holding(tx: &Tx, portfolio: PortfolioId, kept: &Kept) -> Result<()> {
    use holding::Column;
    let text = |written: serde_json::Result<String>| written.map_err(Error::internal);
    let row = holding::ActiveModel {
        portfolio_id: Set(portfolio.0),
        symbol: Set(kept.symbol.clone()),
        name: Set(kept.name.clone()),
        sector: Set(kept.sector.clone()),
        sums: Set(text(serde_json::to_string(&kept.sums))?),
        splits: Set(text(serde_json::to_string(&kept.splits))?),
    };
    let again = OnConflict::columns([Column::PortfolioId, Column::Symbol])
        .update_columns([Column::Name, Column::Sector, Column::Sums, Column::Splits])
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
