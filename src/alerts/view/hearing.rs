//! What is heard of alerts, and of what else members are told, on every page of somebody who is signed in.

use super::tellers::Said;
use super::words::notice_text;
use crate::alerts::rpc::load_standing;
use crate::alerts::{AlertFired, AlertsSeen, Told};
use crate::markets::view::instrument_path;
use crate::realtime::{Client, Envelope, Event, Heard, Scope, Topic};
use crate::ui::later::NotLoaded;
use crate::ui::{Toasts, Unseen, t};
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};
use std::pin::Pin;

/// What a feature tells, in words, once these are there; none: nobody here knows its kind.
pub type Words = Pin<Box<dyn Future<Output = Result<Option<Said>, NotLoaded>>>>;

/// Where alerts are.
const ALERTS: &str = "/markets/alerts";

/// Hears of the alerts of whoever is signed in, for as long as the page is there: a notice for each
/// that fires, and the count of those that were not seen. What features tell is heard the same way.
pub fn listen(words: fn(Envelope) -> Words) {
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
                            hear(&update, (unseen, toasts), words);
                        }
                        connected.set_value(connected.get_value() || complete);
                    },
                );
            });
        });
    });
}

fn hear(update: &Heard, (unseen, toasts): (Unseen, Toasts), words: fn(Envelope) -> Words) {
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
            if envelope.kind == AlertFired::KIND {
                unseen.one_more();
                tell(notice((**envelope).clone()), toasts);
            }
            if envelope.kind == Told::KIND {
                unseen.one_more();
                let said = words((**envelope).clone());
                let said = async { Ok(said.await?.map(|said| (said.text, said.place.to_owned()))) };
                tell(said, toasts);
            }
            if let Some(seen) = envelope.read::<AlertsSeen>() {
                unseen.count.set(seen.unseen);
            }
        }
        Heard::Heartbeat { .. } => {}
    }
}

/// Says what was told and leads to it; where the words cannot be had, only that something was.
fn tell(
    words: impl Future<Output = Result<Option<(String, String)>, NotLoaded>> + 'static,
    toasts: Toasts,
) {
    spawn_local(async move {
        match words.await {
            Ok(Some((text, place))) => toasts.with_link(text, t("alert-look"), place),
            Ok(None) => {}
            Err(_) => toasts.with_link(t("markets-alerts"), t("alert-look"), ALERTS.to_owned()),
        }
    });
}

/// The door to the words of a notice and where it leads: alerts are rare.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible)]
fn notice(event: Envelope) -> Result<Option<(String, String)>, NotLoaded> {
    let fired = event.read::<AlertFired>();
    Ok(fired.map(|AlertFired { notice }| (notice_text(&notice), instrument_path(&notice.symbol))))
}
