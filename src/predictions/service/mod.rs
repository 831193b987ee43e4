//! Predictions: created, withdrawn, scored and listed.

mod board;
mod cache;
mod copy;
mod scorer;

pub use scorer::Scorer;

use super::model::{
    Created, Direction, Mark, Prediction, PredictionInput, PredictionPage, PredictionsPage,
    Settled, State, Tally, made_on,
};
use super::rules::{self, Checked};
use super::store::{self, Author, Row};
use crate::accounts::{self, Profile, Viewer};
use crate::communities;
use crate::markets::{self, Rated, Requester, Source};
use crate::notifications;
use crate::platform::{
    compute::compute,
    database::{Database, Tx},
    idempotency::Once,
};
use crate::shared::{
    AccountId, ChannelId, CommunityId, Error, PredictionId, Result, Timestamp, paging, time,
};
use chrono::TimeDelta;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;
use uuid::Uuid;

/// Predictions per page.
const PAGE: u64 = 50;
/// Most open predictions of one member in a community.
const MAX_OPEN: u64 = 200;
/// How long a prediction can be withdrawn.
const RETRACTION_WINDOW: TimeDelta = TimeDelta::minutes(2);
/// Latest scored predictions of a community that count for track records.
const OUTCOMES: u32 = 20_000;
/// Horizon of a rating as a prediction: the rating's own horizon in calendar days.
const RATED_FOR: &str = "4w";

/// Predictions; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    accounts: accounts::Service,
    communities: communities::Service,
    markets: markets::Service,
    notifications: notifications::Service,
    boards: cache::Boards,
}

/// Filter of a list of predictions, not parsed yet.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Community id; default: the Lobby.
    #[param(value_type = Option<Uuid>)]
    pub community: Option<String>,
    /// Account id, or `engine` for Rialto's own predictions.
    #[param(example = "engine")]
    pub author: Option<String>,
    /// Symbol.
    #[param(example = "AAPL")]
    pub symbol: Option<String>,
    /// State: `open`, `scored` or `void`.
    #[param(example = "open")]
    pub state: Option<String>,
    /// The `next` of the previous page.
    #[param(value_type = Option<Uuid>)]
    pub before: Option<String>,
}

/// A query parameter without blanks; `None` if empty.
fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

impl Service {
    /// Starts the service; the personal data export includes predictions, and they are deleted with
    /// their author's account.
    pub fn start(
        db: Database,
        accounts: &accounts::Service,
        communities: communities::Service,
        markets: markets::Service,
        notifications: notifications::Service,
    ) -> Self {
        let inner = Inner {
            db,
            accounts: accounts.clone(),
            communities,
            markets,
            notifications,
            boards: cache::Boards::default(),
        };
        let service = Self {
            inner: Arc::new(inner),
        };
        accounts.add_personal_data(service.clone());
        service
    }

    /// Creates a prediction.
    ///
    /// # Errors
    /// `bad-community`, `not-found`, `bad-symbol`, `bad-direction`, `bad-horizon`, `bad-reason`, `unknown-symbol`,
    /// `market-unavailable`, `too-many-predictions`.
    pub async fn make(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        input: &PredictionInput,
    ) -> Result<Created> {
        let community = self.inner.communities.requested(viewer, community).await?;
        let once = Once::of(viewer.account, "predictions.create", &(community, input))?;
        if let Some(made) = self.inner.db.answered(once.as_ref()).await? {
            return self.made(made).await;
        }
        let mark = format!("prediction:{}", Uuid::now_v7());
        let made_at = time::now();
        self.write(
            (viewer.account, viewer.into()),
            community,
            mark,
            input,
            made_at,
            once,
        )
        .await
    }

