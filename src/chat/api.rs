//! REST of messages: seed 002's `/messages/{room}` and seed 004's `/channels/{id}/messages`.

use super::service::Around;
use super::{DEFAULT_PAGE, MAX_PAGE, Message, Send, Service};
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path, Query};
use crate::shared::{ChannelId, Error, MessageId, Result, paging};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, patch},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes, to be nested under `/api`.
pub fn routes(service: Service) -> Router {
    Router::new()
        .route("/messages/{room_id}", get(list))
        .route("/channels/{channel_id}/messages", get(list).post(send))
        .route(
            "/channels/{channel_id}/messages/{message_id}",
            patch(edit).delete(delete),
        )
        .with_state(service)
}

#[derive(Deserialize)]
struct Paging {
    before: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

#[derive(Deserialize)]
struct NewMessage {
    text: String,
    /// Makes a repeat harmless; made here when absent.
    nonce: Option<String>,
}

#[derive(Deserialize)]
struct NewText {
    text: String,
}

/// A page of messages, oldest first; the newest without a cursor.
async fn list(
    State(service): State<Service>,
    viewer: Viewer,
    Path(channel): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Value>> {
    let channel = channel_id(&channel)?;
    // Before the cursor: whether a message exists is told only to those who may see it.
    service.may_view(&viewer, channel).await?;
    let limit = paging::limit(paging.limit.as_deref(), DEFAULT_PAGE, MAX_PAGE)?;
    let around = match (paging.before, paging.after) {
        (None, None) => Around::End,
        (Some(before), None) => Around::Before(service.cursor(channel, &before).await?),
        (None, Some(after)) => Around::After(service.cursor(channel, &after).await?),
        (Some(_), Some(_)) => {
            return Err(Error::bad_request(
                "bad-cursor",
                "Give before or after, not both",
            ));
        }
    };
    let page = service.history(&viewer, channel, around, limit).await?;
    let messages: Vec<_> = page.messages.iter().map(as_json).collect();
    Ok(Json(json!({
        "count": messages.len(),
        "messages": messages,
        "has_older": page.older,
        "has_newer": page.newer,
    })))
}

/// Sends a message; answers it as it is stored.
async fn send(
    State(service): State<Service>,
    viewer: Viewer,
    Path(channel): Path<String>,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<Value>)> {
    let channel_id = channel_id(&channel)?;
    let nonce = new.nonce.unwrap_or_else(|| MessageId::new().to_string());
    let send = Send {
        channel_id,
        text: new.text,
    };
    let sent = service.send(&viewer, &nonce, send).await?;
    let message = service.message(&viewer, sent.id).await?;
    Ok((StatusCode::CREATED, Json(as_json(&message))))
}

/// Changes the text of one's own message.
async fn edit(
    State(service): State<Service>,
    viewer: Viewer,
    Path((channel, message)): Path<(String, String)>,
    Body(new): Body<NewText>,
) -> Result<Json<Value>> {
    let message_id = message_in(&service, &viewer, &channel, &message).await?;
    let edit = super::Edit {
        message_id,
        text: new.text,
    };
    service.edit(&viewer, edit).await?;
    let message = service.message(&viewer, message_id).await?;
    Ok(Json(as_json(&message)))
}

/// Takes back one's own message.
async fn delete(
    State(service): State<Service>,
    viewer: Viewer,
    Path((channel, message)): Path<(String, String)>,
) -> Result<StatusCode> {
    let message_id = message_in(&service, &viewer, &channel, &message).await?;
    service
        .delete(&viewer, super::Delete { message_id })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The message's id, when it is in that channel and the viewer may see it.
async fn message_in(
    service: &Service,
    viewer: &Viewer,
    channel: &str,
    message: &str,
) -> Result<MessageId> {
    let channel = channel_id(channel)?;
    let id = message.parse().map_err(|_| Error::not_found())?;
    let message = service.message(viewer, id).await?;
    if message.channel_id == channel {
        Ok(id)
    } else {
        Err(Error::not_found())
    }
}

/// What is no id names nothing.
fn channel_id(text: &str) -> Result<ChannelId> {
    text.parse().map_err(|_| Error::not_found())
}

/// A message with the fields of seed 002.
fn as_json(message: &Message) -> Value {
    json!({
        "message_id": message.id,
        "user_id": message.author.id,
        "username": message.author.username,
        "display_name": message.author.display_name,
        "user_kind": message.author.kind,
        "room_id": message.channel_id,
        "original_text": message.body,
        "timestamp": message.created_at.to_rfc3339(),
        "edited_at": message.edited_at.map(|at| at.to_rfc3339()),
        "deleted": message.deleted,
        // No verdict is made yet: nothing is flagged, nothing is translated.
        "is_flagged": false,
        "toxicity_score": 0.0,
        "translations": {},
        "parts": message.parts,
        "seq": message.seq,
        "nonce": message.nonce,
    })
}
