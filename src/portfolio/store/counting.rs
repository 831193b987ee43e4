//! Which transactions of a portfolio count: those of finished imports that were not removed.

use super::rows::transaction;
use crate::platform::database::Tx;
use crate::shared::{ImportId, PortfolioId, Result};
use sea_orm::{
    ActiveValue::Set, Condition, QuerySelect, QueryTrait, entity::prelude::*, sea_query::OnConflict,
};
use std::collections::{BTreeSet, HashMap, HashSet};

pub(super) mod import {
    use crate::portfolio::model::Origin;
    use crate::shared::{ImportId, PortfolioId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolio_imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ImportId,
        pub portfolio_id: PortfolioId,
        pub name: String,
        /// None: a file.
        pub origin: Option<Origin>,
        pub brought: i64,
        pub created_at: DateTimeUtc,
        pub done_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod removal {
    use crate::shared::PortfolioId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolio_removals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub portfolio_id: PortfolioId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub generation: i64,
        pub live_from: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) use removal::{Column as RemovalColumn, Entity as RemovalEntity};

/// Removals of a symbol: each one starts a new generation of transactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// Generation of new transactions.
    pub generation: i64,
    /// Transactions of this generation and later ones count.
    pub live_from: i64,
}

impl Removal {
    /// Returns the removals of a symbol that was stored under spellings with these removals. Its
    /// transactions that count get the new generation, those that were removed get 0.
    pub fn merged(spellings: &[Self]) -> Self {
        let generations = spellings.iter().map(|of| of.generation);
        let generation = generations.max().unwrap_or_default();
        let removed = spellings.iter().any(|of| of.live_from > 0);
        Self {
            generation,
            live_from: if removed { generation } else { 0 },
        }
    }
}

/// Decides which transactions of a portfolio count.
#[derive(Clone, Debug, Default)]
pub struct Counting {
    /// Imports that are unfinished, or undone and not deleted yet.
    pub unfinished: HashSet<ImportId>,
    /// Symbols that were removed at least once.
    pub removals: HashMap<String, Removal>,
}

impl Counting {
    /// Returns the removals of a symbol.
    pub fn removal(&self, symbol: &str) -> Removal {
        self.removals.get(symbol).copied().unwrap_or_default()
    }

    /// true if a transaction counts: by its import, its generation and its symbol.
    pub(super) fn counts(&self, import: Option<ImportId>, generation: i64, symbol: &str) -> bool {
        !import.is_some_and(|import| self.unfinished.contains(&import))
            && generation >= self.removal(symbol).live_from
    }
}

/// Returns the removals of some symbols of a portfolio, or of all.
pub(super) async fn removals(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbols: Option<BTreeSet<&str>>,
) -> Result<HashMap<String, Removal>> {
    use removal::Column;
    let mut query = removal::Entity::find().filter(Column::PortfolioId.eq(portfolio));
    if let Some(symbols) = symbols {
        query = query.filter(Column::Symbol.is_in(symbols));
    }
    let of = |row: removal::Model| {
        let removal = Removal {
            generation: row.generation,
            live_from: row.live_from,
        };
        (row.symbol, removal)
    };
    Ok(query.all(db).await?.into_iter().map(of).collect())
}

/// Reads what currently decides which transactions count.
pub async fn counting(db: &impl ConnectionTrait, portfolio: PortfolioId) -> Result<Counting> {
    Ok(Counting {
        unfinished: unfinished_imports(db, portfolio)
            .await?
            .into_iter()
            .collect(),
        removals: removals(db, portfolio, None).await?,
    })
}

/// Stores the removals of a symbol.
pub async fn save_removal(
    tx: &Tx,
    portfolio: PortfolioId,
    symbol: &str,
    removal: Removal,
) -> Result<()> {
    use removal::Column;
    let row = removal::ActiveModel {
        portfolio_id: Set(portfolio),
        symbol: Set(symbol.to_owned()),
        generation: Set(removal.generation),
        live_from: Set(removal.live_from),
    };
    let again = OnConflict::columns([Column::PortfolioId, Column::Symbol])
        .update_columns([Column::Generation, Column::LiveFrom])
        .to_owned();
    removal::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Returns imports that are running, were interrupted or are being undone.
pub async fn unfinished_imports(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
) -> Result<Vec<ImportId>> {
    use import::Column;
    let ids = import::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::DoneAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

/// Filter for transactions: excludes those of unfinished imports.
pub(super) fn finished(portfolios: &[PortfolioId]) -> Condition {
    use transaction::Column;
    let unfinished = import::Entity::find()
        .select_only()
        .column(import::Column::Id)
        .filter(import::Column::PortfolioId.is_in(portfolios.iter().copied()))
        .filter(import::Column::DoneAt.is_null())
        .into_query();
    Condition::any()
        .add(Column::ImportId.is_null())
        .add(Column::ImportId.not_in_subquery(unfinished))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removals_of_spellings() {
        let removal = |(generation, live_from)| Removal {
            generation,
            live_from,
        };
        for (spellings, merged) in [
            (vec![(0, 0), (0, 0)], (0, 0)),
            (vec![(0, 0), (1, 1)], (1, 1)),
            (vec![(2, 2), (1, 1)], (2, 2)),
            // Restored ones, beside removed ones.
            (vec![(3, 0), (0, 0)], (3, 0)),
            (vec![(3, 0), (1, 1)], (3, 3)),
        ] {
            let spellings: Vec<_> = spellings.into_iter().map(removal).collect();
            assert_eq!(Removal::merged(&spellings), removal(merged));
        }
    }
}
