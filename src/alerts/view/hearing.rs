//! What is heard of alerts, and of what else members are told, on every page of somebody who is signed in.

use super::tellers::Tellers;
use super::words::notice_text;
use crate::alerts::rpc::load_standing;
use crate::alerts::{AlertFired, AlertsSeen, Told};
use crate::markets::view::instrument_path;
use crate::realtime::{Client, Heard, Scope, Topic};
use crate::ui::{Toasts, Unseen, t};
use leptos::{prelude::*, task::spawn_local};

/// Hears of the alerts of whoever is signed in, for as long as the page is there: a notice for each
/// that fires, and the count of those that were not seen. What features tell is heard the same way.
pub fn listen(tellers: Tellers) {
    let unseen = Unseen::provide();
    let client = Client::of_context();
    let toasts = Toasts::of_context();
    let owner = Owner::current().unwrap_or_default();
    Effect::new(move || {
        let owner = owner.clone();
        spawn_local(async move {
            let Ok(Some(standing)) = load_standing().await else {
                return;
            };
            unseen.count.try_set(standing.unseen);
            owner.with(|| {
                client.open(standing.account.0);
                let topic = Topic::new(Scope::Account, standing.account.0);
                let connected = StoredValue::new(false);
                client.listen(
                    topic,
                    || None,
                    move |update| {
                        let complete = matches!(update, Heard::Complete { .. });
                        // The first time nothing was missed.
                        if !complete || connected.get_value() {
                            hear(&update, (unseen, toasts, tellers));
                        }
                        connected.set_value(connected.get_value() || complete);
                    },
                );
            });
        });
    });
}

fn hear(update: &Heard, (unseen, toasts, tellers): (Unseen, Toasts, Tellers)) {
    match update {
        // With every connection: what was missed.
        Heard::Complete { .. } | Heard::Reset => {
            spawn_local(async move {
                let Ok(Some(standing)) = load_standing().await else {
                    return;
                };
                if unseen.count.try_get_untracked() != Some(standing.unseen) {
                    unseen.count.try_set(standing.unseen);
                    unseen
                        .heard
                        .try_update(|heard| *heard = heard.wrapping_add(1));
                }
            });
        }
        Heard::Event(envelope) => {
            if let Some(fired) = envelope.read::<AlertFired>() {
                unseen.one_more();
                let place = instrument_path(&fired.notice.symbol);
                toasts.with_link(notice_text(&fired.notice), t("alert-look"), place);
            }
            if let Some(told) = envelope.read::<Told>() {
                unseen.one_more();
                if let Some(said) = tellers.said(&told.tiding) {
                    toasts.with_link(said.text, t("alert-look"), said.place);
                }
            }
            if let Some(seen) = envelope.read::<AlertsSeen>() {
                unseen.count.set(seen.unseen);
            }
        }
        Heard::Heartbeat { .. } => {}
    }
}
