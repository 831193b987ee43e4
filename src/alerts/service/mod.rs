//! Alerts. An alert belongs to one account and is visible to it only.

mod asking;
mod copy;
mod firing;
pub(super) mod posting;
mod watcher;

pub use watcher::Watcher;

use super::model::{Alert, AlertInput, AlertState, AlertsPage};
use super::rules::{self, Checked, Outcome, Reading, Seen};
use super::{Condition, store};
use crate::accounts::{self, Viewer};
use crate::chat;
use crate::communities::{self, rules::Permissions};
use crate::markets::{self, Bar, History, Quote, Split, Watchlists};
use crate::notifications;
use crate::platform::{
    database::{Database, Tx},
    idempotency::Once,
};
use crate::shared::{AlertId, Error, Result, near::near, time};
use chrono::NaiveDate;
use std::sync::Arc;

/// Maximum number of alerts per account.
const MAX_ALERTS: u64 = 200;

/// The alerts service; clones share the state.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    notifications: notifications::Service,
    accounts: accounts::Service,
    communities: communities::Service,
    chat: chat::Service,
    markets: markets::Service,
    watchlists: Watchlists,
}

/// Dependencies of the service.
pub struct Dependencies {
    pub db: Database,
    pub notifications: notifications::Service,
    pub accounts: accounts::Service,
    /// Permissions in channels.
    pub communities: communities::Service,
    pub chat: chat::Service,
    /// Quotes and price histories.
    pub markets: markets::Service,
    /// Finds a symbol by name.
    pub watchlists: Watchlists,
}

impl Service {
    /// Starts the service and registers the alerts for data export and account deletion.
    pub fn start(parts: Dependencies) -> Self {
        let Dependencies {
            db,
            notifications,
            accounts,
            communities,
            chat,
            markets,
            watchlists,
        } = parts;
        let service = Self {
            inner: Arc::new(Inner {
                db,
                notifications,
                accounts,
                communities,
                chat,
                markets,
                watchlists,
            }),
        };
        service.inner.accounts.add_personal_data(service.clone());
        service
    }

    /// The viewer's alerts, newest first.
    pub async fn alerts(&self, viewer: &Viewer) -> Result<Vec<Alert>> {
        store::alerts(&self.inner.db, viewer.account, MAX_ALERTS).await
    }

    /// Content of the alerts page.
    pub async fn page(&self, viewer: &Viewer) -> Result<AlertsPage> {
        let channels = self.inner.communities.visible_channels(viewer).await?;
        let channels = channels.into_iter();
        Ok(AlertsPage {
            alerts: self.alerts(viewer).await?,
            channels: channels
                .map(|(channel, _)| (channel.id, channel.name))
                .collect(),
        })
    }

    /// Creates an alert. It stores the current price and triggers when the price changes sides.
    ///
    /// # Errors
    /// The errors of [`rules::check`] and [`Watchlists::meant`]; `not-found` and `forbidden` for a
    /// channel in which the viewer cannot write; `too-many-alerts`.
    pub async fn create(&self, viewer: &Viewer, input: &AlertInput) -> Result<Alert> {
        let once = Once::of(viewer.account, "alerts.create", input)?;
        if let Some(made) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(made);
        }
        let now = self.inner.markets.clock(time::now()).await?;
        let checked = rules::check(input, now)?;
        self.make(viewer, AlertId::new(), &input.symbol, checked, once)
            .await
    }

    /// Creates a checked alert, once per id and idempotency key.
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
        let markets = self.inner.markets.requested_by(viewer);
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

    /// Deletes an alert; its notifications stay.
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

    /// Activates an inactive alert; an active one does not change. Removes an expiry in the past.
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
        let markets = self.inner.markets.requested_by(viewer);
        let quote = quote_now(&markets, &alert.symbol).await;
        let scaled = scaled_now(&markets, &alert, quote.as_ref()).await;
        let condition = scaled.map_or(alert.condition, |(condition, _)| condition);
        let seen = seen_now(&markets, quote.as_ref(), &condition).await;
        let now = self.inner.markets.clock(time::now()).await?;
        let expires_at = alert.expires_at.filter(|end| *end > now);
        let key = (id, alert.armed);
        let job = move |tx: Tx| async move {
            if let Some((condition, split_on)) = scaled
                && let Some(value) = condition.value
            {
                store::adjust(&tx, &[(key, value)], split_on).await?;
            }
            // Returns false if another request has activated it, or it is deleted.
            store::arm(&tx, account, id, seen.as_ref(), expires_at).await?;
            let alert = store::alert(&tx, account, id).await?;
            alert.ok_or_else(Error::not_found)
        };
        self.inner.db.write(account.0, job).await
    }
}

/// The current quote of a symbol. None: unknown.
async fn quote_now(markets: &markets::Service, symbol: &str) -> Option<Quote> {
    markets.quote(symbol).await.ok().flatten()
}

/// The side of the condition that the current price is on. None: unknown.
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

/// The condition of an inactive alert adjusted to splits, with the day of the last one. None:
/// unchanged.
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

/// The price history of a symbol, for alerts.
async fn past_of(markets: &markets::Service, symbol: &str) -> Result<Past> {
    let history = markets.history(symbol).await?;
    Ok(history.as_deref().map(Past::of).unwrap_or_default())
}

/// Daily closes of a symbol, oldest first, and the splits that they are adjusted to.
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

    /// A reading with this history. On the day of a split it has no change, because the previous
    /// close may be unadjusted.
    fn reading<'a>(&'a self, quote: &Quote) -> Reading<'a> {
        let reading = Reading::of(quote, &self.closes);
        let split = self.splits.iter().any(|split| split.date == quote.date);
        Reading {
            change: reading.change.filter(|_| !split),
            ..reading
        }
    }
}

/// What an alert stores of the first price.
fn first_look(condition: &Condition, reading: &Reading<'_>) -> Option<Seen> {
    match rules::step(condition, None, reading) {
        Outcome::Stays(seen) | Outcome::Fires(seen) => Some(seen),
        Outcome::Older => None,
    }
}
