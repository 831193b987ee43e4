//! Rows of `departures` and `retired_names`, and deletion of an account's row data.

use super::accounts::account;
use super::sessions::session;
use crate::{
    accounts::{AccountKind, Departure, Profile},
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, Condition, DatabaseBackend, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::Query,
};
use std::collections::HashSet;

mod departure {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "departures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        pub keep_messages: bool,
        pub requested_at: DateTimeUtc,
        pub due_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod retired_name {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "retired_names")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name_hash: String,
        pub retired_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Returns the account's scheduled deletion. None: not scheduled.
pub async fn departure(
    conn: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Departure>> {
    let row = departure::Entity::find_by_id(account).one(conn).await?;
    Ok(row.map(|row| Departure {
        due_at: row.due_at,
        keep_messages: row.keep_messages,
    }))
}

/// Accounts that are neither suspended nor scheduled for deletion.
fn staying() -> Condition {
    let leaving = Query::select()
        .column(departure::Column::AccountId)
        .from(departure::Entity)
        .to_owned();
    Condition::all()
        .add(account::Column::SuspendedAt.is_null())
        .add(account::Column::Id.not_in_subquery(leaving))
}

/// Returns those of these accounts that are neither suspended, deleted nor scheduled for deletion.
pub async fn active(conn: &impl ConnectionTrait, ids: &[AccountId]) -> Result<HashSet<AccountId>> {
    let active: Vec<AccountId> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Id.is_in(ids.iter().copied()))
        .filter(account::Column::Kind.ne(AccountKind::Deleted))
        .filter(staying())
        .into_tuple()
        .all(conn)
        .await?;
    Ok(active.into_iter().collect())
}

/// Schedules the deletion of an account.
pub async fn insert_departure(
    tx: &Tx,
    account: AccountId,
    new: &Departure,
    now: Timestamp,
) -> Result<()> {
    let row = departure::ActiveModel {
        account_id: Set(account),
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
        .filter(departure::Column::AccountId.eq(account))
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
    Ok(due.map(|row| (row.account_id, row.keep_messages)).collect())
}

/// true if there is another active admin. On Postgres, locks this check until the commit, so that
/// parallel transactions cannot remove the last two admins.
pub async fn has_other_admin(tx: &Tx, account: AccountId) -> Result<bool> {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7411003)")
            .await?;
    }
    let others = account::Entity::find()
        .filter(account::Column::Admin.eq(true))
        .filter(account::Column::Kind.eq(AccountKind::Person))
        .filter(account::Column::Id.ne(account))
        .filter(staying());
    Ok(others.exists(tx).await?)
}

/// Retires a name, so that no other account can get it.
pub async fn retire_name(tx: &Tx, name_hash: String, now: Timestamp) -> Result<()> {
    let row = retired_name::ActiveModel {
        name_hash: Set(name_hash),
        retired_at: Set(now),
    };
    retired_name::Entity::insert(row)
        .on_conflict_do_nothing()
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
    let key = account::Entity::find_by_id(account)
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
        .filter(session::Column::AccountId.eq(id))
        .exec(tx)
        .await?;
    super::remove_second_factor(tx, id).await?;
    super::remove_challenges(tx, id).await?;
    let gone = Profile::deleted(id);
    let row = account::ActiveModel {
        username: Set(gone.username),
        // Folded names never contain a colon, so this value cannot collide.
        username_key: Set(format!("deleted:{id}")),
        display_name: Set(gone.display_name),
        email: Set(None),
        email_key: Set(None),
        password_hash: Set(None),
        kind: Set(gone.kind),
        admin: Set(false),
        preferences: Set(None),
        avatar: Set(None),
        ..Default::default()
    };
    account::Entity::update_many()
        .set(row)
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    departure::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}
