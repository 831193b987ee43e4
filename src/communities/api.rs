//! REST API of channels: the rooms of seed 002, all of them in the Lobby.

use super::{Channel, Service};
use crate::accounts::Viewer;
use crate::platform::web::Body;
use crate::shared::{Result, Timestamp};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Returns the routes, to be nested under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .with_state(service)
}

/// A channel, with the field names of the older API.
#[derive(Serialize, ToSchema)]
struct Room {
    #[schema(format = Uuid)]
    room_id: String,
    room_name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// List of channels.
#[derive(Serialize, ToSchema)]
struct Rooms {
    rooms: Vec<Room>,
}

/// The created channel.
#[derive(Serialize, ToSchema)]
struct Made {
    room: Room,
}

impl From<Channel> for Room {
    fn from(channel: Channel) -> Self {
        Self {
            room_id: channel.id.to_string(),
            room_name: channel.name,
            created_at: channel.created_at,
        }
    }
}

/// Lists the channels you can see.
#[utoipa::path(
    get,
    path = "/rooms",
    tag = "Channels",
    responses((status = 200, description = "The channels", body = Rooms))
)]
async fn list(State(service): State<Service>, viewer: Viewer) -> Result<Json<Rooms>> {
    let lobby = service.lobby();
    let channels = service.overview(&viewer).await?.channels.into_iter();
    let rooms = channels
        .filter(|channel| channel.community_id == lobby)
        .map(Room::from)
        .collect();
    Ok(Json(Rooms { rooms }))
}

/// A channel to create.
#[derive(Deserialize, ToSchema)]
struct NewRoom {
    /// Name, unique in its community; a leading `#` is dropped.
    #[schema(min_length = 1, max_length = 48, example = "earnings")]
    room_name: String,
}

/// Creates a channel.
#[utoipa::path(
    post,
    path = "/rooms",
    tag = "Channels",
    request_body = NewRoom,
    responses(
        (status = 201, description = "The channel", body = Made),
        (status = 409, description = "The name, or a similar one, is taken"),
    )
)]
async fn create(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<NewRoom>,
) -> Result<(StatusCode, Json<Made>)> {
    let lobby = service.lobby();
    let channel = service
        .create_channel(&viewer, lobby, &new.room_name)
        .await?;
    let room = Room::from(channel);
    Ok((StatusCode::CREATED, Json(Made { room })))
}
