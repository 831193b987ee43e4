//! The form for a new alert.

use super::words::kind_key;
use crate::alerts::AlertKind;
use crate::alerts::rpc::CreateAlert;
use crate::shared::ChannelId;
use crate::ui::form::{Form, on_success, options};
use crate::ui::{Changes, FormErrors, TextField, t};
use leptos::prelude::*;

/// The form. Without scripts it shows all fields, and ignores those that the kind does not use.
#[component]
pub fn AlertForm(
    /// Channels that it can be posted in, with their names.
    channels: Vec<(ChannelId, String)>,
) -> impl IntoView {
    let changes = Changes::of_context();
    let action = ServerAction::<CreateAlert>::new();
    on_success(action, move |_| changes.say(t("alert-made")));
    let errors = FormErrors::of(action);
    let kind = RwSignal::new(AlertKind::PriceAbove);
    let choose = move |event| {
        if let Some(chosen) = AlertKind::named(&event_target_value(&event)) {
            kind.set(chosen);
        }
    };
    // Hides fields that the kind does not use; without scripts all are visible.
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let asked = move |wanted: fn(AlertKind) -> bool| {
        Signal::derive(move || !alive.get() || wanted(kind.get()))
    };
    let kinds = AlertKind::ALL.iter();
    let kinds = kinds.map(|each| (each.as_str().to_owned(), t(kind_key(*each)), false));
    let places = channels.into_iter();
    let places = places.map(|(id, name)| (id.to_string(), format!("#{name}"), false));
    let value_label = move || {
        t(match kind.get() {
            kind if !alive.get() || !kind.takes_value() => "alert-value",
            AlertKind::RsiAbove | AlertKind::RsiBelow => "alert-level",
            kind if kind.is_of_a_day() => "alert-percent",
            _ => "alert-price-label",
        })
    };
    let kind = view! {
        <select class="input" id="alert-kind" name="kind" on:change=choose>
            {options(kinds)}
        </select>
    };
    let channel = view! {
        <select class="input" id="alert-channel" name="channel">
            <option value="">{t("alert-channel-none")}</option>
            {options(places)}
        </select>
    };
    let expires = view! { <input class="input" id="alert-expires" name="expires" type="date" /> };
    view! {
        <Form action=action submit=t("alert-make") keyed=true>
            <TextField name="symbol" id="alert-symbol" label=t("alert-symbol") capitals=true errors />
            {errors.labeled("kind", "alert-kind", t("alert-kind"), kind)}
            <TextField
                name="value"
                id="alert-value"
                label=Signal::derive(value_label)
                mode="decimal"
                shown=asked(AlertKind::takes_value)
                errors
            />
            <TextField
                name="period"
                id="alert-period"
                label=t("alert-period")
                mode="numeric"
                shown=asked(|kind| kind.usual_period().is_some())
                errors
            />
            {errors.labeled("channel", "alert-channel", t("alert-channel"), channel)}
            <TextField name="note" id="alert-note" label=t("alert-note") most=200_usize errors />
            {errors.labeled("expires", "alert-expires", t("alert-expires"), expires)}
        </Form>
        <p class="section-note">{t("alert-once")}</p>
    }
    .into_any()
}