    /// Creates a prediction in a channel, for its author's message of that time. A repeat with the
    /// same mark returns the prediction that exists.
    pub async fn make_in(
        &self,
        channel: ChannelId,
        author: &Profile,
        mark: &str,
        input: &PredictionInput,
        written_at: Timestamp,
    ) -> Result<Created> {
        let community = self.community_of(channel, author).await?;
        let mark = mark.to_owned();
        self.write(
            (author.id, author.into()),
            community,
            mark,
            input,
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
        (author, requester): (AccountId, Requester),
        community: CommunityId,
        mark: String,
        input: &PredictionInput,
        made_at: Timestamp,
        once: Option<Once>,
    ) -> Result<Created> {
        if let Some(made) = store::by_mark(&self.inner.db, &mark).await? {
            return self.created(made).await;
        }
        let checked = rules::check(input)?;
        let Checked {
            symbol,
            direction,
            horizon,
            reason,
        } = checked;
        let markets = self.inner.markets.requested_by(requester);
        let made_on = markets.clock(made_at).await?.date_naive();
        let history = markets.history(symbol.as_str()).await?;
        let known = history.as_ref().and_then(|history| {
            // Bars from after it was written were not known then.
            let bars = history.bars.iter().rev();
            let mut bars = bars.skip_while(|bar| bar.date > made_on);
            Some((bars.next()?, history.source))
        });
        let (bar, source) =
            known.ok_or_else(|| markets::unknown_symbol(&symbol).with("field", "symbol"))?;
        let row = Row {
            id: PredictionId::new(),
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
            due: horizon.end(made_on),
            state: State::Open,
            look_at: self.first_look(made_at),
            entry: None,
            exit: None,
            score: None,
        };
        let job = move |tx: Tx| async move {
            if store::open_count(&tx, community, author).await? >= MAX_OPEN {
                return Err(Error::conflict(
                    "too-many-predictions",
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

    /// When a new prediction is first checked: there may be a price for its entry then.
    fn first_look(&self, made_at: Timestamp) -> Timestamp {
        made_at + self.inner.markets.day()
    }

    /// A prediction that was created now, or before under the same key.
    async fn made(&self, id: PredictionId) -> Result<Created> {
        let row = store::by_id(&self.inner.db, id).await?;
        self.created(row.ok_or_else(Error::not_found)?).await
    }

    async fn created(&self, row: Row) -> Result<Created> {
        let prediction = self.one(row).await?;
        let (markets, symbol) = (&self.inner.markets, &prediction.symbol);
        let moves = match markets.history(symbol).await {
            Ok(Some(history)) => match history.bars.last() {
                Some(last) if last.date <= prediction.known.date => {
                    markets.moves(history.source, last.date).await
                }
                _ => true,
            },
            // Not known: prices can come.
            _ => true,
        };
        Ok(Created { prediction, moves })
    }

    /// Stores a rating shown in a channel as a prediction of Rialto's own, once per community,
    /// symbol and rated day. A rating without a direction is no prediction, nor is one of prices
    /// that have ended.
    ///
    /// # Errors
    /// `not-found`; database errors.
    pub async fn note_rating(
        &self,
        channel: ChannelId,
        requester: &Profile,
        symbol: &str,
        rated: &Rated,
        close: rust_decimal::Decimal,
    ) -> Result<()> {
        let verdict = rated.rating.as_ref().and_then(|rating| rating.verdict());
        let direction = match verdict {
            Some(verdict) if verdict.is_buy() => Direction::Long,
            Some(verdict) if verdict.is_sell() => Direction::Short,
            _ => return Ok(()),
        };
        let Some(day) = rated.as_of else {
            return Ok(());
        };
        if !self.inner.markets.moves(rated.source, day).await {
            return Ok(());
        }
        let community = self.community_of(channel, requester).await?;
        let input = PredictionInput {
            symbol: symbol.to_owned(),
            direction: direction.as_str().into(),
            horizon: RATED_FOR.into(),
            reason: String::new(),
        };
        let Checked {
            symbol, horizon, ..
        } = rules::check(&input)?;
        let mark = format!("rating:{community}:{symbol}:{day}");
        if store::by_mark(&self.inner.db, &mark).await?.is_some() {
            return Ok(());
        }
        let made_at = time::now();
        let row = Row {
            id: PredictionId::new(),
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
            due: horizon.end(made_on(rated.source, day, made_at)),
            state: State::Open,
            look_at: self.first_look(made_at),
            entry: None,
            exit: None,
            score: None,
        };
        let job = move |tx: Tx| async move { store::insert(&tx, row).await };
        self.inner.db.write(community.0, job).await?;
        Ok(())
    }

    /// Withdraws a prediction, within two minutes.
    ///
    /// # Errors
    /// `not-found`; `withdrawal-too-late` after that.
    pub async fn take_back(&self, viewer: &Viewer, id: PredictionId) -> Result<()> {
        let found = store::by_id(&self.inner.db, id).await?;
        let found = found.filter(|prediction| prediction.author == Some(viewer.account));
        let community = found.ok_or_else(Error::not_found)?.community;
        let members = &self.inner.communities;
        members.require_member(viewer, community).await?;
        let author = viewer.account;
        let job = move |tx: Tx| async move {
            store::take_back(&tx, author, id, time::now() - RETRACTION_WINDOW).await
        };
        if self.inner.db.write(author.0, job).await? {
            return Ok(());
        }
        Err(Error::conflict(
            "withdrawal-too-late",
            "A prediction can be withdrawn only within two minutes",
        ))
    }

    /// The predictions page: the leaderboard of a community and a page of its predictions.
    pub async fn whole_page(&self, viewer: &Viewer, filter: &Filter) -> Result<PredictionsPage> {
        let community = filter.community.as_deref();
        let leaderboard = self.leaderboard(viewer, community).await?;
        let page = self.page(viewer, filter).await?;
        let notifications = &self.inner.notifications;
        Ok(PredictionsPage {
            retractable: Self::retractable(viewer, &page),
            told: notifications.latest_unseen(viewer, Settled::KIND).await?,
            ended: self.inner.markets.source() == Source::Sample,
            leaderboard,
            page,
        })
    }

    /// Predictions of a page that the viewer can still withdraw.
    fn retractable(viewer: &Viewer, page: &PredictionPage) -> Vec<PredictionId> {
        let since = time::now() - RETRACTION_WINDOW;
        let own = page.predictions.iter().filter(|prediction| {
            let author = prediction.author.as_ref().map(|author| author.id);
            author == Some(viewer.account)
                && prediction.state == State::Open
                && prediction.made_at >= since
        });
        own.map(|prediction| prediction.id).collect()
    }

    /// A page of a community's predictions, newest first.
    ///
    /// # Errors
    /// `not-found`, `bad-symbol`, `bad-author`, `bad-state`, `bad-cursor`.
    pub async fn page(&self, viewer: &Viewer, filter: &Filter) -> Result<PredictionPage> {
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
        let before = paging::cursor::<PredictionId>(filter.before.as_deref())?;
        let community = self
            .inner
            .communities
            .requested(viewer, filter.community.as_deref())
            .await?;
        let symbol = symbol.map(|symbol| markets::spellings(symbol.as_str()));
        let (db, limit) = (&self.inner.db, PAGE + 1);
        let mut rows = store::page(db, community, author, symbol, state, before, limit).await?;
        let more = paging::cut(&mut rows, PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Ok(PredictionPage {
            predictions: self.told(rows).await?,
            next,
        })
    }

    /// Track record of a prediction's author in its community.
    pub async fn record_beside(&self, prediction: &Prediction) -> Result<Tally> {
        let author = match &prediction.author {
            Some(profile) => Author::Member(profile.id),
            None => Author::Engine,
        };
        let db = &self.inner.db;
        let outcomes =
            store::outcomes(db, prediction.community, Some(author), OUTCOMES.into()).await?;
        let outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        compute(move || rules::tally(&outcomes)).await
    }

    async fn one(&self, row: Row) -> Result<Prediction> {
        let mut told = self.told(vec![row]).await?;
        told.pop().ok_or_else(Error::not_found)
    }

    /// Adds the profiles of the authors to predictions.
    async fn told(&self, rows: Vec<Row>) -> Result<Vec<Prediction>> {
        let mut authors: Vec<_> = rows.iter().filter_map(|row| row.author).collect();
        authors.sort_unstable();
        authors.dedup();
        let profiles = self.inner.accounts.profiles(&authors).await?;
        let prediction = |row: Row| Prediction {
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
        Ok(rows.into_iter().map(prediction).collect())
    }
}
