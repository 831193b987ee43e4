//! Rows of `departures` and `retired_names`, and deletion of an account's row data.

use super::accounts::account;
use super::sessions::session;
use crate::{
    accounts::{AccountKind, Departure, Profile},
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, DatabaseBackend, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, OnConflict, Query},
};
use std::collections::HashSet;

mod departure {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "departures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub keep_messages: bool,
        pub requested_at: DateTimeUtc,
        pub due_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod retired_name {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "retired_names")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name_hash: String,
        pub retired_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Returns the account's scheduled deletion. None: not scheduled.
pub async fn departure(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Departure>> {
    let row = departure::Entity::find_by_id(account.0).one(conn).await?;
    Ok(row.map(|row| Departure {
        due_at: row.due_at,
        keep_messages: row.keep_messages,
    }))
}

/// Returns those of these accounts that are neither suspended, deleted nor scheduled for deletion.
pub async fn active(conn: &impl ConnectionTrait, ids: &[AccountId]) -> Result<HashSet<AccountId>> {
    let leaving = Query::select()
        .column(departure::Column::AccountId)
        .from(departure::Entity)
        .to_owned();
    let active = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::COLUMN.id.is_in(ids.iter().map(|id| id.0)))
        .filter(account::COLUMN.suspended_at.is_null())
        .filter(account::COLUMN.kind.ne(AccountKind::Deleted.as_str()))
        .filter(account::Column::Id.not_in_subquery(leaving))
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    Ok(active.into_iter().map(AccountId).collect())
}

/// Schedules the deletion of an account.
pub async fn insert_departure(
    tx: &Tx,
    account: AccountId,
    new: &Departure,
    now: Timestamp,
) -> Result<()> {
    let row = departure::ActiveModel {
        account_id: Set(account.0),
        keep_messages: Set(new.keep_messages),
        requested_at: Set(now),
        due_at: Set(new.due_at),
    };
    departure::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Cancels a scheduled deletion that is not due yet. Returns false if there is none.
pub async fn cancel_departure(tx: &Tx, account: AccountId, now: Timestamp) -> Result<bool> {
    let cancelled = departure::Entity::delete_many()
        .filter(departure::Column::AccountId.eq(account.0))
        .filter(departure::Column::DueAt.gt(now))
        .exec(tx)
        .await?;
    Ok(cancelled.rows_affected > 0)
}

/// Returns accounts whose deletion is due, oldest first, and whether their messages stay.
pub async fn departures_due(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(AccountId, bool)>> {
    let rows = departure::Entity::find()
        .filter(departure::Column::DueAt.lte(now))
        .order_by_asc(departure::Column::DueAt)
        .order_by_asc(departure::Column::AccountId)
        .limit(limit)
        .all(conn)
        .await?;
    let due = rows.into_iter();
    Ok(due
        .map(|row| (AccountId(row.account_id), row.keep_messages))
        .collect())
}

/// true if there is another active admin. On Postgres, locks this check until the commit, so that
/// parallel transactions cannot remove the last two admins.
pub async fn has_other_admin(tx: &Tx, account: AccountId) -> Result<bool> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7411003)")
            .await?;
    }
    let leaving = Query::select()
        .column(departure::Column::AccountId)
        .from(departure::Entity)
        .to_owned();
    let other = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::COLUMN.admin.eq(true))
        .filter(account::COLUMN.kind.eq(AccountKind::Person.as_str()))
        .filter(account::COLUMN.suspended_at.is_null())
        .filter(account::COLUMN.id.ne(account.0))
        .filter(account::Column::Id.not_in_subquery(leaving))
        .limit(1)
        .into_tuple::<Uuid>()
        .one(tx)
        .await?;
    Ok(other.is_some())
}

/// Retires a name, so that no other account can get it.
pub async fn retire_name(tx: &Tx, name_hash: String, now: Timestamp) -> Result<()> {
    let row = retired_name::ActiveModel {
        name_hash: Set(name_hash),
        retired_at: Set(now),
    };
    let again = OnConflict::column(retired_name::Column::NameHash)
        .do_nothing()
        .to_owned();
    retired_name::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Returns those of these names that are retired.
pub async fn retired_names(tx: &Tx, name_hashes: Vec<String>) -> Result<HashSet<String>> {
    let retired = retired_name::Entity::find()
        .select_only()
        .column(retired_name::Column::NameHash)
        .filter(retired_name::Column::NameHash.is_in(name_hashes))
        .into_tuple::<String>()
        .all(tx)
        .await?;
    Ok(retired.into_iter().collect())
}

/// Returns the folded username of an account.
pub async fn username_key(tx: &Tx, account: AccountId) -> Result<Option<String>> {
    let key = account::Entity::find_by_id(account.0)
        .select_only()
        .column(account::Column::UsernameKey)
        .into_tuple::<String>()
        .one(tx)
        .await?;
    Ok(key)
}

/// Deletes what remains of an account: names, sign-in data, sessions. The row stays, since messages
/// refer to it.
pub async fn erase(tx: &Tx, id: AccountId) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::COLUMN.account_id.eq(id.0))
        .exec(tx)
        .await?;
    super::remove_second_factor(tx, id).await?;
    super::remove_challenges(tx, id).await?;
    let gone = Profile::deleted(id);
    account::Entity::update_many()
        .col_expr(account::Column::Username, Expr::value(gone.username))
        // Folded names never contain a colon, so this value cannot collide.
        .col_expr(
            account::Column::UsernameKey,
            Expr::value(format!("deleted:{id}")),
        )
        .col_expr(account::Column::DisplayName, Expr::value(gone.display_name))
        .col_expr(account::Column::Email, Expr::value(None::<String>))
        .col_expr(account::Column::EmailKey, Expr::value(None::<String>))
        .col_expr(account::Column::PasswordHash, Expr::value(None::<String>))
        .col_expr(account::Column::Kind, Expr::value(gone.kind.as_str()))
        .col_expr(account::Column::Admin, Expr::value(false))
        .col_expr(account::Column::Preferences, Expr::value(None::<String>))
        .col_expr(account::Column::Avatar, Expr::value(None::<String>))
        .filter(account::COLUMN.id.eq(id.0))
        .exec(tx)
        .await?;
    departure::Entity::delete_by_id(id.0).exec(tx).await?;
    Ok(())
}
