//! Live notifications on every page of a signed-in member.

use super::renderers::NotificationText;
use super::words::notification_text;
use crate::alerts::rpc::load_unseen;
use crate::alerts::{AlertFired, AlertsSeen, Notified};
use crate::markets::view::instrument_path;
use crate::realtime::{Client, Envelope, Event, Heard, Scope, Topic};
use crate::ui::later::NotLoaded;
use crate::ui::{Toasts, Unseen, t};
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};
use std::pin::Pin;

/// The text of a notification, once its part is loaded. None: unknown kind.
pub type Words = Pin<Box<dyn Future<Output = Result<Option<NotificationText>, NotLoaded>>>>;

/// Path of the alerts page.
const ALERTS: &str = "/markets/alerts";

/// Listens for the account's notifications as long as the page is open: shows a toast for each and
/// updates the unseen count.
pub fn listen(words: fn(Envelope) -> Words) {
    let unseen = Unseen::provide();
    let client = Client::of_context();
    let toasts = Toasts::of_context();
    let owner = Owner::current().unwrap_or_default();
    Effect::new(move || {
        let owner = owner.clone();
        spawn_local(async move {
            let Ok(Some(standing)) = load_unseen().await else {
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
                        // Nothing was missed before the first connection.
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
        // After each connection: loads what was missed.
        Heard::Complete { .. } | Heard::Reset => {
            spawn_local(async move {
                let Ok(Some(standing)) = load_unseen().await else {
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
                tell(alert_notification((**envelope).clone()), toasts);
            }
            if envelope.kind == Notified::KIND {
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

/// Shows a toast with a link; a general one if the text fails to load.
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

/// Split point of the notification's text and path, because alerts are rare.
#[wasm_split(cards, wasm_split_path = ::leptos::wasm_split, fallible)]
fn alert_notification(event: Envelope) -> Result<Option<(String, String)>, NotLoaded> {
    let fired = event.read::<AlertFired>();
    Ok(fired.map(|AlertFired { alert_notification }| {
        (
            notification_text(&alert_notification),
            instrument_path(&alert_notification.symbol),
        )
    }))
}
