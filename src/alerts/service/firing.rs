//! One price held against all alerts that wait for it.

use super::{Service, topic};
use crate::alerts::model::{AlertFired, Notice, Posting};
use crate::alerts::rules::{self, Outcome, Reading, Seen};
use crate::alerts::store::{self, Due, Fired};
use crate::communities::{self, rules::Permissions};
use crate::markets::{Quote, Source};
use crate::platform::database::Tx;
use crate::realtime::bus::{Published, SharedBus};
use crate::shared::{AlertId, NoticeId, Result, time};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Alerts that are looked at at once.
const PAGE: u64 = 200;

/// What a page of alerts comes to.
#[derive(Default)]
struct Verdict {
    /// Those that stay, by the side that they are on.
    stay: Vec<(Seen, Vec<(AlertId, i32)>)>,
    /// Those that fire.
    fire: Vec<Due>,
    /// What these see.
    seen: Option<Seen>,
}

impl Service {
    /// Holds a price against all alerts of its symbol that have not seen it.
    ///
    /// # Errors
    /// When the database fails, or the past cannot be had that some alert needs.
    pub(in crate::alerts) async fn hold_against(&self, symbol: &str, quote: &Quote) -> Result<()> {
        let at = rules::at(quote);
        let price = quote.price.normalize();
        let mut closes = None;
        let mut after = Uuid::nil();
        loop {
            let page = store::due(&self.inner.db, symbol, price, at, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.alert.id.0;
            let needed = page
                .iter()
                .any(|due| due.alert.condition.kind.needs_history());
            if needed && closes.is_none() {
                closes = Some(super::closes(&self.inner.markets, symbol).await?);
            }
            let reading = Reading::of(quote, closes.as_deref().unwrap_or_default());
            let verdict = judge(page, &reading);
            self.carry_out(verdict, quote.source).await?;
        }
    }

    /// Remembers and fires in one transaction.
    async fn carry_out(&self, verdict: Verdict, source: Source) -> Result<()> {
        let accounts: Vec<_> = verdict.fire.iter().map(|due| due.account).collect();
        // Who they are is asked for before the transaction.
        let profiles = self.inner.accounts.profiles(&accounts).await?;
        let kinds: HashMap<_, _> = profiles
            .into_iter()
            .map(|(account, profile)| (account, profile.kind))
            .collect();
        let bus = Arc::clone(&self.inner.bus);
        let job = move |tx: Tx| async move {
            for (seen, alerts) in &verdict.stay {
                store::remember(&tx, alerts, seen).await?;
            }
            let Some(seen) = verdict.seen else {
                return Ok(());
            };
            let asked: Vec<_> = verdict.fire.iter().map(key).collect();
            let fired = store::fire(&tx, &asked, &seen, time::now()).await?;
            let fired: Vec<_> = verdict
                .fire
                .into_iter()
                .filter(|due| fired.contains(&due.alert.id))
                .collect();
            let pairs: Vec<_> = fired
                .iter()
                .filter_map(|due| {
                    let kind = kinds.get(&due.account)?;
                    Some((due.alert.channel_id?, due.account, *kind))
                })
                .collect();
            let may = communities::Service::permissions_of(&tx, &pairs).await?;
            let notices = fired.into_iter().map(|due| {
                let posting = match due.alert.channel_id {
                    None => Posting::None,
                    Some(channel) => {
                        let may = may.get(&(channel, due.account));
                        let may = may.is_some_and(|may| may.allow(Permissions::SEND));
                        if may {
                            Posting::Waiting
                        } else {
                            Posting::Refused
                        }
                    }
                };
                notice(due, &seen, source, posting)
            });
            tell(&tx, bus, notices.collect()).await
        };
        self.inner.db.write(Uuid::nil(), job).await
    }
}

fn key(due: &Due) -> (AlertId, i32) {
    (due.alert.id, due.alert.armed)
}

/// What becomes of each alert of a page.
fn judge(page: Vec<Due>, reading: &Reading<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for due in page {
        match rules::step(&due.alert.condition, due.seen.as_ref(), reading) {
            Outcome::Older => {}
            Outcome::Fires(seen) => {
                verdict.seen = Some(seen);
                verdict.fire.push(due);
            }
            Outcome::Stays(seen) => {
                let same = verdict.stay.iter_mut().find(|(known, _)| *known == seen);
                match same {
                    Some((_, alerts)) => alerts.push(key(&due)),
                    None => verdict.stay.push((seen, vec![key(&due)])),
                }
            }
        }
    }
    verdict
}

fn notice(due: Due, seen: &Seen, source: Source, posting: Posting) -> Fired {
    let Due { account, alert, .. } = due;
    Fired {
        account,
        armed: alert.armed,
        channel: alert.channel_id,
        notice: Notice {
            id: NoticeId::new(),
            alert_id: alert.id,
            symbol: alert.symbol,
            condition: alert.condition,
            price: seen.price,
            price_at: seen.at,
            source,
            note: alert.note,
            posting,
            created_at: time::now(),
            seen: false,
        },
    }
}

/// Writes the notices down, and publishes them after the commit.
async fn tell(tx: &Tx, bus: SharedBus, fired: Vec<Fired>) -> Result<()> {
    if fired.is_empty() {
        return Ok(());
    }
    store::insert_notices(tx, &fired).await?;
    let mut events = Vec::with_capacity(fired.len());
    for Fired {
        account, notice, ..
    } in fired
    {
        events.push(Published::new(
            topic(account),
            0,
            0,
            &AlertFired { notice },
        )?);
    }
    tx.after_commit(move || events.into_iter().for_each(|event| bus.publish(event)));
    Ok(())
}
