//! Ledger entries of a portfolio, and which transactions count.

use super::{damaged, decimal, files, ratio, transaction};
use crate::platform::database::Tx;
use crate::portfolio::model::Kind;
use crate::portfolio::rules::ledger::{Entry, What};
use crate::shared::{ImportId, PortfolioId, Result, TransactionId};
use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Rows read per query.
const STRETCH: u64 = 5_000;

mod removal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolio_removals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub portfolio_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub generation: i64,
        pub live_from: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

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
        let unfinished = |import: Uuid| self.unfinished.contains(&ImportId(import));
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
    let mut query = removal::Entity::find().filter(Column::PortfolioId.eq(portfolio.0));
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
        portfolio_id: Set(portfolio.0),
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
#[derive(FromQueryResult)]
struct Figures {
    id: Uuid,
    symbol: String,
    kind: String,
    date: NaiveDate,
    quantity: Option<String>,
    price: Option<String>,
    fee: Option<String>,
    amount: Option<String>,
    ratio_from: Option<i32>,
    ratio_to: Option<i32>,
    import_id: Option<Uuid>,
    generation: i64,
}

impl Figures {
    fn entry(self) -> Result<(String, Entry)> {
        let missing = || damaged("transaction");
        // Columns that a kind does not use are empty.
        let (quantity, price) = (decimal(self.quantity)?, decimal(self.price)?);
        let (fee, amount) = (
            decimal(self.fee)?.unwrap_or_default(),
            decimal(self.amount)?,
        );
        let amount = || amount.ok_or_else(missing);
        let what = match Kind::named(&self.kind).ok_or_else(missing)? {
            Kind::Buy => What::Buy {
                quantity: quantity.ok_or_else(missing)?,
                price: price.ok_or_else(missing)?,
                fee,
            },
            Kind::Sell => What::Sell {
                quantity: quantity.ok_or_else(missing)?,
                price: price.ok_or_else(missing)?,
                fee,
            },
            Kind::Dividend => What::Dividend(amount()?),
            Kind::Fee => What::Fee(amount()?),
            Kind::Deposit => What::Deposit(amount()?),
            Kind::Withdrawal => What::Withdrawal(amount()?),
            Kind::Split => {
                let (from, to) = ratio(self.ratio_from, self.ratio_to).ok_or_else(missing)?;
                What::Split { from, to }
            }
        };
        let entry = Entry {
            id: TransactionId(self.id),
            date: self.date,
            what,
        };
        Ok((self.symbol, entry))
    }
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
    let mut after: Option<(String, NaiveDate, Uuid)> = None;
    loop {
        let mut query = transaction::Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::Symbol,
                Column::Kind,
                Column::Date,
                Column::Quantity,
                Column::Price,
                Column::Fee,
                Column::Amount,
                Column::RatioFrom,
                Column::RatioTo,
                Column::ImportId,
                Column::Generation,
            ])
            .filter(Column::PortfolioId.eq(portfolio.0));
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
            .into_model::<Figures>()
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
