//! Messages and read markers in the database.

use super::model::{Card, Head, Marker};
use crate::platform::database::Tx;
use crate::shared::{AccountId, ChannelId, Error, MessageId, Result, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    FromQueryResult, IntoActiveModel, Order, QueryOrder, QuerySelect, Statement, TryInsertResult,
    entity::prelude::*,
    sea_query::{CaseStatement, OnConflict},
};

mod removal;

pub use removal::{other_authors, remove_markers, remove_messages, take_out};

mod message {
    use crate::shared::{AccountId, ChannelId, MessageId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "messages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MessageId,
        pub channel_id: ChannelId,
        pub author_id: AccountId,
        pub seq: i64,
        pub rev: i64,
        pub nonce: String,
        pub body: String,
        /// As JSON; see [`Row::cards`](super::Row::cards).
        pub cards: Option<String>,
        pub created_at: DateTimeUtc,
        pub edited_at: Option<DateTimeUtc>,
        pub deleted_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod read_marker {
    use crate::shared::{AccountId, ChannelId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "read_markers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel_id: ChannelId,
        pub seq: i64,
        pub rev: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A message as stored, with its author's id only.
pub use message::Model as Row;

impl Row {
    /// The message's cards.
    pub fn cards(&self) -> Vec<Card> {
        let cards = self.cards.as_deref();
        // Only this module writes the column; an unreadable card must not hide its message.
        cards.map_or_else(Vec::new, |cards| {
            serde_json::from_str(cards).unwrap_or_default()
        })
    }
}

/// Returns cards as stored: as JSON, or nothing.
pub fn stored(cards: &[Card]) -> Result<Option<String>> {
    let some = (!cards.is_empty()).then(|| serde_json::to_string(cards));
    some.transpose().map_err(Error::internal)
}

/// Maximum number of rows per statement; a power of two, so few different statements are prepared.
const ROWS: usize = 128;

/// Inserts new messages and returns how many were stored. Skips messages whose author has already
/// used the nonce.
pub async fn insert(tx: &Tx, mut rows: &[Row]) -> Result<usize> {
    let mut stored = 0;
    while !rows.is_empty() {
        let some = rows.len().min(ROWS);
        // Takes the largest power of two.
        let (now, later) = rows.split_at(1 << some.ilog2());
        let inserted =
            message::Entity::insert_many(now.iter().cloned().map(Row::into_active_model))
                .on_conflict_do_nothing_on([message::Column::AuthorId, message::Column::Nonce])
                .exec_without_returning(tx)
                .await?;
        if let TryInsertResult::Inserted(inserted) = inserted {
            stored += usize::try_from(inserted).unwrap_or(usize::MAX);
        }
        rows = later;
    }
    Ok(stored)
}

/// Returns the message that an author sent with a nonce.
pub async fn by_nonce(
    db: &impl ConnectionTrait,
    author: AccountId,
    nonce: &str,
) -> Result<Option<Row>> {
    let row = message::Entity::find()
        .filter(message::Column::AuthorId.eq(author))
        .filter(message::Column::Nonce.eq(nonce))
        .one(db)
        .await?;
    Ok(row)
}

/// Returns a message.
pub async fn by_id(db: &impl ConnectionTrait, id: MessageId) -> Result<Option<Row>> {
    Ok(message::Entity::find_by_id(id).one(db).await?)
}

/// Changes a message's text.
pub async fn edit(tx: &Tx, id: MessageId, rev: i64, body: &str, at: Timestamp) -> Result<()> {
    message::Entity::update(message::ActiveModel {
        id: Set(id),
        rev: Set(rev),
        body: Set(body.to_owned()),
        edited_at: Set(Some(at)),
        ..Default::default()
    })
    .exec(tx)
    .await?;
    Ok(())
}

/// Replaces a message by a tombstone: deletes its text and cards.
pub async fn bury(tx: &Tx, id: MessageId, rev: i64, at: Timestamp) -> Result<()> {
    message::Entity::update(message::ActiveModel {
        id: Set(id),
        rev: Set(rev),
        body: Set(String::new()),
        cards: Set(None),
        deleted_at: Set(Some(at)),
        ..Default::default()
    })
    .exec(tx)
    .await?;
    Ok(())
}

/// Location of one of an author's messages.
#[derive(FromQueryResult)]
pub struct OwnMessage {
    pub id: MessageId,
    pub channel_id: ChannelId,
    pub nonce: String,
}

/// Returns up to `limit` of an author's messages after a nonce, without tombstones, in the order of
/// their nonces.
pub async fn own_living(
    db: &impl ConnectionTrait,
    author: AccountId,
    after: &str,
    limit: u64,
) -> Result<Vec<OwnMessage>> {
    let rows = message::Entity::find()
        .select_only()
        .columns([
            message::Column::Id,
            message::Column::ChannelId,
            message::Column::Nonce,
        ])
        .filter(message::Column::AuthorId.eq(author))
        .filter(message::Column::Nonce.gt(after))
        .filter(message::Column::DeletedAt.is_null())
        .order_by_asc(message::Column::Nonce)
        .limit(limit)
        .into_model()
        .all(db)
        .await?;
    Ok(rows)
}

/// Range of an author's messages in a channel, without tombstones.
#[derive(FromQueryResult)]
pub struct OwnStretch {
    pub channel_id: ChannelId,
    pub count: i64,
    pub first: i64,
    pub last: i64,
}

/// Returns all channels in which an author has messages.
pub async fn own_stretches(
    db: &impl ConnectionTrait,
    author: AccountId,
) -> Result<Vec<OwnStretch>> {
    let rows = message::Entity::find()
        .select_only()
        .column(message::Column::ChannelId)
        .column_as(message::Column::Id.count(), "count")
        .column_as(message::Column::Seq.min(), "first")
        .column_as(message::Column::Seq.max(), "last")
        .filter(message::Column::AuthorId.eq(author))
        .filter(message::Column::DeletedAt.is_null())
        .group_by(message::Column::ChannelId)
        .order_by_asc(message::Column::ChannelId)
        .into_model()
        .all(db)
        .await?;
    Ok(rows)
}

/// Returns an author's messages in a channel with numbers above `after` up to `to`, without
/// tombstones, oldest first.
pub async fn own_between(
    db: &impl ConnectionTrait,
    author: AccountId,
    channel: ChannelId,
    after: i64,
    to: i64,
) -> Result<Vec<Row>> {
    let rows = message::Entity::find()
        .filter(message::Column::ChannelId.eq(channel))
        .filter(message::Column::Seq.gt(after))
        .filter(message::Column::Seq.lte(to))
        .filter(message::Column::AuthorId.eq(author))
        .filter(message::Column::DeletedAt.is_null())
        .order_by_asc(message::Column::Seq)
        .all(db)
        .await?;
    Ok(rows)
}

/// Returns the messages with these ids that are not tombstones, by number.
pub async fn living_among(tx: &Tx, ids: &[MessageId]) -> Result<Vec<Row>> {
    let rows = message::Entity::find()
        .filter(message::Column::Id.is_in(ids.iter().copied()))
        .filter(message::Column::DeletedAt.is_null())
        .order_by_asc(message::Column::Seq)
        .all(tx)
        .await?;
    Ok(rows)
}

/// Replaces messages by tombstones, each with its own change count.
pub async fn bury_many(tx: &Tx, revs: &[(MessageId, i64)], at: Timestamp) -> Result<()> {
    let mut rev = CaseStatement::new();
    for (id, count) in revs {
        rev = rev.case(message::Column::Id.eq(*id), Expr::value(*count));
    }
    message::Entity::update_many()
        .col_expr(message::Column::Rev, rev.into())
        .col_expr(message::Column::Body, Expr::value(""))
        .col_expr(message::Column::Cards, Expr::value(None::<String>))
        .col_expr(message::Column::DeletedAt, Expr::value(at))
        .filter(message::Column::Id.is_in(revs.iter().map(|(id, _)| *id)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes all read markers of an account.
pub async fn forget_reader(tx: &Tx, account: AccountId) -> Result<()> {
    read_marker::Entity::delete_many()
        .filter(read_marker::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Returns up to `limit` messages before a number (exclusive), newest first.
pub async fn before(
    db: &impl ConnectionTrait,
    channel: ChannelId,
    seq: i64,
    limit: u64,
) -> Result<Vec<Row>> {
    let column = message::Column::Seq;
    page(db, channel, column.lt(seq), (column, Order::Desc), limit).await
}

/// Returns up to `limit` messages after a number (exclusive), oldest first.
pub async fn after(
    db: &impl ConnectionTrait,
    channel: ChannelId,
    seq: i64,
    limit: u64,
) -> Result<Vec<Row>> {
    let column = message::Column::Seq;
    page(db, channel, column.gt(seq), (column, Order::Asc), limit).await
}

/// Returns up to `limit` messages that changed after a change count, in the order of their changes.
/// `head`: the channel's counters, read before.
///
/// Only messages that were edited or deleted are in the index of changes. The others are found by
/// their numbers: every message counts as a change, so at most `head.rev - rev` of them were sent
/// since. One statement reads both, because a change in between would be missed. A change of another
/// kind would have to be added to the index and here.
pub async fn changed_after(
    db: &impl ConnectionTrait,
    channel: ChannelId,
    head: Head,
    rev: i64,
    limit: u64,
) -> Result<Vec<Row>> {
    let before = head.seq.saturating_sub(head.rev.saturating_sub(rev));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        "SELECT * FROM (\
         SELECT * FROM (SELECT * FROM messages WHERE channel_id = $1 AND seq > $2 AND rev > $3 \
         AND edited_at IS NULL AND deleted_at IS NULL ORDER BY seq LIMIT $4) AS sent \
         UNION ALL \
         SELECT * FROM (SELECT * FROM messages WHERE channel_id = $1 AND rev > $3 \
         AND (edited_at IS NOT NULL OR deleted_at IS NOT NULL) ORDER BY rev LIMIT $4) AS changed\
         ) AS found ORDER BY rev LIMIT $4",
        [channel.into(), before.into(), rev.into(), limit.into()],
    );
    Ok(Row::find_by_statement(statement).all(db).await?)
}

/// Returns up to `limit` messages of a channel that match `wanted`, in the order of an index.
async fn page(
    db: &impl ConnectionTrait,
    channel: ChannelId,
    wanted: Expr,
    (column, order): (message::Column, Order),
    limit: u64,
) -> Result<Vec<Row>> {
    let rows = message::Entity::find()
        .filter(message::Column::ChannelId.eq(channel))
        .filter(wanted)
        .order_by(column, order)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows)
}

/// Returns the account's markers that moved after its change count `rev`.
pub async fn markers_after(
    db: &impl ConnectionTrait,
    account: AccountId,
    rev: i64,
) -> Result<Vec<Marker>> {
    let rows = read_marker::Entity::find()
        .filter(read_marker::Column::AccountId.eq(account))
        .filter(read_marker::Column::Rev.gt(rev))
        .order_by_asc(read_marker::Column::Rev)
        .all(db)
        .await?;
    let rows = rows.into_iter().map(|row| Marker {
        channel_id: row.channel_id,
        seq: row.seq,
        rev: row.rev,
    });
    Ok(rows.collect())
}

/// Returns the account's read marker in one channel; None: it has none.
pub async fn marker(
    db: &impl ConnectionTrait,
    account: AccountId,
    channel: ChannelId,
) -> Result<Option<i64>> {
    let row = read_marker::Entity::find_by_id((account, channel))
        .one(db)
        .await?;
    Ok(row.map(|row| row.seq))
}

/// Sets read markers.
pub async fn set_markers(tx: &Tx, account: AccountId, markers: &[Marker]) -> Result<()> {
    if markers.is_empty() {
        return Ok(());
    }
    let rows = markers.iter().map(|marker| read_marker::ActiveModel {
        account_id: Set(account),
        channel_id: Set(marker.channel_id),
        seq: Set(marker.seq),
        rev: Set(marker.rev),
    });
    let on_conflict = OnConflict::columns([
        read_marker::Column::AccountId,
        read_marker::Column::ChannelId,
    ])
    .update_columns([read_marker::Column::Seq, read_marker::Column::Rev])
    .to_owned();
    read_marker::Entity::insert_many(rows)
        .on_conflict(on_conflict)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
