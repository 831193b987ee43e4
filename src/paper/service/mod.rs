//! Paper trading: members join a season, place orders and see the leaderboard.

mod cache;
mod closing;
mod copy;
mod ended;
mod filler;
mod filling;
mod leaderboard;
mod orders;
mod spellings;

pub use filler::Filler;
pub use orders::Wanted;

use super::model::{AccountPage, Ended, PaperAccount, PaperPage, Season, Seasons, Ticket};
use super::rules::{self, CASH, quarter};
use super::store::{self, FirstPrice, Member, SeasonRow};
use crate::accounts::{self, Viewer};
use crate::communities;
use crate::markets::{self, Source, Watchlists};
use crate::notifications;
use crate::platform::database::{Database, Tx};
use crate::portfolio;
use crate::shared::{CommunityId, Error, PortfolioId, Result, SeasonId, json::number, time};
use cache::Boards;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::sync::Arc;
use uuid::Uuid;

/// Value of `managed_by` of the portfolios.
const KEEPER: &str = "paper";
/// Seasons listed per community: ten years.
const SEASONS: u64 = 40;
/// Most members of a season.
const MAX_MEMBERS: u64 = 10_000;
/// Most open orders of an account.
const MAX_OPEN: u64 = 50;
/// Orders on the page that are not open.
const SHOWN: u64 = 20;

/// Paper trading; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    accounts: accounts::Service,
    communities: communities::Service,
    markets: markets::Service,
    watchlists: Watchlists,
    portfolio: portfolio::Service,
    notifications: notifications::Service,
    boards: Boards,
}

/// Services that paper trading uses.
pub struct Dependencies {
    pub db: Database,
    /// Profiles.
    pub accounts: accounts::Service,
    /// Memberships.
    pub communities: communities::Service,
    /// Prices.
    pub markets: markets::Service,
    /// Finds a symbol by its name.
    pub watchlists: Watchlists,
    /// The ledger.
    pub portfolio: portfolio::Service,
    pub notifications: notifications::Service,
}

impl Service {
    /// Starts the service; the personal data export includes orders. Accounts of seasons are
    /// deleted with their portfolios.
    pub fn start(parts: Dependencies) -> Self {
        let service = Self {
            inner: Arc::new(Inner {
                db: parts.db,
                accounts: parts.accounts,
                communities: parts.communities,
                markets: parts.markets,
                watchlists: parts.watchlists,
                portfolio: parts.portfolio,
                notifications: parts.notifications,
                boards: Boards::default(),
            }),
        };
        service.inner.accounts.add_personal_data(service.clone());
        service
    }

    /// Finds a season of this id in a community of the viewer; default: the running one, which may
    /// not be stored yet.
    async fn season(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        named: Option<&str>,
    ) -> Result<(Season, Option<SeasonRow>)> {
        let today = self.inner.markets.today().await?;
        let Some(id) = named else {
            let community = self.inner.communities.requested(viewer, community).await?;
            let begun = self.running(community, today).await?;
            let season = begun.as_ref().map(|row| row.season(today));
            return Ok((season.unwrap_or_else(|| to_come(community, today)), begun));
        };
        let id: SeasonId = id
            .parse()
            .map_err(|_| Error::bad_request("bad-season", "season must be the id of one"))?;
        let row = store::season(&self.inner.db, id).await?;
        let row = row.ok_or_else(Error::not_found)?;
        if let Some(community) = community {
            let community = self
                .inner
                .communities
                .requested(viewer, Some(community))
                .await?;
            if community != row.community {
                return Err(Error::not_found());
            }
        }
        let members = &self.inner.communities;
        members.require_member(viewer, row.community).await?;
        Ok((row.season(today), Some(row)))
    }

    async fn running(&self, community: CommunityId, today: NaiveDate) -> Result<Option<SeasonRow>> {
        store::season_of(&self.inner.db, community, quarter(today).begins).await
    }

