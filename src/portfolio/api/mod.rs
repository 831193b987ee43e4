//! REST: an account's portfolios; the one of seed 003 is in [`first`].

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

mod dividends;
mod files;
mod first;
pub mod share;

use super::rules::ledger::Method;
use super::service::Naming;
use super::{Draft, Performance, Portfolio, PortfolioPage, Service, Transaction, TransactionPage};
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path, Query};
use crate::shared::{PortfolioId, Result, TransactionId, paging};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Transactions in one answer, unless fewer are asked for.
const PAGE: u64 = 1_000;

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

/// The portfolio of a path, as all of them are described.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes what handlers take apart by themselves"
)]
struct InPortfolio {
    /// Which portfolio of the asker's.
    #[param(value_type = Uuid)]
    portfolio: PortfolioId,
}

/// A transaction of a path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes what handlers take apart by themselves"
)]
struct OfTransaction {
    /// Which.
    #[param(value_type = Uuid)]
    transaction: TransactionId,
}

/// An instrument of a path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(
    dead_code,
    reason = "it describes what handlers take apart by themselves"
)]
struct OfInstrument {
    /// The code, in any case.
    #[param(example = "aapl")]
    symbol: String,
}

/// Portfolios.
#[derive(Debug, Serialize, ToSchema)]
struct Portfolios {
    portfolios: Vec<Portfolio>,
}

/// The asker's portfolios, the oldest first.
#[utoipa::path(
    get,
    path = "/portfolios",
    tag = "Portfolio",
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The portfolios", body = Portfolios))
)]
async fn list(State(service): State<Service>, viewer: Viewer) -> Result<Json<Portfolios>> {
    let portfolios = service.portfolios(&viewer).await?;
    Ok(Json(Portfolios { portfolios }))
}

/// What a portfolio is called, and how its sales are given a cost.
#[derive(Debug, Deserialize, ToSchema)]
struct Named {
    #[schema(min_length = 1, max_length = 80, example = "Retirement")]
    name: String,
    #[serde(default)]
    method: Method,
}

/// Makes a portfolio.
#[utoipa::path(
    post,
    path = "/portfolios",
    tag = "Portfolio",
    request_body = Named,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "The portfolio", body = Portfolio),
        (status = 409, description = "There is one of this name, or there are too many"),
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

/// A portfolio with what it holds, at the last known prices.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}",
    tag = "Portfolio",
    params(InPortfolio),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "What it holds", body = PortfolioPage),
        (status = 404, description = "The asker has no such portfolio"),
    )
)]
async fn page(
    State(service): State<Service>,
    viewer: Viewer,
    Path(id): Path<PortfolioId>,
) -> Result<Json<PortfolioPage>> {
    service.page(&viewer, id).await.map(Json)
}

/// Changes the name and the method of a portfolio.
#[utoipa::path(
    put,
    path = "/portfolios/{portfolio}",
    tag = "Portfolio",
    params(InPortfolio),
    request_body = Named,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "It is changed"),
        (status = 404, description = "The asker has no such portfolio"),
        (status = 409, description = "There is another one of this name"),
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
    params(InPortfolio),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "The asker has no such portfolio"),
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

/// Which transactions are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Of one instrument only.
    symbol: Option<String>,
    /// The `next` of the page before.
    before: Option<String>,
    /// So many at most.
    #[param(minimum = 1, maximum = 1_000, value_type = Option<u32>, example = 50)]
    limit: Option<String>,
}

/// Transactions, the latest day first.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/transactions",
    tag = "Portfolio",
    params(InPortfolio, Asked),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page of them", body = TransactionPage),
        (status = 404, description = "The asker has no such portfolio"),
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

/// Writes a transaction down.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/transactions",
    tag = "Portfolio",
    params(InPortfolio),
    request_body = Draft,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "The transaction", body = Transaction),
        (status = 400, description = "A field is missing or cannot be; `field` names it"),
        (status = 404, description = "The asker has no such portfolio"),
        (status = 409, description = "More is sold than is held, or the split is known already"),
    )
)]
async fn add(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
    Body(draft): Body<Draft>,
) -> Result<(StatusCode, Json<Transaction>)> {
    let id = service
        .add(&viewer, Some(portfolio), &draft, Naming::default())
        .await?;
    let made = service.transaction(&viewer, portfolio, id).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One transaction.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/transactions/{transaction}",
    tag = "Portfolio",
    params(InPortfolio, OfTransaction),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The transaction", body = Transaction),
        (status = 404, description = "There is none"),
    )
)]
async fn transaction(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, id)): Path<(PortfolioId, TransactionId)>,
) -> Result<Json<Transaction>> {
    service.transaction(&viewer, portfolio, id).await.map(Json)
}

/// Writes a transaction down anew; everything after it is computed again.
#[utoipa::path(
    put,
    path = "/portfolios/{portfolio}/transactions/{transaction}",
    tag = "Portfolio",
    params(InPortfolio, OfTransaction),
    request_body = Draft,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The transaction", body = Transaction),
        (status = 400, description = "A field is missing or cannot be; `field` names it"),
        (status = 404, description = "There is none"),
        (status = 409, description = "A sale would sell more than is held"),
    )
)]
async fn edit(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, id)): Path<(PortfolioId, TransactionId)>,
    Body(draft): Body<Draft>,
) -> Result<Json<Transaction>> {
    service.edit(&viewer, portfolio, id, &draft).await?;
    service.transaction(&viewer, portfolio, id).await.map(Json)
}

/// Deletes a transaction; everything after it is computed again.
#[utoipa::path(
    delete,
    path = "/portfolios/{portfolio}/transactions/{transaction}",
    tag = "Portfolio",
    params(InPortfolio, OfTransaction),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "What it was", body = Transaction),
        (status = 404, description = "There is none"),
        (status = 409, description = "A later sale needs it"),
    )
)]
async fn remove(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, id)): Path<(PortfolioId, TransactionId)>,
) -> Result<Json<Transaction>> {
    service.remove(&viewer, portfolio, id).await.map(Json)
}

/// What a portfolio is compared with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Beside {
    /// The symbol of an instrument: the same money in it.
    #[param(example = "IBM")]
    benchmark: Option<String>,
}

/// How a portfolio did, from its first transaction to the last known prices.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/performance",
    tag = "Portfolio",
    params(InPortfolio, Beside),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "How it did; what is not defined is null", body = Performance),
        (status = 404, description = "The asker has no such portfolio, or there are no prices of the benchmark"),
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

/// Takes an instrument out of a portfolio without a sale.
#[utoipa::path(
    delete,
    path = "/portfolios/{portfolio}/positions/{symbol}",
    tag = "Portfolio",
    params(InPortfolio, OfInstrument),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "It is out; its transactions are marked"),
        (status = 404, description = "The portfolio does not hold it"),
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

/// Brings an instrument back that was taken out.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/positions/{symbol}/restore",
    tag = "Portfolio",
    params(InPortfolio, OfInstrument),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "It is back"),
        (status = 404, description = "It was not taken out"),
        (status = 409, description = "It cannot be together with what was written down since"),
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
