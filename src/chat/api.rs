//! REST API of messages: `/messages/{room}` of seed 002 and `/channels/{id}/messages` of seed 004.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::service::Around;
use super::{Card, DEFAULT_PAGE, MAX_PAGE, Message, Send, Service};
use crate::accounts::{AccountKind, Viewer};
use crate::platform::idempotency::current_key;
use crate::platform::openapi::also;
use crate::platform::web::{Body, Path, Query};
use crate::shared::{AccountId, ChannelId, Error, MessageId, Result, Timestamp, paging};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Returns the routes, to be nested under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(also("/messages/{channel_id}", routes!(list)))
        .routes(routes!(list, send))
        .routes(routes!(edit, delete))
        .routes(routes!(delete_channel))
        .with_state(service)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Paging {
    /// Returns messages before this one, given by id or number. Not together with `after`.
    before: Option<String>,
    /// Returns messages after this one, given by id or number.
    after: Option<String>,
    /// Maximum number of messages in the page; default 50.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

/// A message to send.
#[derive(Deserialize, ToSchema)]
struct NewMessage {
    /// Text with at least one visible character, and without control characters except tabs and
    /// line ends.
    #[schema(min_length = 1, max_length = 4000, example = "Good morning, $AAPL")]
    text: String,
    /// Unique value chosen by the client. A request that repeats the same text in the same channel
    /// returns the first message, even if it was edited since.
    #[schema(min_length = 1, max_length = 64, pattern = "^[!-~]{1,64}$")]
    nonce: Option<String>,
}

/// New text of a message.
#[derive(Deserialize, ToSchema)]
struct NewText {
    /// Same rules as in a new message.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
}

/// A page of messages.
#[derive(Serialize, ToSchema)]
struct Page {
    /// Number of messages in this page.
    count: usize,
    /// Messages, oldest first.
    messages: Vec<ChatMessage>,
    has_older: bool,
    has_newer: bool,
}

/// A message. A deleted message keeps its place and loses its text.
#[derive(Serialize, ToSchema)]
struct ChatMessage {
    message_id: MessageId,
    user_id: AccountId,
    username: String,
    display_name: String,
    user_kind: AccountKind,
    room_id: ChannelId,
    original_text: String,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    edited_at: Option<Timestamp>,
    deleted: bool,
    is_flagged: bool,
    toxicity_score: f64,
    /// Translations by language.
    translations: BTreeMap<String, String>,
    cards: Vec<Card>,
    /// Number in the channel, from 1 without gaps.
    #[schema(minimum = 1)]
    seq: i64,
    nonce: String,
}

/// Lists messages, oldest first. Without a cursor: the newest ones.
#[utoipa::path(
    get,
    path = "/channels/{channel_id}/messages",
    tag = "Messages",
    params(Paging),
    responses((status = 200, description = "A page of messages", body = Page))
)]
async fn list(
    State(service): State<Service>,
    viewer: Viewer,
    Path(channel): Path<ChannelId>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page>> {
    // Checked before the cursor, which reveals whether a message exists.
    service.may_view(&viewer, channel).await?;
    let limit = paging::limit(paging.limit.as_deref(), DEFAULT_PAGE, MAX_PAGE)?;
    let around = match (paging.before, paging.after) {
        (None, None) => Around::End,
        (Some(before), None) => Around::Before(service.cursor(channel, &before).await?),
        (None, Some(after)) => Around::After(service.cursor(channel, &after).await?),
        (Some(_), Some(_)) => {
            return Err(Error::bad_request(
                "bad-cursor",
                "Invalid cursor: use before or after, not both",
            ));
        }
    };
    let page = service.history(&viewer, channel, around, limit).await?;
    let messages: Vec<_> = page.messages.into_iter().map(ChatMessage::from).collect();
    Ok(Json(Page {
        count: messages.len(),
        messages,
        has_older: page.older,
        has_newer: page.newer,
    }))
}

/// Sends a message and returns it as stored.
#[utoipa::path(
    post,
    path = "/channels/{channel_id}/messages",
    tag = "Messages",
    request_body = NewMessage,
    responses(
        (status = 201, description = "The message", body = ChatMessage),
        (status = 409, description = "The nonce belongs to another channel or text"),
    )
)]
async fn send(
    State(service): State<Service>,
    viewer: Viewer,
    Path(channel): Path<ChannelId>,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<ChatMessage>)> {
    let nonce = new.nonce.or_else(current_key);
    let nonce = nonce.unwrap_or_else(|| MessageId::new().to_string());
    let send = Send {
        channel_id: channel,
        text: new.text,
    };
    let sent = service.send(&viewer, &nonce, send).await?;
    let message = service.message(&viewer, sent.id).await?;
    Ok((StatusCode::CREATED, Json(message.into())))
}

/// Edits your message.
#[utoipa::path(
    patch,
    path = "/channels/{channel_id}/messages/{message_id}",
    tag = "Messages",
    request_body = NewText,
    responses((status = 200, description = "The edited message", body = ChatMessage))
)]
async fn edit(
    State(service): State<Service>,
    viewer: Viewer,
    Path((channel, message)): Path<(ChannelId, MessageId)>,
    Body(new): Body<NewText>,
) -> Result<Json<ChatMessage>> {
    let message_id = message_in(&service, &viewer, channel, message).await?;
    let edit = super::Edit {
        message_id,
        text: new.text,
    };
    service.edit(&viewer, edit).await?;
    let message = service.message(&viewer, message_id).await?;
    Ok(Json(message.into()))
}

/// Deletes your message.
#[utoipa::path(
    delete,
    path = "/channels/{channel_id}/messages/{message_id}",
    tag = "Messages",
    responses((status = 204, description = "Deleted"))
)]
async fn delete(
    State(service): State<Service>,
    viewer: Viewer,
    Path((channel, message)): Path<(ChannelId, MessageId)>,
) -> Result<StatusCode> {
    let message_id = message_in(&service, &viewer, channel, message).await?;
    service
        .delete(&viewer, super::Delete { message_id })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a channel with all its messages. Admins can delete any channel, its creator only until
/// another member has written in it. A community needs at least one channel.
#[utoipa::path(
    delete,
    path = "/channels/{channel_id}",
    tag = "Channels",
    responses(
        (status = 204, description = "Deleted"),
        (status = 409, description = "Other members have written in it, or it is the last channel"),
    )
)]
async fn delete_channel(
    State(service): State<Service>,
    viewer: Viewer,
    Path(channel): Path<ChannelId>,
) -> Result<StatusCode> {
    service.delete_channel(&viewer, channel).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the message's id if it is in this channel and the viewer can see it.
async fn message_in(
    service: &Service,
    viewer: &Viewer,
    channel: ChannelId,
    id: MessageId,
) -> Result<MessageId> {
    let message = service.message(viewer, id).await?;
    if message.channel_id == channel {
        Ok(id)
    } else {
        Err(Error::not_found())
    }
}

impl From<Message> for ChatMessage {
    fn from(message: Message) -> Self {
        Self {
            message_id: message.id,
            user_id: message.author.id,
            username: message.author.username,
            display_name: message.author.display_name,
            user_kind: message.author.kind,
            room_id: message.channel_id,
            original_text: message.body,
            timestamp: message.created_at,
            edited_at: message.edited_at,
            deleted: message.deleted,
            // There is no classifier and no translation yet.
            is_flagged: false,
            toxicity_score: 0.0,
            translations: BTreeMap::new(),
            cards: message.cards,
            seq: message.seq,
            nonce: message.nonce,
        }
    }
}
