//! Trending symbols: in channels that the viewer can read, over a number of days.

mod reader;

#[cfg(test)]
pub(super) use reader::Places;
pub use reader::{Commands, Reader};

use super::model::{Counts, Day, Place, Ranked, Trending, TrendingPage, TrendingSymbol};
use super::rules::{self, Span};
use super::store;
use crate::accounts::Viewer;
use crate::communities::{self, Channel};
use crate::markets::{self, History, Requester, Symbol, canonical};
use crate::platform::database::Database;
use crate::shared::{ChannelId, Error, Result, paging, time};
use rust_decimal::Decimal;
use std::{collections::HashMap, sync::Arc};

/// Symbols per page.
const PAGE: u64 = 25;
/// Largest `skip`.
const MAX_SKIP: u64 = 1_000;

/// Mentions; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    db: Database,
    communities: communities::Service,
    markets: markets::Service,
}

/// A request, not parsed yet.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Community; none: the Lobby.
    pub community: Option<String>,
    /// One of its channels; none: all that the viewer can read.
    pub channel: Option<String>,
    /// 7, 30 or 90; none: 30.
    pub days: Option<String>,
    /// Number of symbols to skip.
    pub skip: Option<String>,
}

impl Service {
    pub fn new(db: Database, communities: communities::Service, markets: markets::Service) -> Self {
        Self {
            db,
            communities,
            markets,
        }
    }

    /// Channels of a community that the viewer can read.
    async fn readable(&self, viewer: &Viewer, community: Option<&str>) -> Result<Vec<Channel>> {
        let community = self.communities.requested(viewer, community).await?;
        let channels = self.communities.visible_channels(viewer).await?.into_iter();
        let channels = channels.map(|(channel, _)| channel);
        Ok(channels
            .filter(|channel| channel.community_id == community)
            .collect())
    }

    /// Channels of a request.
    fn chosen(readable: &[Channel], channel: Option<&str>) -> Result<Vec<ChannelId>> {
        let ids = readable.iter().map(|channel| channel.id);
        let Some(text) = channel else {
            return Ok(ids.collect());
        };
        let wanted: ChannelId = text
            .parse()
            .map_err(|_| Error::bad_request("bad-channel", "channel must be a channel's id"))?;
        let found: Vec<_> = ids.filter(|id| *id == wanted).collect();
        if found.is_empty() {
            return Err(Error::not_found());
        }
        Ok(found)
    }

    /// Trending symbols.
    ///
    /// # Errors
    /// `bad-community`, `bad-channel`, `bad-days`, `bad-cursor`, `not-found`.
    pub async fn trending(&self, viewer: &Viewer, wanted: &Wanted) -> Result<Trending> {
        let span = span(wanted)?;
        let skip = skip(wanted)?;
        let readable = self.readable(viewer, wanted.community.as_deref()).await?;
        let channels = Self::chosen(&readable, wanted.channel.as_deref())?;
        self.ranked(&channels, span, skip).await
    }

    /// Daily mentions of a symbol.
    ///
    /// # Errors
    /// `bad-symbol`, and as [`Self::trending`].
    pub async fn trending_symbol(
        &self,
        viewer: &Viewer,
        code: &str,
        wanted: &Wanted,
    ) -> Result<TrendingSymbol> {
        let symbol: Symbol = code.parse()?;
        let span = span(wanted)?;
        let readable = self.readable(viewer, wanted.community.as_deref()).await?;
        let channels = Self::chosen(&readable, wanted.channel.as_deref())?;
        self.one(&channels, span, canonical(symbol.as_str())).await
    }

    /// Data of the trending page.
    pub async fn page(
        &self,
        viewer: &Viewer,
        wanted: &Wanted,
        code: Option<&str>,
    ) -> Result<TrendingPage> {
        let symbol: Option<Symbol> = code.map(str::parse).transpose()?;
        let (span, skip) = (span(wanted)?, skip(wanted)?);
        let readable = self.readable(viewer, wanted.community.as_deref()).await?;
        let channels = Self::chosen(&readable, wanted.channel.as_deref())?;
        let trending = self.ranked(&channels, span, skip).await?;
        let chosen = match &symbol {
            None => None,
            Some(symbol) => {
                let code = canonical(symbol.as_str());
                Some(self.one(&channels, span, code).await?)
            }
        };
        let places = readable.into_iter().map(|channel| Place {
            id: channel.id,
            name: channel.name,
        });
        Ok(TrendingPage {
            trending,
            chosen,
            places: places.collect(),
        })
    }

