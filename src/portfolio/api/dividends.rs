//! REST: dividends, paid and missing.

use super::InPortfolio;
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path};
use crate::portfolio::{ChosenDividend, Dividends, Service, TakenDividends};
use crate::shared::{PortfolioId, Result};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(dividends, take))
}

/// What a portfolio was paid, and what its instruments paid by what sources tell and is not in its
/// history.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/dividends",
    tag = "Portfolio",
    params(InPortfolio),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "What was paid, and what is offered", body = Dividends),
        (status = 404, description = "The asker has no such portfolio"),
    )
)]
async fn dividends(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
) -> Result<Json<Dividends>> {
    service.dividends(&viewer, portfolio).await.map(Json)
}

/// Dividends that are to be taken over.
#[derive(Debug, Deserialize, ToSchema)]
struct ChosenDividends {
    /// Of those that are offered.
    #[schema(min_items = 1, max_items = 500)]
    dividends: Vec<ChosenDividend>,
}

/// Writes dividends down that are offered: all of them or none.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/dividends",
    tag = "Portfolio",
    params(InPortfolio),
    request_body = ChosenDividends,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "They are written down; taken back they are as an import", body = TakenDividends),
        (status = 400, description = "None is chosen"),
        (status = 404, description = "The asker has no such portfolio"),
        (status = 409, description = "One is not offered any more, or the portfolio is kept by paper trading"),
    )
)]
async fn take(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
    Body(chosen): Body<ChosenDividends>,
) -> Result<(StatusCode, Json<TakenDividends>)> {
    let taken = service
        .take_dividends(&viewer, portfolio, chosen.dividends)
        .await?;
    Ok((StatusCode::CREATED, Json(taken)))
}
