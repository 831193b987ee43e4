//! REST: portfolios of an account; [`first`] contains the one of seed 003.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

mod dividends;
mod files;
mod first;
mod parameters;
pub mod share;

use super::rules::ledger::Method;
use super::service::Naming;
use super::{
    Performance, Portfolio, PortfolioPage, Service, Transaction, TransactionInput, TransactionPage,
};
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path, Query};
use crate::shared::{PortfolioId, Result, TransactionId, paging};
use axum::{Json, extract::State, http::StatusCode};
use parameters::PAGE;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes(service: Service) -> OpenApiRouter {
    OpenApiRouter::new()
        .merge(first::routes())
        .merge(files::routes())
        .merge(dividends::routes())
        .routes(routes!(list, create))
        .routes(routes!(page, change, delete))
        .routes(routes!(transactions, add))
        .routes(routes!(transaction, edit, remove))
        .routes(routes!(performance))
        .routes(routes!(take_out))
        .routes(routes!(bring_back))
        .with_state(service)
}

#[derive(Debug, Serialize, ToSchema)]
struct Portfolios {
    portfolios: Vec<Portfolio>,
}

/// Lists your portfolios, oldest first.
#[utoipa::path(
    get,
    path = "/portfolios",
    tag = "Portfolio",
    responses((status = 200, description = "The portfolios", body = Portfolios))
)]
async fn list(State(service): State<Service>, viewer: Viewer) -> Result<Json<Portfolios>> {
    let portfolios = service.portfolios(&viewer).await?;
    Ok(Json(Portfolios { portfolios }))
}

/// Name and cost basis method of a portfolio.
#[derive(Debug, Deserialize, ToSchema)]
struct Named {
    #[schema(min_length = 1, max_length = 80, example = "Retirement")]
    name: String,
    #[serde(default)]
    method: Method,
}

/// Creates a portfolio.
#[utoipa::path(
    post,
    path = "/portfolios",
    tag = "Portfolio",
    request_body = Named,
    responses(
        (status = 201, description = "The portfolio", body = Portfolio),
        (status = 409, description = "The name is taken, or there are too many"),
    )
)]
async fn create(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<Named>,
) -> Result<(StatusCode, Json<Portfolio>)> {
    let made = service.create(&viewer, &new.name, new.method).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Returns a portfolio with its holdings at the latest prices.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}",
    tag = "Portfolio",
    responses(
        (status = 200, description = "The holdings", body = PortfolioPage),
        (status = 404, description = "Portfolio not found"),
    )
)]
async fn page(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<PortfolioId>,
) -> Result<Json<PortfolioPage>> {
    service.page(&viewer, id).await.map(Json)
}

/// Edits the name and the cost basis method of a portfolio.
#[utoipa::path(
    put,
    path = "/portfolios/{portfolio}",
    tag = "Portfolio",
    request_body = Named,
    responses(
        (status = 204, description = "Saved"),
        (status = 404, description = "Portfolio not found"),
        (status = 409, description = "The name is taken"),
    )
)]
async fn change(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<PortfolioId>,
    Body(new): Body<Named>,
) -> Result<StatusCode> {
    service.change(&viewer, id, &new.name, new.method).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a portfolio with all its transactions.
#[utoipa::path(
    delete,
    path = "/portfolios/{portfolio}",
    tag = "Portfolio",
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "Portfolio not found"),
    )
)]
async fn delete(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<PortfolioId>,
) -> Result<StatusCode> {
    service.delete(&viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Filter and page of a list of transactions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Return only transactions of this symbol.
    symbol: Option<String>,
    /// `next` of the previous page.
    before: Option<String>,
    /// Maximum number of transactions to return.
    #[param(minimum = 1, maximum = 1_000, value_type = Option<u32>, example = 50)]
    limit: Option<String>,
}

/// Lists transactions, latest date first.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/transactions",
    tag = "Portfolio",
    params(Asked),
    responses(
        (status = 200, description = "A page", body = TransactionPage),
        (status = 404, description = "Portfolio not found"),
    )
)]
async fn transactions(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<PortfolioId>,
    Query(asked): Query<Asked>,
) -> Result<Json<TransactionPage>> {
    let limit = paging::limit(asked.limit.as_deref(), PAGE, PAGE)?;
    let (symbol, before) = (asked.symbol.as_deref(), asked.before.as_deref());
    let page = service.transactions(&viewer, id, symbol, before, limit);
    page.await.map(Json)
}