    /// Seasons of a community, latest first.
    ///
    /// # Errors
    /// `not-found`, `bad-community`.
    pub async fn seasons(&self, viewer: &Viewer, community: Option<&str>) -> Result<Seasons> {
        let community = self.inner.communities.requested(viewer, community).await?;
        let today = self.inner.markets.today().await?;
        let rows = store::seasons(&self.inner.db, community, SEASONS).await?;
        let mut seasons: Vec<Season> = rows.iter().map(|row| row.season(today)).collect();
        if !seasons.iter().any(|season| season.running) {
            seasons.insert(0, to_come(community, today));
        }
        Ok(Seasons { seasons })
    }

    /// Joins the running season of a community; no change if the viewer has joined it.
    ///
    /// # Errors
    /// `not-found`, `bad-community`, `season-full`, `season-over`.
    pub async fn join(&self, viewer: &Viewer, community: Option<&str>) -> Result<AccountPage> {
        let community = self.inner.communities.requested(viewer, community).await?;
        let now = time::now();
        let today = self.inner.markets.clock(now).await?.date_naive();
        let begun = self.running(community, today).await?;
        let new = match begun {
            Some(row) => row,
            None => self.new_season(community, today).await,
        };
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            store::begin(&tx, &new).await?;
            let season = store::season_of(&tx, community, new.begins).await?;
            let season = season.ok_or_else(Error::not_found)?;
            // Locks the season, so that no member joins twice.
            if !store::hold(&tx, season.id).await? {
                return Err(season_over());
            }
            if store::member(&tx, season.id, account).await?.is_some() {
                return Ok(season.id);
            }
            if store::member_count(&tx, season.id).await? >= MAX_MEMBERS {
                return Err(Error::conflict(
                    "season-full",
                    format!("Season full: at most {MAX_MEMBERS} members"),
                )
                .with("max", MAX_MEMBERS));
            }
            let portfolio = portfolio::Service::open_kept(
                &tx,
                account,
                KEEPER,
                &season.name,
                today,
                season.cash,
            );
            let member = Member {
                id: Uuid::now_v7(),
                season: season.id,
                account,
                portfolio: portfolio.await?,
                joined_at: now,
                placed: 0,
                trades: 0,
                traded_on: None,
                final_value: None,
            };
            store::join(&tx, &member).await?;
            Ok(season.id)
        };
        let season = self.inner.db.write(community.0, job).await?;
        self.inner.boards.forget(season);
        self.account(viewer, None, Some(&season.to_string())).await
    }

    /// A season that starts with its first member, with the benchmark's prices at that time.
    async fn new_season(&self, community: CommunityId, today: NaiveDate) -> SeasonRow {
        let quarter = quarter(today);
        let symbols = rules::market(self.inner.markets.source());
        let symbols: Vec<String> = symbols.iter().map(|&symbol| symbol.to_owned()).collect();
        let quotes = self.inner.markets.quotes(&symbols).await;
        let prices: Option<Vec<_>> = symbols
            .into_iter()
            .zip(quotes)
            .map(|(symbol, quote)| {
                let quote = quote.ok().flatten()?;
                Some(FirstPrice {
                    symbol,
                    price: quote.price,
                    on: quote.date,
                })
            })
            .collect();
        SeasonRow {
            id: SeasonId::new(),
            community,
            name: quarter.name,
            begins: quarter.begins,
            ends: quarter.ends,
            cash: CASH,
            // Without all of its prices there is no benchmark.
            market: prices.unwrap_or_default(),
            market_made: None,
            created_at: time::now(),
            closed_at: None,
        }
    }

    /// The viewer's account in a season; default: the running one.
    ///
    /// # Errors
    /// `not-found`, `bad-community`, `bad-season`.
    pub async fn account(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        season: Option<&str>,
    ) -> Result<AccountPage> {
        let (season, row) = self.season(viewer, community, season).await?;
        self.account_in(viewer, season, row.as_ref()).await
    }

    async fn account_in(
        &self,
        viewer: &Viewer,
        season: Season,
        row: Option<&SeasonRow>,
    ) -> Result<AccountPage> {
        let member = match row {
            Some(row) => store::member(&self.inner.db, row.id, viewer.account).await?,
            None => None,
        };
        let Some(member) = member else {
            return Ok(AccountPage {
                season,
                account: None,
                holdings: Vec::new(),
            });
        };
        let page = self.inner.portfolio.page(viewer, member.portfolio).await?;
        let open = store::open_of(&self.inner.db, member.id, MAX_OPEN).await?;
        let value = member.final_value.map_or(page.value, Decimal::from);
        Ok(AccountPage {
            account: Some(PaperAccount {
                joined_at: member.joined_at,
                portfolio: member.portfolio,
                cash: page.cash.unwrap_or_default(),
                reserved: rules::reserved(&open),
                value,
                made: part(season.cash, value),
                trades: member.trades.unsigned_abs(),
            }),
            holdings: page.holdings,
            season,
        })
    }

    /// Data of a season's page.
    pub async fn page(&self, viewer: &Viewer, season: Option<&str>) -> Result<PaperPage> {
        let (season, row) = self.season(viewer, None, season).await?;
        let board = self.board_of(season.clone(), row.as_ref()).await?;
        let page = self.account_in(viewer, season, row.as_ref()).await?;
        let member = match &row {
            Some(row) => store::member(&self.inner.db, row.id, viewer.account).await?,
            None => None,
        };
        let (open, done) = match &member {
            Some(member) => self.orders_shown(member.id).await?,
            None => Default::default(),
        };
        let values = match (&row, &member) {
            (Some(row), Some(member)) => self.value_history(viewer, row, member.portfolio).await?,
            _ => Vec::new(),
        };
        let notifications = &self.inner.notifications;
        let told = notifications.latest_unseen(viewer, Ended::KIND).await?;
        Ok(PaperPage {
            page,
            open,
            done,
            board,
            values,
            told,
        })
    }

    /// Daily values of an account within its season.
    async fn value_history(
        &self,
        viewer: &Viewer,
        season: &SeasonRow,
        portfolio: PortfolioId,
    ) -> Result<Vec<f64>> {
        let ledger = &self.inner.portfolio;
        let found = ledger.performance(viewer, portfolio, None).await?;
        let within = found.history.iter().filter(|day| day.date < season.ends);
        Ok(within.map(|day| day.value).collect())
    }

    /// Data of the order ticket: for a new order, or to edit an open one.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn ticket(&self, viewer: &Viewer, change: Option<&str>) -> Result<Ticket> {
        let Seasons { seasons } = self.seasons(viewer, None).await?;
        let running = seasons.iter().find(|season| season.running);
        let running = running.and_then(|season| season.id);
        let member = match running {
            Some(id) => store::member(&self.inner.db, id, viewer.account).await?,
            None => None,
        };
        let change = match (&member, change) {
            // Only an open order can be edited.
            (Some(member), Some(id)) => self.open_order(member.id, id).await?,
            _ => None,
        };
        Ok(Ticket {
            seasons,
            joined: member.is_some(),
            change,
            ended: self.inner.markets.source() == Source::Sample,
        })
    }
}

/// The season of a day that no member has joined yet.
fn to_come(community: CommunityId, today: NaiveDate) -> Season {
    let quarter = quarter(today);
    Season {
        id: None,
        community,
        name: quarter.name,
        begins: quarter.begins,
        ends: quarter.ends.pred_opt().unwrap_or(quarter.ends),
        cash: CASH,
        running: true,
        closed_at: None,
    }
}

/// Return as a fraction.
fn part(from: Decimal, value: Decimal) -> f64 {
    number(rules::made(from, value))
}

fn season_over() -> Error {
    Error::conflict("season-over", "Season ended")
}
