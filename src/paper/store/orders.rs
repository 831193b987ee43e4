//! Orders in the database. Each update that ends an order requires it to be open, so it ends once.

use super::{damaged, decimal};
use crate::markets::Source;
use crate::paper::model::{Order, OrderKind, OrderState, Reason, Side};
use crate::platform::database::Tx;
use crate::shared::{AccountId, OrderId, Result, SeasonId, Timestamp, TransactionId};
use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
    sea_query::{Expr, Query, SimpleExpr},
};
use std::collections::HashMap;
use uuid::Uuid;

mod order {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "paper_orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub member_id: Uuid,
        pub symbol: String,
        pub side: String,
        pub kind: String,
        pub quantity: String,
        pub limit_price: Option<String>,
        pub state: String,
        pub reason: Option<String>,
        pub placed_at: DateTimeUtc,
        pub seen_price: String,
        pub seen_at: String,
        pub done_at: Option<DateTimeUtc>,
        pub price: Option<String>,
        pub priced_at: Option<String>,
        pub source: Option<String>,
        pub transaction_id: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use order::Column;

/// Format of price times; the texts sort by time.
const AT: &str = "%Y-%m-%dT%H:%M:%S";

fn at(text: &str) -> Result<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, AT).map_err(|_| damaged("time"))
}

impl TryFrom<order::Model> for Order {
    type Error = crate::shared::Error;

    fn try_from(row: order::Model) -> Result<Self> {
        let source = row.source.as_deref().map(|name| {
            let known = Source::named(name);
            known.ok_or_else(|| damaged("source"))
        });
        Ok(Self {
            id: OrderId(row.id),
            symbol: row.symbol,
            side: Side::named(&row.side).ok_or_else(|| damaged("side"))?,
            kind: OrderKind::named(&row.kind).ok_or_else(|| damaged("kind"))?,
            quantity: decimal(&row.quantity)?,
            limit: row.limit_price.as_deref().map(decimal).transpose()?,
            state: OrderState::named(&row.state).ok_or_else(|| damaged("state"))?,
            reason: row.reason.as_deref().and_then(Reason::named),
            placed_at: row.placed_at,
            seen_price: decimal(&row.seen_price)?,
            seen_at: at(&row.seen_at)?,
            done_at: row.done_at,
            price: row.price.as_deref().map(decimal).transpose()?,
            priced_at: row.priced_at.as_deref().map(at).transpose()?,
            source: source.transpose()?,
        })
    }
}

/// Inserts an order.
pub async fn insert(tx: &Tx, member: Uuid, new: &Order) -> Result<()> {
    let row = order::ActiveModel {
        id: Set(new.id.0),
        member_id: Set(member),
        symbol: Set(new.symbol.clone()),
        side: Set(new.side.as_str().into()),
        kind: Set(new.kind.as_str().into()),
        quantity: Set(new.quantity.to_string()),
        limit_price: Set(new.limit.map(|limit| limit.to_string())),
        state: Set(new.state.as_str().into()),
        reason: Set(None),
        placed_at: Set(new.placed_at),
        seen_price: Set(new.seen_price.to_string()),
        seen_at: Set(new.seen_at.format(AT).to_string()),
        done_at: Set(None),
        price: Set(None),
        priced_at: Set(None),
        source: Set(None),
        transaction_id: Set(None),
    };
    order::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Open orders of an account, newest first; `limit` is the most it can have.
pub async fn open_of(db: &impl ConnectionTrait, member: Uuid, limit: u64) -> Result<Vec<Order>> {
    page(db, member, Some(OrderState::Open), None, limit).await
}

/// A page of an account's orders, newest first; of one state, or of all.
pub async fn page(
    db: &impl ConnectionTrait,
    member: Uuid,
    state: Option<OrderState>,
    before: Option<OrderId>,
    limit: u64,
) -> Result<Vec<Order>> {
    let mut query = order::Entity::find().filter(Column::MemberId.eq(member));
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.0));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(Order::try_from).collect()
}

/// An order that waits for a price.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The account of the season.
    pub member: Uuid,
    pub order: Order,
}

/// Symbols of open orders in alphabetical order, after the given one.
pub async fn waits(db: &impl ConnectionTrait, after: &str, limit: u64) -> Result<Vec<String>> {
    let symbols = order::Entity::find()
        .select_only()
        .column(Column::Symbol)
        .distinct()
        .filter(Column::State.eq(OrderState::Open.as_str()))
        .filter(Column::Symbol.gt(after))
        .order_by_asc(Column::Symbol)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(symbols)
}

/// Open orders of a symbol that saw a price older than `seen_before`, in the order in which they
/// were placed, after the given one.
pub async fn waiting(
    db: &impl ConnectionTrait,
    symbol: &str,
    seen_before: NaiveDateTime,
    after: OrderId,
    limit: u64,
) -> Result<Vec<Waiting>> {
    let rows = order::Entity::find()
        .filter(Column::State.eq(OrderState::Open.as_str()))
        .filter(Column::Symbol.eq(symbol))
        .filter(Column::Id.gt(after.0))
        .filter(Column::SeenAt.lt(seen_before.format(AT).to_string()))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let waiting = |row: order::Model| {
        Ok(Waiting {
            member: row.member_id,
            order: Order::try_from(row)?,
        })
    };
    rows.into_iter().map(waiting).collect()
}

