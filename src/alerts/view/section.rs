//! The page of alerts and notifications.

use super::form::AlertForm;
use super::renderers::{NotificationRenderers, NotificationText};
use super::words::{condition_text, notification_text};
use crate::alerts::rpc::{ArmAlert, DeleteAlert, SeeAlerts, load_alerts, see_alerts};
use crate::alerts::{Alert, AlertNotification, AlertState, AlertsPage, Notification, Posting};
use crate::markets::view::{instrument_path, price};
use crate::shared::{ChannelId, Error, NotificationId, Timestamp};
use crate::ui::table::{when_loaded, wide};
use crate::ui::time::date_short;
use crate::ui::{Button, Icon, IconName, Moment, Toasts, Unseen, error_text, figure, t, t_with};
use leptos::{prelude::*, task::spawn_local};

/// Counts changes made on the page; a copy shares the state.
#[derive(Clone, Copy)]
pub(super) struct Changes(RwSignal<usize>);

impl Changes {
    /// Signals a change: the page loads its data again.
    pub(super) fn made(self) {
        self.0.update(|count| *count += 1);
    }
}

/// Notifications, alerts and the form.
#[component]
pub fn AlertsSection() -> impl IntoView {
    let changes = Changes(RwSignal::new(0));
    provide_context(changes);
    let unseen = Unseen::of_context();
    let loaded = Resource::new_blocking(
        move || (changes.0.get(), unseen.heard.get()),
        |_| load_alerts(),
    );
    view! {
        {when_loaded(loaded, whole)}
    }
    .into_any()
}

fn whole(page: AlertsPage) -> AnyView {
    let AlertsPage {
        alerts,
        alert_notifications,
        notifications,
        channels,
    } = page;
    let told = told(&alert_notifications, &notifications);
    let form = view! { <AlertForm channels=channels.clone() /> };
    if alerts.is_empty() {
        return view! {
            {told}
            <div class="setting">
                <h3>{t("alerts-empty")}</h3>
                <p class="section-note">{t("alerts-empty-note")}</p>
                {form}
            </div>
        }
        .into_any();
    }
    view! {
        {told}
        {table(&alerts, &channels)}
        <details class="setting">
            <summary class="button quiet">
                <Icon name=IconName::Plus />
                {t("alert-new")}
            </summary>
            {form}
        </details>
    }
    .into_any()
}

/// Notifications, newest first. Showing them marks them as seen.
fn told(alert_notifications: &[AlertNotification], notifications: &[Notification]) -> AnyView {
    let mut all = all_told(alert_notifications, notifications);
    all.sort_by_key(|one| std::cmp::Reverse(one.id));
    let Some(latest) = all.first().map(|one| one.id) else {
        return ().into_any();
    };
    let any_new = all.iter().any(|one| one.fresh);
    let see = ServerAction::<SeeAlerts>::new();
    Effect::new(move || {
        if any_new && !document().hidden() {
            spawn_local(async move {
                // If this fails, the next visit marks them.
                let _later = see_alerts(latest).await;
            });
        }
    });
    let lines = all.into_iter().map(|one| {
        let quiet = |text: String| view! { <span class="ledger-quiet">{text}</span> };
        let fresh = one.fresh;
        view! {
            <li class="notification" class:fresh=fresh>
                {fresh.then(|| view! { <span class="count">{t("alert-fresh")}</span> })}
                <a href=one.place>{one.text}</a>
                <span class="ledger-quiet">
                    <Moment at=one.at />
                </span>
                {one.beside.into_iter().map(quiet).collect_view()}
            </li>
        }
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
                    <Button submit=true>{t("alerts-see")}</Button>
                </ActionForm>
            </div>
        }
    });
    view! {
        <div class="setting">
            <h3>{t("notifications")}</h3>
            <ul class="notifications">{lines}</ul>
            {by_hand}
        </div>
    }
    .into_any()
}

/// A row of the notifications.
struct Line {
    id: NotificationId,
    text: String,
    place: String,
    at: Timestamp,
    fresh: bool,
    /// Additional details.
    beside: Vec<String>,
}

fn all_told(
    alert_notifications: &[AlertNotification],
    notifications: &[Notification],
) -> Vec<Line> {
    let of_alert = |alert_notification: &AlertNotification| {
        let posting = match alert_notification.posting {
            Posting::None => None,
            Posting::Waiting => Some(t("alert-posting")),
            Posting::Posted => Some(t("alert-posted")),
            Posting::Refused => Some(t("alert-refused")),
        };
        let note = Some(alert_notification.note.clone()).filter(|note| !note.is_empty());
        Line {
            id: alert_notification.id,
            text: notification_text(alert_notification),
            place: instrument_path(&alert_notification.symbol),
            at: alert_notification.created_at,
            fresh: !alert_notification.seen,
            beside: note.into_iter().chain(posting).collect(),
        }
    };
    let renderers = NotificationRenderers::of_context();
    let of_feature = |notification: &Notification| {
        let NotificationText { text, place } = renderers.said(notification)?;
        Some(Line {
            id: notification.id,
            text,
            place: place.to_owned(),
            at: notification.created_at,
            fresh: !notification.seen,
            beside: Vec::new(),
        })
    };
    let alerts = alert_notifications.iter().map(of_alert);
    alerts
        .chain(notifications.iter().filter_map(of_feature))
        .collect()
}

