//! REST: the portfolio of seed 003, which is the account's first portfolio.

use super::parameters::PAGE;
use crate::accounts::Viewer;
use crate::platform::web::{Body, Path};
use crate::portfolio::model::Written;
use crate::portfolio::rules::DIGITS;
use crate::portfolio::service::Naming;
use crate::portfolio::{Holding, Kind as Made, Service, Transaction, TransactionInput};
use crate::shared::{Error, Kind, Result, Timestamp, json::number};
use axum::{Json, extract::State, http::StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(first))
        .routes(routes!(add_stock))
        .routes(routes!(remove_stock))
}

/// A holding of the first portfolio, with JSON numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortfolioStock)]
#[serde(rename_all = "camelCase")]
struct Stock {
    symbol: String,
    name: String,
    shares: f64,
    avg_price: f64,
    current_price: f64,
    sector: Option<String>,
    /// Date of the oldest buy that is still held.
    purchase_date: Option<NaiveDate>,
}

impl From<Holding> for Stock {
    fn from(holding: Holding) -> Self {
        let average = holding.average_price.unwrap_or_default();
        Self {
            shares: number(holding.quantity),
            avg_price: number(average),
            current_price: number(holding.price.unwrap_or(average)),
            symbol: holding.symbol,
            name: holding.name,
            sector: holding.sector,
            purchase_date: holding.since,
        }
    }
}

/// A transaction of the first portfolio, with JSON numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OwnTransaction {
    #[schema(format = Uuid)]
    id: String,
    symbol: Option<String>,
    #[serde(rename = "type")]
    kind: Made,
    shares: Option<f64>,
    price: Option<f64>,
    total: Option<f64>,
    date: NaiveDate,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// true if its symbol was removed from the portfolio.
    removed: bool,
}

impl From<Transaction> for OwnTransaction {
    fn from(of: Transaction) -> Self {
        Self {
            total: of.total().map(number),
            id: of.id.to_string(),
            kind: of.kind,
            shares: of.quantity.map(number),
            price: of.price.map(number),
            date: of.date,
            created_at: of.created_at,
            removed: of.removed,
            symbol: of.symbol,
        }
    }
}

/// Holdings and latest transactions of the first portfolio.
#[derive(Debug, Default, Serialize, ToSchema)]
struct FirstPortfolio {
    stocks: Vec<Stock>,
    /// Latest created first. `GET /api/portfolios/{portfolio}/transactions` returns all of them.
    transactions: Vec<OwnTransaction>,
}

/// Returns your first portfolio; empty until you add something.
#[utoipa::path(
    get,
    path = "/portfolio",
    tag = "Portfolio",
    responses((status = 200, description = "The holdings", body = FirstPortfolio))
)]
async fn first(State(service): State<Service>, viewer: Viewer) -> Result<Json<FirstPortfolio>> {
    let Some(page) = service.first_page(&viewer).await? else {
        return Ok(Json(FirstPortfolio::default()));
    };
    let id = page.portfolio.id;
    let transactions = service.latest_transactions(&viewer, id, PAGE).await?;
    let held = page
        .holdings
        .into_iter()
        .filter(|holding| !holding.quantity.is_zero());
    Ok(Json(FirstPortfolio {
        stocks: held.map(Stock::from).collect(),
        transactions: transactions.into_iter().map(OwnTransaction::from).collect(),
    }))
}

/// A buy. All fields are required.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewStock {
    #[schema(
        required,
        nullable = false,
        min_length = 1,
        max_length = 20,
        example = "AAPL"
    )]
    symbol: Option<String>,
    #[schema(required, nullable = false, example = "Apple Inc.")]
    name: Option<String>,
    #[schema(required, nullable = false, value_type = serde_json::Value, example = 10)]
    shares: Option<Written>,
    #[schema(required, nullable = false, value_type = serde_json::Value, example = 150)]
    avg_price: Option<Written>,
    #[schema(required, nullable = false, example = "Technology")]
    sector: Option<String>,
    #[schema(required, nullable = false, format = Date, example = "2012-06-01")]
    purchase_date: Option<String>,
}

/// Result of adding a buy.
#[derive(Debug, Serialize, ToSchema)]
struct StockAdded {
    success: bool,
    stock: Stock,
}

/// Adds a buy to your first portfolio, which is created if needed.
#[utoipa::path(
    post,
    path = "/portfolio/add",
    tag = "Portfolio",
    request_body = NewStock,
    responses(
        (status = 201, description = "The holding after the purchase", body = StockAdded),
        (status = 400, description = "A field is missing or invalid"),
    )
)]
async fn add_stock(
    State(service): State<Service>,
    viewer: Viewer,
    Body(new): Body<NewStock>,
) -> Result<(StatusCode, Json<StockAdded>)> {
    let missing = |field| {
        Error::bad_request("missing-fields", "Missing required fields").with("field", field)
    };
    let input = TransactionInput {
        kind: Made::Buy.as_str().into(),
        symbol: new.symbol.ok_or_else(|| missing("symbol"))?,
        date: new.purchase_date.ok_or_else(|| missing("purchaseDate"))?,
        quantity: new.shares.ok_or_else(|| missing("shares"))?.rounded(DIGITS),
        price: new
            .avg_price
            .ok_or_else(|| missing("avgPrice"))?
            .rounded(DIGITS),
        ..TransactionInput::default()
    };
    let naming = Naming {
        name: Some(new.name.ok_or_else(|| missing("name"))?),
        sector: Some(new.sector.ok_or_else(|| missing("sector"))?),
    };
    let holding = service.add_to_first(&viewer, &input, naming).await;
    let holding = holding.map_err(as_sent)?;
    let stock = Stock::from(holding);
    let added = StockAdded {
        success: true,
        stock,
    };
    Ok((StatusCode::CREATED, Json(added)))
}

/// Renames the error's field to its name in this request.
fn as_sent(mut error: Error) -> Error {
    let (field, sent) = match error.details.get("field").map(String::as_str) {
        Some("quantity") => ("quantity", "shares"),
        Some("price") => ("price", "avgPrice"),
        Some("date") => ("date", "purchaseDate"),
        _ => return error,
    };
    let message = error
        .message
        .replace(&format!("The {field} "), &format!("The {sent} "));
    error.message = message.into();
    error.with("field", sent)
}

#[derive(Debug, Serialize, ToSchema)]
struct Done {
    success: bool,
}

/// Removes a symbol from your first portfolio without a sell. Its transactions stay, marked as
/// removed, and do not count.
#[utoipa::path(
    delete,
    path = "/portfolio/{symbol}",
    tag = "Portfolio",
    responses(
        (status = 200, description = "Removed", body = Done),
        (status = 404, description = "The portfolio does not hold this symbol"),
    )
)]
async fn remove_stock(
    State(service): State<Service>,
    viewer: Viewer,
    Path(symbol): Path<String>,
) -> Result<Json<Done>> {
    let unknown = || {
        Error::new(
            Kind::NotFound,
            "not-in-portfolio",
            "Stock not found in portfolio",
        )
    };
    let first = service.portfolios(&viewer).await?.into_iter().next();
    let first = first.ok_or_else(unknown)?;
    let done = service.remove_position(&viewer, first.id, &symbol).await;
    match done {
        Ok(()) => Ok(Json(Done { success: true })),
        Err(error) if error.kind == Kind::NotFound => Err(unknown()),
        Err(error) => Err(error),
    }
}
