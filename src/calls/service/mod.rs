//! What happens with calls: they are made, looked at when their time has come, and told.

mod board;
mod copy;
mod scorer;

pub use scorer::Scorer;

use super::model::{Call, CallPage, Direction, Draft, Mark, State, Tally};
use super::rules::{self, Checked};
use super::store::{self, Author, Row};
use crate::accounts::{self, Profile, Viewer};
use crate::communities;
use crate::markets::{self, Asker, Rated, ratings::Verdict};
use crate::platform::{
    compute::compute,
    database::{Database, Tx},
    idempotency::Once,
};
use crate::shared::{
    AccountId, CallId, ChannelId, CommunityId, Error, Result, Timestamp, paging, time,
};
use chrono::TimeDelta;
use std::sync::Arc;
use uuid::Uuid;

/// Calls in one answer.
const PAGE: usize = 50;
/// Most open calls of one member in a community.
const MAX_OPEN: u64 = 200;
/// How long a call can be taken back.
const REGRET: TimeDelta = TimeDelta::minutes(2);
/// A new call is looked at after so long: then there may be a price that it begins at.
const FIRST_LOOK: TimeDelta = TimeDelta::days(1);
/// The latest scored calls of a community that records are made of.
const OUTCOMES: u32 = 20_000;
/// For how long a rating is taken as a call: the calendar days of the ratings' own horizon.
const RATED_FOR: &str = "4w";

/// Calls; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    accounts: accounts::Service,
    communities: communities::Service,
    markets: markets::Service,
    boards: board::Boards,
}

/// Which calls are wanted, as it was written.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of which community; none: the Lobby.
    pub community: Option<String>,
    /// An account, or `engine`.
    pub author: Option<String>,
    /// An instrument.
    pub symbol: Option<String>,
    /// `open`, `scored` or `void`.
    pub state: Option<String>,
    /// From before this call.
    pub before: Option<String>,
}

/// The part of an address that says something.
fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

