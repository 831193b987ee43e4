//! Leaderboard of a season: all accounts at the latest prices, loaded at once.

use super::{MAX_MEMBERS, Service, part};
use crate::accounts::{Profile, Viewer};
use crate::markets::{Quote, as_of};
use crate::paper::model::{Board, Market, RankedMember, Season};
use crate::paper::rules::{self, Entry};
use crate::paper::store::{self, Member, SeasonRow};
use crate::shared::Result;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// Members listed.
const SHOWN: usize = 200;

/// A price of an account's symbol.
struct Last {
    price: Decimal,
    /// The price is adjusted for the splits until this day.
    as_of: NaiveDate,
}

/// Values of accounts.
pub(super) struct Valued {
    /// Each member with the value of the account.
    pub values: Vec<(Member, Decimal)>,
    /// true if all data sources answered.
    pub complete: bool,
}

impl Service {
    /// Returns the leaderboard of a season; default: the running one.
    ///
    /// # Errors
    /// `not-found`, `bad-community`, `bad-season`.
    pub async fn board(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        season: Option<&str>,
    ) -> Result<Board> {
        let (season, row) = self.season(viewer, community, season).await?;
        self.board_of(season, row.as_ref()).await
    }

    pub(super) async fn board_of(&self, season: Season, row: Option<&SeasonRow>) -> Result<Board> {
        let Some(row) = row else {
            return Ok(Board {
                season,
                ranking: Vec::new(),
                members: 0,
                market: None,
            });
        };
        let turn = match self.inner.boards.get(row.id) {
            Ok(known) => return Ok(known),
            Err(turn) => turn,
        };
        let members = store::members(&self.inner.db, row.id, MAX_MEMBERS).await?;
        let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
        let valued = self.valued(members, row.ends).await?;
        let entries = valued.values.into_iter().map(|(member, value)| Entry {
            value,
            trades: member.trades.unsigned_abs(),
            member: (member.account, member.portfolio),
        });
        let mut ranked = rules::ranked(row.cash, entries.collect());
        ranked.truncate(SHOWN);
        let shown = ranked.iter().map(|(_, entry)| entry.member);
        let (accounts, portfolios): (Vec<_>, Vec<_>) = shown.unzip();
        let mut profiles = self.inner.accounts.profiles(&accounts).await?;
        let falls = self
            .inner
            .portfolio
            .drawdowns(&portfolios, row.ends)
            .await?;
        let ranking = ranked.into_iter().map(|(rank, entry)| {
            let (account, portfolio) = entry.member;
            let profile = profiles.remove(&account);
            RankedMember {
                member: profile.unwrap_or_else(|| Profile::deleted(account)),
                rank,
                value: entry.value,
                made: part(row.cash, entry.value),
                drawdown: falls.get(&portfolio).copied(),
                trades: entry.trades,
            }
        });
        let ranking = ranking.collect();
        let made = match row.market_made {
            Some(made) => Some(made),
            None if row.closed_at.is_some() => None,
            None => self.market_made(row).await,
        };
        let since = self.inner.markets.clock(row.created_at).await?.date_naive();
        let board = Board {
            market: made.map(|made| Market {
                symbols: row.market.iter().map(|one| one.symbol.clone()).collect(),
                since,
                made,
            }),
            season,
            ranking,
            members: count,
        };
        self.inner.boards.insert(row.id, board.clone(), turn);
        Ok(board)
    }

    /// Values accounts at the latest prices before the end of their season, with one request per
    /// symbol. Without a price, the one of the last trade counts. Accounts of a closed season have
    /// their final values.
    pub(super) async fn valued(&self, members: Vec<Member>, ends: NaiveDate) -> Result<Valued> {
        let running = members.iter().filter(|member| member.final_value.is_none());
        let ids: Vec<_> = running.map(|member| member.portfolio).collect();
        let ranking = if ids.is_empty() {
            HashMap::new()
        } else {
            self.inner.portfolio.balances(&ids).await?
        };
        let held = ranking.values().flat_map(|leaderboard| &leaderboard.held);
        let symbols: BTreeSet<&String> = held.map(|(symbol, ..)| symbol).collect();
        let symbols: Vec<String> = symbols.into_iter().cloned().collect();
        let priced = self.prices_before(&symbols, ends).await;
        let complete = priced.iter().all(Result::is_ok);
        let prices: HashMap<String, Decimal> = symbols
            .into_iter()
            .zip(priced)
            .filter_map(|(symbol, price)| Some((symbol, price.ok().flatten()?.price)))
            .collect();
        let worth = |member: &Member| {
            let Some(leaderboard) = ranking.get(&member.portfolio) else {
                return Decimal::ZERO;
            };
            let positions = leaderboard.held.iter().filter_map(|(symbol, units, last)| {
                let price = prices.get(symbol).copied().or(*last)?;
                units.checked_mul(price)
            });
            leaderboard.cash + positions.sum::<Decimal>()
        };
        let values = members.into_iter().map(|member| {
            let value = member
                .final_value
                .map_or_else(|| worth(&member), Decimal::from);
            (member, value)
        });
        Ok(Valued {
            values: values.collect(),
            complete,
        })
    }

    /// The latest price of each symbol before a day, in order: the quote, or after that day a close
    /// of the price history. None: there is none.
    async fn prices_before(&self, symbols: &[String], day: NaiveDate) -> Vec<Result<Option<Last>>> {
        let markets = &self.inner.markets;
        let quotes = markets.quotes(symbols).await;
        let is_late = |quote: &Quote| quote.date >= day;
        let late = symbols.iter().zip(&quotes).filter(|(_, quote)| {
            let quote = quote.as_ref().ok().and_then(Option::as_ref);
            quote.is_some_and(is_late)
        });
        let late: Vec<String> = late.map(|(symbol, _)| symbol.clone()).collect();
        let mut histories = markets.histories(&late).await.into_iter();
        let priced = quotes.into_iter().map(|quote| {
            let Some(quote) = quote? else {
                return Ok(None);
            };
            let as_of = quote.date;
            if !is_late(&quote) {
                let price = quote.price;
                return Ok(Some(Last { price, as_of }));
            }
            let history = histories.next().transpose()?.flatten();
            let bars = history.as_ref().map_or(&[][..], |history| &history.bars);
            let before = bars.get(..bars.partition_point(|bar| bar.date < day));
            let last = before.and_then(<[_]>::last);
            Ok(last.map(|bar| Last {
                price: bar.close,
                as_of,
            }))
        });
        priced.collect()
    }

    /// Return of the benchmark since the start of a season until its end, splits included; none:
    /// its prices or its splits are not available.
    pub(super) async fn market_made(&self, season: &SeasonRow) -> Option<f64> {
        let first = season.market.iter();
        let symbols: Vec<String> = first.map(|one| one.symbol.clone()).collect();
        let markets = &self.inner.markets;
        let priced = self.prices_before(&symbols, season.ends);
        let (priced, pasts) = futures::join!(priced, markets.closes(&symbols));
        let prices: Option<Vec<_>> = season
            .market
            .iter()
            .zip(priced.into_iter().zip(pasts))
            .map(|(then, (now, past))| {
                let (now, past) = (now.ok().flatten()?, past.ok()?);
                let splits = past.as_ref().and_then(|past| past.splits.as_deref());
                let before = as_of(then.price, then.on, now.as_of, splits.unwrap_or_default());
                Some((before, now.price))
            })
            .collect();
        rules::held(&prices?)
    }
}
