//! Ledger entries of a portfolio, and which transactions count.

use super::{damaged, files, ratio, transaction};
use crate::platform::database::{Exact, Tx};
use crate::portfolio::model::Kind;
use crate::portfolio::rules::ledger::{Entry, What};
use crate::shared::{Error, ImportId, PortfolioId, Result, TransactionId};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set, ExprTrait, QueryOrder, QuerySelect, entity::prelude::*, sea_query::OnConflict,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Rows read per query.
const STRETCH: u64 = 5_000;

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

    fn counts(&self, row: &Figures) -> bool {
        let unfinished = |import| self.unfinished.contains(&import);
        !row.import_id.is_some_and(unfinished)
            && row.generation >= self.removal(&row.symbol).live_from
    }
}

/// Reads what currently decides which transactions count.
pub async fn counting(db: &impl ConnectionTrait, portfolio: PortfolioId) -> Result<Counting> {
    Ok(Counting {
        unfinished: files::unfinished_imports(db, portfolio)
            .await?
            .into_iter()
            .collect(),
        removals: removals(db, portfolio, None).await?,
    })
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

/// Columns of a transaction that a ledger entry needs.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "transaction::Entity")]
struct Figures {
    id: TransactionId,
    symbol: String,
    kind: Kind,
    date: NaiveDate,
    quantity: Option<Exact>,
    price: Option<Exact>,
    fee: Option<Exact>,
    amount: Option<Exact>,
    ratio_from: Option<i32>,
    ratio_to: Option<i32>,
    import_id: Option<ImportId>,
    generation: i64,
}

impl Figures {
    fn entry(self) -> Result<(String, Entry)> {
        // Columns that a kind does not use are empty.
        let number = |one: Option<Exact>| one.map(Decimal::from).ok_or_else(missing);
        let fee = self.fee.map_or(Decimal::ZERO, Decimal::from);
        let what = match self.kind {
            Kind::Buy => What::Buy {
                quantity: number(self.quantity)?,
                price: number(self.price)?,
                fee,
            },
            Kind::Sell => What::Sell {
                quantity: number(self.quantity)?,
                price: number(self.price)?,
                fee,
            },
            Kind::Dividend => What::Dividend(number(self.amount)?),
            Kind::Fee => What::Fee(number(self.amount)?),
            Kind::Deposit => What::Deposit(number(self.amount)?),
            Kind::Withdrawal => What::Withdrawal(number(self.amount)?),
            Kind::Split => {
                let (from, to) = ratio(self.ratio_from, self.ratio_to).ok_or_else(missing)?;
                What::Split { from, to }
            }
        };
        let entry = Entry {
            id: self.id,
            date: self.date,
            what,
        };
        Ok((self.symbol, entry))
    }
}

fn missing() -> Error {
    damaged("transaction")
}

/// Returns the entries that count, ordered by symbol and date; of one symbol, or of all. They are
/// read in batches, so that other readers do not wait long. The result can contain part of a
/// concurrent change; the caller compares the portfolio's `rev`.
pub async fn entries(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: Option<&str>,
    counting: &Counting,
) -> Result<Vec<(String, Entry)>> {
    use transaction::Column;
    let mut all = Vec::new();
    let mut after: Option<(String, NaiveDate, TransactionId)> = None;
    loop {
        let mut query = transaction::Entity::find().filter(Column::PortfolioId.eq(portfolio));
        if let Some(symbol) = symbol {
            query = query.filter(Column::Symbol.eq(symbol));
        }
        if let Some((symbol, date, id)) = after.take() {
            let place = [Column::Symbol, Column::Date, Column::Id].map(Expr::col);
            let last = [Expr::value(symbol), Expr::value(date), Expr::value(id)];
            query = query.filter(Expr::tuple(place).gt(Expr::tuple(last)));
        }
        let rows = query
            .order_by_asc(Column::Symbol)
            .order_by_asc(Column::Date)
            .order_by_asc(Column::Id)
            .limit(STRETCH)
            .into_partial_model::<Figures>()
            .all(db)
            .await?;
        if rows.len() as u64 == STRETCH {
            after = rows
                .last()
                .map(|row| (row.symbol.clone(), row.date, row.id));
        }
        for row in rows {
            if counting.counts(&row) {
                all.push(row.entry()?);
            }
        }
        if after.is_none() {
            return Ok(all);
        }
    }
}
