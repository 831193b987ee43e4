//! Checks one price against all active alerts of its symbol.

use super::{Past, Service, past_of};
use crate::accounts;
use crate::alerts::model::{Alert, AlertNotification, Posting};
use crate::alerts::rules::{self, Outcome, Reading, Seen};
use crate::alerts::store::{self, Due, Post};
use crate::communities::{self, rules::Permissions};
use crate::markets::{Quote, Source};
use crate::notifications::NewNotification;
use crate::platform::database::Tx;
use crate::shared::{AlertId, Result, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

/// Number of alerts checked per page.
const PAGE: u64 = 200;

/// Results of a page of alerts.
#[derive(Default)]
struct Verdict {
    /// Alerts that do not trigger, grouped by what they store.
    stay: Vec<(Seen, Vec<(AlertId, i32)>)>,
    /// Alerts that trigger.
    fire: Vec<Due>,
    /// What the triggered alerts store.
    seen: Option<Seen>,
    /// Alerts with a value adjusted to a split.
    adjusted: Vec<((AlertId, i32), Decimal)>,
    /// The day of that split.
    split_on: Option<NaiveDate>,
}

impl Service {
    /// Checks a price against all alerts of its symbol that have not seen it.
    ///
    /// # Errors
    /// The database fails, or an alert needs the price history and it fails to load.
    pub(in crate::alerts) async fn evaluate(&self, symbol: &str, quote: &Quote) -> Result<()> {
        let at = rules::at(quote);
        let price = quote.price.normalize();
        let mut past = None;
        let mut after = Uuid::nil();
        loop {
            let page = store::due(&self.inner.db, symbol, price, at, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.alert.id.0;
            if past.is_none() && page.iter().any(|due| asks_past(due, quote)) {
                past = match past_of(&self.inner.markets, symbol).await {
                    Ok(found) => Some(found),
                    Err(error) if page.iter().any(needs_history) => return Err(error),
                    // Continues without the history: splits are rare, and a crash of the price must
                    // notify.
                    Err(_) => None,
                };
            }
            let verdict = judge(page, quote, past.as_ref().unwrap_or(&Past::default()));
            self.carry_out(verdict, quote.source).await?;
        }
    }

    /// Stores the results in one transaction.
    async fn carry_out(&self, verdict: Verdict, source: Source) -> Result<()> {
        let accounts: Vec<_> = verdict.fire.iter().map(|due| due.account).collect();
        // Profiles are loaded before the transaction.
        let profiles = self.inner.accounts.profiles(&accounts).await?;
        let kinds: HashMap<_, _> = profiles
            .into_iter()
            .map(|(account, profile)| (account, profile.kind))
            .collect();
        let now = time::now();
        let clock = self.inner.markets.clock(now).await?;
        let service = self.clone();
        let job = move |tx: Tx| async move {
            if let Some(split_on) = verdict.split_on {
                store::adjust(&tx, &verdict.adjusted, split_on).await?;
            }
            for (seen, alerts) in &verdict.stay {
                store::remember(&tx, alerts, seen).await?;
            }
            let Some(seen) = verdict.seen else {
                return Ok(());
            };
            let asked: Vec<_> = verdict.fire.iter().map(key).collect();
            let fired = store::fire(&tx, &asked, &seen, now, clock).await?;
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
            let owners: Vec<_> = pairs.iter().map(|(_, account, _)| *account).collect();
            let active = accounts::Service::may_act(&tx, &owners).await?;
            let mut notifications = Vec::with_capacity(fired.len());
            let mut posts = Vec::new();
            for Due { account, alert, .. } in fired {
                let subject = format!("{}:{}", alert.id, alert.armed);
                let channel = alert.channel_id;
                let sends = channel.is_some_and(|channel| {
                    let may = may.get(&(channel, account));
                    may.is_some_and(|may| may.allow(Permissions::SEND)) && active.contains(&account)
                });
                let posting = match channel {
                    None => Posting::None,
                    Some(_) if sends => Posting::Waiting,
                    Some(_) => Posting::Refused,
                };
                let body = body(alert, &seen, source, posting);
                let kind = AlertNotification::KIND;
                let new = NewNotification::new(account, kind, subject.clone(), &body)?;
                notifications.push(new);
                if let Some(channel) = channel.filter(|_| sends) {
                    posts.push(Post {
                        id: Uuid::now_v7(),
                        account,
                        channel,
                        subject,
                        notification: body,
                    });
                }
            }
            store::insert_posts(&tx, &posts).await?;
            service.inner.notifications.notify(&tx, notifications).await
        };
        self.inner.db.write(Uuid::nil(), job).await
    }
}

fn key(due: &Due) -> (AlertId, i32) {
    (due.alert.id, due.alert.armed)
}

fn needs_history(due: &Due) -> bool {
    due.alert.condition.kind.needs_history()
}

fn asks_past(due: &Due, quote: &Quote) -> bool {
    let reading = Reading::of(quote, &[]);
    rules::asks_past(due.alert.condition.kind, due.seen.as_ref(), &reading)
}

/// Checks each alert of a page.
fn judge(page: Vec<Due>, quote: &Quote, past: &Past) -> Verdict {
    let reading = past.reading(quote);
    let comparable = rules::is_comparable(&reading, &past.splits);
    let today = reading.at.date();
    let mut verdict = Verdict::default();
    for mut due in page {
        if needs_history(&due) && !comparable {
            continue;
        }
        let seen = due.seen.filter(|seen| seen.at.date() < today);
        let scaled = seen.and_then(|seen| {
            let condition = &due.alert.condition;
            rules::rescaled(condition, seen.at.date(), today, &past.splits)
        });
        if let Some((condition, split_on)) = scaled
            && let Some(value) = condition.value
        {
            verdict.adjusted.push((key(&due), value));
            verdict.split_on = Some(split_on);
            due.alert.condition = condition;
        }
        match rules::step(&due.alert.condition, due.seen.as_ref(), &reading) {
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

fn body(alert: Alert, seen: &Seen, source: Source, posting: Posting) -> AlertNotification {
    AlertNotification {
        alert_id: alert.id,
        symbol: alert.symbol,
        condition: alert.condition,
        price: seen.price,
        price_at: seen.at,
        source,
        note: alert.note,
        posting,
    }
}