    async fn ranked(&self, channels: &[ChannelId], span: Span, skip: u64) -> Result<Trending> {
        let days = (span.from, span.to);
        let mut rows = store::ranking(&self.db, channels, days, skip, PAGE + 1).await?;
        let more = paging::cut(&mut rows, PAGE);
        let symbols: Vec<_> = rows.iter().map(|(symbol, _)| symbol.as_str()).collect();
        let days = (span.before, span.before_to());
        let before = store::of(&self.db, channels, days, &symbols).await?;
        let histories = self.histories(&symbols).await;
        let instruments = rows.iter().map(|(symbol, now)| {
            let history = histories.get(symbol).map(|history| &**history);
            let before = before.get(symbol).copied().unwrap_or_default();
            self.told(symbol, *now, before, history, span)
        });
        let next = skip + PAGE;
        Ok(Trending {
            from: span.from,
            to: span.to,
            instruments: instruments.collect(),
            next: (more && next <= MAX_SKIP).then_some(next),
        })
    }

    async fn one(
        &self,
        channels: &[ChannelId],
        span: Span,
        symbol: &str,
    ) -> Result<TrendingSymbol> {
        let (days, symbols) = ((span.from, span.to), [symbol]);
        let by_day = store::by_day(&self.db, channels, days, symbol).await?;
        let now = store::of(&self.db, channels, days, &symbols).await?;
        let days = (span.before, span.before_to());
        let before = store::of(&self.db, channels, days, &symbols).await?;
        let counts = |of: &HashMap<String, Counts>| of.get(symbol).copied().unwrap_or_default();
        let mut histories = self.histories(&symbols).await;
        let history = histories.remove(symbol);
        let history = history.as_deref();
        let closes: HashMap<_, _> = history
            .map_or(&[][..], |history| &history.bars)
            .iter()
            .rev()
            .take_while(|bar| bar.date >= span.from)
            .map(|bar| (bar.date, bar.close))
            .collect();
        let days = span.days().map(|date| Day {
            date,
            counts: by_day.get(&date).copied().unwrap_or_default(),
            close: closes.get(&date).copied(),
        });
        Ok(TrendingSymbol {
            instrument: self.told(symbol, counts(&now), counts(&before), history, span),
            days: days.collect(),
            source: history.map(|history| history.source),
            priced_to: history.and_then(History::as_of),
        })
    }

    /// Price histories, for symbols that may be loaded just because members mention them.
    async fn histories(&self, symbols: &[&str]) -> HashMap<String, Arc<History>> {
        let symbols = symbols.iter().filter_map(|symbol| symbol.parse().ok());
        let asked: Vec<String> = symbols
            .filter(|symbol: &Symbol| self.markets.may_be_asked(symbol))
            .map(|symbol| symbol.to_string())
            .collect();
        let markets = self.markets.requested_by(Requester::Readers);
        let found = markets.histories(&asked).await.into_iter();
        // If a source fails, the page has no prices.
        asked
            .into_iter()
            .zip(found)
            .filter_map(|(symbol, history)| Some((symbol, history.ok().flatten()?)))
            .collect()
    }

    fn told(
        &self,
        symbol: &str,
        now: Counts,
        before: Counts,
        history: Option<&History>,
        span: Span,
    ) -> Ranked {
        let known = self.markets.instrument(symbol).ok().flatten();
        Ranked {
            symbol: symbol.to_owned(),
            name: known.map(|known| known.name.clone()),
            now,
            before,
            price_change: history.and_then(|history| change(history, span)),
        }
    }
}

fn span(wanted: &Wanted) -> Result<Span> {
    let days = rules::days(wanted.days.as_deref())?;
    Ok(Span::up_to(time::now().date_naive(), days))
}

fn skip(wanted: &Wanted) -> Result<u64> {
    let Some(text) = wanted.skip.as_deref() else {
        return Ok(0);
    };
    let skip = text.parse().ok().filter(|skip| *skip <= MAX_SKIP);
    skip.ok_or_else(paging::bad_cursor)
}

/// Change of a price over some days, in %: from the last close before them to the last one in them.
fn change(history: &History, span: Span) -> Option<Decimal> {
    let bars = &history.bars;
    let first = bars.partition_point(|bar| bar.date < span.from);
    let after = bars.partition_point(|bar| bar.date <= span.to);
    if first == after {
        return None;
    }
    let last = bars.get(after.checked_sub(1)?)?;
    let before = bars.get(first.checked_sub(1)?)?;
    let change = last.close.checked_sub(before.close)?;
    let change = change.checked_mul(Decimal::ONE_HUNDRED)?;
    Some(change.checked_div(before.close)?.round_dp(2))
}