/// Adds a transaction.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/transactions",
    tag = "Portfolio",
    request_body = TransactionInput,
    responses(
        (status = 201, description = "The transaction", body = Transaction),
        (status = 400, description = "A field is missing or invalid; `field` names it"),
        (status = 404, description = "Portfolio not found"),
        (status = 409, description = "Sells more than is held, or the split is already known"),
    )
)]
async fn add(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
    Body(input): Body<TransactionInput>,
) -> Result<(StatusCode, Json<Transaction>)> {
    let id = service
        .add(&viewer, Some(portfolio), &input, Naming::default())
        .await?;
    let made = service.transaction(&viewer, portfolio, id).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Returns a transaction.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/transactions/{transaction}",
    tag = "Portfolio",
    responses(
        (status = 200, description = "The transaction", body = Transaction),
        (status = 404, description = "Not found"),
    )
)]
async fn transaction(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, id)): Path<(PortfolioId, TransactionId)>,
) -> Result<Json<Transaction>> {
    service.transaction(&viewer, portfolio, id).await.map(Json)
}

/// Edits a transaction. Rialto recalculates everything after it.
#[utoipa::path(
    put,
    path = "/portfolios/{portfolio}/transactions/{transaction}",
    tag = "Portfolio",
    request_body = TransactionInput,
    responses(
        (status = 200, description = "The transaction", body = Transaction),
        (status = 400, description = "A field is missing or invalid; `field` names it"),
        (status = 404, description = "Not found"),
        (status = 409, description = "Sells more than is held"),
    )
)]
async fn edit(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, id)): Path<(PortfolioId, TransactionId)>,
    Body(input): Body<TransactionInput>,
) -> Result<Json<Transaction>> {
    service.edit(&viewer, portfolio, id, &input).await?;
    service.transaction(&viewer, portfolio, id).await.map(Json)
}

/// Deletes a transaction. Rialto recalculates everything after it.
#[utoipa::path(
    delete,
    path = "/portfolios/{portfolio}/transactions/{transaction}",
    tag = "Portfolio",
    responses(
        (status = 200, description = "The deleted transaction", body = Transaction),
        (status = 404, description = "Not found"),
        (status = 409, description = "A later sell needs it"),
    )
)]
async fn remove(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, id)): Path<(PortfolioId, TransactionId)>,
) -> Result<Json<Transaction>> {
    service.remove(&viewer, portfolio, id).await.map(Json)
}

/// Options of the performance.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Beside {
    /// Symbol of a benchmark, to compare with the same money in it.
    #[param(example = "IBM")]
    benchmark: Option<String>,
}

/// Returns the performance from the first transaction to the latest prices.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/performance",
    tag = "Portfolio",
    params(Beside),
    responses(
        (status = 200, description = "The performance; undefined values are null", body = Performance),
        (status = 404, description = "Portfolio not found, or no prices of the benchmark"),
    )
)]
async fn performance(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<PortfolioId>,
    Query(beside): Query<Beside>,
) -> Result<Json<Performance>> {
    let benchmark = beside.benchmark.as_deref();
    let performance = service.performance(&viewer, id, benchmark).await?;
    Ok(Json(Performance::clone(&performance)))
}

/// Removes a symbol from a portfolio without a sell.
#[utoipa::path(
    delete,
    path = "/portfolios/{portfolio}/positions/{symbol}",
    tag = "Portfolio",
    responses(
        (status = 204, description = "Removed; its transactions are marked"),
        (status = 404, description = "The portfolio does not hold this symbol"),
    )
)]
async fn take_out(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, symbol)): Path<(PortfolioId, String)>,
) -> Result<StatusCode> {
    service.remove_position(&viewer, portfolio, &symbol).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Restores a removed symbol.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/positions/{symbol}/restore",
    tag = "Portfolio",
    responses(
        (status = 204, description = "Restored"),
        (status = 404, description = "Not removed"),
        (status = 409, description = "Conflicts with later transactions"),
    )
)]
async fn bring_back(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, symbol)): Path<(PortfolioId, String)>,
) -> Result<StatusCode> {
    service
        .restore_position(&viewer, portfolio, &symbol)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
