//! Server functions of the conversation.

use super::{ChannelState, Page, Snapshot};
use crate::shared::json;
use crate::shared::{ChannelId, Error};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Direction of a page of history from a message's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Towards the oldest message.
    Older,
    /// Towards the newest message.
    Newer,
}

/// Returns a channel with its newest messages.
#[server(prefix = "/rpc", endpoint = "chat/snapshot", input = server_fn::codec::Json, output = json::Json)]
pub async fn load_snapshot(channel: ChannelId) -> Result<Snapshot, Error> {
    use crate::accounts::guard::ask;
    let (chat, viewer) = ask::<super::Service>().await?;
    chat.snapshot(&viewer, channel, super::DEFAULT_PAGE).await
}

/// Returns a page of a channel's history, from message number `seq`.
#[server(prefix = "/rpc", endpoint = "chat/history", input = server_fn::codec::Json, output = json::Json)]
pub async fn load_history(
    channel: ChannelId,
    seq: i64,
    direction: Direction,
) -> Result<Page, Error> {
    use super::service::Around;
    use crate::accounts::guard::ask;
    let (chat, viewer) = ask::<super::Service>().await?;
    let around = match direction {
        Direction::Older => Around::Before(seq),
        Direction::Newer => Around::After(seq),
    };
    chat.history(&viewer, channel, around, super::DEFAULT_PAGE)
        .await
}

/// Returns the state of each of the viewer's channels.
#[server(prefix = "/rpc", endpoint = "chat/states", output = json::Json)]
pub async fn load_states() -> Result<Vec<ChannelState>, Error> {
    use crate::accounts::guard::ask;
    let (chat, viewer) = ask::<super::Service>().await?;
    chat.states(&viewer).await
}

/// Deletes a channel with all its messages.
#[server(prefix = "/rpc", endpoint = "chat/delete_channel", input = server_fn::codec::Json, output = json::Json)]
pub async fn delete_channel(channel: ChannelId) -> Result<(), Error> {
    use crate::accounts::guard::ask;
    let (chat, viewer) = ask::<super::Service>().await?;
    chat.delete_channel(&viewer, channel).await
}
