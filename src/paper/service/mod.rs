//! What happens with paper trading: members join a season, place orders, and see where they stand.

mod closing;
mod copy;
mod filler;
mod filling;
mod orders;
mod standing;
mod telling;

pub use filler::Filler;
pub use orders::Wanted;

use super::model::{AccountPage, Ended, PaperAccount, PaperPage, Season, Seasons, Ticket};
use super::rules::{self, CASH, quarter};
use super::store::{self, FirstPrice, Member, SeasonRow};
use crate::accounts::{self, Viewer};
use crate::alerts;
use crate::communities;
use crate::markets::{self, Source, Watchlists};
use crate::platform::database::{Database, Tx};
use crate::portfolio;
use crate::shared::{CommunityId, Error, PortfolioId, Result, SeasonId, json::number, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use standing::Boards;
use std::sync::Arc;
use uuid::Uuid;

/// What keeps the portfolios.
const KEEPER: &str = "paper";
/// Seasons of a community that are listed: ten years.
const SEASONS: u64 = 40;
/// Most members of a season.
const MAX_MEMBERS: u64 = 10_000;
/// Most open orders of an account.
const MAX_OPEN: u64 = 50;
/// Orders that are done and shown on the page.
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
    alerts: alerts::Service,
    boards: Boards,
}

/// What the service stands on.
pub struct Parts {
    /// The database.
    pub db: Database,
    /// Who somebody is.
    pub accounts: accounts::Service,
    /// Who is a member of what.
    pub communities: communities::Service,
    /// Prices.
    pub markets: markets::Service,
    /// What finds an instrument by its name.
    pub watchlists: Watchlists,
    /// The ledger.
    pub portfolio: portfolio::Service,
    /// What tells members of their orders.
    pub alerts: alerts::Service,
}

impl Service {
    /// Starts the service; orders are part of the copy that somebody takes along. Accounts of
    /// seasons go with their portfolios.
    pub fn start(parts: Parts) -> Self {
        let service = Self {
            inner: Arc::new(Inner {
                db: parts.db,
                accounts: parts.accounts,
                communities: parts.communities,
                markets: parts.markets,
                watchlists: parts.watchlists,
                portfolio: parts.portfolio,
                alerts: parts.alerts,
                boards: Boards::default(),
            }),
        };
        service.inner.accounts.add_keeper(service.clone());
        service
    }

    /// The community of this id that the viewer is in; none was named: the Lobby.
    async fn community(&self, viewer: &Viewer, named: Option<&str>) -> Result<CommunityId> {
        let community = match named {
            Some(id) => id.parse().map_err(|_| {
                Error::bad_request("bad-community", "community must be the id of one")
            })?,
            None => self.inner.communities.lobby(),
        };
        let members = &self.inner.communities;
        members.require_member(viewer, community).await?;
        Ok(community)
    }

    /// The season of this id in a community of the viewer; none was named: the running one, which
    /// may not have been begun.
    async fn season(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        named: Option<&str>,
    ) -> Result<(Season, Option<SeasonRow>)> {
        let today = time::now().date_naive();
        let Some(id) = named else {
            let community = self.community(viewer, community).await?;
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
            let community = self.community(viewer, Some(community)).await?;
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

    /// The seasons of a community, the latest first.
    ///
    /// # Errors
    /// `not-found`, `bad-community`.
    pub async fn seasons(&self, viewer: &Viewer, community: Option<&str>) -> Result<Seasons> {
        let community = self.community(viewer, community).await?;
        let today = time::now().date_naive();
        let rows = store::seasons(&self.inner.db, community, SEASONS).await?;
        let mut seasons: Vec<Season> = rows.iter().map(|row| row.season(today)).collect();
        if !seasons.iter().any(|season| season.running) {
            seasons.insert(0, to_come(community, today));
        }
        Ok(Seasons { seasons })
    }

    /// Joins the running season of a community; who has joined it has joined it.
    ///
    /// # Errors
    /// `not-found`, `bad-community`, `season-full`.
    pub async fn join(&self, viewer: &Viewer, community: Option<&str>) -> Result<AccountPage> {
        let community = self.community(viewer, community).await?;
        let now = time::now();
        let today = now.date_naive();
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
            // One after the other: nobody joins twice.
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

    /// A season that begins with its first member, and the prices of the market then.
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
            // Without all of its prices there is no market to compare with.
            market: prices.unwrap_or_default(),
            market_made: None,
            created_at: time::now(),
            closed_at: None,
        }
    }

    /// What the viewer has in a season; none was named: the running one.
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
        let value = member.final_value.unwrap_or(page.value);
        Ok(AccountPage {
            account: Some(PaperAccount {
                joined_at: member.joined_at,
                portfolio: member.portfolio,
                cash: page.cash.unwrap_or_default(),
                reserved: orders::reserved(&open),
                value,
                made: part(season.cash, value),
                trades: member.trades,
            }),
            holdings: page.holdings,
            season,
        })
    }

    /// What the page of a season shows.
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
        let course = match (&row, &member) {
            (Some(row), Some(member)) => self.course(viewer, row, member.portfolio).await?,
            _ => Vec::new(),
        };
        let told = self.inner.alerts.latest_unseen(viewer, Ended::KIND).await?;
        Ok(PaperPage {
            page,
            open,
            done,
            board,
            course,
            told,
        })
    }

    /// What an account was worth from day to day within its season.
    async fn course(
        &self,
        viewer: &Viewer,
        season: &SeasonRow,
        portfolio: PortfolioId,
    ) -> Result<Vec<f64>> {
        let ledger = &self.inner.portfolio;
        let found = ledger.performance(viewer, portfolio, None).await?;
        let within = found.course.iter().filter(|day| day.date < season.ends);
        Ok(within.map(|day| day.value).collect())
    }

    /// What the ticket needs to be drawn: a new one, or one that changes an open order.
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
            // What is not open any more is not changed.
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

/// The season of a day that nobody has joined yet.
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

/// What was made, a part of one.
fn part(from: Decimal, value: Decimal) -> f64 {
    number(rules::made(from, value))
}

fn season_over() -> Error {
    Error::conflict("season-over", "Season ended")
}
