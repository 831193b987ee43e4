//! Live notifications on every page of a signed-in member.

use super::{NotificationRenderers, PLACE, Unseen};
use crate::accounts::AccountChanged;
use crate::accounts::view::follow_preferences;
use crate::notifications::rpc::load_unseen;
use crate::notifications::{NOTIFICATIONS, Notification, NotificationCreated, NotificationsSeen};
use crate::realtime::{Client, Heard, Scope, Topic};
use crate::ui::later::load_until_done;
use crate::ui::{Toasts, t};
use leptos::{prelude::*, task::spawn_local};

/// Listens for the account's notifications as long as the page is open: shows a toast for each and
/// updates the unseen count.
pub fn listen() {
    let renderers = StoredValue::new(NotificationRenderers::of_context());
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
                follow_preferences(client, standing.account, standing.rev);
                let topic = Topic::new(Scope::Account, standing.account.0);
                client.follow(topic, standing.rev, move |update| {
                    hear(&update, (unseen, toasts), renderers);
                });
            });
        });
    });
}

fn hear(
    update: &Heard,
    (unseen, toasts): (Unseen, Toasts),
    renderers: StoredValue<NotificationRenderers>,
) {
    match update {
        Heard::Reset { .. } => count_again(unseen),
        Heard::Event(envelope) => {
            if let Some(created) = envelope.read::<NotificationCreated>() {
                unseen.one_more();
                tell(&created.notification, toasts, renderers);
            } else if let Some(seen) = envelope.read::<NotificationsSeen>() {
                unseen.count.set(seen.unseen);
            } else if let Some(changed) = envelope.read::<AccountChanged>()
                && changed.kinds.iter().any(|kind| kind == NOTIFICATIONS)
            {
                count_again(unseen);
            }
        }
        Heard::Complete { .. } | Heard::Heartbeat { .. } => {}
    }
}

/// Loads the unseen count: events were missed.
fn count_again(unseen: Unseen) {
    load_until_done(load_unseen, move |standing| {
        let Some(standing) = standing else { return };
        if unseen.count.try_get_untracked() != Some(standing.unseen) {
            unseen.count.try_set(standing.unseen);
            unseen
                .heard
                .try_update(|heard| *heard = heard.wrapping_add(1));
        }
    });
}

/// Shows a toast with a link; a general one if the text fails to load.
fn tell(
    notification: &Notification,
    toasts: Toasts,
    renderers: StoredValue<NotificationRenderers>,
) {
    let text = renderers.try_with_value(|renderers| renderers.text_of(notification));
    let Some(text) = text.flatten() else {
        return;
    };
    spawn_local(async move {
        let (text, place) = match text.await {
            Ok(Some(said)) => (said.text, said.place),
            Ok(None) => return,
            Err(_) => (t("notification-title"), PLACE.to_owned()),
        };
        toasts.with_link(text, t("notification-view"), place);
    });
}
