//! Drawings in the database.

use crate::markets::{Drawing, Shape};
use crate::platform::database::Tx;
use crate::shared::{AccountId, DrawingId, Result, Timestamp};
use sea_orm::{ActiveValue::Set, QueryOrder, entity::prelude::*};
use std::collections::HashMap;

mod drawing {
    use crate::shared::{AccountId, DrawingId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "chart_drawings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DrawingId,
        pub account_id: AccountId,
        pub symbol: String,
        pub from_day: Option<Date>,
        pub from_price: f64,
        pub to_day: Option<Date>,
        pub to_price: Option<f64>,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&drawing::Model> for Drawing {
    fn from(row: &drawing::Model) -> Self {
        let line = row.from_day.zip(row.to_day).zip(row.to_price);
        let shape = match line {
            Some(((from, to), high)) => Shape::Trend((from, row.from_price), (to, high)),
            None => Shape::Level(row.from_price),
        };
        Self { id: row.id, shape }
    }
}

/// Returns an account's drawings on a chart, oldest first.
pub async fn of(
    db: &impl ConnectionTrait,
    account: AccountId,
    symbol: &str,
) -> Result<Vec<Drawing>> {
    let rows = drawing::Entity::find()
        .filter(drawing::Column::AccountId.eq(account))
        .filter(drawing::Column::Symbol.eq(symbol))
        .order_by_asc(drawing::Column::CreatedAt)
        .order_by_asc(drawing::Column::Id)
        .all(db)
        .await?;
    Ok(rows.iter().map(Drawing::from).collect())
}

/// Returns all drawings of an account, by symbol and oldest first.
pub async fn all(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<(String, Drawing, Timestamp)>> {
    let rows = drawing::Entity::find()
        .filter(drawing::Column::AccountId.eq(account))
        .order_by_asc(drawing::Column::Symbol)
        .order_by_asc(drawing::Column::CreatedAt)
        .order_by_asc(drawing::Column::Id)
        .all(db)
        .await?;
    let all = rows.into_iter().map(|row| {
        let drawing = Drawing::from(&row);
        (row.symbol, drawing, row.created_at)
    });
    Ok(all.collect())
}

/// Counts an account's drawings, on one chart or on all.
pub async fn count(
    db: &impl ConnectionTrait,
    account: AccountId,
    symbol: Option<&str>,
) -> Result<usize> {
    let mut all = drawing::Entity::find().filter(drawing::Column::AccountId.eq(account));
    if let Some(symbol) = symbol {
        all = all.filter(drawing::Column::Symbol.eq(symbol));
    }
    let count = all.count(db).await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Returns the owners of those of these drawings that exist.
pub async fn owners(
    db: &impl ConnectionTrait,
    ids: &[DrawingId],
) -> Result<HashMap<DrawingId, AccountId>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = drawing::Entity::find()
        .filter(drawing::Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    let owner = |row: drawing::Model| (row.id, row.account_id);
    Ok(rows.into_iter().map(owner).collect())
}

pub async fn insert(
    tx: &Tx,
    account: AccountId,
    symbol: &str,
    drawings: &[Drawing],
    now: Timestamp,
) -> Result<()> {
    if drawings.is_empty() {
        return Ok(());
    }
    let rows = drawings.iter().map(|drawing| {
        let (from, to) = match drawing.shape {
            Shape::Level(price) => ((None, price), None),
            Shape::Trend((from, low), to) => ((Some(from), low), Some(to)),
        };
        drawing::ActiveModel {
            id: Set(drawing.id),
            account_id: Set(account),
            symbol: Set(symbol.to_owned()),
            from_day: Set(from.0),
            from_price: Set(from.1),
            to_day: Set(to.map(|(day, _)| day)),
            to_price: Set(to.map(|(_, price)| price)),
            created_at: Set(now),
        }
    });
    drawing::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Deletes a drawing, from one chart or from any; returns its symbol.
pub async fn delete(
    tx: &Tx,
    account: AccountId,
    symbol: Option<&str>,
    id: DrawingId,
) -> Result<Option<String>> {
    let mut these = drawing::Entity::find_by_id(id);
    these = these.filter(drawing::Column::AccountId.eq(account));
    if let Some(symbol) = symbol {
        these = these.filter(drawing::Column::Symbol.eq(symbol));
    }
    let Some(found) = these.one(tx).await? else {
        return Ok(None);
    };
    let done = drawing::Entity::delete_by_id(id).exec(tx).await?;
    // Another server may have been first.
    Ok((done.rows_affected > 0).then_some(found.symbol))
}

/// Deletes all drawings of an account.
pub async fn delete_all(tx: &Tx, account: AccountId) -> Result<()> {
    drawing::Entity::delete_many()
        .filter(drawing::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}
