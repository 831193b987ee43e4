//! Alerts in the database.

mod posts;

pub use posts::{Post, delete_post, insert_posts, waiting_posts};

use super::model::{Adjusted, Alert, AlertKind, AlertState, Condition};
use super::rules::{Seen, Stand};
use crate::platform::database::Tx;
use crate::shared::{AccountId, AlertId, ChannelId, Error, Result, Timestamp};
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition as Where, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

mod alert {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "alerts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub symbol: String,
        pub kind: String,
        pub value: Option<String>,
        pub written: Option<String>,
        pub split_on: Option<Date>,
        pub period: Option<i32>,
        pub channel_id: Option<Uuid>,
        pub note: String,
        pub state: String,
        pub armed: i32,
        pub expires_at: Option<DateTimeUtc>,
        pub seen_price: Option<String>,
        pub seen_at: Option<String>,
        pub stand: Option<String>,
        pub created_at: DateTimeUtc,
        pub fired_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use alert::Column;

/// Format of price times; the texts sort by time.
const AT: &str = "%Y-%m-%dT%H:%M:%S";

fn decimal(text: &str) -> Result<Decimal> {
    text.parse()
        .map_err(|_| Error::damaged("an alert's figure"))
}

fn time_of(text: &str) -> Result<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, AT).map_err(|_| Error::damaged("an alert's time"))
}

fn condition(kind: &str, value: Option<&str>, period: Option<i32>) -> Result<Condition> {
    Ok(Condition {
        kind: AlertKind::named(kind).ok_or_else(|| Error::damaged("an alert's kind"))?,
        value: value.map(decimal).transpose()?,
        period: period.map(i32::unsigned_abs),
    })
}

impl TryFrom<alert::Model> for Alert {
    type Error = Error;

    fn try_from(row: alert::Model) -> Result<Self> {
        let states = [AlertState::Armed, AlertState::Fired, AlertState::Expired];
        let state = states.into_iter().find(|state| state.as_str() == row.state);
        let written = row.written.as_deref().map(decimal).transpose()?;
        let adjusted = written.zip(row.split_on);
        Ok(Self {
            id: AlertId(row.id),
            adjusted: adjusted.map(|(written, split_on)| Adjusted { written, split_on }),
            condition: condition(&row.kind, row.value.as_deref(), row.period)?,
            symbol: row.symbol,
            channel_id: row.channel_id.map(ChannelId),
            note: row.note,
            state: state.ok_or_else(|| Error::damaged("an alert's state"))?,
            armed: row.armed,
            expires_at: row.expires_at,
            seen_price: row.seen_price.as_deref().map(decimal).transpose()?,
            seen_at: row.seen_at.as_deref().map(time_of).transpose()?,
            created_at: row.created_at,
            fired_at: row.fired_at,
        })
    }
}

/// An active alert to check against a price.
#[derive(Clone, Debug)]
pub struct Due {
    pub account: AccountId,
    /// The last price that it was checked with.
    pub seen: Option<Seen>,
    pub alert: Alert,
}

impl TryFrom<alert::Model> for Due {
    type Error = Error;

    fn try_from(row: alert::Model) -> Result<Self> {
        let account = AccountId(row.account_id);
        let stand = row.stand.as_deref().and_then(Stand::named);
        let alert = Alert::try_from(row)?;
        let seen = alert.seen_price.zip(alert.seen_at);
        Ok(Self {
            account,
            seen: seen.map(|(price, at)| Seen { at, price, stand }),
            alert,
        })
    }
}

/// The alerts of an account, newest first; `limit` is the maximum that an account can have.
pub async fn alerts(
    db: &impl ConnectionTrait,
    account: AccountId,
    limit: u64,
) -> Result<Vec<Alert>> {
    let rows = alert::Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(Alert::try_from).collect()
}

/// An alert of an account.
pub async fn alert(
    db: &impl ConnectionTrait,
    account: AccountId,
    id: AlertId,
) -> Result<Option<Alert>> {
    let row = alert::Entity::find_by_id(id.0)
        .filter(Column::AccountId.eq(account.0))
        .one(db)
        .await?;
    row.map(Alert::try_from).transpose()
}

