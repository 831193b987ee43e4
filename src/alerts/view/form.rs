//! The form for a new alert.

use super::section::Changes;
use super::words::kind_key;
use crate::alerts::AlertKind;
use crate::alerts::rpc::CreateAlert;
use crate::shared::{ChannelId, Error};
use crate::ui::table::failure;
use crate::ui::{Button, ButtonKind, Toasts, error_text, form_key, settled, t};
use leptos::prelude::*;

/// The form. Without scripts it shows all fields, and ignores those that the kind does not use.
#[component]
pub fn AlertForm(
    /// Channels that it can be posted in, with their names.
    channels: Vec<(ChannelId, String)>,
) -> impl IntoView {
    let changes = expect_context::<Changes>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<CreateAlert>::new();
    let (value, pending) = (action.value(), action.pending());
    Effect::new(move || {
        if value.with(|value| matches!(value, Some(Ok(_)))) {
            toasts.say(t("alert-made"));
            changes.made();
        }
    });
    let failed = Signal::derive(move || value.get().and_then(Result::err));
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
    let kinds = AlertKind::ALL
        .iter()
        .map(|each| view! { <option value=each.as_str()>{t(kind_key(*each))}</option> })
        .collect_view();
    let places = channels
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{format!("#{name}")}</option> })
        .collect_view();
    let value_label = move || {
        t(match kind.get() {
            kind if !alive.get() || !kind.takes_value() => "alert-value",
            AlertKind::RsiAbove | AlertKind::RsiBelow => "alert-level",
            kind if kind.is_of_a_day() => "alert-percent",
            _ => "alert-price-label",
        })
    };
    let always = Signal::derive(|| true);
    let field = move |name: &'static str, shown: Signal<bool>, label: AnyView, control: AnyView| {
        let wrong = move || failed.with(|error| concerns(error.as_ref(), name));
        view! {
            <div class="field" class:has-error=wrong hidden=move || !shown.get()>
                <label for=format!("alert-{name}")>{label}</label>
                {control}
            </div>
        }
        .into_any()
    };
    let writing = move |name: &'static str| writing(name, failed);
    view! {
        <ActionForm action=action attr:class="entry-form">
            {form_key(Signal::derive(move || value.with(settled)))}
            {field("symbol", always, t("alert-symbol").into_any(), writing("symbol"))}
            {field(
                "kind",
                always,
                t("alert-kind").into_any(),
                view! {
                    <select class="input" id="alert-kind" name="kind" on:change=choose>
                        {kinds}
                    </select>
                }
                    .into_any(),
            )}
            {field(
                "value",
                asked(AlertKind::takes_value),
                value_label.into_any(),
                writing("value"),
            )}
            {field(
                "period",
                asked(|kind| kind.usual_period().is_some()),
                t("alert-period").into_any(),
                writing("period"),
            )}
            {field(
                "channel",
                always,
                t("alert-channel").into_any(),
                view! {
                    <select class="input" id="alert-channel" name="channel">
                        <option value="">{t("alert-channel-none")}</option>
                        {places}
                    </select>
                }
                    .into_any(),
            )}
            {field("note", always, t("alert-note").into_any(), writing("note"))}
            {field(
                "expires",
                always,
                t("alert-expires").into_any(),
                view! { <input class="input" id="alert-expires" name="expires" type="date" /> }
                    .into_any(),
            )}
            <div class="entry-send">
                <Button kind=ButtonKind::Primary submit=true busy=pending>
                    {t("alert-make")}
                </Button>
            </div>
            <div role="alert" class="form-error-place">
                {move || failed.get().map(|error| failure(&error))}
            </div>
        </ActionForm>
        <p class="section-note">{t("alert-once")}</p>
    }
    .into_any()
}

fn concerns(error: Option<&Error>, name: &str) -> bool {
    let field = error.and_then(|error| error.details.get("field"));
    field.is_some_and(|field| field == name)
}

/// A text input; numeric fields open the numeric keyboard.
fn writing(name: &'static str, failed: Signal<Option<Error>>) -> AnyView {
    let (mode, capitals) = match name {
        "symbol" => ("text", Some("characters")),
        "value" => ("decimal", None),
        "period" => ("numeric", None),
        _ => ("text", None),
    };
    let most = (name == "note").then_some("200");
    let wrong = move || {
        failed
            .with(|error| concerns(error.as_ref(), name))
            .then_some("true")
    };
    let explained = move || {
        let error = failed.get()?;
        concerns(Some(&error), name).then(|| error_text(&error))
    };
    view! {
        <input
            class="input"
            id=format!("alert-{name}")
            name=name
            inputmode=mode
            autocomplete="off"
            autocapitalize=capitals
            maxlength=most
            aria-invalid=wrong
            aria-description=explained
        />
    }
    .into_any()
}
