//! REST: seasons of paper trading, the asker's account and orders, the standing.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use super::{AccountPage, Board, Draft, OrderPage, Placed, Seasons, Service, service::Wanted};
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

/// Of which community.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The Lobby when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
}

/// Of which community, and which season of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfSeason {
    /// The Lobby when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    /// The running one when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    season: Option<String>,
}

/// A community's seasons, the latest first. The running one is there before anybody has joined it,
/// without an id then.
#[utoipa::path(
    get,
    path = "/paper/seasons",
    tag = "Paper trading",
    params(Of),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The seasons", body = Seasons),
        (status = 400, description = "No community looks like this"),
        (status = 404, description = "The asker is in no such community"),
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

/// In which community.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct Joining {
    /// The Lobby when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
}

/// Joins the running season: the asker gets an account with the season's cash. Who has joined it
/// gets the account that is there.
#[utoipa::path(
    post,
    path = "/paper/join",
    tag = "Paper trading",
    request_body = Joining,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account", body = AccountPage),
        (status = 400, description = "No community looks like this"),
        (status = 404, description = "The asker is in no such community"),
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

/// The asker's account in a season, with what it holds at the last known prices. Its transactions
/// are those of its portfolio, which is read where portfolios are and cannot be changed there.
#[utoipa::path(
    get,
    path = "/paper/account",
    tag = "Paper trading",
    params(OfSeason),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account, or null where the asker has none", body = AccountPage),
        (status = 400, description = "No community or season looks like this"),
        (status = 404, description = "The asker is in no such community, or it has no such season"),
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

/// Which orders are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The Lobby when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    /// The running one when it is left out.
    #[param(value_type = Option<uuid::Uuid>)]
    season: Option<String>,
    /// `open`, `filled`, `cancelled`, `expired` or `refused`.
    #[param(example = "open")]
    state: Option<String>,
    /// The `next` of the page before.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<String>,
}

/// The asker's orders in a season, the newest first, 50 at a time.
#[utoipa::path(
    get,
    path = "/paper/orders",
    tag = "Paper trading",
    params(Which),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The orders", body = OrderPage),
        (status = 400, description = "No community, season, state or place looks like this"),
        (status = 404, description = "The asker is in no such community, or it has no such season"),
    )
)]
async fn paper_orders(
    State(service): State<Service>,
    viewer: Viewer,
    Query(which): Query<Which>,
) -> Result<Json<OrderPage>> {
    let wanted = Wanted {
        community: which.community,
        season: which.season,
        state: which.state,
        before: which.before,
    };
    service.orders(&viewer, &wanted).await.map(Json)
}

/// An order in a community's running season.
#[derive(Debug, Deserialize, ToSchema)]
struct NewOrder {
    /// The Lobby when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    community: Option<String>,
    #[serde(flatten)]
    draft: Draft,
}

/// Places an order. It is filled at the next price: the first one that is certain to be newer than
/// the order, and as good as its limit. Where `moves` is false no price will come. A purchase needs
/// the cash and a sale the units, less what open orders take; both are looked at again with the
/// price that comes, and the order is refused when they are not there then.
#[utoipa::path(
    post,
    path = "/paper/orders",
    tag = "Paper trading",
    request_body = NewOrder,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "The order", body = Placed),
        (status = 400, description = "No order looks like this"),
        (status = 404, description = "The asker is in no such community, or there are no such prices"),
        (status = 409, description = "The asker has not joined, or has not as much"),
    )
)]
async fn place_paper_order(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<NewOrder>,
) -> Result<(StatusCode, Json<Placed>)> {
    let placed = service.place(&viewer, new.community.as_deref(), &new.draft);
    Ok((StatusCode::CREATED, Json(placed.await?)))
}

/// Places an order in the place of an open one of the asker's, in one step: what the open one takes
/// is free for the new one, and when that cannot be placed the open one stays. The new one has an id
/// of its own, and is filled at a price that comes after it.
#[utoipa::path(
    put,
    path = "/paper/orders/{order}",
    tag = "Paper trading",
    params(("order" = Uuid, Path, description = "Which")),
    request_body = NewOrder,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The new order", body = Placed),
        (status = 400, description = "No order looks like this"),
        (status = 404, description = "The asker has no such order in this season, or there are no such prices"),
        (status = 409, description = "It is not open any more, or the asker has not as much"),
    )
)]
async fn replace_paper_order(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<OrderId>,
    Body(new): Body<NewOrder>,
) -> Result<Json<Placed>> {
    let placed = service.replace(&viewer, new.community.as_deref(), id, &new.draft);
    placed.await.map(Json)
}

/// Takes an open order of the asker's back.
#[utoipa::path(
    delete,
    path = "/paper/orders/{order}",
    tag = "Paper trading",
    params(("order" = Uuid, Path, description = "Which")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "It is cancelled"),
        (status = 404, description = "The asker has no such order"),
        (status = 409, description = "It is not open any more"),
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

/// Who stands where in a season: what accounts made since joining, at the last known prices, beside
/// what holding the market made, splits counted. `drawdown` is the deepest fall of an account within
/// the season, by the closes of its days. Those who made the same share a place; whoever has not
/// traded has none. Over a quarter much of this is luck.
#[utoipa::path(
    get,
    path = "/paper/leaderboard",
    tag = "Paper trading",
    params(OfSeason),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The standing", body = Board),
        (status = 400, description = "No community or season looks like this"),
        (status = 404, description = "The asker is in no such community, or it has no such season"),
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
