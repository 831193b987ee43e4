//! Notifications of other features.

use super::damaged;
use crate::alerts::model::Notification;
use crate::platform::database::Tx;
use crate::shared::{AccountId, Error, NotificationId, Result, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
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
        pub subject_id: Uuid,
        pub body: String,
        pub created_at: DateTimeUtc,
        pub seen_by_owner_at: Option<DateTimeUtc>,
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
            body: serde_json::from_str(&row.body).map_err(|_| damaged("notification"))?,
            created_at: row.created_at,
            seen: row.seen_by_owner_at.is_some(),
        })
    }
}

/// Inserts notifications, each with its account and subject; at most one per kind and subject is
/// stored.
pub async fn insert_notifications(tx: &Tx, new: &[(AccountId, Uuid, Notification)]) -> Result<()> {
    for some in new.chunks(TOGETHER) {
        let rows = some.iter().map(|(account, subject, notification)| {
            Ok(notification::ActiveModel {
                id: Set(notification.id.0),
                account_id: Set(account.0),
                kind: Set(notification.kind.clone()),
                subject_id: Set(*subject),
                body: Set(serde_json::to_string(&notification.body).map_err(Error::internal)?),
                created_at: Set(notification.created_at),
                seen_by_owner_at: Set(None),
            })
        });
        let rows: Result<Vec<_>> = rows.collect();
        notification::Entity::insert_many(rows?)
            .on_conflict(
                OnConflict::columns([Column::Kind, Column::SubjectId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// An account's notifications, newest first.
pub async fn notifications(
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

/// Number of unseen notifications of an account.
pub async fn unseen(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = notification::Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
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
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
        .filter(Column::Kind.eq(kind))
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.map(NotificationId))
}

/// Marks an account's notifications up to one of them as seen, of one kind or all. Returns how many
/// were new.
pub async fn see_notifications(
    tx: &Tx,
    account: AccountId,
    kind: Option<&str>,
    up_to: NotificationId,
    now: Timestamp,
) -> Result<u64> {
    let mut update = notification::Entity::update_many()
        .col_expr(Column::SeenByOwnerAt, Expr::value(now))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
        .filter(Column::Id.lte(up_to.0));
    if let Some(kind) = kind {
        update = update.filter(Column::Kind.eq(kind));
    }
    Ok(update.exec(tx).await?.rows_affected)
}

/// Deletes notifications created before a time.
pub async fn trim_notifications(tx: &Tx, before: Timestamp) -> Result<()> {
    notification::Entity::delete_many()
        .filter(Column::CreatedAt.lt(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes at most `limit` notifications of an account. Returns how many.
pub async fn erase_notifications(tx: &Tx, account: AccountId, limit: u64) -> Result<u64> {
    let ids: Vec<Uuid> = notification::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AccountId.eq(account.0))
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
