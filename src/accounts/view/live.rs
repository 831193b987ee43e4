//! Preferences that change on other pages and devices while this page is open.

use crate::accounts::{PreferencesChanged, rpc};
use crate::realtime::{Client, Heard, Scope, Topic};
use crate::shared::{AccountId, Error};
use crate::ui::{Zone, preferences::Preferences};
use leptos::task::spawn_local;
use std::sync::atomic::{AtomicU32, Ordering};

/// Number of this page's changes without a response; events in the meantime are older.
static STORING: AtomicU32 = AtomicU32::new(0);

/// Applies changed preferences of the account until the surrounding component is disposed.
pub fn follow_preferences(client: Client, account: AccountId, rev: i64) {
    let zone = Zone::of_context();
    let topic = Topic::new(Scope::Account, account.0);
    client.follow(topic, rev, move |update| {
        let Heard::Event(envelope) = update else {
            return;
        };
        if let Some(changed) = envelope.read::<PreferencesChanged>()
            && STORING.load(Ordering::Relaxed) == 0
            && changed.preferences != Preferences::current()
        {
            changed.preferences.save();
            zone.refresh();
        }
    });
}

/// Stores all preferences in the account, since requests can arrive out of order.
pub(super) fn store(preferences: &Preferences, refused: impl FnOnce(Error) + 'static) {
    let all = Preferences::NAMES.map(|name| (name.to_owned(), preferences.get(name).to_owned()));
    STORING.fetch_add(1, Ordering::Relaxed);
    spawn_local(async move {
        let stored = rpc::set_preferences(all.into()).await;
        STORING.fetch_sub(1, Ordering::Relaxed);
        if let Err(error) = stored {
            refused(error);
        }
    });
}
