//! Rows of transactions.

use crate::platform::database::Exact;
use crate::portfolio::rules::{Checked, ledger::What};
use sea_orm::ActiveValue::Set;

pub(super) mod transaction {
    use crate::platform::database::Exact;
    use crate::portfolio::model::Kind;
    use crate::shared::{ImportId, PortfolioId, TransactionId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "portfolio_transactions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: TransactionId,
        pub portfolio_id: PortfolioId,
        pub symbol: String,
        pub kind: Kind,
        pub date: Date,
        pub quantity: Option<Exact>,
        pub price: Option<Exact>,
        pub fee: Option<Exact>,
        pub amount: Option<Exact>,
        pub ratio_from: Option<i32>,
        pub ratio_to: Option<i32>,
        pub note: String,
        pub import_id: Option<ImportId>,
        pub created_at: DateTimeUtc,
        pub generation: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) fn ratio(from: Option<i32>, to: Option<i32>) -> Option<(u32, u32)> {
    Some((from?.unsigned_abs(), to?.unsigned_abs()))
}

/// Columns of a transaction that its input determines.
pub(super) fn columns(input: &Checked) -> transaction::ActiveModel {
    let mut row = transaction::ActiveModel {
        symbol: Set(symbol_of(input).to_owned()),
        kind: Set(input.kind),
        date: Set(input.date),
        quantity: Set(None),
        price: Set(None),
        fee: Set(None),
        amount: Set(None),
        ratio_from: Set(None),
        ratio_to: Set(None),
        note: Set(input.note.clone()),
        ..Default::default()
    };
    match &input.what {
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
            row.quantity = Set(Some(Exact(*quantity)));
            row.price = Set(Some(Exact(*price)));
            row.fee = Set(Some(Exact(*fee)));
        }
        What::Dividend(amount)
        | What::Fee(amount)
        | What::Deposit(amount)
        | What::Withdrawal(amount) => row.amount = Set(Some(Exact(*amount))),
        What::Split { from, to } => {
            row.ratio_from = Set(i32::try_from(*from).ok());
            row.ratio_to = Set(i32::try_from(*to).ok());
        }
    }
    row
}

/// Returns the symbol of an input; empty if it concerns only cash.
pub fn symbol_of(input: &Checked) -> &str {
    input.symbol.as_ref().map_or("", |symbol| symbol.as_str())
}
