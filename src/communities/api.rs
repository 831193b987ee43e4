//! REST of channels: the rooms of seed 002, all of them in the Lobby.

use super::{Channel, Service};
use crate::accounts::Viewer;
use crate::platform::web::Body;
use crate::shared::Result;
use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The routes, to be nested under `/api`.
pub fn routes(service: Service) -> Router {
    Router::new()
        .route("/rooms", get(list).post(create))
        .with_state(service)
}

#[derive(Serialize)]
struct Room {
    room_id: String,
    room_name: String,
    created_at: String,
}

impl From<Channel> for Room {
    fn from(channel: Channel) -> Self {
        Self {
            room_id: channel.id.to_string(),
            room_name: channel.name,
            created_at: channel.created_at.to_rfc3339(),
        }
    }
}

/// `GET /api/rooms`: the channels of the Lobby that the viewer may see.
async fn list(State(service): State<Service>, viewer: Viewer) -> Result<Json<Value>> {
    let lobby = service.lobby();
    let channels = service.overview(&viewer).await?.channels.into_iter();
    let rooms = channels
        .filter(|channel| channel.community_id == lobby)
        .map(Room::from)
        .collect::<Vec<_>>();
    Ok(Json(json!({ "rooms": rooms })))
}

#[derive(Deserialize)]
struct NewRoom {
    room_name: String,
}

/// `POST /api/rooms`: makes a channel in the Lobby.
async fn create(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<NewRoom>,
) -> Result<(StatusCode, Json<Value>)> {
    let lobby = service.lobby();
    let channel = service
        .create_channel(&viewer, lobby, &new.room_name)
        .await?;
    let room = Room::from(channel);
    Ok((StatusCode::CREATED, Json(json!({ "room": room }))))
}
