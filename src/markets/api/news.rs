//! REST: news about a symbol.

use crate::markets::{Headline, Requester, Sentiment, Service, Source};
use crate::shared::Result;
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// News about a symbol.
#[derive(Debug, Serialize, ToSchema)]
pub struct News {
    /// Newest first, at most 50; empty if no data source has news.
    news: Vec<NewsItem>,
}

/// A news item, in the words of its publisher.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NewsItem {
    title: String,
    /// Web address.
    url: String,
    publisher: String,
    published_at: DateTime<Utc>,
    summary: Option<String>,
    /// Sentiment for this symbol, as rated by the data source.
    sentiment: Option<Sentiment>,
    source: Source,
}

/// Returns news about a symbol, from data sources that have news.
#[utoipa::path(
    get,
    path = "/stocks/{symbol}/news",
    security(()),
    tag = "Markets",
    responses(
        (status = 200, description = "Headlines, newest first", body = News),
        (status = 400, description = "Invalid symbol"),
        (status = 401, description = "No stored data; sign in to load it"),
    )
)]
pub async fn news(
    State(service): State<Service>,
    requester: Requester,
    symbol: Result<Path<String>, PathRejection>,
) -> Result<Json<News>> {
    let code = symbol.map(|Path(code)| code).unwrap_or_default();
    let news = service.requested_by(requester).news(&code).await?;
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