/// Number of alerts of an account.
pub async fn count(db: &impl ConnectionTrait, account: AccountId) -> Result<u64> {
    let count = alert::Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .count(db)
        .await?;
    Ok(count)
}

/// Inserts an alert.
pub async fn insert(tx: &Tx, account: AccountId, new: &Alert, stand: Option<Stand>) -> Result<()> {
    let row = alert::ActiveModel {
        id: Set(new.id.0),
        account_id: Set(account.0),
        symbol: Set(new.symbol.clone()),
        kind: Set(new.condition.kind.as_str().into()),
        value: Set(new.condition.value.map(|value| value.to_string())),
        written: Set(None),
        split_on: Set(None),
        period: Set(new
            .condition
            .period
            .and_then(|days| i32::try_from(days).ok())),
        channel_id: Set(new.channel_id.map(|id| id.0)),
        note: Set(new.note.clone()),
        state: Set(new.state.as_str().into()),
        armed: Set(new.armed),
        expires_at: Set(new.expires_at),
        seen_price: Set(new.seen_price.map(|price| price.to_string())),
        seen_at: Set(new.seen_at.map(|at| at.format(AT).to_string())),
        stand: Set(stand.map(|stand| stand.as_str().into())),
        created_at: Set(new.created_at),
        fired_at: Set(None),
    };
    alert::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Deletes an alert. Returns whether it existed.
pub async fn delete(tx: &Tx, account: AccountId, id: AlertId) -> Result<bool> {
    let done = alert::Entity::delete_many()
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Deletes all alerts of an account, and their posts.
pub async fn erase(tx: &Tx, account: AccountId) -> Result<()> {
    posts::post::Entity::delete_many()
        .filter(posts::post::Column::AccountId.eq(account.0))
        .exec(tx)
        .await?;
    alert::Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Activates an inactive alert and sets when it expires. Returns whether it was inactive.
pub async fn arm(
    tx: &Tx,
    account: AccountId,
    id: AlertId,
    seen: Option<&Seen>,
    expires_at: Option<Timestamp>,
) -> Result<bool> {
    let done = alert::Entity::update_many()
        .col_expr(Column::State, Expr::value(AlertState::Armed.as_str()))
        .col_expr(Column::Armed, Expr::col(Column::Armed).add(1))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at));
    let done = remembering(done, seen)
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::State.ne(AlertState::Armed.as_str()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

fn remembering(
    update: sea_orm::UpdateMany<alert::Entity>,
    seen: Option<&Seen>,
) -> sea_orm::UpdateMany<alert::Entity> {
    let price = seen.map(|seen| seen.price.to_string());
    let at = seen.map(|seen| seen.at.format(AT).to_string());
    let stand = seen.and_then(|seen| seen.stand).map(Stand::as_str);
    update
        .col_expr(Column::SeenPrice, Expr::value(price))
        .col_expr(Column::SeenAt, Expr::value(at))
        .col_expr(Column::Stand, Expr::value(stand))
}

/// Symbols of active alerts in order, starting after `after`.
pub async fn watched(db: &impl ConnectionTrait, after: &str, limit: u64) -> Result<Vec<String>> {
    let symbols = alert::Entity::find()
        .select_only()
        .column(Column::Symbol)
        .distinct()
        .filter(Column::State.eq(AlertState::Armed.as_str()))
        .filter(Column::Symbol.gt(after))
        .order_by_asc(Column::Symbol)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(symbols)
}

/// Active alerts of a symbol that were not checked with this price of this time or a later one.
/// Ordered by id, starting after `after`.
pub async fn due(
    db: &impl ConnectionTrait,
    symbol: &str,
    price: Decimal,
    at: NaiveDateTime,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Due>> {
    let at = at.format(AT).to_string();
    let news = Where::any()
        .add(Column::SeenAt.is_null())
        .add(Column::SeenAt.lt(at.clone()))
        .add(
            Where::all()
                .add(Column::SeenAt.eq(at))
                .add(Column::SeenPrice.ne(price.to_string())),
        );
    let rows = alert::Entity::find()
        .filter(Column::State.eq(AlertState::Armed.as_str()))
        .filter(Column::Symbol.eq(symbol))
        .filter(Column::Id.gt(after))
        .filter(news)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(Due::try_from).collect()
}

/// Alerts that are still active and were activated this number of times.
fn unchanged(alerts: &[(AlertId, i32)]) -> Where {
    Where::all()
        .add(Column::State.eq(AlertState::Armed.as_str()))
        .add(armed(alerts))
}

/// Alerts that were activated this number of times.
fn armed(alerts: &[(AlertId, i32)]) -> Where {
    let one = |(id, armed): &(AlertId, i32)| {
        Where::all()
            .add(Column::Id.eq(id.0))
            .add(Column::Armed.eq(*armed))
    };
    alerts.iter().map(one).fold(Where::any(), Where::add)
}

/// Adjusts the values of alerts of one symbol to a split. Idempotent.
pub async fn adjust(
    tx: &Tx,
    alerts: &[((AlertId, i32), Decimal)],
    split_on: NaiveDate,
) -> Result<()> {
    let keys: Vec<_> = alerts.iter().map(|(key, _)| *key).collect();
    let values = alerts
        .iter()
        .fold(CaseStatement::new(), |values, ((id, _), value)| {
            values.case(Column::Id.eq(id.0), value.to_string())
        });
    let written = Expr::col(Column::Written).if_null(Expr::col(Column::Value));
    alert::Entity::update_many()
        .col_expr(Column::Written, written)
        .col_expr(Column::Value, values.into())
        .col_expr(Column::SplitOn, Expr::value(split_on))
        .filter(armed(&keys))
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores the last price of alerts that do not trigger.
pub async fn remember(tx: &Tx, alerts: &[(AlertId, i32)], seen: &Seen) -> Result<()> {
    let at = seen.at.format(AT).to_string();
    let not_later = Where::any()
        .add(Column::SeenAt.is_null())
        .add(Column::SeenAt.lte(at));
    remembering(alert::Entity::update_many(), Some(seen))
        .filter(unchanged(alerts))
        .filter(not_later)
        .exec(tx)
        .await?;
    Ok(())
}

/// Marks the alerts that are still active and have not expired as triggered, and returns their ids.
/// `clock` is the market's.
pub async fn fire(
    tx: &Tx,
    alerts: &[(AlertId, i32)],
    seen: &Seen,
    now: Timestamp,
    clock: Timestamp,
) -> Result<Vec<AlertId>> {
    let update = alert::Entity::update_many()
        .col_expr(Column::State, Expr::value(AlertState::Fired.as_str()))
        .col_expr(Column::FiredAt, Expr::value(now));
    let alive = Where::any()
        .add(Column::ExpiresAt.is_null())
        .add(Column::ExpiresAt.gt(clock));
    let fired = remembering(update, Some(seen))
        .filter(unchanged(alerts))
        .filter(alive)
        .exec_with_returning(tx)
        .await?;
    Ok(fired.into_iter().map(|row| AlertId(row.id)).collect())
}

/// true if an active alert has expired.
pub async fn any_over(db: &impl ConnectionTrait, now: Timestamp) -> Result<bool> {
    let found = alert::Entity::find()
        .filter(Column::State.eq(AlertState::Armed.as_str()))
        .filter(Column::ExpiresAt.lte(now))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Marks active alerts past their end as expired.
pub async fn expire(tx: &Tx, now: Timestamp) -> Result<()> {
    alert::Entity::update_many()
        .col_expr(Column::State, Expr::value(AlertState::Expired.as_str()))
        .filter(Column::State.eq(AlertState::Armed.as_str()))
        .filter(Column::ExpiresAt.lte(now))
        .exec(tx)
        .await?;
    Ok(())
}
