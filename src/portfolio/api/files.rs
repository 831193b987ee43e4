//! REST: import and export of transaction files.

#![expect(unused_qualifications, reason = "`IntoParams` writes them")]

use crate::accounts::Viewer;
use crate::platform::web::{Path, Query};
use crate::portfolio::rules::statement;
use crate::portfolio::service::Taking;
use crate::portfolio::{Import, Imports, Service, Transaction};
use crate::shared::{Error, ImportId, Kind, PortfolioId, Result, TransactionId};
use axum::{
    Json,
    body::Body,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chrono::NaiveDate;
use futures::stream;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes under `/api`.
pub fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(import, imports))
        .layer(DefaultBodyLimit::max(Import::MOST_BYTES))
        .routes(routes!(undo))
        .routes(routes!(as_csv))
        .routes(routes!(as_json))
}

/// Options of an import.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct How {
    /// Only return a preview; change nothing.
    #[serde(default)]
    preview: bool,
    /// Import duplicates too: transactions that the portfolio already has.
    #[serde(default)]
    duplicates: bool,
    /// Skip the lines of symbols that cannot be imported, for example if they sell more than is
    /// held, and import the rest.
    #[serde(default)]
    rest: bool,
    /// Name of the file, shown in the list of imports.
    #[serde(default)]
    #[param(required = false, example = "activities.csv")]
    name: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Earlier {
    /// `next` of the previous page.
    before: Option<ImportId>,
}

/// Imports a file of transactions: CSV or JSON of Rialto, Ghostfolio or Wealthfolio. Skips
/// duplicates and lines with errors, and reports them.
#[utoipa::path(
    post,
    path = "/portfolios/{portfolio}/imports",
    tag = "Portfolio",
    params(How),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "The preview or the result", body = Import),
        (status = 400, description = "Not a file of transactions"),
        (status = 404, description = "Portfolio not found"),
        (status = 409, description = "The file sells more than is held, or another import runs"),
        (status = 413, description = "File too large"),
    )
)]
async fn import(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
    Query(how): Query<How>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<Import>> {
    let file = file.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::new(
                Kind::TooLarge,
                "file-too-large",
                format!("File too large: at most {} bytes", Import::MOST_BYTES),
            )
            .with("max", Import::MOST_BYTES / 1024 / 1024)
        } else {
            Error::bad_request("malformed", "Upload incomplete")
        }
    })?;
    let import = if how.preview {
        service.preview(&viewer, portfolio, file).await?
    } else {
        let taking = Taking {
            name: how.name,
            duplicates: how.duplicates,
            rest: how.rest,
        };
        service.import(&viewer, portfolio, file, taking).await?
    };
    Ok(Json(import))
}

/// Lists imports, newest first, with the progress of a running one.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/imports",
    tag = "Portfolio",
    params(Earlier),
    responses(
        (status = 200, description = "A page", body = Imports),
        (status = 404, description = "Portfolio not found"),
    )
)]
async fn imports(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
    Query(earlier): Query<Earlier>,
) -> Result<Json<Imports>> {
    let imports = service.imports(&viewer, portfolio, earlier.before);
    imports.await.map(Json)
}

/// Undoes an import: deletes its transactions.
#[utoipa::path(
    delete,
    path = "/portfolios/{portfolio}/imports/{import}",
    tag = "Portfolio",
    responses(
        (status = 204, description = "Undone"),
        (status = 404, description = "Import not found"),
        (status = 409, description = "A later sell needs its shares"),
    )
)]
async fn undo(
    State(service): State<Service>,
    viewer: Viewer,
    Path((portfolio, import)): Path<(PortfolioId, ImportId)>,
) -> Result<StatusCode> {
    service.undo_import(&viewer, portfolio, import).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Exports all transactions as CSV, in a form that can be imported.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/export.csv",
    tag = "Portfolio",
    responses(
        (status = 200, description = "CSV", body = String, content_type = "text/csv"),
        (status = 404, description = "Portfolio not found"),
    )
)]
async fn as_csv(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
) -> Result<Response> {
    service.name(&viewer, portfolio).await?;
    let frame = Frame {
        kind: "text/csv; charset=utf-8",
        name: "portfolio.csv",
        before: statement::head()?,
        between: "",
        after: "",
    };
    let row = |one: &Transaction| statement::row(one);
    Ok(file(service, portfolio, frame, row))
}

/// Exports all transactions as JSON, in a form that can be imported.
#[utoipa::path(
    get,
    path = "/portfolios/{portfolio}/export.json",
    tag = "Portfolio",
    responses(
        (status = 200, description = "The transactions", body = crate::portfolio::TransactionPage),
        (status = 404, description = "Portfolio not found"),
    )
)]
async fn as_json(
    State(service): State<Service>,
    viewer: Viewer,
    Path(portfolio): Path<PortfolioId>,
) -> Result<Response> {
    let name = service.name(&viewer, portfolio).await?;
    let name = serde_json::to_string(&name).map_err(Error::internal)?;
    let frame = Frame {
        kind: "application/json",
        name: "portfolio.json",
        before: format!("{{\"name\":{name},\"transactions\":["),
        between: ",",
        after: "]}",
    };
    let row = |one: &Transaction| serde_json::to_string(one).map_err(Error::internal);
    Ok(file(service, portfolio, frame, row))
}

/// Headers of an exported file, and the text around its rows.
struct Frame {
    kind: &'static str,
    name: &'static str,
    before: String,
    between: &'static str,
    after: &'static str,
}

/// Progress of writing an export.
enum At {
    Start(String),
    Rows(Option<(NaiveDate, TransactionId)>),
    End,
}

/// Streams a file while its transactions are read from the database in batches.
fn file(
    service: Service,
    portfolio: PortfolioId,
    frame: Frame,
    row: fn(&Transaction) -> Result<String>,
) -> Response {
    let (between, after) = (frame.between, frame.after);
    let parts = stream::try_unfold(At::Start(frame.before), move |at| {
        let service = service.clone();
        async move {
            let before = match at {
                At::Start(text) => return Ok::<_, Error>(Some((text, At::Rows(None)))),
                At::Rows(before) => before,
                At::End => return Ok(None),
            };
            let some = service.stretch(portfolio, before).await?;
            let Some(last) = some.last() else {
                return Ok(Some((after.to_owned(), At::End)));
            };
            let rows: Result<Vec<String>> = some.iter().map(row).collect();
            let mut text = rows?.join(between);
            if before.is_some() {
                text.insert_str(0, between);
            }
            Ok(Some((text, At::Rows(Some((last.date, last.id))))))
        }
    });
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{}\"", frame.name));
    let mut response = Body::from_stream(parts).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(frame.kind));
    if let Ok(disposition) = disposition {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
