//! Form fields: label, hint and error, bound to the input.

use super::{Icon, IconName, t};
use leptos::prelude::*;

/// A single-line input with its label. `aria-describedby` names the hint and the error; other
/// attributes (`attr:autocomplete`) and listeners go to the input's group.
#[component]
pub fn Field(
    name: &'static str,
    /// Id of the input; `name` if no other input of the page has that name.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Text of the label.
    #[prop(into)]
    label: String,
    /// `text`, `email` or `password`; a password has a button that shows it.
    #[prop(default = "text")]
    kind: &'static str,
    /// Value of `autocomplete`.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Hint below the input.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Error below the input.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Minimum number of characters.
    #[prop(optional)]
    minlength: Option<u32>,
    /// Called with the value after every change.
    #[prop(optional)]
    on_input: Option<Callback<String>>,
    /// Has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// The value can be empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let shown = RwSignal::new(false);
    let secret = kind == "password";
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        let has_hint = hint.is_some();
        move || match (error.with(Option::is_some), has_hint) {
            (true, true) => Some(format!("{error_id} {hint_id}")),
            (true, false) => Some(error_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        }
    };
    let input = move |event| {
        if let Some(listener) = on_input {
            listener.run(event_target_value(&event));
        }
    };
    // A username is not a sentence: no automatic capitals or corrections.
    let plain = (kind != "text" || autocomplete == "username").then_some("none");
    view! {
        <div class="field" class:has-error=move || error.with(Option::is_some)>
            <label for=id>{label}</label>
            <div class="field-input">
                <input
                    id=id
                    name=name
                    type=move || if secret && shown.get() { "text" } else { kind }
                    autocomplete=autocomplete
                    autocapitalize=plain
                    spellcheck=plain.map(|_| "false")
                    minlength=minlength.map(|least| least.to_string())
                    required=!optional
                    autofocus=autofocus
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described
                    on:input=input
                />
                {secret.then(|| view! { <ShowPassword shown /> })}
            </div>
            <p class="field-error" id=error_id role="alert">
                {move || error.get()}
            </p>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// Button that shows and hides the password.
#[component]
fn ShowPassword(
    /// true while the password is visible.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let label = move || {
        if shown.get() {
            t("password-hide")
        } else {
            t("password-show")
        }
    };
    view! {
        <button
            type="button"
            class="button icon-button needs-script"
            aria-label=label
            title=label
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            <Icon name=Signal::derive(move || {
                if shown.get() { IconName::EyeOff } else { IconName::Eye }
            }) />
        </button>
    }
}

/// A segmented meter with its value in words.
#[component]
pub fn Meter(
    /// What it measures.
    #[prop(into)]
    label: String,
    /// Number of filled segments. None: no value yet.
    #[prop(into)]
    value: Signal<Option<u8>>,
    /// Number of segments.
    max: u8,
    /// The value in words.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    let steps = (1..=max)
        .map(|step| {
            let full = move || value.get().is_some_and(|value| value >= step);
            view! { <span class="meter-step" class:full=full></span> }
        })
        .collect_view();
    view! {
        <div class="meter" data-value=move || value.get().map(|value| value.to_string())>
            <div class="meter-bar" aria-hidden="true">
                {steps}
            </div>
            <p class="meter-words" aria-live="polite">
                {move || {
                    value
                        .get()
                        .map(|_| {
                            view! {
                                <span class="visually-hidden">{format!("{label}: ")}</span>
                                {words.get()}
                            }
                        })
                }}
            </p>
        </div>
    }
}
