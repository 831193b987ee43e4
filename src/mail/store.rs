//! The table `letters`; no other module accesses it.

use crate::{
    platform::database::Tx,
    shared::{AccountId, Result, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, Condition, ConnectionTrait, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*, sea_query::Expr,
};

mod letter {
    //! Entity of the table.
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "letters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub created_at: DateTimeUtc,
        pub due_at: DateTimeUtc,
        pub attempts: i32,
        pub failure: Option<String>,
        pub failed_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use letter::{COLUMN, Column, Entity, Model};

/// A queued email.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Email id.
    pub id: Uuid,
    /// Kind of the email.
    pub kind: String,
    pub account: AccountId,
    /// Number of attempts, including this one.
    pub attempts: i32,
}

impl From<Model> for Waiting {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            account: AccountId(row.account_id),
            attempts: row.attempts,
        }
    }
}

/// Queues an email, unless one of its kind is queued for the same account.
pub async fn insert(tx: &Tx, kind: &str, account: AccountId, now: Timestamp) -> Result<()> {
    let waits = Entity::find()
        .filter(waiting(kind, account))
        .filter(COLUMN.attempts.eq(0))
        .limit(1)
        .one(tx)
        .await?;
    if waits.is_some() {
        return Ok(());
    }
    let row = letter::ActiveModel {
        id: Set(Uuid::now_v7()),
        account_id: Set(account.0),
        kind: Set(kind.to_owned()),
        created_at: Set(now),
        due_at: Set(now),
        attempts: Set(0),
        failure: Set(None),
        failed_at: Set(None),
    };
    row.insert(tx).await?;
    Ok(())
}

fn waiting(kind: &str, account: AccountId) -> Condition {
    Condition::all()
        .add(COLUMN.account_id.eq(account.0))
        .add(COLUMN.kind.eq(kind))
        .add(COLUMN.failed_at.is_null())
}

/// true if an email of this kind for an account is queued or being sent.
pub async fn waits(tx: &Tx, kind: &str, account: AccountId) -> Result<bool> {
    let waits = Entity::find().filter(waiting(kind, account)).count(tx);
    Ok(waits.await? > 0)
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
pub async fn take(tx: &Tx, now: Timestamp, again: Timestamp) -> Result<Option<Waiting>> {
    let due = Entity::find()
        .filter(COLUMN.failed_at.is_null())
        .filter(COLUMN.due_at.lte(now))
        .order_by_asc(Column::DueAt)
        .limit(1)
        .one(tx)
        .await?;
    let Some(due) = due else { return Ok(None) };
    let taken = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(again))
        .col_expr(Column::Attempts, Expr::value(due.attempts + 1))
        .filter(COLUMN.id.eq(due.id))
        .filter(COLUMN.due_at.eq(due.due_at))
        .exec_with_returning(tx)
        .await?;
    Ok(taken.into_iter().next().map(Waiting::from))
}

/// Returns when the next email is due.
pub async fn next_due(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>> {
    let due = Entity::find()
        .select_only()
        .column(Column::DueAt)
        .filter(COLUMN.failed_at.is_null())
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
        .filter(COLUMN.id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Marks an email as failed for good.
pub async fn give_up(tx: &Tx, id: Uuid, failure: &str, now: Timestamp) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::FailedAt, Expr::value(now))
        .col_expr(Column::Failure, Expr::value(failure))
        .filter(COLUMN.id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes emails that failed before `before`.
pub async fn forget_failed(tx: &Tx, before: Timestamp) -> Result<()> {
    Entity::delete_many()
        .filter(COLUMN.failed_at.lt(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns the number of queued emails, and of emails that failed for good.
pub async fn counts(conn: &impl ConnectionTrait) -> Result<(u64, u64)> {
    let waiting = Entity::find()
        .filter(COLUMN.failed_at.is_null())
        .count(conn)
        .await?;
    let failed = Entity::find()
        .filter(COLUMN.failed_at.is_not_null())
        .count(conn)
        .await?;
    Ok((waiting, failed))
}

/// Returns the error of the email with the latest due time.
pub async fn last_failure(conn: &impl ConnectionTrait) -> Result<Option<String>> {
    let row = Entity::find()
        .filter(COLUMN.failure.is_not_null())
        .order_by_desc(Column::DueAt)
        .limit(1)
        .one(conn)
        .await?;
    Ok(row.and_then(|row| row.failure))
}
