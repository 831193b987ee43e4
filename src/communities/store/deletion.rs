//! Deleted channels in the database.

use super::channel;
use crate::platform::database::Tx;
use crate::shared::{ChannelId, Result, time};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

/// Marks a channel as deleted and frees its name. false: it was already marked.
pub async fn mark_deleted(tx: &Tx, channel: ChannelId) -> Result<bool> {
    let marked = channel::Entity::update_many()
        .col_expr(channel::Column::DeletedAt, Expr::value(time::now()))
        // Folded names have no capitals, so this key cannot collide.
        .col_expr(
            channel::Column::NameKey,
            Expr::value(format!("DELETED {channel}")),
        )
        .filter(channel::Column::Id.eq(channel))
        .filter(channel::Column::DeletedAt.is_null())
        .exec(tx)
        .await?;
    Ok(marked.rows_affected > 0)
}

/// Returns a deleted channel whose row still exists.
pub async fn a_deleted_channel(db: &impl ConnectionTrait) -> Result<Option<ChannelId>> {
    let id = channel::Entity::find()
        .select_only()
        .column(channel::Column::Id)
        .filter(channel::Column::DeletedAt.is_not_null())
        .order_by_asc(channel::Column::DeletedAt)
        .into_tuple()
        .one(db)
        .await?;
    Ok(id)
}

/// Deletes the row of a channel that is marked as deleted.
pub async fn remove_channel(tx: &Tx, channel: ChannelId) -> Result<()> {
    channel::Entity::delete_many()
        .filter(channel::Column::Id.eq(channel))
        .filter(channel::Column::DeletedAt.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}
