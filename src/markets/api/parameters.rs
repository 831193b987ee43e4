//! What the handlers of a symbol share: its path, the period, and the answer to an unknown symbol.

use crate::markets::{History, Service};
use crate::shared::{Error, Kind, Result, paging};
use axum::extract::{Path, rejection::PathRejection};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Trading days of history if `period` is omitted.
const USUAL_PERIOD: u64 = 90;

/// Maximum number of trading days of history in one response: a century.
const MAX_PERIOD: u64 = 25_200;

/// The data source does not know this symbol; the message is one that programs rely on.
pub(super) fn unknown(code: &str, words: &'static str) -> Error {
    Error::new(Kind::NotFound, "unknown-symbol", words).with("symbol", code.to_ascii_uppercase())
}

/// Query parameter: the period of the price history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Stretch {
    /// Number of trading days up to the last one; default 90.
    #[param(minimum = 1, maximum = 25_200, value_type = Option<u32>, example = 90)]
    pub(super) period: Option<String>,
}

pub(super) fn period(asked: Option<&str>) -> Result<usize> {
    let refused = ("bad-period", "period must be a whole number of days");
    let days = paging::count(asked, USUAL_PERIOD, MAX_PERIOD, refused)?;
    usize::try_from(days).map_err(Error::internal)
}

pub(super) async fn past(
    service: &Service,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Arc<History>> {
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let history = service.history(&code).await?;
    history.ok_or_else(|| unknown(&code, "Historical data not found"))
}

pub(super) fn last<T>(all: &[T], count: usize) -> &[T] {
    all.get(all.len().saturating_sub(count)..).unwrap_or(all)
}
