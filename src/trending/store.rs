//! Mentions in the database, and how far each channel was read for them.

use super::model::Counts;
use crate::platform::database::{Tx, insert_error};
use crate::shared::{ChannelId, MessageId, Result};
use chrono::NaiveDate;
use sea_orm::{
    ExprTrait, IntoActiveModel, Order, QueryOrder, QuerySelect, TryGetable, entity::prelude::*,
};
use std::collections::HashMap;

mod mention {
    use crate::shared::{AccountId, ChannelId, MessageId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mentions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub message_id: MessageId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub symbol: String,
        pub channel_id: ChannelId,
        pub author_id: AccountId,
        pub day: Date,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod cursor {
    use crate::shared::ChannelId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mention_cursors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel_id: ChannelId,
        pub rev: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A symbol that a message mentions.
pub use mention::Model as Mention;

/// Rows per statement.
const ROWS: usize = 500;

/// How far each channel was read; channels that never were are missing.
pub async fn cursors(db: &impl ConnectionTrait) -> Result<HashMap<ChannelId, i64>> {
    let rows = cursor::Entity::find().all(db).await?.into_iter();
    Ok(rows.map(|row| (row.channel_id, row.rev)).collect())
}

/// How far a channel was read; 0: never.
pub async fn cursor_of(db: &impl ConnectionTrait, channel: ChannelId) -> Result<i64> {
    let row = cursor::Entity::find_by_id(channel).one(db).await?;
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
            .filter(mention::Column::MessageId.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    for some in mentions.chunks(ROWS) {
        mention::Entity::insert_many(some.iter().cloned().map(Mention::into_active_model))
            .exec_without_returning(tx)
            .await
            .map_err(insert_error)?;
    }
    Ok(true)
}

async fn advance(tx: &Tx, channel: ChannelId, from: i64, to: i64) -> Result<bool> {
    let first = cursor::Model {
        channel_id: channel,
        rev: 0,
    };
    cursor::Entity::insert(first.into_active_model())
        .on_conflict_do_nothing()
        .exec_without_returning(tx)
        .await
        .map_err(insert_error)?;
    let moved = cursor::Entity::update_many()
        .col_expr(cursor::Column::Rev, Expr::value(to))
        .filter(cursor::Column::ChannelId.eq(channel))
        .filter(cursor::Column::Rev.eq(from))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected > 0)
}

/// Mentions in some channels from one day to another, both included.
fn within(channels: &[ChannelId], from: NaiveDate, to: NaiveDate) -> Select<mention::Entity> {
    mention::Entity::find()
        .select_only()
        .filter(mention::Column::ChannelId.is_in(channels.iter().copied()))
        .filter(mention::Column::Day.gte(from))
        .filter(mention::Column::Day.lte(to))
}

fn mentions() -> Expr {
    Expr::col(mention::Column::MessageId).count()
}

fn people() -> Expr {
    Expr::col(mention::Column::AuthorId).count_distinct()
}

/// Counts the rows of each symbol or day.
async fn counted<K>(
    db: &impl ConnectionTrait,
    rows: Select<mention::Entity>,
    key: mention::Column,
) -> Result<Vec<(K, Counts)>>
where
    K: TryGetable,
{
    let rows: Vec<(K, i64, i64)> = rows
        .column(key)
        .expr_as(mentions(), "mentions")
        .expr_as(people(), "people")
        .group_by(key)
        .into_tuple()
        .all(db)
        .await?;
    let counts = |(key, mentions, people): (K, i64, i64)| {
        let counts = Counts {
            mentions: mentions.unsigned_abs(),
            people: people.unsigned_abs(),
        };
        (key, counts)
    };
    Ok(rows.into_iter().map(counts).collect())
}

/// Symbols mentioned in some channels, by members, then by mentions.
pub async fn ranking(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
    (from, to): (NaiveDate, NaiveDate),
    skip: u64,
    limit: u64,
) -> Result<Vec<(String, Counts)>> {
    let rows = within(channels, from, to)
        .order_by(people(), Order::Desc)
        .order_by(mentions(), Order::Desc)
        .order_by_asc(mention::Column::Symbol)
        .offset(skip)
        .limit(limit);
    counted(db, rows, mention::Column::Symbol).await
}

/// Mentions of some symbols; symbols without mentions are missing.
pub async fn of(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
    (from, to): (NaiveDate, NaiveDate),
    symbols: &[&str],
) -> Result<HashMap<String, Counts>> {
    let these = mention::Column::Symbol.is_in(symbols.iter().copied());
    let rows = within(channels, from, to).filter(these);
    let counts = counted(db, rows, mention::Column::Symbol).await?;
    Ok(counts.into_iter().collect())
}

/// Daily mentions of a symbol; days without mentions are missing.
pub async fn by_day(
    db: &impl ConnectionTrait,
    channels: &[ChannelId],
    (from, to): (NaiveDate, NaiveDate),
    symbol: &str,
) -> Result<HashMap<NaiveDate, Counts>> {
    let rows = within(channels, from, to).filter(mention::Column::Symbol.eq(symbol));
    let counts = counted(db, rows, mention::Column::Day).await?;
    Ok(counts.into_iter().collect())
}
