//! REST: received and missing dividends.

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

/// Returns received dividends, and dividends that data sources know but the portfolio lacks.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/dividends",
    tag = "Portfolio",
    responses(
        (status = 200, description = "Dividends received and missing", body = Dividends),
        (status = 404, description = "Portfolio not found"),
    )
)]
async fn dividends(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
) -> Result<Json<Dividends>> {
    service.dividends(&viewer, portfolio).await.map(Json)
}

/// The selected dividends.
#[derive(Debug, Deserialize, ToSchema)]
struct ChosenDividends {
    /// Dividends to add, as offered by `GET`.
    #[schema(min_items = 1, max_items = 500)]
    dividends: Vec<ChosenDividend>,
}

/// Adds missing dividends: all of the selected ones or none.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/dividends",
    tag = "Portfolio",
    request_body = ChosenDividends,
    responses(
        (status = 201, description = "Added; undo them like an import", body = TakenDividends),
        (status = 400, description = "Nothing selected"),
        (status = 404, description = "Portfolio not found"),
        (status = 409, description = "One is no longer available, or the portfolio belongs to paper trading"),
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
