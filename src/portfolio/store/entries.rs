//! Ledger entries of a portfolio.

use super::counting::Counting;
use super::rows::{ratio, transaction};
use crate::platform::database::Exact;
use crate::portfolio::model::Kind;
use crate::portfolio::rules::ledger::{Entry, What};
use crate::shared::{Error, ImportId, PortfolioId, Result, TransactionId};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::{ExprTrait, QueryOrder, QuerySelect, entity::prelude::*};

/// Rows read per query.
const STRETCH: u64 = 5_000;

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
    Error::damaged("a portfolio's transaction")
}

/// Returns the entries that count, ordered by symbol and date; of one symbol, or of all. They are
/// read in batches, so that other readers do not wait long. The result can contain part of a
/// concurrent change; the caller compares the portfolio's `rev`.
pub async fn entries_of(
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
            if counting.counts(row.import_id, row.generation, &row.symbol) {
                all.push(row.entry()?);
            }
        }
        if after.is_none() {
            return Ok(all);
        }
    }
}
