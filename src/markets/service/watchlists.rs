//! Actions on watchlists: they belong to one account, and other accounts do not see them.

use super::Service;
use crate::accounts::{self, Copying, Erasure, PersonalData, Viewer};
use crate::markets::model::{History, Quote, WatchPage, Watched, Watchlist};
use crate::markets::{Symbol, store::watchlists as store, unknown_symbol};
use crate::platform::{
    database::{Database, Tx},
    idempotency::Once,
};
use crate::shared::{AccountId, Error, Result, WatchlistId, json::number, names, time};
use async_trait::async_trait;
use rust_decimal::RoundingStrategy;
use std::collections::HashSet;

/// Maximum number of watchlists per account.
const MAX_LISTS: u64 = 20;
/// Maximum number of symbols per watchlist.
const MAX_SYMBOLS: usize = 100;
/// Maximum length of a watchlist's name in characters.
const MAX_NAME: usize = 80;
/// Number of closes in a sparkline.
const CLOSES: usize = 30;
/// Number of instruments that the error about an ambiguous name lists.
const HINTS: usize = 5;

/// Watchlists. Clones share their state.
#[derive(Clone)]
pub struct Watchlists {
    db: Database,
    markets: Service,
}

impl Watchlists {
    /// Starts the service; watchlists are personal data, exported and deleted with their account.
    pub fn start(db: Database, accounts: &accounts::Service, markets: Service) -> Self {
        let service = Self { db, markets };
        accounts.add_personal_data(service.clone());
        service
    }

    /// Returns the viewer's watchlists, oldest first.
    pub async fn lists(&self, viewer: &Viewer) -> Result<Vec<Watchlist>> {
        store::lists(&self.db, viewer.account).await
    }

