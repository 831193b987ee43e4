//! Server function of the trending page.

use super::TrendingPage;
use crate::shared::{Error, json};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{Service, Wanted};
#[cfg(feature = "ssr")]
use crate::accounts::guard::ask;

/// Loads the trending symbols and the selected one.
#[server(prefix = "/rpc", endpoint = "trending/page", output = json::Json)]
pub async fn load_trending(
    days: Option<String>,
    channel: Option<String>,
    skip: Option<String>,
    symbol: Option<String>,
) -> Result<TrendingPage, Error> {
    let (service, viewer) = ask::<Service>().await?;
    let wanted = Wanted {
        community: None,
        channel,
        days,
        skip,
    };
    service.page(&viewer, &wanted, symbol.as_deref()).await
}
