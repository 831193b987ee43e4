//! The transactions of a file in the database.

use super::{columns, transaction};
use crate::platform::database::Tx;
use crate::portfolio::rules::Checked;
use crate::shared::{ImportId, PortfolioId, Result, Timestamp, TransactionId, time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};

/// Rows of one statement.
const ROWS: usize = 500;

/// Writes the transactions of a file down, as if they had been taken out: they count from
/// [`count_import`] on.
pub async fn insert_import(
    tx: &Tx,
    portfolio: PortfolioId,
    import: ImportId,
    drafts: &[Checked],
) -> Result<()> {
    let now = time::now();
    let rows = drafts.iter().map(|draft| transaction::ActiveModel {
        id: Set(TransactionId::new().0),
        portfolio_id: Set(portfolio.0),
        import_id: Set(Some(import.0)),
        created_at: Set(now),
        removed_at: Set(Some(now)),
        ..columns(draft)
    });
    let rows: Vec<_> = rows.collect();
    // A statement takes only so many values.
    for some in rows.chunks(ROWS) {
        transaction::Entity::insert_many(some.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Has the transactions of a file count.
pub async fn count_import(tx: &Tx, portfolio: PortfolioId, import: ImportId) -> Result<()> {
    use transaction::Column;
    let none: Option<Timestamp> = None;
    transaction::Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(none))
        .filter(Column::PortfolioId.eq(portfolio.0))
        .filter(Column::ImportId.eq(import.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes the transactions of a file; how many there were.
pub async fn delete_import(tx: &Tx, portfolio: PortfolioId, import: ImportId) -> Result<u64> {
    use transaction::Column;
    let done = transaction::Entity::delete_many()
        .filter(Column::PortfolioId.eq(portfolio.0))
        .filter(Column::ImportId.eq(import.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// The instruments of the transactions of a file.
pub async fn symbols_of_import(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    import: ImportId,
) -> Result<Vec<String>> {
    use transaction::Column;
    let symbols = transaction::Entity::find()
        .select_only()
        .column(Column::Symbol)
        .distinct()
        .filter(Column::PortfolioId.eq(portfolio.0))
        .filter(Column::ImportId.eq(import.0))
        .into_tuple::<String>()
        .all(db)
        .await?;
    Ok(symbols)
}
