//! Watchlists in the database.

use crate::markets::model::Watchlist;
use crate::platform::database::{Tx, is_unique_violation};
use crate::shared::{AccountId, Error, Result, WatchlistId};
use sea_orm::{ActiveValue::Set, ExprTrait, QueryOrder, entity::prelude::*};
use std::collections::HashMap;

mod list {
    use crate::shared::{AccountId, WatchlistId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "watchlists")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: WatchlistId,
        pub account_id: AccountId,
        pub name: String,
        pub name_key: String,
        pub rev: i64,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod symbol {
    use crate::shared::WatchlistId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "watchlist_symbols")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub watchlist_id: WatchlistId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub place: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Returns an account's watchlists with their symbols, oldest first.
pub async fn lists(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Watchlist>> {
    let rows = list::Entity::find()
        .filter(list::Column::AccountId.eq(account))
        .order_by_asc(list::Column::Id)
        .all(db)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut symbols = symbols_of(db, &ids).await?;
    let lists = rows.into_iter().map(|row| Watchlist {
        symbols: symbols.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        created_at: row.created_at,
    });
    Ok(lists.collect())
}

/// Returns the symbols of several watchlists, in the owner's order.
async fn symbols_of(
    db: &impl ConnectionTrait,
    lists: &[WatchlistId],
) -> Result<HashMap<WatchlistId, Vec<String>>> {
    let mut symbols: HashMap<_, Vec<_>> = HashMap::new();
    if lists.is_empty() {
        return Ok(symbols);
    }
    let rows = symbol::Entity::find()
        .filter(symbol::Column::WatchlistId.is_in(lists.iter().copied()))
        .order_by_asc(symbol::Column::Place)
        .order_by_asc(symbol::Column::Symbol)
        .all(db)
        .await?;
    for row in rows {
        symbols
            .entry(row.watchlist_id)
            .or_default()
            .push(row.symbol);
    }
    Ok(symbols)
}

/// Returns the symbols of one watchlist.
pub async fn symbols(db: &impl ConnectionTrait, id: WatchlistId) -> Result<Vec<String>> {
    let mut symbols = symbols_of(db, &[id]).await?;
    Ok(symbols.remove(&id).unwrap_or_default())
}

/// Counts an account's watchlists.
pub async fn count(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = list::Entity::find()
        .filter(list::Column::AccountId.eq(account))
        .count(db)
        .await?;
    Ok(count)
}

fn taken(error: DbErr) -> Error {
    if is_unique_violation(&error) {
        Error::conflict("watchlist-exists", "Watchlist name taken").with("field", "name")
    } else {
        error.into()
    }
}

/// Inserts a watchlist; a name that folds to an existing one is `watchlist-exists`.
pub async fn insert(tx: &Tx, account: AccountId, new: &Watchlist, name_key: String) -> Result<()> {
    let row = list::ActiveModel {
        id: Set(new.id),
        account_id: Set(account),
        name: Set(new.name.clone()),
        name_key: Set(name_key),
        rev: Set(0),
        created_at: Set(new.created_at),
    };
    let done = list::Entity::insert(row).exec_without_returning(tx);
    done.await.map_err(taken)?;
    Ok(())
}

/// Renames a watchlist; `false`: not found.
pub async fn rename(
    tx: &Tx,
    account: AccountId,
    id: WatchlistId,
    name: String,
    name_key: String,
) -> Result<bool> {
    let done = list::Entity::update_many()
        .col_expr(list::Column::Name, Expr::value(name))
        .col_expr(list::Column::NameKey, Expr::value(name_key))
        .filter(list::Column::Id.eq(id))
        .filter(list::Column::AccountId.eq(account))
        .exec(tx);
    Ok(done.await.map_err(taken)?.rows_affected > 0)
}

/// Deletes a watchlist with its symbols; `false`: not found.
pub async fn delete(tx: &Tx, account: AccountId, id: WatchlistId) -> Result<bool> {
    let done = list::Entity::delete_many()
        .filter(list::Column::Id.eq(id))
        .filter(list::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Deletes all watchlists of an account.
pub async fn delete_all(tx: &Tx, account: AccountId) -> Result<()> {
    list::Entity::delete_many()
        .filter(list::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Locks a watchlist until the transaction ends; `false`: the account has no such list.
pub async fn take(tx: &Tx, account: AccountId, id: WatchlistId) -> Result<bool> {
    let next = Expr::col(list::Column::Rev).add(1);
    let done = list::Entity::update_many()
        .col_expr(list::Column::Rev, next)
        .filter(list::Column::Id.eq(id))
        .filter(list::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Replaces the symbols of a watchlist.
pub async fn set_symbols(tx: &Tx, id: WatchlistId, symbols: &[String]) -> Result<()> {
    symbol::Entity::delete_many()
        .filter(symbol::Column::WatchlistId.eq(id))
        .exec(tx)
        .await?;
    if symbols.is_empty() {
        return Ok(());
    }
    let rows = (0_i32..)
        .zip(symbols)
        .map(|(place, code)| symbol::ActiveModel {
            watchlist_id: Set(id),
            symbol: Set(code.clone()),
            place: Set(place),
        });
    symbol::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
