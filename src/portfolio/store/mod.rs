//! Portfolios in the database.

mod files;
mod holdings;
mod keeping;
mod trades;

pub use files::{
    begin_import, count_import, delete_import, has_import, imports, insert_import,
    symbols_of_import, unfinished_imports,
};
pub use holdings::{
    Kept, KeptMoves, all_moves, drop_holding, holding, holdings, holdings_of, instrument_count,
    keep_holding, keep_moves, moves_of,
};
pub use keeping::{all_portfolios, touch};
pub use trades::{own_splits, trades};

use super::model::{Kind, Portfolio, Transaction};
use super::rules::{
    Checked,
    ledger::{Entry, Method, What},
};
use crate::platform::database::{Tx, is_unique_violation};
use crate::shared::{AccountId, Error, PortfolioId, Result, Timestamp, TransactionId, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

mod portfolio {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolios")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub name: String,
        pub name_key: String,
        pub method: String,
        pub rev: i64,
        pub transactions: i64,
        pub created_at: DateTimeUtc,
        pub kept_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod transaction {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolio_transactions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub portfolio_id: Uuid,
        pub symbol: String,
        pub kind: String,
        pub date: Date,
        pub quantity: Option<String>,
        pub price: Option<String>,
        pub fee: Option<String>,
        pub amount: Option<String>,
        pub ratio_from: Option<i32>,
        pub ratio_to: Option<i32>,
        pub note: String,
        pub import_id: Option<Uuid>,
        pub created_at: DateTimeUtc,
        pub removed_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const fn method_name(method: Method) -> &'static str {
    match method {
        Method::Fifo => "fifo",
        Method::Average => "average",
    }
}

impl From<portfolio::Model> for Portfolio {
    fn from(row: portfolio::Model) -> Self {
        let average = row.method == method_name(Method::Average);
        Self {
            id: PortfolioId(row.id),
            name: row.name,
            method: if average {
                Method::Average
            } else {
                Method::Fifo
            },
            transactions: row.transactions,
            created_at: row.created_at,
            kept_by: row.kept_by,
        }
    }
}

/// What the database holds must be what was written there.
fn damaged(what: &str) -> Error {
    Error::internal(format!("a portfolio's {what} cannot be read"))
}

fn decimal(text: Option<String>) -> Result<Option<Decimal>> {
    text.map(|text| text.parse().map_err(|_| damaged("figure")))
        .transpose()
}

fn ratio(from: Option<i32>, to: Option<i32>) -> Option<(u32, u32)> {
    Some((from?.unsigned_abs(), to?.unsigned_abs()))
}

impl TryFrom<transaction::Model> for Transaction {
    type Error = Error;

    fn try_from(row: transaction::Model) -> Result<Self> {
        Ok(Self {
            id: TransactionId(row.id),
            kind: Kind::named(&row.kind).ok_or_else(|| damaged("kind"))?,
            symbol: Some(row.symbol).filter(|symbol| !symbol.is_empty()),
            date: row.date,
            quantity: decimal(row.quantity)?,
            price: decimal(row.price)?,
            fee: decimal(row.fee)?,
            amount: decimal(row.amount)?,
            ratio: ratio(row.ratio_from, row.ratio_to),
            note: row.note,
            created_at: row.created_at,
            removed: row.removed_at.is_some(),
        })
    }
}

/// The portfolios that an account keeps itself, the oldest first.
pub async fn portfolios(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Portfolio>> {
    let rows = portfolio::Entity::find()
        .filter(portfolio::Column::AccountId.eq(account.0))
        .filter(portfolio::Column::KeptBy.is_null())
        .order_by_asc(portfolio::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(Portfolio::from).collect())
}

/// A portfolio of an account, with the number of its last change.
pub async fn portfolio(
    db: &impl ConnectionTrait,
    account: AccountId,
    id: PortfolioId,
) -> Result<Option<(Portfolio, i64)>> {
    let row = portfolio::Entity::find_by_id(id.0)
        .filter(portfolio::Column::AccountId.eq(account.0))
        .one(db)
        .await?;
    Ok(row.map(|row| {
        let rev = row.rev;
        (row.into(), rev)
    }))
}

/// How many portfolios an account keeps itself.
pub async fn portfolio_count(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = portfolio::Entity::find()
        .filter(portfolio::Column::AccountId.eq(account.0))
        .filter(portfolio::Column::KeptBy.is_null())
        .count(db)
        .await?;
    Ok(count)
}

fn taken(error: sea_orm::DbErr) -> Error {
    if is_unique_violation(&error) {
        Error::conflict(
            "portfolio-exists",
            "You have a portfolio with this name already",
        )
        .with("field", "name")
    } else {
        error.into()
    }
}

/// Makes a portfolio; a name that folds to an existing one is `portfolio-exists`.
pub async fn insert_portfolio(
    tx: &Tx,
    account: AccountId,
    new: &Portfolio,
    name_key: String,
) -> Result<()> {
    let row = portfolio::ActiveModel {
        id: Set(new.id.0),
        account_id: Set(account.0),
        name: Set(new.name.clone()),
        name_key: Set(name_key),
        method: Set(method_name(new.method).into()),
        rev: Set(0),
        transactions: Set(0),
        created_at: Set(new.created_at),
        kept_by: Set(new.kept_by.clone()),
    };
    let done = portfolio::Entity::insert(row).exec_without_returning(tx);
    done.await.map_err(taken)?;
    Ok(())
}

/// Changes the name and the method of a portfolio; was it there?
pub async fn update_portfolio(
    tx: &Tx,
    account: AccountId,
    id: PortfolioId,
    name: String,
    name_key: String,
    method: Method,
) -> Result<bool> {
    let done = portfolio::Entity::update_many()
        .col_expr(portfolio::Column::Name, Expr::value(name))
        .col_expr(portfolio::Column::NameKey, Expr::value(name_key))
        .col_expr(portfolio::Column::Method, Expr::value(method_name(method)))
        .filter(portfolio::Column::Id.eq(id.0))
        .filter(portfolio::Column::AccountId.eq(account.0))
        .exec(tx);
    Ok(done.await.map_err(taken)?.rows_affected > 0)
}

/// Deletes a portfolio with all that is in it; was it there?
pub async fn delete_portfolio(tx: &Tx, account: AccountId, id: PortfolioId) -> Result<bool> {
    let done = portfolio::Entity::delete_many()
        .filter(portfolio::Column::Id.eq(id.0))
        .filter(portfolio::Column::AccountId.eq(account.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The columns of a transaction that its draft fills.
fn columns(draft: &Checked) -> transaction::ActiveModel {
    let mut row = transaction::ActiveModel {
        symbol: Set(symbol_of(draft).to_owned()),
        kind: Set(draft.kind.as_str().into()),
        date: Set(draft.date),
        quantity: Set(None),
        price: Set(None),
        fee: Set(None),
        amount: Set(None),
        ratio_from: Set(None),
        ratio_to: Set(None),
        note: Set(draft.note.clone()),
        ..Default::default()
    };
    match &draft.what {
        What::Buy {
            quantity,
            price,
            fee,
        }
        | What::Sell {
            quantity,
            price,
            fee,
        } => {
            row.quantity = Set(Some(quantity.to_string()));
            row.price = Set(Some(price.to_string()));
            row.fee = Set(Some(fee.to_string()));
        }
        What::Dividend(amount)
        | What::Fee(amount)
        | What::Deposit(amount)
        | What::Withdrawal(amount) => row.amount = Set(Some(amount.to_string())),
        What::Split { from, to } => {
            row.ratio_from = Set(i32::try_from(*from).ok());
            row.ratio_to = Set(i32::try_from(*to).ok());
        }
    }
    row
}

/// The instrument of a draft; empty: it concerns cash only.
pub fn symbol_of(draft: &Checked) -> &str {
    draft.symbol.as_ref().map_or("", |symbol| symbol.as_str())
}

/// Writes a transaction down.
pub async fn insert_transaction(
    tx: &Tx,
    portfolio: PortfolioId,
    id: TransactionId,
    draft: &Checked,
) -> Result<()> {
    let row = transaction::ActiveModel {
        id: Set(id.0),
        portfolio_id: Set(portfolio.0),
        import_id: Set(None),
        created_at: Set(time::now()),
        removed_at: Set(None),
        ..columns(draft)
    };
    transaction::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Writes a transaction down anew.
pub async fn update_transaction(tx: &Tx, id: TransactionId, draft: &Checked) -> Result<()> {
    let row = transaction::ActiveModel {
        id: Set(id.0),
        ..columns(draft)
    };
    transaction::Entity::update(row).exec(tx).await?;
    Ok(())
}

/// Deletes a transaction.
pub async fn delete_transaction(tx: &Tx, id: TransactionId) -> Result<()> {
    transaction::Entity::delete_by_id(id.0).exec(tx).await?;
    Ok(())
}

/// A transaction of a portfolio.
pub async fn transaction(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    id: TransactionId,
) -> Result<Option<Transaction>> {
    let row = transaction::Entity::find_by_id(id.0)
        .filter(transaction::Column::PortfolioId.eq(portfolio.0))
        .one(db)
        .await?;
    row.map(Transaction::try_from).transpose()
}

/// Some transactions, the latest day first and on a day the last written first, from before a
/// place in that order. Of one instrument, or of all.
pub async fn transactions(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: Option<&str>,
    before: Option<(NaiveDate, TransactionId)>,
    limit: u64,
) -> Result<Vec<Transaction>> {
    use transaction::Column;
    let mut query = transaction::Entity::find().filter(Column::PortfolioId.eq(portfolio.0));
    if let Some(symbol) = symbol {
        query = query.filter(Column::Symbol.eq(symbol));
    }
    if let Some((date, id)) = before {
        // The first half lets the index begin at the day.
        let earlier = Condition::any()
            .add(Column::Date.lt(date))
            .add(Column::Id.lt(id.0));
        query = query.filter(Column::Date.lte(date)).filter(earlier);
    }
    let rows = query
        .order_by_desc(Column::Date)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(Transaction::try_from).collect()
}

/// What is computed with of a transaction.
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
}

impl Figures {
    fn entry(self) -> Result<(String, Entry)> {
        let missing = || damaged("transaction");
        // What a kind has no use for is not there.
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

/// What counts of a portfolio's transactions, in the order of their instruments and days. Of one
/// instrument, or of all.
pub async fn entries(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    symbol: Option<&str>,
) -> Result<Vec<(String, Entry)>> {
    use transaction::Column;
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
        ])
        .filter(Column::PortfolioId.eq(portfolio.0))
        .filter(Column::RemovedAt.is_null());
    if let Some(symbol) = symbol {
        query = query.filter(Column::Symbol.eq(symbol));
    }
    let rows = query
        .order_by_asc(Column::Symbol)
        .order_by_asc(Column::Date)
        .order_by_asc(Column::Id)
        .into_model::<Figures>()
        .all(db)
        .await?;
    rows.into_iter().map(Figures::entry).collect()
}

/// Marks the transactions of an instrument as removed, or those that were as not; how many. Those of
/// a file that is not taken in yet stay what they are: they never counted.
pub async fn mark_removed(
    tx: &Tx,
    portfolio: PortfolioId,
    symbol: &str,
    removed_at: Option<Timestamp>,
) -> Result<u64> {
    use transaction::Column;
    let mut query = transaction::Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(removed_at))
        .filter(Column::PortfolioId.eq(portfolio.0))
        .filter(Column::Symbol.eq(symbol))
        .filter(files::not_on_its_way(portfolio));
    query = if removed_at.is_some() {
        query.filter(Column::RemovedAt.is_null())
    } else {
        query.filter(Column::RemovedAt.is_not_null())
    };
    Ok(query.exec(tx).await?.rows_affected)
}
