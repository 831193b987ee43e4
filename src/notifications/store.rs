//! Notifications in the database.

use super::model::Notification;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Error, NotificationId, Result, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, IntoCondition, OnConflict},
};
use serde_json::Value;
use uuid::Uuid;

mod notification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub subject: String,
        pub body: String,
        pub created_at: DateTimeUtc,
        pub seen_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use notification::Column;

/// Number of notifications inserted per statement.
const TOGETHER: usize = 500;

impl TryFrom<notification::Model> for Notification {
    type Error = Error;

    fn try_from(row: notification::Model) -> Result<Self> {
        Ok(Self {
            id: NotificationId(row.id),
            kind: row.kind,
            body: serde_json::from_str(&row.body)
                .map_err(|_| Error::internal("a notification's body cannot be read"))?,
            created_at: row.created_at,
            seen: row.seen_at.is_some(),
        })
    }
}

/// A new notification with its account and subject.
pub struct NewRow {
    pub account: AccountId,
    pub subject: String,
    pub notification: Notification,
}

/// Inserts notifications, except those that their accounts already have: one per kind and subject.
/// Returns which were inserted.
pub async fn insert(tx: &Tx, new: &[NewRow]) -> Result<Vec<NotificationId>> {
    let mut inserted = Vec::with_capacity(new.len());
    for some in new.chunks(TOGETHER) {
        let rows = some.iter().map(|new| notification::ActiveModel {
            id: Set(new.notification.id.0),
            account_id: Set(new.account.0),
            kind: Set(new.notification.kind.clone()),
            subject: Set(new.subject.clone()),
            body: Set(new.notification.body.to_string()),
            created_at: Set(new.notification.created_at),
            seen_at: Set(None),
        });
        let ids = notification::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([Column::AccountId, Column::Kind, Column::Subject])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_with_returning_keys(tx)
            .await?;
        inserted.extend(ids.into_iter().map(NotificationId));
    }
    Ok(inserted)
}

/// Replaces the body of a notification.
pub async fn set_body(
    tx: &Tx,
    account: AccountId,
    (kind, subject): (&str, &str),
    body: &Value,
) -> Result<()> {
    notification::Entity::update_many()
        .col_expr(Column::Body, Expr::value(body.to_string()))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Subject.eq(subject))
        .exec(tx)
        .await?;
    Ok(())
}

/// An account's notifications, newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    account: AccountId,
    before: Option<NotificationId>,
    limit: u64,
) -> Result<Vec<Notification>> {
    let mut query = notification::Entity::find().filter(Column::AccountId.eq(account.0));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(Notification::try_from).collect()
}

/// Unseen notifications of an account, of one kind or all.
fn are_unseen(account: AccountId, kind: Option<&str>) -> Condition {
    Condition::all()
        .add(Column::AccountId.eq(account.0))
        .add(Column::SeenAt.is_null())
        .add_option(kind.map(|kind| Column::Kind.eq(kind)))
}

/// Number of unseen notifications of an account.
pub async fn unseen(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = notification::Entity::find()
        .filter(are_unseen(account, None))
        .count(db)
        .await?;
    Ok(count)
}

/// The latest unseen notification of one kind.
pub async fn latest_unseen(
    db: &impl ConnectionTrait,
    account: AccountId,
    kind: &str,
) -> Result<Option<NotificationId>> {
    let found: Option<Uuid> = notification::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(are_unseen(account, Some(kind)))
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.map(NotificationId))
}

/// Marks an account's notifications up to one of them as seen, of one kind or all. Returns how many
/// were new.
pub async fn see(
    tx: &Tx,
    account: AccountId,
    kind: Option<&str>,
    up_to: NotificationId,
    now: Timestamp,
) -> Result<u64> {
    let done = notification::Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(now))
        .filter(are_unseen(account, kind))
        .filter(Column::Id.lte(up_to.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Deletes at most `limit` notifications of an account. Returns how many.
pub async fn delete_of(tx: &Tx, account: AccountId, limit: u64) -> Result<u64> {
    delete(tx, Column::AccountId.eq(account.0), limit).await
}

/// Deletes at most `limit` notifications created before a time. Returns how many.
pub async fn delete_before(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64> {
    delete(tx, Column::CreatedAt.lt(before), limit).await
}

async fn delete(tx: &Tx, which: impl IntoCondition, limit: u64) -> Result<u64> {
    let ids: Vec<Uuid> = notification::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(which.into_condition())
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let done = notification::Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
