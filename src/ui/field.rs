//! Form fields: label, hint and error, bound to the input.

use super::{Icon, IconName, t};
use leptos::prelude::*;

/// One line of input with its label. The hint and the error describe it to everybody; other
/// attributes (`attr:autocomplete`) and listeners go to the input's group.
#[component]
pub fn Field(
    /// Form name of the input.
    name: &'static str,
    /// Its id; the name where the page has no other of that name.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What it is called.
    #[prop(into)]
    label: String,
    /// `text`, `email` or `password`; a password can be shown.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// A quiet line below.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Fewest characters.
    #[prop(optional)]
    minlength: Option<u32>,
    /// Gets every change.
    #[prop(optional)]
    on_input: Option<Callback<String>>,
    /// Is where writing starts.
    #[prop(optional)]
    autofocus: bool,
    /// May stay empty.
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
    // A name is not a sentence: no capitals and no corrections by the keyboard.
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

/// Shows and hides what is written in a password field.
#[component]
fn ShowPassword(
    /// Is it shown?
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

/// A bar of steps with words beside it: how much of something there is.
#[component]
pub fn Meter(
    /// What it measures.
    #[prop(into)]
    label: String,
    /// How many steps are full; none: nothing to say yet.
    #[prop(into)]
    value: Signal<Option<u8>>,
    /// How many steps there are.
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