    /// Returns a watchlist of the viewer.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn list(&self, viewer: &Viewer, id: WatchlistId) -> Result<Watchlist> {
        let mut lists = self.lists(viewer).await?.into_iter();
        let found = lists.find(|list| list.id == id);
        found.ok_or_else(Error::not_found)
    }

    /// Returns the viewer's watchlists, and the prices of the chosen one, else of the first. If a
    /// data source is unavailable, only prices are missing.
    pub async fn page(&self, viewer: &Viewer, chosen: Option<WatchlistId>) -> Result<WatchPage> {
        let lists = self.lists(viewer).await?;
        let shown = lists.iter().find(|list| Some(list.id) == chosen);
        let Some(shown) = shown.or(lists.first()) else {
            return Ok(WatchPage::default());
        };
        let (id, rows) = (shown.id, self.rows(viewer, &shown.symbols).await);
        Ok(WatchPage {
            lists,
            shown: Some(id),
            rows,
        })
    }

    /// Returns the prices of symbols, in order.
    pub async fn rows(&self, viewer: &Viewer, symbols: &[String]) -> Vec<Watched> {
        let markets = self.markets.requested_by(viewer);
        let (quotes, histories) =
            futures::join!(markets.quotes(symbols), markets.histories(symbols));
        let both = quotes.into_iter().zip(histories);
        let rows = symbols.iter().zip(both).map(|(symbol, (quote, history))| {
            let known = self.markets.instrument(symbol).ok().flatten();
            let name = known.map(|known| known.name.clone());
            watched(symbol, name, quote, history.ok().flatten().as_deref())
        });
        rows.collect()
    }

    /// Creates a watchlist.
    ///
    /// # Errors
    /// `name-…`, `watchlist-exists`, `too-many-watchlists`.
    pub async fn create(&self, viewer: &Viewer, name: &str) -> Result<Watchlist> {
        let (account, new) = (viewer.account, blank(name)?);
        let once = Once::of(account, "watchlists.create", &name)?;
        let job = move |tx: Tx| async move { insert(&tx, account, new).await };
        self.db.write_once(account.0, once, job).await
    }

    /// Renames a watchlist.
    ///
    /// # Errors
    /// `not-found`, `name-…`, `watchlist-exists`.
    pub async fn rename(&self, viewer: &Viewer, id: WatchlistId, name: &str) -> Result<()> {
        let (account, name) = (viewer.account, clean_name(name)?);
        let job = move |tx: Tx| async move {
            let name_key = names::folded(&name);
            let there = store::rename(&tx, account, id, name, name_key).await?;
            there.then_some(()).ok_or_else(Error::not_found)
        };
        self.db.write(account.0, job).await
    }

    /// Deletes a watchlist.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn delete(&self, viewer: &Viewer, id: WatchlistId) -> Result<()> {
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            let there = store::delete(&tx, account, id).await?;
            there.then_some(()).ok_or_else(Error::not_found)
        };
        self.db.write(account.0, job).await
    }

    /// Adds a symbol, or the instrument of a name, to the end of a watchlist or at `place`. Without
    /// a list it goes to the first one, which is created as `first_name` if there is none. A symbol
    /// that is already there does not move.
    ///
    /// # Errors
    /// `not-found`, `symbol-missing`, `unknown-symbol`, `several-instruments`, `too-many-watched`,
    /// `market-unavailable`.
    pub async fn add(
        &self,
        viewer: &Viewer,
        list: Option<WatchlistId>,
        text: &str,
        place: Option<usize>,
        first_name: &str,
    ) -> Result<(WatchlistId, String)> {
        let account = viewer.account;
        if let Some(id) = list {
            self.list(viewer, id).await?;
        }
        let symbol = self.meant(viewer, text).await?;
        let first = blank(first_name)?;
        let job = move |tx: Tx| async move {
            let id = match list {
                Some(id) => id,
                None => match store::lists(&tx, account).await?.first() {
                    Some(list) => list.id,
                    None => insert(&tx, account, first).await?.id,
                },
            };
            let added = symbol.clone();
            change(&tx, account, id, |symbols| {
                if !symbols.contains(&added) {
                    let end = symbols.len();
                    symbols.insert(place.unwrap_or(end).min(end), added);
                }
                bounded(symbols)
            })
            .await?;
            Ok((id, symbol))
        };
        self.db.write(account.0, job).await
    }

    /// Removes a symbol from a watchlist; returns its place.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn remove(&self, viewer: &Viewer, id: WatchlistId, symbol: &str) -> Result<usize> {
        let (account, symbol) = (viewer.account, symbol.parse::<Symbol>()?);
        let job = move |tx: Tx| async move {
            change(&tx, account, id, |symbols| {
                let at = place_of(symbols, &symbol)?;
                symbols.remove(at);
                Ok(at)
            })
            .await
        };
        self.db.write(account.0, job).await
    }

    /// Moves a symbol one place up or down; at the ends nothing happens.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn shift(
        &self,
        viewer: &Viewer,
        id: WatchlistId,
        symbol: &str,
        up: bool,
    ) -> Result<()> {
        let (account, symbol) = (viewer.account, symbol.parse::<Symbol>()?);
        let job = move |tx: Tx| async move {
            change(&tx, account, id, |symbols| {
                let at = place_of(symbols, &symbol)?;
                let to = if up {
                    at.saturating_sub(1)
                } else {
                    (at + 1).min(symbols.len().saturating_sub(1))
                };
                symbols.swap(at, to);
                Ok(())
            })
            .await
        };
        self.db.write(account.0, job).await
    }

    /// Replaces the symbols of a watchlist, in this order.
    ///
    /// # Errors
    /// `not-found`, `bad-symbol`, `too-many-watched`.
    pub async fn set(
        &self,
        viewer: &Viewer,
        id: WatchlistId,
        wanted: &[String],
    ) -> Result<Watchlist> {
        let account = viewer.account;
        let mut known = HashSet::new();
        let mut all = Vec::new();
        // More symbols than allowed need no check.
        for code in wanted.iter().take(MAX_SYMBOLS + 1) {
            let symbol = code.parse::<Symbol>()?.to_string();
            if known.insert(symbol.clone()) {
                all.push(symbol);
            }
        }
        bounded(&all)?;
        if wanted.len() > MAX_SYMBOLS {
            return Err(too_many_watched());
        }
        let job = move |tx: Tx| async move {
            change(&tx, account, id, |symbols| {
                *symbols = all;
                Ok(())
            })
            .await
        };
        self.db.write(account.0, job).await?;
        self.list(viewer, id).await
    }

    /// Returns the symbol that a text stands for: the text itself if it is one, else the symbol of
    /// the only instrument with that name.
    ///
    /// # Errors
    /// `symbol-missing`, `unknown-symbol`, `several-instruments`, `market-unavailable`.
    pub async fn meant(&self, viewer: &Viewer, text: &str) -> Result<String> {
        let text = text.trim();
        let text = text.strip_prefix('$').unwrap_or(text);
        if text.is_empty() {
            return Err(
                Error::bad_request("symbol-missing", "Symbol missing").with("field", "symbol")
            );
        }
        let symbol = text.parse::<Symbol>().ok();
        if let Some(symbol) = &symbol
            && self.markets.instrument(symbol.as_str())?.is_some()
        {
            return Ok(symbol.to_string());
        }
        let found = self.markets.search(text, HINTS);
        if let [only] = found.as_slice() {
            return Ok(only.symbol.clone());
        }
        if let Some(symbol) = symbol
            && (found.is_empty() || symbol.as_str() == text)
        {
            match self
                .markets
                .requested_by(viewer)
                .quote(symbol.as_str())
                .await
            {
                Ok(Some(_)) => return Ok(symbol.to_string()),
                Ok(None) => {}
                Err(error) if found.is_empty() => return Err(error),
                Err(_) => {}
            }
        }
        if found.is_empty() {
            let symbol: String = text.chars().take(MAX_NAME).collect();
            return Err(unknown_symbol(symbol).with("field", "symbol"));
        }
        let symbols: Vec<_> = found.into_iter().map(|one| one.symbol).collect();
        let symbols = symbols.join(", ");
        Err(Error::bad_request(
            "several-instruments",
            format!("Several symbols match: {symbols}"),
        )
        .with("symbols", symbols)
        .with("field", "symbol"))
    }
}

