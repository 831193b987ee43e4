//! Server functions of the page of an instrument.

use crate::markets::{About, Columns, InstrumentPage, Rated, Watched};
use crate::shared::{Error, json};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::markets::Service;
#[cfg(feature = "ssr")]
use crate::{
    accounts::guard::{ask, respond},
    platform::compute::compute,
    shared::Result,
};

#[cfg(feature = "ssr")]
async fn asked() -> Result<Service> {
    let (markets, viewer) = ask::<Service>().await?;
    Ok(markets.asked_by(&viewer))
}

#[cfg(feature = "ssr")]
fn known<T>(found: Option<T>, symbol: &str) -> Result<T> {
    found.ok_or_else(|| crate::markets::unknown_symbol(symbol.to_ascii_uppercase()))
}

/// What stands above an instrument's chart, and its last days.
#[server(prefix = "/rpc", endpoint = "markets/instrument", output = json::Json)]
pub async fn load_instrument(symbol: String) -> Result<InstrumentPage, Error> {
    let page = async {
        let service = asked().await?;
        known(service.page(&symbol).await?, &symbol)
    };
    respond(page.await)
}

/// All that is known of an instrument's past.
#[server(prefix = "/rpc", endpoint = "markets/past", output = json::Json)]
pub async fn load_past(symbol: String) -> Result<Columns, Error> {
    let past = async {
        let service = asked().await?;
        let history = known(service.history(&symbol).await?, &symbol)?;
        compute(move || Columns::from(&*history)).await
    };
    respond(past.await)
}

/// An instrument's rating with its record.
#[server(prefix = "/rpc", endpoint = "markets/rating", output = json::Json)]
pub async fn load_rating(symbol: String) -> Result<Rated, Error> {
    let rated = async {
        let service = asked().await?;
        known(service.rating_and_model(&symbol).await?, &symbol)
    };
    respond(rated.await)
}

/// What is told of an instrument, and what was written about it.
#[server(prefix = "/rpc", endpoint = "markets/about", output = json::Json)]
pub async fn load_about(symbol: String) -> Result<About, Error> {
    let about = async {
        let service = asked().await?;
        service.about(&symbol).await
    };
    respond(about.await)
}

/// The last known prices of up to 50 instruments, with the last days of each where they are wanted.
#[server(prefix = "/rpc", endpoint = "markets/ticks", output = json::Json)]
pub async fn load_ticks(symbols: Vec<String>, closes: bool) -> Result<Vec<Watched>, Error> {
    let ticks = async {
        let service = asked().await?;
        service.ticks(&symbols, closes).await
    };
    respond(ticks.await)
}
