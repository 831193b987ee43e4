//! REST: seasons of paper trading, your account and orders, the leaderboard.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::{AccountPage, Board, OrderInput, OrderPage, Placed, Seasons, Service, service::Wanted};
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path, Query};
use crate::shared::{OrderId, Result};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(paper_seasons))
        .routes(routes!(join_paper))
        .routes(routes!(paper_account))
        .routes(routes!(paper_orders, place_paper_order))
        .routes(routes!(replace_paper_order, cancel_paper_order))
        .routes(routes!(paper_leaderboard))
        .with_state(service)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// Community id; default: the Lobby.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
}

/// Community and season of a request.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfSeason {
    /// Community id; default: the Lobby.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    /// Season id; default: the running season.
    #[param(value_type = Option<uuid::Uuid>)]
    season: Option<String>,
}

/// Lists a community's seasons, newest first. The running season has no id until a member joins.
#[utoipa::path(
    get,
    path = "/paper/seasons",
    tag = "Paper trading",
    params(Of),
    responses(
        (status = 200, description = "The seasons", body = Seasons),
        (status = 400, description = "Invalid community"),
        (status = 404, description = "Community not found"),
    )
)]
async fn paper_seasons(
    State(service): State<Service>,
    viewer: Viewer,
    Query(of): Query<Of>,
) -> Result<Json<Seasons>> {
    let found = service.seasons(&viewer, of.community.as_deref()).await;
    found.map(Json)
}

/// The community whose season to join.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct Joining {
    /// Community id; default: the Lobby.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
}

/// Joins the running season and returns your account with the season's cash. If you have joined, it
/// returns the existing account.
#[utoipa::path(
    post,
    path = "/paper/join",
    tag = "Paper trading",
    request_body = Joining,
    responses(
        (status = 200, description = "The account", body = AccountPage),
        (status = 400, description = "Invalid community"),
        (status = 404, description = "Community not found"),
        (status = 409, description = "The season is full"),
    )
)]
async fn join_paper(
    State(service): State<Service>,
    viewer: Viewer,
    Body(joining): Body<Joining>,
) -> Result<Json<AccountPage>> {
    let joined = service.join(&viewer, joining.community.as_deref()).await;
    joined.map(Json)
}

/// Returns your account in a season with its holdings at the latest prices. Its portfolio has the
/// transactions; you cannot edit it.
#[utoipa::path(
    get,
    path = "/paper/account",
    tag = "Paper trading",
    params(OfSeason),
    responses(
        (status = 200, description = "The account, or null", body = AccountPage),
        (status = 400, description = "Invalid community or season"),
        (status = 404, description = "Community or season not found"),
    )
)]
async fn paper_account(
    State(service): State<Service>,
    viewer: Viewer,
    Query(of): Query<OfSeason>,
) -> Result<Json<AccountPage>> {
    let (community, season) = (of.community.as_deref(), of.season.as_deref());
    service.account(&viewer, community, season).await.map(Json)
}

/// Lists your orders in a season, newest first, 50 per page.
#[utoipa::path(
    get,
    path = "/paper/orders",
    tag = "Paper trading",
    params(Wanted),
    responses(
        (status = 200, description = "The orders", body = OrderPage),
        (status = 400, description = "Invalid community, season, state or cursor"),
        (status = 404, description = "Community or season not found"),
    )
)]
async fn paper_orders(
    State(service): State<Service>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<OrderPage>> {
    service.orders(&viewer, &wanted).await.map(Json)
}

/// An order in a community's running season.
#[derive(Debug, Deserialize, ToSchema)]
struct NewOrder {
    /// Community id; default: the Lobby.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    #[serde(flatten)]
    input: OrderInput,
}

/// Places an order. It fills at the next price: the first one that is certainly newer than the
/// order and meets its limit. If `moves` is false, no price will come. A buy needs cash and a sell
/// shares, minus what open orders reserve; Rialto checks both again at the fill and rejects the
/// order if they are missing.
#[utoipa::path(
    post,
    path = "/paper/orders",
    tag = "Paper trading",
    request_body = NewOrder,
    responses(
        (status = 201, description = "The order", body = Placed),
        (status = 400, description = "Invalid order"),
        (status = 404, description = "Community or symbol not found"),
        (status = 409, description = "Not joined, or not enough cash or shares"),
    )
)]
async fn place_paper_order(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<NewOrder>,
) -> Result<(StatusCode, Json<Placed>)> {
    let placed = service.place(&viewer, new.community.as_deref(), &new.input);
    Ok((StatusCode::CREATED, Json(placed.await?)))
}

/// Replaces your open order in one step. If the new order is invalid, the old one stays. The new
/// order has its own id and fills at a price that comes after it.
#[utoipa::path(
    put,
    path = "/paper/orders/{order}",
    tag = "Paper trading",
    request_body = NewOrder,
    responses(
        (status = 200, description = "The new order", body = Placed),
        (status = 400, description = "Invalid order"),
        (status = 404, description = "Order or symbol not found"),
        (status = 409, description = "Not open, or not enough cash or shares"),
    )
)]
async fn replace_paper_order(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<OrderId>,
    Body(new): Body<NewOrder>,
) -> Result<Json<Placed>> {
    let placed = service.replace(&viewer, new.community.as_deref(), id, &new.input);
    placed.await.map(Json)
}

/// Cancels your open order.
#[utoipa::path(
    delete,
    path = "/paper/orders/{order}",
    tag = "Paper trading",
    responses(
        (status = 204, description = "Canceled"),
        (status = 404, description = "Order not found"),
        (status = 409, description = "Not open"),
    )
)]
async fn cancel_paper_order(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<OrderId>,
) -> Result<StatusCode> {
    service.cancel(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the leaderboard of a season: returns since joining at the latest prices, beside the
/// benchmark (splits included). `drawdown` is the max drawdown within the season, by daily closes.
/// Equal returns share a rank; members without trades have none. One quarter is mostly luck.
#[utoipa::path(
    get,
    path = "/paper/leaderboard",
    tag = "Paper trading",
    params(OfSeason),
    responses(
        (status = 200, description = "The leaderboard", body = Board),
        (status = 400, description = "Invalid community or season"),
        (status = 404, description = "Community or season not found"),
    )
)]
async fn paper_leaderboard(
    State(service): State<Service>,
    viewer: Viewer,
    Query(of): Query<OfSeason>,
) -> Result<Json<Board>> {
    let (community, season) = (of.community.as_deref(), of.season.as_deref());
    service.board(&viewer, community, season).await.map(Json)
}