impl Service {
    /// Starts the service; calls are part of the copy that somebody takes along, and go with their
    /// author's account.
    pub fn start(
        db: Database,
        accounts: &accounts::Service,
        communities: communities::Service,
        markets: markets::Service,
    ) -> Self {
        let inner = Inner {
            db,
            accounts: accounts.clone(),
            communities,
            markets,
            boards: board::Boards::default(),
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        accounts.add_keeper(service.clone());
        service
    }

    /// The community of this id that the viewer is in; none was named: the Lobby.
    async fn community(&self, viewer: &Viewer, named: Option<&str>) -> Result<CommunityId> {
        let community = match named {
            Some(id) => id.parse().map_err(|_| Error::not_found())?,
            None => self.inner.communities.lobby(),
        };
        let members = &self.inner.communities;
        members.require_member(viewer, community).await?;
        Ok(community)
    }

    /// Makes a call.
    ///
    /// # Errors
    /// `not-found`, `bad-symbol`, `bad-direction`, `bad-horizon`, `bad-reason`, `unknown-symbol`,
    /// `market-unavailable`, `too-many-calls`.
    pub async fn make(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        draft: &Draft,
    ) -> Result<Call> {
        let community = self.community(viewer, community).await?;
        let once = Once::of(viewer.account, "calls.make", &(community, draft))?;
        if let Some(made) = self.inner.db.answered(once.as_ref()).await? {
            return self.made(made).await;
        }
        let mark = format!("call:{}", Uuid::now_v7());
        let made_at = time::now();
        self.write(
            (viewer.account, viewer.into()),
            community,
            mark,
            draft,
            made_at,
            once,
        )
        .await
    }

    /// Makes a call in a channel, for somebody who wrote it there at that time. A repeat with the
    /// same mark answers with the call that was made.
    pub async fn make_in(
        &self,
        channel: ChannelId,
        author: &Profile,
        mark: &str,
        draft: &Draft,
        written_at: Timestamp,
    ) -> Result<Call> {
        let community = self.community_of(channel, author).await?;
        let mark = mark.to_owned();
        self.write(
            (author.id, author.into()),
            community,
            mark,
            draft,
            written_at,
            None,
        )
        .await
    }

    async fn community_of(&self, channel: ChannelId, author: &Profile) -> Result<CommunityId> {
        let viewer = Viewer::absent(author);
        let access = self.inner.communities.access(&viewer, channel).await?;
        Ok(access.channel.community_id)
    }

    async fn write(
        &self,
        (author, asker): (AccountId, Asker),
        community: CommunityId,
        mark: String,
        draft: &Draft,
        made_at: Timestamp,
        once: Option<Once>,
    ) -> Result<Call> {
        if let Some(made) = store::by_mark(&self.inner.db, &mark).await? {
            return self.one(made).await;
        }
        let checked = rules::check(draft)?;
        let Checked {
            symbol,
            direction,
            horizon,
            reason,
        } = checked;
        let markets = self.inner.markets.asked_by(asker);
        let history = markets.history(symbol.as_str()).await?;
        let known = history.as_ref().and_then(|history| {
            // What came after it was written was not known then.
            let bars = history.bars.iter().rev();
            let mut bars = bars.skip_while(|bar| bar.date > made_at.date_naive());
            Some((bars.next()?, history.source))
        });
        let (bar, source) =
            known.ok_or_else(|| markets::unknown_symbol(&symbol).with("field", "symbol"))?;
        let row = Row {
            id: CallId::new(),
            community,
            author: Some(author),
            mark,
            symbol: symbol.to_string(),
            direction,
            horizon: horizon.to_string(),
            reason,
            source,
            made_at,
            known: Mark {
                date: bar.date,
                price: bar.close,
            },
            due: horizon.end(made_at.date_naive()),
            state: State::Open,
            look_at: made_at + FIRST_LOOK,
            entry: None,
            exit: None,
            score: None,
        };
        let job = move |tx: Tx| async move {
            if store::open_count(&tx, community, author).await? >= MAX_OPEN {
                return Err(Error::conflict(
                    "too-many-calls",
                    format!("Too many open predictions: at most {MAX_OPEN}"),
                )
                .with("max", MAX_OPEN));
            }
            let (id, mark) = (row.id, row.mark.clone());
            if store::insert(&tx, row).await? {
                return Ok(id);
            }
            let made = store::by_mark(&tx, &mark).await?;
            made.map(|made| made.id).ok_or_else(Error::not_found)
        };
        let made = self.inner.db.write_once(author.0, once, job).await?;
        self.made(made).await
    }

    /// A call that was made just now, or before under the same key.
    async fn made(&self, id: CallId) -> Result<Call> {
        let row = store::by_id(&self.inner.db, id).await?;
        self.one(row.ok_or_else(Error::not_found)?).await
    }

    /// Notes a rating that was given to somebody in a channel as a call of Rialto's own, once for
    /// each community, instrument and rated day. One that says nothing is no call.
    ///
    /// # Errors
    /// When the database fails; `not-found`.
    pub async fn note_rating(
        &self,
        channel: ChannelId,
        asker: &Profile,
        symbol: &str,
        rated: &Rated,
        close: rust_decimal::Decimal,
    ) -> Result<()> {
        let verdict = rated.rating.as_ref().and_then(|rating| rating.verdict());
        let direction = match verdict {
            Some(Verdict::StrongBuy | Verdict::Buy) => Direction::Long,
            Some(Verdict::Sell | Verdict::StrongSell) => Direction::Short,
            Some(Verdict::Neutral) | None => return Ok(()),
        };
        let Some(day) = rated.as_of else {
            return Ok(());
        };
        let community = self.community_of(channel, asker).await?;
        let draft = Draft {
            symbol: symbol.to_owned(),
            direction: direction.as_str().into(),
            horizon: RATED_FOR.into(),
            reason: String::new(),
        };
        let Checked {
            symbol, horizon, ..
        } = rules::check(&draft)?;
        let mark = format!("rating:{community}:{symbol}:{day}");
        if store::by_mark(&self.inner.db, &mark).await?.is_some() {
            return Ok(());
        }
        let made_at = time::now();
        let row = Row {
            id: CallId::new(),
            community,
            author: None,
            mark,
            symbol: symbol.to_string(),
            direction,
            horizon: horizon.to_string(),
            reason: String::new(),
            source: rated.source,
            made_at,
            known: Mark {
                date: day,
                price: close,
            },
            due: horizon.end(made_at.date_naive()),
            state: State::Open,
            look_at: made_at + FIRST_LOOK,
            entry: None,
            exit: None,
            score: None,
        };
        let job = move |tx: Tx| async move { store::insert(&tx, row).await };
        self.inner.db.write(community.0, job).await?;
        Ok(())
    }

    /// Takes a call back, within two minutes.
    ///
    /// # Errors
    /// `not-found`; `call-stands` later than that.
    pub async fn take_back(&self, viewer: &Viewer, id: CallId) -> Result<()> {
        let found = store::by_id(&self.inner.db, id).await?;
        let found = found.filter(|call| call.author == Some(viewer.account));
        let community = found.ok_or_else(Error::not_found)?.community;
        let members = &self.inner.communities;
        members.require_member(viewer, community).await?;
        let author = viewer.account;
        let job = move |tx: Tx| async move {
            store::take_back(&tx, author, id, time::now() - REGRET).await
        };
        if self.inner.db.write(author.0, job).await? {
            return Ok(());
        }
        Err(Error::conflict(
            "call-stands",
            "A prediction can be withdrawn only within two minutes",
        ))
    }

    /// The calls of a page that the viewer can still take back.
    pub fn retractable(viewer: &Viewer, page: &CallPage) -> Vec<CallId> {
        let since = time::now() - REGRET;
        let own = page.calls.iter().filter(|call| {
            let author = call.author.as_ref().map(|author| author.id);
            author == Some(viewer.account) && call.state == State::Open && call.made_at >= since
        });
        own.map(|call| call.id).collect()
    }

    /// Some calls of a community, the newest first.
    ///
    /// # Errors
    /// `not-found`, `bad-symbol`, `bad-author`, `bad-state`, `bad-cursor`.
    pub async fn page(&self, viewer: &Viewer, filter: &Filter) -> Result<CallPage> {
        let author = match said(filter.author.as_deref()) {
            None => None,
            Some("engine") => Some(Author::Engine),
            Some(id) => Some(Author::Member(id.parse().map_err(|_| {
                Error::bad_request("bad-author", "author must be an account or engine")
            })?)),
        };
        let symbol = said(filter.symbol.as_deref())
            .map(str::parse::<markets::Symbol>)
            .transpose()?;
        let state = said(filter.state.as_deref())
            .map(|name| {
                State::named(name).ok_or_else(|| {
                    Error::bad_request("bad-state", "state must be open, scored or void")
                })
            })
            .transpose()?;
        let before = paging::cursor::<CallId>(filter.before.as_deref())?;
        let community = self.community(viewer, filter.community.as_deref()).await?;
        let symbol = symbol.map(|symbol| markets::spellings(symbol.as_str()));
        let limit = PAGE as u64 + 1;
        let db = &self.inner.db;
        let mut rows = store::page(db, community, author, symbol, state, before, limit).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Ok(CallPage {
            calls: self.told(rows).await?,
            next,
        })
    }

    /// What the scored calls of a call's author come to in its community.
    pub async fn record_beside(&self, call: &Call) -> Result<Tally> {
        let author = match &call.author {
            Some(profile) => Author::Member(profile.id),
            None => Author::Engine,
        };
        let db = &self.inner.db;
        let outcomes = store::outcomes(db, call.community, Some(author), OUTCOMES.into()).await?;
        let outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        compute(move || rules::tally(&outcomes)).await
    }

    async fn one(&self, row: Row) -> Result<Call> {
        let mut told = self.told(vec![row]).await?;
        told.pop().ok_or_else(Error::not_found)
    }

    /// Calls with the people who made them.
    async fn told(&self, rows: Vec<Row>) -> Result<Vec<Call>> {
        let mut authors: Vec<_> = rows.iter().filter_map(|row| row.author).collect();
        authors.sort_unstable();
        authors.dedup();
        let profiles = self.inner.accounts.profiles(&authors).await?;
        let call = |row: Row| Call {
            id: row.id,
            community: row.community,
            author: row.author.map(|id| {
                let known = profiles.get(&id).cloned();
                known.unwrap_or_else(|| Profile::deleted(id))
            }),
            symbol: row.symbol,
            direction: row.direction,
            horizon: row.horizon,
            reason: row.reason,
            source: row.source,
            made_at: row.made_at,
            known: row.known,
            due: row.due,
            state: row.state,
            entry: row.entry,
            exit: row.exit,
            score: row.score,
        };
        Ok(rows.into_iter().map(call).collect())
    }
}
