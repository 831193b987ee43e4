//! Server functions of an instrument's page.

use crate::markets::{About, Columns, InstrumentPage, Rated, Watched};
use crate::shared::{Error, json};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::markets::Service;
#[cfg(feature = "ssr")]
use crate::{accounts::guard::ask, platform::compute::compute, shared::Result};

#[cfg(feature = "ssr")]
async fn asked() -> Result<Service> {
    let (markets, viewer) = ask::<Service>().await?;
    Ok(markets.requested_by(&viewer))
}

#[cfg(feature = "ssr")]
fn known<T>(found: Option<T>, symbol: &str) -> Result<T> {
    found.ok_or_else(|| crate::markets::unknown_symbol(symbol.to_ascii_uppercase()))
}

/// Returns the header of an instrument's page, and the last days.
#[server(prefix = "/rpc", endpoint = "markets/instrument", output = json::Json)]
pub async fn load_instrument(symbol: String) -> Result<InstrumentPage, Error> {
    let service = asked().await?;
    known(service.page(&symbol).await?, &symbol)
}

/// Returns the whole price history of an instrument.
#[server(prefix = "/rpc", endpoint = "markets/past", output = json::Json)]
pub async fn load_past(symbol: String) -> Result<Columns, Error> {
    let service = asked().await?;
    let history = known(service.history(&symbol).await?, &symbol)?;
    compute(move || Columns::from(&*history)).await
}

/// Returns an instrument's technical rating with its track record.
#[server(prefix = "/rpc", endpoint = "markets/rating", output = json::Json)]
pub async fn load_rating(symbol: String) -> Result<Rated, Error> {
    let service = asked().await?;
    known(service.rating_and_model(&symbol).await?, &symbol)
}

/// Returns an instrument's company profile and news.
#[server(prefix = "/rpc", endpoint = "markets/about", output = json::Json)]
pub async fn load_about(symbol: String) -> Result<About, Error> {
    let service = asked().await?;
    service.about(&symbol).await
}

/// Returns the last known prices of up to 50 symbols, with their last closes if `closes` is set.
#[server(prefix = "/rpc", endpoint = "markets/ticks", output = json::Json)]
pub async fn load_ticks(symbols: Vec<String>, closes: bool) -> Result<Vec<Watched>, Error> {
    let service = asked().await?;
    service.ticks(&symbols, closes).await
}
