//! The form of a call.

use super::Changes;
use crate::calls::MAX_REASON;
use crate::calls::rpc::MakeCall;
use crate::shared::Error;
use crate::ui::table::failure;
use crate::ui::{Button, ButtonKind, Toasts, error_text, form_key, settled, t};
use leptos::prelude::*;

/// What, which way, for how long and why. Works without scripts.
#[component]
pub fn CallForm(
    /// The instrument that is likely meant.
    #[prop(optional_no_strip)]
    symbol: Option<String>,
) -> impl IntoView {
    let Changes(changes) = expect_context::<Changes>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<MakeCall>::new();
    let (value, pending) = (action.value(), action.pending());
    Effect::new(move || {
        if value.with(|value| matches!(value, Some(Ok(_)))) {
            changes.update(|count| *count += 1);
            toasts.say(t("calls-made"));
        }
    });
    let wrong = Signal::derive(move || value.get().and_then(Result::err));
    let direction = view! {
        <select class="input" id="call-direction" name="direction">
            <option value="long">{t("call-long")}</option>
            <option value="short">{t("call-short")}</option>
        </select>
    };
    let horizon = view! {
        <select class="input" id="call-horizon" name="horizon">
            <option value="1w">{t("calls-week")}</option>
            <option value="1m" selected=true>{t("calls-month")}</option>
            <option value="3m">{t("calls-quarter")}</option>
            <option value="6m">{t("calls-half")}</option>
            <option value="1y">{t("calls-year")}</option>
            <option value="2y">{t("calls-two-years")}</option>
        </select>
    };
    view! {
        <ActionForm action=action attr:class="entry-form">
            {form_key(Signal::derive(move || value.with(settled)))}
            {field("call-symbol", t("entry-symbol"), writing("symbol", symbol, 24, wrong))}
            {field("call-direction", t("calls-direction"), direction.into_any())}
            {field("call-horizon", t("calls-horizon"), horizon.into_any())}
            {field("call-reason", t("calls-reason"), writing("reason", None, MAX_REASON, wrong))}
            <div class="entry-send">
                <Button kind=ButtonKind::Primary submit=true busy=pending>
                    {t("calls-add")}
                </Button>
            </div>
            <div role="alert" class="form-error-place">
                {move || wrong.get().map(|error| failure(&error))}
            </div>
        </ActionForm>
    }
    .into_any()
}

fn field(id: &'static str, label: String, control: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {control}
        </div>
    }
    .into_any()
}

/// A line of text, which says when it was what could not be.
fn writing(
    name: &'static str,
    value: Option<String>,
    most: usize,
    wrong: Signal<Option<Error>>,
) -> AnyView {
    let concerned = move || {
        let error = wrong.get()?;
        let field = error.details.get("field")?;
        (field == name).then(|| error.clone())
    };
    let needed = name == "symbol";
    view! {
        <input
            class="input"
            id=format!("call-{name}")
            name=name
            value=value
            maxlength=most
            required=needed
            autocomplete="off"
            autocapitalize=needed.then_some("characters")
            aria-invalid=move || concerned().map(|_| "true")
            aria-description=move || concerned().map(|error| error_text(&error))
        />
    }
    .into_any()
}