fn table(alerts: &[Alert], channels: &[(ChannelId, String)]) -> AnyView {
    let lines = alerts.iter().map(|alert| line(alert, channels));
    let lines = lines.collect_view();
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("watchlist-instrument")}</th>
                    <th scope="col">{t("alert-condition")}</th>
                    <th scope="col">{t("alert-state")}</th>
                    <th scope="col" class="number">
                        {t("alert-seen-price")}
                    </th>
                    <th scope="col">
                        <span class="visually-hidden">{t("watchlist-acts")}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    };
    view! { {wide(t("markets-alerts"), table)} }.into_any()
}

fn line(alert: &Alert, channels: &[(ChannelId, String)]) -> AnyView {
    let state = match alert.state {
        AlertState::Armed => t("alert-armed"),
        AlertState::Fired => t("alert-rests"),
        AlertState::Expired => t("alert-expired"),
    };
    let rests = alert.state != AlertState::Armed;
    let expiry = alert
        .expires_at
        .filter(|_| !rests)
        // The last day on which it is active.
        .and_then(|end| end.date_naive().pred_opt())
        .map(|day| t_with("alert-until", &[("date", date_short(day).into())]));
    let channel = alert.channel_id.map(|id| {
        let name = channels.iter().find(|(known, _)| *known == id);
        let name = name.map_or_else(|| t("alert-channel-gone"), |(_, name)| name.clone());
        t_with("alert-to", &[("channel", name.into())])
    });
    let note = Some(alert.note.clone()).filter(|note| !note.is_empty());
    let adjusted = alert.adjusted.map(|adjusted| {
        let values = [
            (
                "value",
                figure(&adjusted.written.normalize().to_string()).into(),
            ),
            ("date", date_short(adjusted.split_on).into()),
        ];
        t_with("alert-adjusted", &values)
    });
    let quiet = |text: String| view! { <span class="ledger-quiet">{text}</span> };
    let seen_at = alert.seen_at.map(|at| date_short(at.date()));
    let symbol = alert.symbol.clone();
    view! {
        <tr data-alert=symbol.clone()>
            <th scope="row">
                <a class="instrument" href=instrument_path(&symbol)>
                    <span class="quote-symbol">{symbol.clone()}</span>
                </a>
            </th>
            <td>
                <div class="alert-what">
                    {condition_text(&alert.condition)} {adjusted.map(quiet)} {note.map(quiet)}
                    {channel.map(quiet)}
                </div>
            </td>
            <td>
                <div class="alert-what">{state} {expiry.map(quiet)}</div>
            </td>
            <td class="number">
                {alert.seen_price.map(price)}
                <span class="watch-age">{seen_at}</span>
            </td>
            <td class="row-acts">
                <div class="watch-acts">
                    {rests.then(|| view! { <ArmButton alert=alert.clone() /> })}
                    <DeleteButton alert=alert.clone() />
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// Activates an inactive alert.
#[component]
fn ArmButton(alert: Alert) -> impl IntoView {
    let action = ServerAction::<ArmAlert>::new();
    let symbol = alert.symbol.clone();
    follow(action.value(), move || {
        t_with("alert-armed-again", &[("symbol", symbol.as_str().into())])
    });
    let label = t_with("alert-arm-of", &[("symbol", alert.symbol.into())]);
    view! {
        <ActionForm action=action>
            <input type="hidden" name="alert" value=alert.id.to_string() />
            <button type="submit" class="button icon-button" aria-label=label.clone() title=label>
                <Icon name=IconName::Retry />
            </button>
        </ActionForm>
    }
    .into_any()
}

/// Deletes an alert.
#[component]
fn DeleteButton(alert: Alert) -> impl IntoView {
    let action = ServerAction::<DeleteAlert>::new();
    let symbol = alert.symbol.clone();
    follow(action.value(), move || {
        t_with("alert-deleted", &[("symbol", symbol.as_str().into())])
    });
    let values = [
        ("symbol", alert.symbol.as_str().into()),
        ("what", condition_text(&alert.condition).into()),
    ];
    let label = t_with("alert-delete-of", &values);
    view! {
        <ActionForm action=action>
            <input type="hidden" name="alert" value=alert.id.to_string() />
            <button type="submit" class="button icon-button" aria-label=label.clone() title=label>
                <Icon name=IconName::Trash />
            </button>
        </ActionForm>
    }
    .into_any()
}

/// Shows a toast and loads the data again, or shows the error.
fn follow(
    value: impl Get<Value = Option<Result<(), Error>>> + Send + Sync + 'static,
    said: impl Fn() -> String + Send + Sync + 'static,
) {
    let changes = expect_context::<Changes>();
    let toasts = Toasts::of_context();
    Effect::new(move || match value.get() {
        Some(Ok(())) => {
            toasts.say(said());
            changes.made();
        }
        Some(Err(error)) => toasts.error(error_text(&error)),
        None => {}
    });
}
