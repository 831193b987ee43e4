//! REST: an account's watchlists.

use crate::accounts::Viewer;
use crate::markets::model::{Watched, Watchlist};
use crate::markets::{Source, Watchlists};
use crate::platform::web::{Body, Path};
use crate::shared::{Result, WatchlistId, json::number};
use axum::{Json, extract::State, http::StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(service: Watchlists) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(watchlists, make_watchlist))
        .routes(routes!(watchlist, name_watchlist, delete_watchlist))
        .routes(routes!(watch, set_watched))
        .routes(routes!(unwatch))
        .with_state(service)
}

/// All watchlists of an account.
#[derive(Debug, Serialize, ToSchema)]
struct AllLists {
    watchlists: Vec<Watchlist>,
}

/// Lists your watchlists, oldest first.
#[utoipa::path(
    get,
    path = "/watchlists",
    tag = "Watchlists",
    responses((status = 200, description = "The watchlists", body = AllLists))
)]
async fn watchlists(State(service): State<Watchlists>, viewer: Viewer) -> Result<Json<AllLists>> {
    let watchlists = service.lists(&viewer).await?;
    Ok(Json(AllLists { watchlists }))
}

/// Name of a watchlist.
#[derive(Debug, Deserialize, ToSchema)]
struct ListName {
    #[schema(min_length = 1, max_length = 80, example = "Technology")]
    name: String,
}

/// Creates a watchlist.
#[utoipa::path(
    post,
    path = "/watchlists",
    tag = "Watchlists",
    request_body = ListName,
    responses(
        (status = 201, description = "The watchlist", body = Watchlist),
        (status = 409, description = "The name is taken, or there are too many"),
    )
)]
async fn make_watchlist(
    State(service): State<Watchlists>,
    viewer: Viewer,
    Body(new): Body<ListName>,
) -> Result<(StatusCode, Json<Watchlist>)> {
    let made = service.create(&viewer, &new.name).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// A watchlist with the latest prices.
#[derive(Debug, Serialize, ToSchema)]
struct Priced {
    #[serde(flatten)]
    list: Watchlist,
    /// In the order of the watchlist.
    instruments: Vec<PricedInstrument>,
}

/// A symbol with its latest price; null: not known.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PricedInstrument {
    symbol: String,
    name: Option<String>,
    price: Option<f64>,
    change_percent: Option<f64>,
    /// Day of the price.
    date: Option<NaiveDate>,
    source: Option<Source>,
    /// Last closes, oldest first, at most 30.
    closes: Vec<f64>,
}

impl From<Watched> for PricedInstrument {
    fn from(one: Watched) -> Self {
        let quote = one.quote.as_ref();
        Self {
            price: quote.map(|quote| number(quote.price)),
            date: quote.map(|quote| quote.date),
            source: quote.map(|quote| quote.source),
            change_percent: one.change_percent.map(number),
            symbol: one.symbol,
            name: one.name,
            closes: one.closes,
        }
    }
}

/// Returns a watchlist with the latest prices.
#[utoipa::path(
    get,
    path = "/watchlists/{watchlist}",
    tag = "Watchlists",
    responses(
        (status = 200, description = "The watchlist", body = Priced),
        (status = 404, description = "Watchlist not found"),
    )
)]
async fn watchlist(
    State(service): State<Watchlists>,
    viewer: Viewer,
    Path(id): Path<WatchlistId>,
) -> Result<Json<Priced>> {
    let list = service.list(&viewer, id).await?;
    let rows = service.rows(&viewer, &list.symbols).await.into_iter();
    let instruments = rows.map(PricedInstrument::from).collect();
    Ok(Json(Priced { list, instruments }))
}

/// Renames a watchlist.
#[utoipa::path(
    put,
    path = "/watchlists/{watchlist}",
    tag = "Watchlists",
    request_body = ListName,
    responses(
        (status = 204, description = "Saved"),
        (status = 404, description = "Watchlist not found"),
        (status = 409, description = "The name is taken"),
    )
)]
async fn name_watchlist(
    State(service): State<Watchlists>,
    viewer: Viewer,
    Path(id): Path<WatchlistId>,
    Body(new): Body<ListName>,
) -> Result<StatusCode> {
    service.rename(&viewer, id, &new.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a watchlist.
#[utoipa::path(
    delete,
    path = "/watchlists/{watchlist}",
    tag = "Watchlists",
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "Watchlist not found"),
    )
)]
async fn delete_watchlist(
    State(service): State<Watchlists>,
    viewer: Viewer,
    Path(id): Path<WatchlistId>,
) -> Result<StatusCode> {
    service.delete(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A symbol to add.
#[derive(Debug, Deserialize, ToSchema)]
struct ToWatch {
    /// Symbol in upper or lower case, or a name.
    #[schema(min_length = 1, max_length = 80, example = "AAPL")]
    symbol: String,
}

/// Adds a symbol to the end of a watchlist. A symbol that is already there does not move.
#[utoipa::path(
    post,
    path = "/watchlists/{watchlist}/symbols",
    tag = "Watchlists",
    request_body = ToWatch,
    responses(
        (status = 201, description = "The watchlist", body = Watchlist),
        (status = 400, description = "Symbol missing or ambiguous"),
        (status = 404, description = "Watchlist or symbol not found"),
        (status = 409, description = "The watchlist is full"),
    )
)]
async fn watch(
    State(service): State<Watchlists>,
    viewer: Viewer,
    Path(id): Path<WatchlistId>,
    Body(new): Body<ToWatch>,
) -> Result<(StatusCode, Json<Watchlist>)> {
    // The list exists, so the name for a new list is not used.
    service
        .add(&viewer, Some(id), &new.symbol, None, "-")
        .await?;
    let list = service.list(&viewer, id).await?;
    Ok((StatusCode::CREATED, Json(list)))
}

/// All symbols of a watchlist, in order.
#[derive(Debug, Deserialize, ToSchema)]
struct AllToWatch {
    /// Symbols in upper or lower case.
    #[schema(max_items = 100, example = json!(["MSFT", "AAPL"]))]
    symbols: Vec<String>,
}

/// Replaces the symbols of a watchlist, also to reorder them.
#[utoipa::path(
    put,
    path = "/watchlists/{watchlist}/symbols",
    tag = "Watchlists",
    request_body = AllToWatch,
    responses(
        (status = 200, description = "The watchlist", body = Watchlist),
        (status = 400, description = "Invalid symbol"),
        (status = 404, description = "Watchlist not found"),
        (status = 409, description = "Too many symbols"),
    )
)]
async fn set_watched(
    State(service): State<Watchlists>,
    viewer: Viewer,
    Path(id): Path<WatchlistId>,
    Body(all): Body<AllToWatch>,
) -> Result<Json<Watchlist>> {
    service.set(&viewer, id, &all.symbols).await.map(Json)
}

/// Removes a symbol from a watchlist.
#[utoipa::path(
    delete,
    path = "/watchlists/{watchlist}/symbols/{symbol}",
    tag = "Watchlists",
    responses(
        (status = 204, description = "Removed"),
        (status = 400, description = "Invalid symbol"),
        (status = 404, description = "Watchlist or symbol not found"),
    )
)]
async fn unwatch(
    State(service): State<Watchlists>,
    viewer: Viewer,
    Path((id, symbol)): Path<(WatchlistId, String)>,
) -> Result<StatusCode> {
    service.remove(&viewer, id, &symbol).await?;
    Ok(StatusCode::NO_CONTENT)
}
