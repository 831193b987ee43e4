//! What happens with alerts: they belong to one account, and nobody else learns of them.

mod asking;
mod copy;
mod firing;
pub(super) mod posting;
mod telling;
mod watcher;

pub use telling::News;
pub use watcher::Watcher;

use super::model::{Alert, AlertState, AlertsPage, Draft, Standing};
use super::rules::{self, Checked, Outcome, Reading, Seen};
use super::{Condition, store};
use crate::accounts::{self, Viewer};
use crate::chat;
use crate::communities::{self, rules::Permissions};
use crate::markets::{self, Bar, History, Quote, Split, Watchlists};
use crate::platform::{
    database::{Database, Tx},
    idempotency::Once,
};
use crate::realtime::{Scope, Topic, bus::SharedBus};
use crate::shared::{AccountId, AlertId, Error, NoticeId, Result, near::near, time};
use chrono::NaiveDate;
use std::sync::Arc;

/// Most alerts of an account.
const MAX_ALERTS: u64 = 200;
/// Notices that the page shows.
const SHOWN: u64 = 50;

/// Alerts; a clone is the same service.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    bus: SharedBus,
    accounts: accounts::Service,
    communities: communities::Service,
    chat: chat::Service,
    markets: markets::Service,
    watchlists: Watchlists,
}

/// What the service stands on.
pub struct Parts {
    /// The database.
    pub db: Database,
    /// What it publishes on.
    pub bus: SharedBus,
    /// Who somebody is.
    pub accounts: accounts::Service,
    /// Who may write where.
    pub communities: communities::Service,
    pub chat: chat::Service,
    /// Prices.
    pub markets: markets::Service,
    /// What finds an instrument by its name.
    pub watchlists: Watchlists,
}

impl Service {
    /// Starts the service; alerts are part of the copy that somebody takes along, and go with their
    /// account.
    pub fn start(parts: Parts) -> Self {
        let Parts {
            db,
            bus,
            accounts,
            communities,
            chat,
            markets,
            watchlists,
        } = parts;
        let service = Self {
            inner: Arc::new(Inner {
                db,
                bus,
                accounts,
                communities,
                chat,
                markets,
                watchlists,
            }),
        };
        service.inner.accounts.add_keeper(service.clone());
        service
    }

    /// The viewer's alerts, the newest first.
    pub async fn alerts(&self, viewer: &Viewer) -> Result<Vec<Alert>> {
        store::alerts(&self.inner.db, viewer.account, MAX_ALERTS).await
    }

    /// What the page of alerts shows.
    pub async fn page(&self, viewer: &Viewer) -> Result<AlertsPage> {
        let channels = self.inner.communities.visible_channels(viewer).await?;
        let channels = channels.into_iter();
        Ok(AlertsPage {
            alerts: self.alerts(viewer).await?,
            notices: store::notices(&self.inner.db, viewer.account, None, SHOWN).await?,
            tidings: store::tidings(&self.inner.db, viewer.account, None, SHOWN).await?,
            channels: channels
                .map(|(channel, _)| (channel.id, channel.name))
                .collect(),
        })
    }

    /// How much the viewer was told and has not seen.
    pub async fn standing(&self, viewer: &Viewer) -> Result<Standing> {
        Ok(Standing {
            account: viewer.account,
            unseen: telling::shown(store::unseen(&self.inner.db, viewer.account).await?),
        })
    }

    /// Notes that the viewer has seen what they were told, up to a notice.
    pub async fn see(&self, viewer: &Viewer, up_to: NoticeId) -> Result<()> {
        let account = viewer.account;
        let bus = Arc::clone(&self.inner.bus);
        let job = move |tx: Tx| async move {
            let now = time::now();
            let notices = store::see(&tx, account, up_to, now).await?;
            let tidings = store::see_tidings(&tx, account, None, up_to, now).await?;
            telling::seen(&tx, bus, account, notices + tidings).await
        };
        self.inner.db.write(account.0, job).await
    }

