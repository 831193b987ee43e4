//! Server functions of the watchlists. Their forms work without JavaScript.

use crate::markets::{Instrument, WatchPage};
use crate::shared::json;
use crate::shared::{Error, WatchlistId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::markets::{Service, Watchlists};
#[cfg(feature = "ssr")]
use crate::{accounts::guard::ask, platform::idempotency::under, ui::t};

/// Number of suggestions while typing.
#[cfg(feature = "ssr")]
const OFFERED: usize = 8;

/// Returns the viewer's watchlists, and the prices of the chosen one, else of the first.
#[server(prefix = "/rpc", endpoint = "watchlists/page", output = json::Json)]
pub async fn load_watchlists(chosen: Option<WatchlistId>) -> Result<WatchPage, Error> {
    let (service, viewer) = ask::<Watchlists>().await?;
    service.page(&viewer, chosen).await
}

/// Returns instruments that match a text by symbol or name, best match first.
#[server(prefix = "/rpc", endpoint = "watchlists/search", output = json::Json)]
pub async fn search_instruments(text: String) -> Result<Vec<Instrument>, Error> {
    let (markets, _) = ask::<Service>().await?;
    Ok(markets.search(&text, OFFERED))
}

/// Creates a watchlist.
#[server(prefix = "/rpc", endpoint = "watchlists/create", output = json::Json)]
pub async fn create_watchlist(
    name: String,
    #[server(default)] key: String,
) -> Result<WatchlistId, Error> {
    let made = async {
        let (service, viewer) = ask::<Watchlists>().await?;
        Ok(service.create(&viewer, &name).await?.id)
    };
    under(&key, made).await
}

/// Renames a watchlist.
#[server(prefix = "/rpc", endpoint = "watchlists/rename", output = json::Json)]
pub async fn rename_watchlist(list: WatchlistId, name: String) -> Result<(), Error> {
    let (service, viewer) = ask::<Watchlists>().await?;
    service.rename(&viewer, list, &name).await
}

/// Deletes a watchlist.
#[server(prefix = "/rpc", endpoint = "watchlists/delete", output = json::Json)]
pub async fn delete_watchlist(list: WatchlistId) -> Result<(), Error> {
    let (service, viewer) = ask::<Watchlists>().await?;
    service.delete(&viewer, list).await
}

/// Adds a symbol or the instrument of a name, at its place or the end. Without a list it goes to
/// the first one, which is created if there is none. Returns the symbol.
#[server(prefix = "/rpc", endpoint = "watchlists/add", output = json::Json)]
pub async fn add_to_watchlist(
    #[server(default)] list: Option<WatchlistId>,
    symbol: String,
    #[server(default)] place: Option<usize>,
) -> Result<String, Error> {
    let (service, viewer) = ask::<Watchlists>().await?;
    let first = t("watchlist-first-name");
    let (_, symbol) = service.add(&viewer, list, &symbol, place, &first).await?;
    Ok(symbol)
}

/// Removes a symbol from a watchlist; returns its place.
#[server(prefix = "/rpc", endpoint = "watchlists/remove", output = json::Json)]
pub async fn remove_from_watchlist(list: WatchlistId, symbol: String) -> Result<usize, Error> {
    let (service, viewer) = ask::<Watchlists>().await?;
    service.remove(&viewer, list, &symbol).await
}

/// Moves a symbol one place up or down.
#[server(prefix = "/rpc", endpoint = "watchlists/shift", output = json::Json)]
pub async fn shift_in_watchlist(list: WatchlistId, symbol: String, up: bool) -> Result<(), Error> {
    let (service, viewer) = ask::<Watchlists>().await?;
    service.shift(&viewer, list, &symbol, up).await
}
