//! Orders in the database. Each update that ends an order requires it to be open, so it ends once.

use crate::markets::{OTHER_SPELLINGS, Source};
use crate::paper::model::{Order, OrderState, Reason};
use crate::platform::database::{Exact, LocalTime, Tx};
use crate::shared::{AccountId, Error, OrderId, Result, SeasonId, Timestamp, TransactionId};
use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set, Condition, JoinType, QueryOrder, QuerySelect, UpdateMany, entity::prelude::*,
    sea_query::Query,
};
use std::collections::HashMap;

mod order {
    use crate::markets::Source;
    use crate::paper::model::{OrderKind, OrderState, Reason, Side};
    use crate::platform::database::{Exact, LocalTime};
    use crate::shared::{OrderId, TransactionId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "paper_orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: OrderId,
        pub member_id: Uuid,
        pub symbol: String,
        pub side: Side,
        pub kind: OrderKind,
        pub quantity: Exact,
        pub limit_price: Option<Exact>,
        pub state: OrderState,
        pub reason: Option<Reason>,
        pub placed_at: DateTimeUtc,
        pub seen_price: Exact,
        pub seen_at: LocalTime,
        pub done_at: Option<DateTimeUtc>,
        pub price: Option<Exact>,
        pub priced_at: Option<LocalTime>,
        pub source: Option<Source>,
        pub transaction_id: Option<TransactionId>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use order::Column;

impl From<order::Model> for Order {
    fn from(row: order::Model) -> Self {
        Self {
            id: row.id,
            symbol: row.symbol,
            side: row.side,
            kind: row.kind,
            quantity: row.quantity.into(),
            limit: row.limit_price.map(Decimal::from),
            state: row.state,
            reason: row.reason,
            placed_at: row.placed_at,
            seen_price: row.seen_price.into(),
            seen_at: row.seen_at.into(),
            done_at: row.done_at,
            price: row.price.map(Decimal::from),
            priced_at: row.priced_at.map(NaiveDateTime::from),
            source: row.source,
        }
    }
}

/// Inserts an order.
pub async fn insert(tx: &Tx, member: Uuid, new: &Order) -> Result<()> {
    let row = order::ActiveModel {
        id: Set(new.id),
        member_id: Set(member),
        symbol: Set(new.symbol.clone()),
        side: Set(new.side),
        kind: Set(new.kind),
        quantity: Set(Exact(new.quantity)),
        limit_price: Set(new.limit.map(Exact)),
        state: Set(new.state),
        reason: Set(None),
        placed_at: Set(new.placed_at),
        seen_price: Set(Exact(new.seen_price)),
        seen_at: Set(LocalTime(new.seen_at)),
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
        query = query.filter(Column::State.eq(state));
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    Ok(rows.into_iter().map(Order::from).collect())
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
        .filter(Column::State.eq(OrderState::Open))
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
        .filter(Column::State.eq(OrderState::Open))
        .filter(Column::Symbol.eq(symbol))
        .filter(Column::Id.gt(after))
        .filter(Column::SeenAt.lt(LocalTime(seen_before)))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let waiting = |row: order::Model| Waiting {
        member: row.member_id,
        order: row.into(),
    };
    Ok(rows.into_iter().map(waiting).collect())
}

/// true if an order is still open.
pub async fn still_open(tx: &Tx, id: OrderId) -> Result<bool> {
    let open = order::Entity::find_by_id(id).filter(Column::State.eq(OrderState::Open));
    Ok(open.exists(tx).await?)
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

fn ending(state: OrderState, now: Timestamp) -> UpdateMany<order::Entity> {
    order::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::DoneAt, Expr::value(now))
        .filter(Column::State.eq(OrderState::Open))
}

fn meeting(update: UpdateMany<order::Entity>, met: &Met) -> UpdateMany<order::Entity> {
    update
        .col_expr(Column::Price, Expr::value(Exact(met.price)))
        .col_expr(Column::PricedAt, Expr::value(LocalTime(met.at)))
        .col_expr(Column::Source, Expr::value(met.source))
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
        .col_expr(Column::TransactionId, Expr::value(transaction))
        .filter(Column::Id.eq(id))
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
        .col_expr(Column::Reason, Expr::value(reason))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

fn of_members(which: Expr) -> Expr {
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
        Whose::Account(account) => of_members(super::member::Column::Account.eq(account)),
        Whose::Member(member) => Column::MemberId.eq(member),
    };
    let done = ending(OrderState::Canceled, now)
        .filter(Column::Id.eq(id))
        .filter(own())
        .exec(tx)
        .await?;
    if done.rows_affected > 0 {
        return Ok(Canceled::Done);
    }
    let there = order::Entity::find_by_id(id).filter(own());
    Ok(if there.exists(tx).await? {
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
    let open: Vec<(OrderId, AccountId)> = order::Entity::find()
        .select_only()
        .column(Column::Id)
        .column(super::member::Column::Account)
        .join(JoinType::InnerJoin, of_member())
        .filter(super::member::Column::Season.eq(season))
        .filter(Column::State.eq(OrderState::Open))
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let owners: HashMap<_, _> = open.into_iter().collect();
    let ended = ending(OrderState::Expired, now)
        .filter(Column::Id.is_in(owners.keys().copied()))
        .exec_with_returning(tx)
        .await?;
    let owned = ended.into_iter().map(|row| {
        let account = owners.get(&row.id).copied();
        let account = account.ok_or_else(|| Error::damaged("an order's owner"))?;
        Ok((account, row.into()))
    });
    owned.collect()
}

/// Symbols of orders, in alphabetical order after the given one, that can have another spelling than
/// the canonical one.
pub async fn other_spellings(
    db: &impl ConnectionTrait,
    after: &str,
    limit: u64,
) -> Result<Vec<String>> {
    let patterns = OTHER_SPELLINGS.iter();
    let any = patterns.fold(Condition::any(), |any, pattern| {
        any.add(Column::Symbol.like(*pattern))
    });
    let symbols = order::Entity::find()
        .select_only()
        .column(Column::Symbol)
        .distinct()
        .filter(any)
        .filter(Column::Symbol.gt(after))
        .order_by_asc(Column::Symbol)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(symbols)
}

/// Stores the orders of a symbol under another one.
pub async fn rename(tx: &Tx, symbol: &str, to: &str) -> Result<()> {
    order::Entity::update_many()
        .col_expr(Column::Symbol, Expr::value(to))
        .filter(Column::Symbol.eq(symbol))
        .exec(tx)
        .await?;
    Ok(())
}

fn of_member() -> RelationDef {
    order::Entity::belongs_to(super::member::Entity)
        .from(Column::MemberId)
        .to(super::member::Column::Id)
        .into()
}
