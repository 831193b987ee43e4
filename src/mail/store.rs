//! The table `letters`; no other module accesses it.

use crate::{
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect, entity::prelude::*};

mod letter {
    use crate::shared::AccountId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "letters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: AccountId,
        pub kind: String,
        pub created_at: DateTimeUtc,
        pub due_at: DateTimeUtc,
        /// Number of attempts, including one that runs.
        pub attempts: i32,
        pub failure: Option<String>,
        pub failed_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub use letter::Model as Letter;
use letter::{Column, Entity};

/// Queues an email, unless one of its kind is queued for the same account.
pub async fn insert(tx: &Tx, kind: &str, account: AccountId, now: Timestamp) -> Result<()> {
    let untried = Entity::find()
        .filter(waiting(kind, account))
        .filter(Column::Attempts.eq(0));
    if untried.exists(tx).await? {
        return Ok(());
    }
    let row = Letter {
        id: Uuid::now_v7(),
        account_id: account,
        kind: kind.to_owned(),
        created_at: now,
        due_at: now,
        attempts: 0,
        failure: None,
        failed_at: None,
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn waiting(kind: &str, account: AccountId) -> Condition {
    Condition::all()
        .add(Column::AccountId.eq(account))
        .add(Column::Kind.eq(kind))
        .add(Column::FailedAt.is_null())
}

/// true if an email of this kind for an account is queued or being sent.
pub async fn waits(tx: &Tx, kind: &str, account: AccountId) -> Result<bool> {
    let waits = Entity::find().filter(waiting(kind, account));
    Ok(waits.exists(tx).await?)
}

/// Deletes unsent emails of this kind to an account.
pub async fn cancel(tx: &Tx, kind: &str, account: AccountId) -> Result<()> {
    Entity::delete_many()
        .filter(waiting(kind, account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes the email that is due first, if any. It is not due again before `again`, also if this
/// server stops while sending.
pub async fn take(tx: &Tx, now: Timestamp, again: Timestamp) -> Result<Option<Letter>> {
    let due = Entity::find()
        .filter(Column::FailedAt.is_null())
        .filter(Column::DueAt.lte(now))
        .order_by_asc(Column::DueAt)
        .limit(1)
        .one(tx)
        .await?;
    let Some(due) = due else { return Ok(None) };
    let taken = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(again))
        .col_expr(Column::Attempts, Expr::value(due.attempts + 1))
        .filter(Column::Id.eq(due.id))
        .filter(Column::DueAt.eq(due.due_at))
        .exec_with_returning(tx)
        .await?;
    Ok(taken.into_iter().next())
}

/// Returns when the next email is due.
pub async fn next_due(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>> {
    let due = Entity::find()
        .select_only()
        .column(Column::DueAt)
        .filter(Column::FailedAt.is_null())
        .order_by_asc(Column::DueAt)
        .limit(1)
        .into_tuple::<Timestamp>()
        .one(conn)
        .await?;
    Ok(due)
}

/// Deletes an email that was sent or is no longer needed.
pub async fn delete(tx: &Tx, id: Uuid) -> Result<()> {
    Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Stores an error and the time of the next attempt.
pub async fn postpone(tx: &Tx, id: Uuid, failure: &str, due: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(due))
        .col_expr(Column::Failure, Expr::value(failure))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Marks an email as failed for good.
pub async fn give_up(tx: &Tx, id: Uuid, failure: &str, now: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::FailedAt, Expr::value(now))
        .col_expr(Column::Failure, Expr::value(failure))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes emails that failed before `before`.
pub async fn forget_failed(tx: &Tx, before: Timestamp) -> Result<()> {
    Entity::delete_many()
        .filter(Column::FailedAt.lt(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns the number of queued emails, and of emails that failed for good.
pub async fn counts(conn: &impl ConnectionTrait) -> Result<(u64, u64)> {
    let waiting = Entity::find()
        .filter(Column::FailedAt.is_null())
        .count(conn)
        .await?;
    let failed = Entity::find()
        .filter(Column::FailedAt.is_not_null())
        .count(conn)
        .await?;
    Ok((waiting, failed))
}

/// Returns the error of the email with the latest due time.
pub async fn last_failure(conn: &impl ConnectionTrait) -> Result<Option<String>> {
    let row = Entity::find()
        .filter(Column::Failure.is_not_null())
        .order_by_desc(Column::DueAt)
        .limit(1)
        .one(conn)
        .await?;
    Ok(row.and_then(|row| row.failure))
}
