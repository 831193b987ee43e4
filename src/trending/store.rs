//! Mentions in the database, and how far each channel was read for them.

use super::model::Counts;
use crate::platform::database::Tx;
use crate::shared::{AccountId, ChannelId, Error, MessageId, Result};
use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, Select, SqlErr,
    sea_query::{Expr, OnConflict},
};
use std::collections::HashMap;

mod mention {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mentions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub message_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub channel_id: Uuid,
        pub author_id: Uuid,
        pub day: Date,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod cursor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mention_cursors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel_id: Uuid,
        pub rev: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A symbol that a message mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub message: MessageId,
    pub symbol: String,
    pub author: AccountId,
    pub day: NaiveDate,
}

/// Rows per statement.
const ROWS: usize = 500;

/// How far each channel was read; channels that never were are missing.
pub async fn cursors(db: &impl ConnectionTrait) -> Result<HashMap<ChannelId, i64>> {
    let rows = cursor::Entity::find().all(db).await?.into_iter();
    Ok(rows
        .map(|row| (ChannelId(row.channel_id), row.rev))
        .collect())
}

/// How far a channel was read; 0: never.
pub async fn cursor_of(db: &impl ConnectionTrait, channel: ChannelId) -> Result<i64> {
    let row = cursor::Entity::find_by_id(channel.0).one(db).await?;
    Ok(row.map_or(0, |row| row.rev))
}

/// Replaces the mentions of some messages of a channel and moves the cursor. False: another reader
/// has moved it, and nothing changes. `not-found`: the channel or a message was deleted.
pub async fn replace(
    tx: &Tx,
    channel: ChannelId,
    (from, to): (i64, i64),
    messages: &[MessageId],
    mentions: Vec<Mention>,
) -> Result<bool> {
    if !advance(tx, channel, from, to).await? {
        return Ok(false);
    }
    for some in messages.chunks(ROWS) {
        mention::Entity::delete_many()
            .filter(mention::Column::MessageId.is_in(some.iter().map(|id| id.0)))
            .exec(tx)
            .await?;
    }
    for some in mentions.chunks(ROWS) {
        let rows = some.iter().map(|mention| mention::ActiveModel {
            message_id: Set(mention.message.0),
            symbol: Set(mention.symbol.clone()),
            channel_id: Set(channel.0),
            author_id: Set(mention.author.0),
            day: Set(mention.day),
        });
        mention::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await
            .map_err(gone)?;
    }
    Ok(true)
}

async fn advance(tx: &Tx, channel: ChannelId, from: i64, to: i64) -> Result<bool> {
    let first = cursor::Entity::insert(cursor::ActiveModel {
        channel_id: Set(channel.0),
        rev: Set(0),
    })
    .on_conflict(
        OnConflict::column(cursor::Column::ChannelId)
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(tx)
    .await;
    match first {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(gone(error)),
    }
    let moved = cursor::Entity::update_many()
        .col_expr(cursor::Column::Rev, Expr::value(to))
        .filter(cursor::Column::ChannelId.eq(channel.0))
        .filter(cursor::Column::Rev.eq(from))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected > 0)
}

fn gone(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::not_found(),
        _ => error.into(),
    }
}

/// Mentions in some channels from one day to another, both included.
fn within(channels: &[ChannelId], from: NaiveDate, to: NaiveDate) -> Select<mention::Entity> {
    mention::Entity::find()
        .select_only()
        .filter(mention::Column::ChannelId.is_in(channels.iter().map(|id| id.0)))
        .filter(mention::Column::Day.gte(from))
        .filter(mention::Column::Day.lte(to))
}

fn mentions() -> Expr {
    Expr::col(mention::Column::MessageId).count()
}

fn people() -> Expr {
    Expr::col(mention::Column::AuthorId).count_distinct()
}

fn counts(mentions: i64, people: i64) -> Counts {
    Counts {
        mentions: u64::try_from(mentions).unwrap_or(0),
        people: u64::try_from(people).unwrap_or(0),
    }
}

/// Symbols mentioned in some channels, by members, then by mentions.
pub async fn ranking(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
    (from, to): (NaiveDate, NaiveDate),
    skip: u64,
    limit: u64,
) -> Result<Vec<(String, Counts)>> {
    let rows: Vec<(String, i64, i64)> = within(channels, from, to)
        .column(mention::Column::Symbol)
        .expr_as(mentions(), "mentions")
        .expr_as(people(), "people")
        .group_by(mention::Column::Symbol)
        .order_by(people(), Order::Desc)
        .order_by(mentions(), Order::Desc)
        .order_by_asc(mention::Column::Symbol)
        .offset(skip)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(symbol, mentions, people)| (symbol, counts(mentions, people)))
        .collect())
}

/// Mentions of some symbols; symbols without mentions are missing.
pub async fn of(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
    (from, to): (NaiveDate, NaiveDate),
    symbols: &[&str],
) -> Result<HashMap<String, Counts>> {
    let rows: Vec<(String, i64, i64)> = within(channels, from, to)
        .filter(mention::Column::Symbol.is_in(symbols.iter().copied()))
        .column(mention::Column::Symbol)
        .expr_as(mentions(), "mentions")
        .expr_as(people(), "people")
        .group_by(mention::Column::Symbol)
        .into_tuple()
        .all(db)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(symbol, mentions, people)| (symbol, counts(mentions, people)))
        .collect())
}

/// Daily mentions of a symbol; days without mentions are missing.
pub async fn by_day(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
    (from, to): (NaiveDate, NaiveDate),
    symbol: &str,
) -> Result<HashMap<NaiveDate, Counts>> {
    let rows: Vec<(NaiveDate, i64, i64)> = within(channels, from, to)
        .filter(mention::Column::Symbol.eq(symbol))
        .column(mention::Column::Day)
        .expr_as(mentions(), "mentions")
        .expr_as(people(), "people")
        .group_by(mention::Column::Day)
        .into_tuple()
        .all(db)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(day, mentions, people)| (day, counts(mentions, people)))
        .collect())
}