/// true if an order is still open.
pub async fn still_open(tx: &Tx, id: OrderId) -> Result<bool> {
    let found = order::Entity::find_by_id(id.0)
        .filter(Column::State.eq(OrderState::Open.as_str()))
        .one(tx)
        .await?;
    Ok(found.is_some())
}

/// The price at which an order ends.
#[derive(Clone, Copy, Debug)]
pub struct Met {
    pub price: Decimal,
    /// Time of that price, in its market's zone.
    pub at: NaiveDateTime,
    /// Data source of that price.
    pub source: Source,
}

fn ending(state: OrderState, now: Timestamp) -> sea_orm::UpdateMany<order::Entity> {
    order::Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::State.eq(OrderState::Open.as_str()))
}

fn meeting(
    update: sea_orm::UpdateMany<order::Entity>,
    met: &Met,
) -> sea_orm::UpdateMany<order::Entity> {
    update
        .col_expr(Column::Price, Expr::value(met.price.to_string()))
        .col_expr(Column::PricedAt, Expr::value(met.at.format(AT).to_string()))
        .col_expr(Column::Source, Expr::value(met.source.as_str()))
}

/// Marks an order as filled; false: it was not open.
pub async fn fill(
    tx: &Tx,
    id: OrderId,
    met: &Met,
    transaction: TransactionId,
    now: Timestamp,
) -> Result<bool> {
    let done = meeting(ending(OrderState::Filled, now), met)
        .col_expr(Column::TransactionId, Expr::value(transaction.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Marks an order as rejected at its price; false: it was not open.
pub async fn reject(
    tx: &Tx,
    id: OrderId,
    met: &Met,
    reason: Reason,
    now: Timestamp,
) -> Result<bool> {
    let done = meeting(ending(OrderState::Rejected, now), met)
        .col_expr(Column::Reason, Expr::value(reason.as_str()))
        .filter(Column::Id.eq(id.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

fn of_members(which: SimpleExpr) -> SimpleExpr {
    let members = Query::select()
        .column(super::member::Column::Id)
        .from(super::member::Entity)
        .and_where(which)
        .to_owned();
    Column::MemberId.in_subquery(members)
}

/// Result of canceling an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canceled {
    Done,
    /// It was not open any more.
    Ended,
    /// The account has no such order.
    Missing,
}

/// Owner that an order must have.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// An account, in any season.
    Account(AccountId),
    /// An account of one season.
    Member(Uuid),
}

/// Cancels an open order.
pub async fn cancel(tx: &Tx, whose: Whose, id: OrderId, now: Timestamp) -> Result<Canceled> {
    let own = || match whose {
        Whose::Account(account) => of_members(super::member::Column::AccountId.eq(account.0)),
        Whose::Member(member) => Column::MemberId.eq(member),
    };
    let done = ending(OrderState::Canceled, now)
        .filter(Column::Id.eq(id.0))
        .filter(own())
        .exec(tx)
        .await?;
    if done.rows_affected > 0 {
        return Ok(Canceled::Done);
    }
    let there = order::Entity::find_by_id(id.0)
        .filter(own())
        .one(tx)
        .await?;
    Ok(if there.is_some() {
        Canceled::Ended
    } else {
        Canceled::Missing
    })
}

/// Expires some open orders of a season, and returns them with their accounts.
pub async fn expire(
    tx: &Tx,
    season: SeasonId,
    limit: u64,
    now: Timestamp,
) -> Result<Vec<(AccountId, Order)>> {
    let open: Vec<(Uuid, Uuid)> = order::Entity::find()
        .select_only()
        .column(Column::Id)
        .column(super::member::Column::AccountId)
        .join(JoinType::InnerJoin, of_member())
        .filter(super::member::Column::SeasonId.eq(season.0))
        .filter(Column::State.eq(OrderState::Open.as_str()))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let mut owners: HashMap<Uuid, AccountId> = HashMap::new();
    owners.extend(
        open.into_iter()
            .map(|(id, account)| (id, AccountId(account))),
    );
    let ended = ending(OrderState::Expired, now)
        .filter(Column::Id.is_in(owners.keys().copied()))
        .exec_with_returning(tx)
        .await?;
    let owned = ended.into_iter().map(|row| {
        let account = owners.get(&row.id).copied();
        let account = account.ok_or_else(|| damaged("owner"))?;
        Ok((account, Order::try_from(row)?))
    });
    owned.collect()
}

fn of_member() -> RelationDef {
    order::Entity::belongs_to(super::member::Entity)
        .from(Column::MemberId)
        .to(super::member::Column::Id)
        .into()
}