#[async_trait]
impl PersonalData for Watchlists {
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()> {
        let lists = store::lists(&self.db, account).await?;
        if lists.is_empty() {
            return Ok(());
        }
        copy.json("watchlists.json", &lists).await
    }

    async fn erase(&self, erasure: Erasure, _: Option<String>) -> Result<Option<String>> {
        let account = erasure.account;
        // Bounded by the maximum number of watchlists per account.
        let job = move |tx: Tx| async move { store::delete_all(&tx, account).await };
        self.db.write(account.0, job).await.map(|()| None)
    }
}

/// Returns a symbol with those of its prices that are available.
pub(super) fn watched(
    symbol: &str,
    name: Option<String>,
    quote: Result<Option<Quote>>,
    history: Option<&History>,
) -> Watched {
    let bars = history.map_or(&[][..], |history| &history.bars);
    let last = bars
        .get(bars.len().saturating_sub(CLOSES)..)
        .unwrap_or(bars);
    let away = quote.is_err();
    let quote = quote.ok().flatten();
    let percent = quote.as_ref().and_then(Quote::change_percent);
    Watched {
        symbol: symbol.to_owned(),
        name,
        change_percent: percent.map(|percent| {
            percent.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
        }),
        closes: last.iter().map(|bar| number(bar.close)).collect(),
        quote,
        away,
    }
}

fn clean_name(name: &str) -> Result<String> {
    names::clean(name, MAX_NAME).map_err(|error| error.with("field", "name"))
}

fn blank(name: &str) -> Result<Watchlist> {
    Ok(Watchlist {
        id: WatchlistId::new(),
        name: clean_name(name)?,
        symbols: Vec::new(),
        created_at: time::now(),
    })
}

async fn insert(tx: &Tx, account: AccountId, new: Watchlist) -> Result<Watchlist> {
    if store::count(tx, account).await? >= MAX_LISTS {
        return Err(Error::conflict(
            "too-many-watchlists",
            format!("Too many watchlists: at most {MAX_LISTS}"),
        )
        .with("max", MAX_LISTS));
    }
    store::insert(tx, account, &new, names::folded(&new.name)).await?;
    Ok(new)
}

/// Changes the symbols of a watchlist; other changes of the list wait.
async fn change<T>(
    tx: &Tx,
    account: AccountId,
    id: WatchlistId,
    how: impl FnOnce(&mut Vec<String>) -> Result<T>,
) -> Result<T> {
    if !store::take(tx, account, id).await? {
        return Err(Error::not_found());
    }
    let before = store::symbols(tx, id).await?;
    let mut symbols = before.clone();
    let done = how(&mut symbols)?;
    if symbols != before {
        store::set_symbols(tx, id, &symbols).await?;
    }
    Ok(done)
}

fn place_of(symbols: &[String], symbol: &Symbol) -> Result<usize> {
    let at = symbols.iter().position(|known| known == symbol.as_str());
    at.ok_or_else(Error::not_found)
}

fn bounded(symbols: &[String]) -> Result<()> {
    if symbols.len() > MAX_SYMBOLS {
        return Err(too_many_watched());
    }
    Ok(())
}

fn too_many_watched() -> Error {
    Error::conflict(
        "too-many-watched",
        format!("Watchlist full: at most {MAX_SYMBOLS} symbols"),
    )
    .with("max", MAX_SYMBOLS)
}
