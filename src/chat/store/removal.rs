//! Removes messages without tombstones: those of deleted channels, and those of a transaction that
//! tries again.

use super::{ROWS, message, read_marker};
use crate::platform::database::Tx;
use crate::shared::{AccountId, ChannelId, MessageId, Result};
use sea_orm::{QuerySelect, entity::prelude::*, sea_query::Query};
use std::collections::HashSet;

/// Removes messages that this transaction has just stored, and returns the ids that were present.
pub async fn take_out(tx: &Tx, ids: &[MessageId]) -> Result<HashSet<MessageId>> {
    let mut stored = HashSet::with_capacity(ids.len());
    for some in ids.chunks(ROWS) {
        let these = || message::Column::Id.is_in(some.iter().copied());
        let found = message::Entity::find()
            .select_only()
            .column(message::Column::Id)
            .filter(these())
            .into_tuple::<MessageId>()
            .all(tx)
            .await?;
        stored.extend(found);
        message::Entity::delete_many()
            .filter(these())
            .exec(tx)
            .await?;
    }
    Ok(stored)
}

/// Returns some of the authors other than `author` with messages in a channel after a number.
pub async fn other_authors(
    db: &impl ConnectionTrait,
    channel: ChannelId,
    author: AccountId,
    after: i64,
) -> Result<Vec<AccountId>> {
    let ids = message::Entity::find()
        .select_only()
        .column(message::Column::AuthorId)
        .distinct()
        .filter(message::Column::ChannelId.eq(channel))
        .filter(message::Column::Seq.gt(after))
        .filter(message::Column::AuthorId.ne(author))
        .filter(message::Column::DeletedAt.is_null())
        .limit(20)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

/// Removes up to `limit` messages of a channel. false: there were none.
pub async fn remove_messages(tx: &Tx, channel: ChannelId, limit: u64) -> Result<bool> {
    let some = Query::select()
        .column(message::Column::Id)
        .from(message::Entity)
        .and_where(message::Column::ChannelId.eq(channel))
        .limit(limit)
        .to_owned();
    let removed = message::Entity::delete_many()
        .filter(message::Column::Id.in_subquery(some))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected > 0)
}

/// Removes up to `limit` markers of a channel. false: there were none.
pub async fn remove_markers(tx: &Tx, channel: ChannelId, limit: u64) -> Result<bool> {
    let some = Query::select()
        .column(read_marker::Column::AccountId)
        .from(read_marker::Entity)
        .and_where(read_marker::Column::ChannelId.eq(channel))
        .limit(limit)
        .to_owned();
    let removed = read_marker::Entity::delete_many()
        .filter(read_marker::Column::ChannelId.eq(channel))
        .filter(read_marker::Column::AccountId.in_subquery(some))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected > 0)
}
