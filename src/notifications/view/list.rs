//! The list of notifications.

use super::{NotificationRenderers, PLACE};
use crate::feature::NotificationText;
use crate::notifications::rpc::{SeeNotifications, see_notifications};
use crate::notifications::{Notification, NotificationPage};
use crate::ui::later::Later;
use crate::ui::{Button, Moment, pager, t};
use futures_util::FutureExt;
use leptos::{prelude::*, task::spawn_local};

/// Notifications, newest first. Showing them marks them as seen.
pub fn notification_list(page: &NotificationPage) -> AnyView {
    let Some(latest) = page.notifications.first().map(|one| one.id) else {
        return ().into_any();
    };
    let any_new = page.notifications.iter().any(|one| !one.seen);
    let see = ServerAction::<SeeNotifications>::new();
    Effect::new(move || {
        if any_new && !document().hidden() {
            spawn_local(async move {
                // If this fails, the next visit marks them.
                let _later = see_notifications(latest, None).await;
            });
        }
    });
    let renderers = NotificationRenderers::of_context();
    let lines = page.notifications.iter().filter_map(|one| {
        let text = loaded_text(renderers.text_of(one)?);
        let one = one.clone();
        Some(move || text.get().map(|said| line(&one, said)))
    });
    let lines = lines.collect_view();
    // For pages without scripts.
    let by_hand = any_new.then(|| {
        let alive = RwSignal::new(false);
        Effect::new(move || alive.set(true));
        view! {
            <div hidden=move || alive.get()>
                <ActionForm action=see>
                    <input type="hidden" name="up_to" value=latest.to_string() />
                    <Button submit=true>{t("notification-see-all")}</Button>
                </ActionForm>
            </div>
        }
    });
    let next = page.next;
    let next = next.map(|next| format!("{PLACE}?before={next}"));
    view! {
        <div class="setting">
            <h3>{t("notification-title")}</h3>
            <ul class="notifications">{lines}</ul>
            {pager(next, t("notification-older"))}
            {by_hand}
        </div>
    }
    .into_any()
}

/// The text of a notification: at once if its part is loaded, else when it is.
fn loaded_text(mut text: Later<Option<NotificationText>>) -> RwSignal<Option<NotificationText>> {
    match (&mut text).now_or_never() {
        Some(loaded) => RwSignal::new(loaded.ok().flatten()),
        None => {
            let later = RwSignal::new(None);
            spawn_local(async move {
                if let Ok(loaded) = text.await {
                    let _gone = later.try_set(loaded);
                }
            });
            later
        }
    }
}

fn line(notification: &Notification, said: NotificationText) -> AnyView {
    let NotificationText {
        text,
        place,
        details,
    } = said;
    let quiet = |text: String| view! { <span class="fine-print">{text}</span> };
    let fresh = !notification.seen;
    view! {
        <li class="notification" class:fresh=fresh>
            {fresh.then(|| view! { <span class="count">{t("notification-new")}</span> })}
            <a href=place>{text}</a>
            <span class="fine-print">
                <Moment at=notification.created_at />
            </span>
            {details.into_iter().map(quiet).collect_view()}
        </li>
    }
    .into_any()
}
