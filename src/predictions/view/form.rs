//! The form of a prediction.

use super::Changes;
use crate::predictions::MAX_REASON;
use crate::predictions::rpc::CreatePrediction;
use crate::shared::Error;
use crate::ui::table::failure;
use crate::ui::{Button, ButtonKind, Toasts, error_text, form_key, settled, t};
use leptos::prelude::*;

/// Symbol, direction, horizon and reason. Works without JavaScript.
#[component]
pub fn PredictionForm(
    /// Initial symbol.
    #[prop(optional_no_strip)]
    symbol: Option<String>,
) -> impl IntoView {
    let Changes(changes) = expect_context::<Changes>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<CreatePrediction>::new();
    let (value, pending) = (action.value(), action.pending());
    Effect::new(move || {
        if value.with(|value| matches!(value, Some(Ok(_)))) {
            changes.update(|count| *count += 1);
            toasts.say(t("predictions-created"));
        }
    });
    let wrong = Signal::derive(move || value.get().and_then(Result::err));
    let direction = view! {
        <select class="input" id="prediction-direction" name="direction">
            <option value="long">{t("prediction-long")}</option>
            <option value="short">{t("prediction-short")}</option>
        </select>
    };
    let horizon = view! {
        <select class="input" id="prediction-horizon" name="horizon">
            <option value="1w">{t("predictions-week")}</option>
            <option value="1m" selected=true>{t("predictions-month")}</option>
            <option value="3m">{t("predictions-quarter")}</option>
            <option value="6m">{t("predictions-half")}</option>
            <option value="1y">{t("predictions-year")}</option>
            <option value="2y">{t("predictions-two-years")}</option>
        </select>
    };
    view! {
        <ActionForm action=action attr:class="entry-form">
            {form_key(Signal::derive(move || value.with(settled)))}
            {field("prediction-symbol", t("entry-symbol"), writing("symbol", symbol, 24, wrong))}
            {field("prediction-direction", t("predictions-direction"), direction.into_any())}
            {field("prediction-horizon", t("predictions-horizon"), horizon.into_any())}
            {field("prediction-reason", t("predictions-reason"), writing("reason", None, MAX_REASON, wrong))}
            <div class="entry-send">
                <Button kind=ButtonKind::Primary submit=true busy=pending>
                    {t("predictions-add")}
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

/// Text input that shows its own error.
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
            id=format!("prediction-{name}")
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
