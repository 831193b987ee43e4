//! Stored messages as clients see them.

use crate::accounts::Profile;
use crate::chat::model::{Message, Sent};
use crate::chat::store;
use crate::realtime::{Scope, Topic};
use crate::shared::ChannelId;

pub(super) fn topic(channel: ChannelId) -> Topic {
    Topic::new(Scope::Channel, channel.0)
}

pub(super) fn sent(row: &store::Row) -> Sent {
    Sent {
        id: row.id,
        seq: row.seq,
        rev: row.rev,
    }
}

/// Converts a row to a message as clients see it.
pub(super) fn message(row: store::Row, author: Profile) -> Message {
    let deleted = row.deleted_at.is_some();
    Message {
        id: row.id,
        channel_id: row.channel_id,
        seq: row.seq,
        rev: row.rev,
        author,
        cards: if deleted { Vec::new() } else { row.cards() },
        body: if deleted { String::new() } else { row.body },
        nonce: row.nonce,
        created_at: row.created_at,
        edited_at: row.edited_at,
        deleted,
    }
}
