//! REST: an account's drawings on charts.

use crate::accounts::Viewer;
use crate::markets::{self, Drawings, Shape};
use crate::platform::web::{Body, Path};
use crate::shared::{DrawingId, Error, Result};
use axum::{Json, extract::State, http::StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(service: Drawings) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(drawings, draw))
        .routes(routes!(take_away))
        .with_state(service)
}

/// Shape of a drawing.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Drawn {
    /// Horizontal line at one price.
    Level {
        #[schema(exclusive_minimum = 0, maximum = 1e12, example = 450.5)]
        price: f64,
    },
    /// Line from one day and price to another.
    Trend { from: Point, to: Point },
}

/// A point on a chart.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = DrawnPoint)]
struct Point {
    /// Day in the years from 1800 to 2200.
    day: NaiveDate,
    #[schema(minimum = -1e12, maximum = 1e12, example = 411.23)]
    price: f64,
}

impl From<Drawn> for Shape {
    fn from(drawn: Drawn) -> Self {
        match drawn {
            Drawn::Level { price } => Self::Level(price),
            Drawn::Trend { from, to } => Self::Trend((from.day, from.price), (to.day, to.price)),
        }
    }
}

impl From<Shape> for Drawn {
    fn from(shape: Shape) -> Self {
        let point = |(day, price)| Point { day, price };
        match shape {
            Shape::Level(price) => Self::Level { price },
            Shape::Trend(from, to) => Self::Trend {
                from: point(from),
                to: point(to),
            },
        }
    }
}

/// A drawing on a chart.
#[derive(Debug, Serialize, ToSchema)]
struct Drawing {
    id: DrawingId,
    #[serde(flatten)]
    drawn: Drawn,
}

impl From<markets::Drawing> for Drawing {
    fn from(drawing: markets::Drawing) -> Self {
        Self {
            id: drawing.id,
            drawn: drawing.shape.into(),
        }
    }
}

/// Drawings on a chart.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DrawingsOfChart)]
struct OnChart {
    drawings: Vec<Drawing>,
}

/// Lists your drawings on a chart, oldest first; at most 100.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/drawings",
    tag = "Drawings",
    responses(
        (status = 200, description = "The drawings", body = OnChart),
        (status = 400, description = "Invalid symbol"),
    )
)]
async fn drawings(
    State(service): State<Drawings>,
    viewer: Viewer,
    Path(symbol): Path<String>,
) -> Result<Json<OnChart>> {
    let all = service.of(&viewer, &symbol).await?.into_iter();
    let drawings = all.map(Drawing::from).collect();
    Ok(Json(OnChart { drawings }))
}

/// A new drawing.
#[derive(Debug, Deserialize, ToSchema)]
struct ToDraw {
    /// Chosen by the client, so that a repeated request adds the drawing only once; default: a new
    /// id.
    #[serde(default)]
    id: Option<DrawingId>,
    #[serde(flatten)]
    drawn: Drawn,
}

/// Adds a drawing to your chart. If a drawing with this id exists, it does not change.
#[utoipa::path(
    post,
    path = "/stocks/{symbol}/drawings",
    tag = "Drawings",
    request_body = ToDraw,
    responses(
        (status = 201, description = "The drawing as stored", body = Drawing),
        (status = 400, description = "Invalid symbol or drawing"),
        (status = 404, description = "The id belongs to another chart or account"),
        (status = 409, description = "Too many"),
    )
)]
async fn draw(
    State(service): State<Drawings>,
    viewer: Viewer,
    Path(symbol): Path<String>,
    Body(new): Body<ToDraw>,
) -> Result<(StatusCode, Json<Drawing>)> {
    let drawn = service.draw(&viewer, &symbol, new.id, new.drawn.into());
    let id = drawn.await?;
    let mut kept = service.of(&viewer, &symbol).await?.into_iter();
    let kept = kept.find(|one| one.id == id).ok_or_else(Error::not_found)?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

/// Deletes a drawing.
#[utoipa::path(
    delete,
    path = "/stocks/{symbol}/drawings/{drawing}",
    tag = "Drawings",
    responses(
        (status = 204, description = "Deleted"),
        (status = 400, description = "Invalid symbol"),
        (status = 404, description = "Drawing not found"),
    )
)]
async fn take_away(
    State(service): State<Drawings>,
    viewer: Viewer,
    Path((symbol, id)): Path<(String, DrawingId)>,
) -> Result<StatusCode> {
    service.remove(&viewer, Some(&symbol), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
