//! Notifications of alerts.

use super::{AT, condition, damaged, decimal, time_of};
use crate::alerts::model::{AlertNotification, Posting};
use crate::markets::Source;
use crate::platform::database::Tx;
use crate::shared::{AccountId, AlertId, ChannelId, Error, NotificationId, Result, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};

mod alert_notification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "alert_notifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub alert_id: Uuid,
        pub armed: i32,
        pub symbol: String,
        pub kind: String,
        pub value: Option<String>,
        pub period: Option<i32>,
        pub price: String,
        pub price_at: String,
        pub source: String,
        pub note: String,
        pub channel_id: Option<Uuid>,
        pub posting: String,
        pub created_at: DateTimeUtc,
        pub seen_by_owner_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use alert_notification::Column;

impl TryFrom<alert_notification::Model> for AlertNotification {
    type Error = Error;

    fn try_from(row: alert_notification::Model) -> Result<Self> {
        let all = [
            Posting::None,
            Posting::Waiting,
            Posting::Posted,
            Posting::Refused,
        ];
        let posting = all.into_iter().find(|one| one.as_str() == row.posting);
        let source = Source::named(&row.source);
        Ok(Self {
            id: NotificationId(row.id),
            alert_id: AlertId(row.alert_id),
            condition: condition(&row.kind, row.value.as_deref(), row.period)?,
            symbol: row.symbol,
            price: decimal(&row.price)?,
            price_at: time_of(&row.price_at)?,
            source: source.ok_or_else(|| damaged("source"))?,
            note: row.note,
            posting: posting.ok_or_else(|| damaged("posting"))?,
            created_at: row.created_at,
            seen: row.seen_by_owner_at.is_some(),
        })
    }
}

/// Notification of an alert that triggers.
#[derive(Clone, Debug)]
pub struct Fired {
    pub account: AccountId,
    /// Number of times the alert was activated.
    pub armed: i32,
    /// Channel to post it in.
    pub channel: Option<ChannelId>,
    pub alert_notification: AlertNotification,
}

/// Inserts notifications; at most one per alert and activation is stored.
pub async fn insert_alert_notifications(tx: &Tx, fired: &[Fired]) -> Result<()> {
    let rows: Result<Vec<_>> = fired.iter().map(row).collect();
    alert_notification::Entity::insert_many(rows?)
        .on_conflict(
            OnConflict::columns([Column::AlertId, Column::Armed])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn row(fired: &Fired) -> Result<alert_notification::ActiveModel> {
    let told = &fired.alert_notification;
    Ok(alert_notification::ActiveModel {
        id: Set(told.id.0),
        account_id: Set(fired.account.0),
        alert_id: Set(told.alert_id.0),
        armed: Set(fired.armed),
        symbol: Set(told.symbol.clone()),
        kind: Set(told.condition.kind.as_str().into()),
        value: Set(told.condition.value.map(|value| value.to_string())),
        period: Set(told
            .condition
            .period
            .and_then(|days| i32::try_from(days).ok())),
        price: Set(told.price.to_string()),
        price_at: Set(told.price_at.format(AT).to_string()),
        source: Set(told.source.as_str().to_owned()),
        note: Set(told.note.clone()),
        channel_id: Set(fired.channel.map(|id| id.0)),
        posting: Set(told.posting.as_str().into()),
        created_at: Set(told.created_at),
        seen_by_owner_at: Set(None),
    })
}

/// An account's notifications, newest first.
pub async fn alert_notifications(
    db: &impl ConnectionTrait,
    account: AccountId,
    before: Option<NotificationId>,
    limit: u64,
) -> Result<Vec<AlertNotification>> {
    let mut query = alert_notification::Entity::find().filter(Column::AccountId.eq(account.0));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(AlertNotification::try_from).collect()
}

/// Number of unseen notifications of an account.
pub async fn unseen(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = alert_notification::Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
        .count(db)
        .await?;
    Ok(count)
}

/// Marks an account's notifications up to one of them as seen. Returns how many were new.
pub async fn see(
    tx: &Tx,
    account: AccountId,
    up_to: NotificationId,
    now: Timestamp,
) -> Result<u64> {
    let done = alert_notification::Entity::update_many()
        .col_expr(Column::SeenByOwnerAt, Expr::value(now))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::SeenByOwnerAt.is_null())
        .filter(Column::Id.lte(up_to.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// A notification to be posted.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The alert's owner.
    pub account: AccountId,
    /// Number of times the alert was activated.
    pub armed: i32,
    pub channel: ChannelId,
    pub alert_notification: AlertNotification,
}

/// Notifications to be posted, oldest first, starting after `after`.
pub async fn waiting(
    db: &impl ConnectionTrait,
    after: Option<NotificationId>,
    limit: u64,
) -> Result<Vec<Waiting>> {
    let mut query =
        alert_notification::Entity::find().filter(Column::Posting.eq(Posting::Waiting.as_str()));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.0));
    }
    let rows = query.order_by_asc(Column::Id).limit(limit).all(db).await?;
    let waiting = rows.into_iter().map(|row| {
        let channel = row.channel_id.ok_or_else(|| damaged("channel"))?;
        Ok(Waiting {
            account: AccountId(row.account_id),
            armed: row.armed,
            channel: ChannelId(channel),
            alert_notification: row.try_into()?,
        })
    });
    waiting.collect()
}

/// Sets the state of a post.
pub async fn set_posting(tx: &Tx, id: NotificationId, posting: Posting) -> Result<()> {
    alert_notification::Entity::update_many()
        .col_expr(Column::Posting, Expr::value(posting.as_str()))
        .filter(Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes notifications created before a time.
pub async fn trim(tx: &Tx, before: Timestamp) -> Result<()> {
    alert_notification::Entity::delete_many()
        .filter(Column::CreatedAt.lt(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes at most `limit` notifications of an account. Returns how many.
pub async fn erase_alert_notifications(tx: &Tx, account: AccountId, limit: u64) -> Result<u64> {
    let ids: Vec<uuid::Uuid> = alert_notification::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AccountId.eq(account.0))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let done = alert_notification::Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}
