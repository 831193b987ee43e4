//! The page of alerts and notifications.

use super::form::AlertForm;
use super::words::condition_text;
use crate::alerts::rpc::{ArmAlert, DeleteAlert, load_alerts};
use crate::alerts::{Alert, AlertState, AlertsPage};
use crate::markets::view::{instrument_path, price, symbol_link};
use crate::notifications::view::{Unseen, notification_list};
use crate::notifications::{NotificationPage, rpc::load_notifications};
use crate::shared::{ChannelId, NotificationId};
use crate::ui::form::{button_form, row_icon};
use crate::ui::later::NotLoaded;
use crate::ui::loaded::when_loaded;
use crate::ui::time::date_short;
use crate::ui::{Changes, Column, DataTable, Icon, IconName, figure, query_param, t, t_with};
use futures_util::future::try_join;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;

/// The section of the market pages.
#[wasm_split(markets, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_alerts_section))]
pub fn alerts_section() -> Result<AnyView, NotLoaded> {
    Ok(view! { <AlertsSection /> }.into_any())
}

/// Notifications, alerts and the form.
#[component]
fn AlertsSection() -> impl IntoView {
    let changes = Changes::provide();
    let unseen = Unseen::of_context();
    let query = use_query_map();
    // Older notifications.
    let before = Memo::new(move |_| {
        let before = query.with(|query| query_param(query, "before"))?;
        before.parse::<NotificationId>().ok()
    });
    let loaded = Resource::new_blocking(
        move || (changes.count(), unseen.heard.get(), before.get()),
        |(.., before)| try_join(load_notifications(before), load_alerts()),
    );
    view! {
        {when_loaded(loaded, |(notifications, page)| whole(&notifications, page))}
    }
    .into_any()
}

fn whole(notifications: &NotificationPage, page: AlertsPage) -> AnyView {
    let AlertsPage { alerts, channels } = page;
    let told = notification_list(notifications);
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
        {table(alerts, channels)}
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

fn table(alerts: Vec<Alert>, channels: Vec<(ChannelId, String)>) -> AnyView {
    let columns = vec![
        Column::text("label-symbol", |alert: &Alert| {
            symbol_link(instrument_path(&alert.symbol), &alert.symbol, None)
        })
        .heads_row(),
        Column::text("alert-condition", move |alert: &Alert| {
            condition(alert, &channels)
        }),
        Column::text("alert-state", state).leads(),
        Column::number("alert-seen-price", |alert: &Alert| {
            let seen_at = alert.seen_at.map(|at| date_short(at.date()));
            view! {
                {alert.seen_price.map(price)}
                <span class="price-age">{seen_at}</span>
            }
        }),
        Column::acts(|alert: &Alert| {
            let rests = alert.state != AlertState::Armed;
            view! {
                <div class="row-buttons">
                    {rests.then(|| arm_button(alert))} {delete_button(alert)}
                </div>
            }
        }),
    ];
    DataTable::new(t("markets-alerts"), columns, alerts)
        .data("data-alert", |alert| alert.symbol.clone())
        .draw()
}

fn fine_print(text: String) -> AnyView {
    view! { <span class="fine-print">{text}</span> }.into_any()
}

/// The condition of an alert, how it was adjusted, its note and its channel.
fn condition(alert: &Alert, channels: &[(ChannelId, String)]) -> AnyView {
    let adjusted = alert.adjusted.as_ref().map(|adjusted| {
        let written = adjusted.written.normalize().to_string();
        let values = [
            ("value", figure(&written).into()),
            ("date", date_short(adjusted.split_on).into()),
        ];
        t_with("alert-adjusted", &values)
    });
    let note = Some(alert.note.clone()).filter(|note| !note.is_empty());
    let channel = alert.channel_id.map(|id| {
        let name = channels.iter().find(|(known, _)| *known == id);
        let name = name.map_or_else(|| t("alert-channel-gone"), |(_, name)| name.clone());
        t_with("alert-to", &[("channel", name.into())])
    });
    let more = [adjusted, note, channel].into_iter().flatten();
    view! {
        <div class="alert-what">
            {condition_text(&alert.condition)} {more.map(fine_print).collect_view()}
        </div>
    }
    .into_any()
}

fn state(alert: &Alert) -> AnyView {
    let state = t(match alert.state {
        AlertState::Armed => "alert-armed",
        AlertState::Fired => "alert-rests",
        AlertState::Expired => "alert-expired",
    });
    let expiry = alert
        .expires_at
        .filter(|_| alert.state == AlertState::Armed)
        // The last day on which it is active.
        .and_then(|end| end.date_naive().pred_opt())
        .map(|day| t_with("alert-until", &[("date", date_short(day).into())]));
    view! { <div class="alert-what">{state} {expiry.map(fine_print)}</div> }.into_any()
}

/// Activates an inactive alert.
fn arm_button(alert: &Alert) -> AnyView {
    let action = ServerAction::<ArmAlert>::new();
    let symbol = alert.symbol.clone();
    let label = t_with("alert-arm-of", &[("symbol", symbol.as_str().into())]);
    Changes::of_context().follow(action, move |()| {
        t_with("alert-armed-again", &[("symbol", symbol.as_str().into())])
    });
    let fields = vec![("alert", alert.id.to_string())];
    button_form(action, fields, row_icon(IconName::Retry, label))
}

/// Deletes an alert.
fn delete_button(alert: &Alert) -> AnyView {
    let action = ServerAction::<DeleteAlert>::new();
    let symbol = alert.symbol.clone();
    let values = [
        ("symbol", symbol.as_str().into()),
        ("what", condition_text(&alert.condition).into()),
    ];
    let label = t_with("alert-delete-of", &values);
    Changes::of_context().follow(action, move |()| {
        t_with("alert-deleted", &[("symbol", symbol.as_str().into())])
    });
    let fields = vec![("alert", alert.id.to_string())];
    button_form(action, fields, row_icon(IconName::Trash, label))
}
