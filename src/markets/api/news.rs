//! REST: what was written about an instrument.

use super::OfInstrument;
use crate::markets::{Asker, Headline, Sentiment, Service, Source};
use crate::shared::Result;
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// What was written about an instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct News {
    /// The newest first, 50 at most; empty when no source has news.
    news: Vec<NewsItem>,
}

/// Something that was written. The words are those of its publisher.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewsItem {
    title: String,
    /// Leads to the web.
    url: String,
    publisher: String,
    published_at: DateTime<Utc>,
    summary: Option<String>,
    /// How the source takes it to sound for this instrument.
    sentiment: Option<Sentiment>,
    source: Source,
}

/// Returns news about a symbol, from data sources that have news.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/news",
    tag = "Markets",
    params(OfInstrument),
    responses(
        (status = 200, description = "Headlines, newest first", body = News),
        (status = 400, description = "Invalid symbol"),
        (status = 401, description = "No stored data; sign in to load it"),
    )
)]
pub async fn news(
    State(service): State<Service>,
    asker: Asker,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<News>> {
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let news = service.asked_by(asker).news(&code).await?;
    let item = |one: &Headline| NewsItem {
        title: one.title.clone(),
        url: one.url.clone(),
        publisher: one.publisher.clone(),
        published_at: one.published_at,
        summary: one.summary.clone(),
        sentiment: one.sentiment,
        source: one.source,
    };
    Ok(Json(News {
        news: news.iter().map(item).collect(),
    }))
}
