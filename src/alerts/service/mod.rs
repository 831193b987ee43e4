//! What happens with alerts: they belong to one account, and nobody else learns of them.

mod asking;
mod copy;
mod firing;
pub(super) mod posting;
mod watcher;

pub use watcher::Watcher;

use super::model::{Alert, AlertState, AlertsPage, AlertsSeen, Draft, Standing};
use super::rules::{self, Checked, Outcome, Reading, Seen};
use super::{Condition, store};
use crate::accounts::{self, Viewer};
use crate::chat;
use crate::communities::{self, rules::Permissions};
use crate::markets::{self, Quote, Watchlists};
use crate::platform::database::{Database, Tx};
use crate::realtime::{Scope, Topic, bus::Published, bus::SharedBus};
use crate::shared::{AccountId, AlertId, Error, NoticeId, Result, json::number, time};
use chrono::NaiveDate;
use std::sync::Arc;

/// Most alerts of an account.
const MAX_ALERTS: u64 = 200;
/// Notices that the page shows.
const SHOWN: u64 = 50;
/// The most unseen notices that are told.
const MAX_UNSEEN: u64 = 1_000;

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
    /// What posts.
    pub chat: chat::Service,
    /// Prices.
    pub markets: markets::Service,
    /// What finds an instrument by its name.
    pub watchlists: Watchlists,
}

impl Service {
    /// Starts the service; alerts are part of the copy that somebody takes along, and go with their
    /// account.
    #[must_use]
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
        service.copy_with_accounts();
        service.erase_with_accounts();
        service
    }

    /// The viewer's alerts, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alerts(&self, viewer: &Viewer) -> Result<Vec<Alert>> {
        store::alerts(&self.inner.db, viewer.account, MAX_ALERTS).await
    }

    /// What the page of alerts shows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, viewer: &Viewer) -> Result<AlertsPage> {
        let channels = self.inner.communities.visible_channels(viewer).await?;
        let channels = channels.into_iter();
        Ok(AlertsPage {
            alerts: self.alerts(viewer).await?,
            notices: store::notices(&self.inner.db, viewer.account, None, SHOWN).await?,
            channels: channels
                .map(|(channel, _)| (channel.id, channel.name))
                .collect(),
        })
    }

    /// How much the viewer was told and has not seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standing(&self, viewer: &Viewer) -> Result<Standing> {
        Ok(Standing {
            account: viewer.account,
            unseen: shown(store::unseen(&self.inner.db, viewer.account).await?),
        })
    }

    /// Notes that the viewer has seen what they were told, up to a notice.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn see(&self, viewer: &Viewer, up_to: NoticeId) -> Result<()> {
        let account = viewer.account;
        let bus = Arc::clone(&self.inner.bus);
        let job = move |tx: Tx| async move {
            if store::see(&tx, account, up_to, time::now()).await? == 0 {
                return Ok(());
            }
            let unseen = shown(store::unseen(&tx, account).await?);
            let event = Published::new(topic(account), 0, 0, &AlertsSeen { unseen })?;
            tx.after_commit(move || bus.publish(event));
            Ok(())
        };
        self.inner.db.write(account.0, job).await
    }

    /// Makes an alert. The price of now is what it saw: it fires when that changes sides.
    ///
    /// # Errors
    /// What [`rules::check`] and [`Watchlists::meant`] say; `not-found` and `forbidden` for a
    /// channel in which the viewer may not write; `too-many-alerts`.
    pub async fn create(&self, viewer: &Viewer, draft: &Draft) -> Result<Alert> {
        let checked = rules::check(draft, time::now())?;
        self.make(viewer, AlertId::new(), &draft.symbol, checked)
            .await
    }

    /// Makes an alert of what was checked, once under each id.
    async fn make(
        &self,
        viewer: &Viewer,
        id: AlertId,
        instrument: &str,
        checked: Checked,
    ) -> Result<Alert> {
        let account = viewer.account;
        if let Some(channel) = checked.channel {
            let access = self.inner.communities.access(viewer, channel).await;
            let access = access.map_err(|error| error.with("field", "channel"))?;
            if !access.permissions.allow(Permissions::SEND) {
                return Err(Error::forbidden().with("field", "channel"));
            }
        }
        let symbol = self.inner.watchlists.meant(viewer, instrument).await?;
        let seen = self.seen_now(viewer, &symbol, &checked.condition).await;
        let alert = Alert {
            id,
            symbol,
            condition: checked.condition,
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
                    format!("An account has at most {MAX_ALERTS} alerts"),
                )
                .with("max", MAX_ALERTS));
            }
            let stand = seen.and_then(|seen| seen.stand);
            store::insert(&tx, account, &alert, stand).await?;
            Ok(alert)
        };
        self.inner.db.write(account.0, job).await
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
        let seen = self.seen_now(viewer, &alert.symbol, &alert.condition).await;
        let expires_at = alert.expires_at.filter(|end| *end > time::now());
        let job = move |tx: Tx| async move {
            // False: somebody was quicker, or it is gone.
            store::arm(&tx, account, id, seen.as_ref(), expires_at).await?;
            let alert = store::alert(&tx, account, id).await?;
            alert.ok_or_else(Error::not_found)
        };
        self.inner.db.write(account.0, job).await
    }

    /// Where an instrument stands now; none: nobody can tell.
    async fn seen_now(&self, viewer: &Viewer, symbol: &str, condition: &Condition) -> Option<Seen> {
        let markets = self.inner.markets.asked_by(viewer);
        let quote = markets.quote(symbol).await.ok().flatten()?;
        let closes = if condition.kind.needs_history() {
            closes(&markets, symbol).await.ok()?
        } else {
            Vec::new()
        };
        first_look(condition, &quote, &closes)
    }
}

/// The days of an instrument with their closes.
async fn closes(markets: &markets::Service, symbol: &str) -> Result<Vec<(NaiveDate, f64)>> {
    let history = markets.history(symbol).await?;
    let bars = history.as_ref().map_or(&[][..], |history| &history.bars);
    Ok(bars
        .iter()
        .map(|bar| (bar.date, number(bar.close)))
        .collect())
}

/// What an alert remembers of the first price that it sees.
fn first_look(condition: &Condition, quote: &Quote, closes: &[(NaiveDate, f64)]) -> Option<Seen> {
    match rules::step(condition, None, &Reading::of(quote, closes)) {
        Outcome::Stays(seen) | Outcome::Fires(seen) => Some(seen),
        Outcome::Older => None,
    }
}

fn shown(unseen: u64) -> u32 {
    u32::try_from(unseen.min(MAX_UNSEEN)).unwrap_or(0)
}

fn topic(account: AccountId) -> Topic {
    Topic::new(Scope::Account, account.0)
}
