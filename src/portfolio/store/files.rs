//! Imports and their transactions in the database.

use super::counting::{Counting, import};
use super::rows::{columns, symbol_of, transaction};
use crate::platform::database::Tx;
use crate::portfolio::model::{Origin, PastImport};
use crate::portfolio::rules::Checked;
use crate::shared::{ImportId, PortfolioId, Result, Timestamp, TransactionId, time};
use sea_orm::{ActiveValue::Set, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*};

impl From<import::Model> for PastImport {
    fn from(row: import::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            origin: row.origin.unwrap_or_default(),
            brought: row.brought,
            at: row.created_at,
        }
    }
}

/// Rows per statement.
const ROWS: usize = 500;

/// Inserts an unfinished import.
pub async fn begin_import(tx: &Tx, portfolio: PortfolioId, past: &PastImport) -> Result<()> {
    let row = import::ActiveModel {
        id: Set(past.id),
        portfolio_id: Set(portfolio),
        name: Set(past.name.clone()),
        origin: Set((past.origin != Origin::File).then_some(past.origin)),
        brought: Set(past.brought),
        created_at: Set(past.at),
        done_at: Set(None),
    };
    import::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Returns finished imports, latest first, from before one of them.
pub async fn imports(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    before: Option<ImportId>,
    limit: u64,
) -> Result<Vec<PastImport>> {
    use import::Column;
    let mut query = import::Entity::find()
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::DoneAt.is_not_null());
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    Ok(rows.into_iter().map(PastImport::from).collect())
}

/// true if this import is finished.
pub async fn has_import(
    db: &impl ConnectionTrait,
    portfolio: PortfolioId,
    import: ImportId,
) -> Result<bool> {
    let found = import::Entity::find_by_id(import)
        .filter(import::Column::PortfolioId.eq(portfolio))
        .filter(import::Column::DoneAt.is_not_null())
        .exists(db)
        .await?;
    Ok(found)
}

/// Returns unfinished imports started before a time, with their portfolios.
pub async fn stale_imports(
    db: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<(PortfolioId, ImportId)>> {
    use import::Column;
    let rows = import::Entity::find()
        .select_only()
        .columns([Column::PortfolioId, Column::Id])
        .filter(Column::DoneAt.is_null())
        .filter(Column::CreatedAt.lt(before))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows)
}

/// Inserts the transactions of an import. They count after [`finish_import`].
pub async fn insert_import(
    tx: &Tx,
    portfolio: PortfolioId,
    import: ImportId,
    inputs: &[Checked],
    counting: &Counting,
) -> Result<()> {
    let now = time::now();
    let rows = inputs.iter().map(|input| transaction::ActiveModel {
        id: Set(TransactionId::new()),
        portfolio_id: Set(portfolio),
        import_id: Set(Some(import)),
        created_at: Set(now),
        generation: Set(counting.removal(symbol_of(input)).generation),
        ..columns(input)
    });
    let rows: Vec<_> = rows.collect();
    // The database limits the number of values per statement.
    for some in rows.chunks(ROWS) {
        transaction::Entity::insert_many(some.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Makes the transactions of an import count.
pub async fn finish_import(tx: &Tx, portfolio: PortfolioId, import: ImportId) -> Result<()> {
    set_done(tx, portfolio, import, Some(time::now())).await
}

/// Makes the transactions of an import stop counting; [`delete_import_rows`] deletes them.
pub async fn undo_import(tx: &Tx, portfolio: PortfolioId, import: ImportId) -> Result<()> {
    set_done(tx, portfolio, import, None).await
}

async fn set_done(
    tx: &Tx,
    portfolio: PortfolioId,
    import: ImportId,
    at: Option<Timestamp>,
) -> Result<()> {
    use import::Column;
    import::Entity::update_many()
        .col_expr(Column::DoneAt, Expr::value(at))
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::Id.eq(import))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes a batch of transactions of an unfinished import, and the import when it has none left.
/// Returns the number of transactions deleted.
pub async fn delete_import_rows(
    tx: &Tx,
    portfolio: PortfolioId,
    import: ImportId,
    limit: u64,
) -> Result<u64> {
    use transaction::Column;
    let some = transaction::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ImportId.eq(import))
        .limit(limit)
        .into_query();
    let done = transaction::Entity::delete_many()
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::Id.in_subquery(some))
        .exec(tx)
        .await?;
    if done.rows_affected == 0 {
        import::Entity::delete_many()
            .filter(import::Column::PortfolioId.eq(portfolio))
            .filter(import::Column::Id.eq(import))
            .filter(import::Column::DoneAt.is_null())
            .exec(tx)
            .await?;
    }
    Ok(done.rows_affected)
}

/// Deletes a batch of imports of a portfolio that have no transactions left; returns their number.
pub(super) async fn purge_imports(tx: &Tx, portfolio: PortfolioId, limit: u64) -> Result<u64> {
    use import::Column;
    let some = import::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PortfolioId.eq(portfolio))
        .limit(limit)
        .into_query();
    let done = import::Entity::delete_many()
        .filter(Column::Id.in_subquery(some))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Returns the symbols of an import's transactions.
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
        .filter(Column::PortfolioId.eq(portfolio))
        .filter(Column::ImportId.eq(import))
        .into_tuple::<String>()
        .all(db)
        .await?;
    Ok(symbols)
}
