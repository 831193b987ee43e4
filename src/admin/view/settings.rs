//! The settings of the instance: each with its value, the value of the file, and a reset button.

use crate::admin::SettingsState;
use crate::admin::rpc::{ChangeSettings, ResetSetting, load_settings};
use crate::shared::{
    Error,
    instance::{MAX_DESCRIPTION, MAX_MESSAGE, MAX_NAME, Registration, Settings},
};
use crate::ui::form::{Form, failure_of, options};
use crate::ui::loaded::when_loaded;
use crate::ui::{Language, Toasts, error_text, t, t_with};
use leptos::prelude::*;

/// The form with all settings.
#[component]
pub fn InstanceSettings() -> impl IntoView {
    let change = ServerAction::<ChangeSettings>::new();
    let reset = ServerAction::<ResetSetting>::new();
    let saved = move || {
        let changed = change.value().with(|value| matches!(value, Some(Ok(()))));
        let undone = reset.value().with(|value| matches!(value, Some(Ok(()))));
        (changed || undone).then(|| (change.version().get(), reset.version().get()))
    };
    let state = Resource::new_blocking(saved, |_| load_settings());
    let toasts = Toasts::of_context();
    Effect::new(move || {
        if saved().is_some() {
            toasts.say(t("instance-saved"));
        }
    });
    let (of_change, of_reset) = (failure_of(change), failure_of(reset));
    let failure = Signal::derive(move || of_change.get().or_else(|| of_reset.get()));
    let of_none = Signal::derive(move || {
        let failure = failure.get();
        failure.filter(|error| !error.details.contains_key("field"))
    });
    view! {
        <p class="section-note">{t("instance-note")}</p>
        {when_loaded(state, move |state| form(state, change, reset, failure, of_none))}
    }
    .into_any()
}

fn form(
    state: SettingsState,
    change: ServerAction<ChangeSettings>,
    reset: ServerAction<ResetSetting>,
    failure: Signal<Option<Error>>,
    of_none: Signal<Option<Error>>,
) -> AnyView {
    let SettingsState { now, file, changed } = state;
    let own = changed.clone();
    let line = move |name: &'static str, control: AnyView, of_file: String| {
        let changed = own.iter().any(|changed| changed == name);
        setting(name, control, changed.then_some(of_file), failure)
    };
    let backs = changed
        .into_iter()
        .map(|name| {
            let id = format!("back-{name}");
            view! {
                <ActionForm action=reset attr:id=id>
                    <input type="hidden" name="name" value=name />
                </ActionForm>
            }
        })
        .collect_view();
    let rows = [
        line("name", written("name", &now.name, MAX_NAME), file.name),
        line(
            "description",
            written("description", &now.description, MAX_DESCRIPTION),
            file.description,
        ),
        line(
            "registration",
            registration(&now),
            t(registration_key(file.registration)),
        ),
        line(
            "invite_code",
            written("invite_code", &now.invite_code, 64),
            String::new(),
        ),
        line(
            "guests",
            guests(&now),
            t(if file.guests { "admin-yes" } else { "admin-no" }),
        ),
        line(
            "message_count",
            number("message_count", now.message_count, 1_000_000),
            file.message_count.to_string(),
        ),
        line(
            "message_seconds",
            number("message_seconds", now.message_seconds, 3_600),
            file.message_seconds.to_string(),
        ),
        line(
            "message_length",
            number("message_length", now.message_length, MAX_MESSAGE),
            file.message_length.to_string(),
        ),
        line("language", language(&now), t(&language_key(&file.language))),
    ]
    .collect_view();
    view! {
        <Form action=change submit=t("instance-save") class="instance-settings" error=of_none>
            {rows}
        </Form>
        {backs}
    }
    .into_any()
}

/// A setting: its name, its control, its error, and the button that restores the file's value.
fn setting(
    name: &'static str,
    control: AnyView,
    of_file: Option<String>,
    failure: Signal<Option<Error>>,
) -> AnyView {
    let error = move || {
        failure
            .get()
            .filter(|error| {
                error
                    .details
                    .get("field")
                    .is_some_and(|field| field == name)
            })
            .map(|error| error_text(&error))
    };
    let way_back = of_file.map(|value| {
        let value = if value.is_empty() {
            t("instance-nothing")
        } else {
            value
        };
        let back = t("instance-back");
        let named = format!("{back}: {}", t(&format!("instance-setting-{name}")));
        view! {
            <p class="setting-file">
                <span>{t_with("instance-file-value", &[("value", value.into())])}</span>
                <button
                    type="submit"
                    class="link-button"
                    form=format!("back-{name}")
                    aria-label=named
                >
                    {back}
                </button>
            </p>
        }
    });
    view! {
        <div class="field">
            <label for=format!("setting-{name}")>{t(&format!("instance-setting-{name}"))}</label>
            {control}
            <p class="field-error" role="alert">
                {error}
            </p>
            <p class="field-hint" id=format!("hint-{name}")>
                {t(&format!("instance-hint-{name}"))}
            </p>
            {way_back}
        </div>
    }
    .into_any()
}

fn written(name: &'static str, value: &str, most: usize) -> AnyView {
    view! {
        <input
            id=format!("setting-{name}")
            name=name
            value=value.to_owned()
            maxlength=most.to_string()
            autocomplete="off"
            aria-describedby=format!("hint-{name}")
        />
    }
    .into_any()
}

fn number(name: &'static str, value: u32, most: u32) -> AnyView {
    view! {
        <input
            id=format!("setting-{name}")
            name=name
            type="number"
            inputmode="numeric"
            min="1"
            max=most.to_string()
            required=true
            value=value.to_string()
            aria-describedby=format!("hint-{name}")
        />
    }
    .into_any()
}

fn registration(now: &Settings) -> AnyView {
    let kinds = [
        (Registration::Open, "open"),
        (Registration::Invite, "invite"),
        (Registration::Closed, "closed"),
    ];
    let kinds = kinds.map(|(kind, name)| {
        let chosen = now.registration == kind;
        (name.to_owned(), t(registration_key(kind)), chosen)
    });
    view! {
        <select
            id="setting-registration"
            name="registration"
            class="input"
            aria-describedby="hint-registration"
        >
            {options(kinds)}
        </select>
    }
    .into_any()
}

const fn registration_key(kind: Registration) -> &'static str {
    match kind {
        Registration::Open => "registration-open",
        Registration::Invite => "registration-invite",
        Registration::Closed => "registration-shut",
    }
}

fn guests(now: &Settings) -> AnyView {
    view! {
        <label class="check">
            <input
                id="setting-guests"
                name="guests"
                type="checkbox"
                checked=now.guests
                aria-describedby="hint-guests"
            />
            <span>{t("guests-may")}</span>
        </label>
    }
    .into_any()
}

fn language(now: &Settings) -> AnyView {
    let tags = Language::tags().into_iter();
    let tags = tags.map(|tag| (tag.to_owned(), t(&language_key(tag)), now.language == tag));
    view! {
        <select id="setting-language" name="language" class="input" aria-describedby="hint-language">
            {options(tags)}
        </select>
    }
    .into_any()
}

fn language_key(tag: &str) -> String {
    format!("instance-language-{tag}")
}