    /// Makes an alert. The price of now is what it saw: it fires when that changes sides.
    ///
    /// # Errors
    /// What [`rules::check`] and [`Watchlists::meant`] say; `not-found` and `forbidden` for a
    /// channel in which the viewer may not write; `too-many-alerts`.
    pub async fn create(&self, viewer: &Viewer, draft: &Draft) -> Result<Alert> {
        let once = Once::of(viewer.account, "alerts.create", draft)?;
        if let Some(made) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(made);
        }
        let checked = rules::check(draft, time::now())?;
        self.make(viewer, AlertId::new(), &draft.symbol, checked, once)
            .await
    }

    /// Makes an alert of what was checked, once under each id and each key.
    async fn make(
        &self,
        viewer: &Viewer,
        id: AlertId,
        instrument: &str,
        checked: Checked,
        once: Option<Once>,
    ) -> Result<Alert> {
        let account = viewer.account;
        if let Some(channel) = checked.channel {
            let access = self.inner.communities.access(viewer, channel).await;
            let access = access.map_err(|error| error.with("field", "channel"))?;
            if !access.permissions.allow(Permissions::SEND) {
                return Err(Error::forbidden().with("field", "channel"));
            }
        }
        let markets = self.inner.markets.asked_by(viewer);
        let symbol = self.inner.watchlists.meant(viewer, instrument).await?;
        let quote = quote_now(&markets, &symbol).await;
        let seen = seen_now(&markets, quote.as_ref(), &checked.condition).await;
        let alert = Alert {
            id,
            symbol,
            condition: checked.condition,
            adjusted: None,
            channel_id: checked.channel,
            note: checked.note,
            state: AlertState::Armed,
            armed: 1,
            expires_at: checked.expires_at,
            seen_price: seen.map(|seen| seen.price),
            seen_at: seen.map(|seen| seen.at),
            created_at: time::now(),
            fired_at: None,
        };
        let job = move |tx: Tx| async move {
            if let Some(made) = store::alert(&tx, account, id).await? {
                return Ok(made);
            }
            if store::count(&tx, account).await? >= MAX_ALERTS {
                return Err(Error::conflict(
                    "too-many-alerts",
                    format!("Too many alerts: at most {MAX_ALERTS}"),
                )
                .with("max", MAX_ALERTS));
            }
            let stand = seen.and_then(|seen| seen.stand);
            store::insert(&tx, account, &alert, stand).await?;
            Ok(alert)
        };
        self.inner.db.write_once(account.0, once, job).await
    }

    /// Deletes an alert; what it told stays.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn delete(&self, viewer: &Viewer, id: AlertId) -> Result<()> {
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            let there = store::delete(&tx, account, id).await?;
            there.then_some(()).ok_or_else(Error::not_found)
        };
        self.inner.db.write(account.0, job).await
    }

    /// Wakes an alert that rests; one that waits goes on as it is. A time that is over is taken
    /// from it.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn arm(&self, viewer: &Viewer, id: AlertId) -> Result<Alert> {
        let account = viewer.account;
        let found = store::alert(&self.inner.db, account, id).await?;
        let alert = found.ok_or_else(Error::not_found)?;
        if alert.state == AlertState::Armed {
            return Ok(alert);
        }
        let markets = self.inner.markets.asked_by(viewer);
        let quote = quote_now(&markets, &alert.symbol).await;
        let scaled = scaled_now(&markets, &alert, quote.as_ref()).await;
        let condition = scaled.map_or(alert.condition, |(condition, _)| condition);
        let seen = seen_now(&markets, quote.as_ref(), &condition).await;
        let expires_at = alert.expires_at.filter(|end| *end > time::now());
        let key = (id, alert.armed);
        let job = move |tx: Tx| async move {
            if let Some((condition, split_on)) = scaled
                && let Some(value) = condition.value
            {
                store::adjust(&tx, &[(key, value)], split_on).await?;
            }
            // False: somebody was quicker, or it is gone.
            store::arm(&tx, account, id, seen.as_ref(), expires_at).await?;
            let alert = store::alert(&tx, account, id).await?;
            alert.ok_or_else(Error::not_found)
        };
        self.inner.db.write(account.0, job).await
    }
}

/// The last price of an instrument; none: nobody can tell.
async fn quote_now(markets: &markets::Service, symbol: &str) -> Option<Quote> {
    markets.quote(symbol).await.ok().flatten()
}

/// Where an instrument stands by its last price; none: nobody can tell.
async fn seen_now(
    markets: &markets::Service,
    quote: Option<&Quote>,
    condition: &Condition,
) -> Option<Seen> {
    let quote = quote?;
    let past = if condition.kind.needs_history() {
        past_of(markets, &quote.symbol).await.ok()?
    } else {
        Past::default()
    };
    let reading = past.reading(quote);
    let comparable = rules::is_comparable(&reading, &past.splits);
    comparable
        .then(|| first_look(condition, &reading))
        .flatten()
}

/// What an alert that rests waits for in the shares of now, and since which split; none: as it is.
async fn scaled_now(
    markets: &markets::Service,
    alert: &Alert,
    quote: Option<&Quote>,
) -> Option<(Condition, NaiveDate)> {
    let (seen, today) = (alert.seen_at?.date(), quote?.date);
    if seen >= today || !alert.condition.kind.is_of_price() {
        return None;
    }
    let past = past_of(markets, &alert.symbol).await.ok()?;
    rules::rescaled(&alert.condition, seen, today, &past.splits)
}

/// What an instrument's past tells alerts.
async fn past_of(markets: &markets::Service, symbol: &str) -> Result<Past> {
    let history = markets.history(symbol).await?;
    Ok(history.as_deref().map(Past::of).unwrap_or_default())
}

/// The days of an instrument with their closes, oldest first, and the splits that are taken out of
/// them.
#[derive(Default)]
struct Past {
    closes: Vec<(NaiveDate, f64)>,
    splits: Vec<Split>,
}

impl Past {
    fn of(history: &History) -> Self {
        let close = |bar: &Bar| (bar.date, near(bar.close));
        Self {
            closes: history.bars.iter().map(close).collect(),
            splits: history.splits.clone().unwrap_or_default(),
        }
    }

    /// A price with this past. On the day of a split its change is none: the price of the day before
    /// may be of other shares.
    fn reading<'a>(&'a self, quote: &Quote) -> Reading<'a> {
        let reading = Reading::of(quote, &self.closes);
        let split = self.splits.iter().any(|split| split.date == quote.date);
        Reading {
            change: reading.change.filter(|_| !split),
            ..reading
        }
    }
}

/// What an alert remembers of the first price that it sees.
fn first_look(condition: &Condition, reading: &Reading<'_>) -> Option<Seen> {
    match rules::step(condition, None, reading) {
        Outcome::Stays(seen) | Outcome::Fires(seen) => Some(seen),
        Outcome::Older => None,
    }
}

fn topic(account: AccountId) -> Topic {
    Topic::new(Scope::Account, account.0)
}
