//! Who stands where in a season: all accounts at the last known prices, asked for at once.

use super::{MAX_MEMBERS, Service, part};
use crate::accounts::{Profile, Viewer};
use crate::markets::as_of;
use crate::paper::model::{Board, Market, Season, Standing};
use crate::paper::rules::{self, Entry};
use crate::paper::store::{self, Member, SeasonRow};
use crate::shared::sync::lock;
use crate::shared::{Result, SeasonId};
use rust_decimal::Decimal;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// Members that are listed.
const SHOWN: usize = 200;
/// How long a standing is shown again: prices move, and many look.
const HOLDS: Duration = Duration::from_secs(5);
/// So many are remembered.
const REMEMBERED: usize = 100;

/// Standings that were made a short while ago.
#[derive(Default)]
pub(super) struct Boards(Mutex<Known>);

#[derive(Default)]
struct Known {
    boards: HashMap<SeasonId, (Instant, Board)>,
    /// Counts what made one of them old.
    turn: u64,
}

impl Boards {
    fn lock(&self) -> MutexGuard<'_, Known> {
        lock(&self.0)
    }

    /// What is known, or the turn in which it begins to be made.
    fn get(&self, season: SeasonId) -> Result<Board, u64> {
        let known = self.lock();
        let fresh = known.boards.get(&season);
        let fresh = fresh.filter(|(at, _)| at.elapsed() < HOLDS);
        fresh.map(|(_, board)| board.clone()).ok_or(known.turn)
    }

    /// Keeps what was made, unless something changed meanwhile.
    fn keep(&self, season: SeasonId, board: Board, turn: u64) {
        let mut known = self.lock();
        if known.turn != turn {
            return;
        }
        if known.boards.len() >= REMEMBERED {
            known.boards.clear();
        }
        known.boards.insert(season, (Instant::now(), board));
    }

    /// Something in it changed.
    pub(super) fn forget(&self, season: SeasonId) {
        let mut known = self.lock();
        known.turn = known.turn.wrapping_add(1);
        known.boards.remove(&season);
    }
}

/// What accounts are worth.
pub(super) struct Valued {
    /// Each with its value.
    pub values: Vec<(Member, Decimal)>,
    /// Could all sources be asked?
    pub complete: bool,
}

impl Service {
    /// The standing of a season; none was named: the running one.
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
                standings: Vec::new(),
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
        let valued = self.valued(members).await?;
        let entries = valued.values.into_iter().map(|(member, value)| Entry {
            value,
            trades: member.trades,
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
        let standings = ranked.into_iter().map(|(rank, entry)| {
            let (account, portfolio) = entry.member;
            let profile = profiles.remove(&account);
            Standing {
                member: profile.unwrap_or_else(|| Profile::deleted(account)),
                rank,
                value: entry.value,
                made: part(row.cash, entry.value),
                drawdown: falls.get(&portfolio).copied(),
                trades: entry.trades,
            }
        });
        let standings = standings.collect();
        let made = match row.market_made {
            Some(made) => Some(made),
            None if row.closed_at.is_some() => None,
            None => self.market_made(row).await,
        };
        let board = Board {
            market: made.map(|made| Market {
                symbols: row.market.iter().map(|one| one.symbol.clone()).collect(),
                since: row.created_at.date_naive(),
                made,
            }),
            season,
            standings,
            members: count,
        };
        self.inner.boards.keep(row.id, board.clone(), turn);
        Ok(board)
    }

    /// Accounts at the last known prices, each symbol asked for once; where there is no price, the
    /// one of the last trade counts. Those of a closed season are worth what they were.
    pub(super) async fn valued(&self, members: Vec<Member>) -> Result<Valued> {
        let running = members.iter().filter(|member| member.final_value.is_none());
        let ids: Vec<_> = running.map(|member| member.portfolio).collect();
        let standings = if ids.is_empty() {
            HashMap::new()
        } else {
            self.inner.portfolio.standings(&ids).await?
        };
        let held = standings.values().flat_map(|standing| &standing.held);
        let symbols: BTreeSet<&String> = held.map(|(symbol, ..)| symbol).collect();
        let symbols: Vec<String> = symbols.into_iter().cloned().collect();
        let quotes = self.inner.markets.quotes(&symbols).await;
        let complete = quotes.iter().all(Result::is_ok);
        let prices: HashMap<String, Decimal> = symbols
            .into_iter()
            .zip(quotes)
            .filter_map(|(symbol, quote)| Some((symbol, quote.ok().flatten()?.price)))
            .collect();
        let worth = |member: &Member| {
            let Some(standing) = standings.get(&member.portfolio) else {
                return Decimal::ZERO;
            };
            let positions = standing.held.iter().filter_map(|(symbol, units, last)| {
                let price = prices.get(symbol).copied().or(*last)?;
                units.checked_mul(price)
            });
            standing.cash + positions.sum::<Decimal>()
        };
        let values = members.into_iter().map(|member| {
            let value = member.final_value.unwrap_or_else(|| worth(&member));
            (member, value)
        });
        Ok(Valued {
            values: values.collect(),
            complete,
        })
    }

    /// What holding the market made since a season was begun, splits counted; none: its prices, or
    /// its splits, cannot be had.
    pub(super) async fn market_made(&self, season: &SeasonRow) -> Option<f64> {
        let first = season.market.iter();
        let symbols: Vec<String> = first.map(|one| one.symbol.clone()).collect();
        let markets = &self.inner.markets;
        let (quotes, pasts) = futures::join!(markets.quotes(&symbols), markets.closes(&symbols));
        let prices: Option<Vec<_>> = season
            .market
            .iter()
            .zip(quotes.into_iter().zip(pasts))
            .map(|(then, (now, past))| {
                let (now, past) = (now.ok().flatten()?, past.ok()?);
                let splits = past.as_ref().and_then(|past| past.splits.as_deref());
                let before = as_of(then.price, then.on, now.date, splits.unwrap_or_default());
                Some((before, now.price))
            })
            .collect();
        rules::held(&prices?)
    }
}
