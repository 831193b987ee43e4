//! The form of a prediction.

use crate::predictions::rpc::CreatePrediction;
use crate::predictions::{Created, MAX_REASON};
use crate::ui::form::{Form, labeled, on_success};
use crate::ui::{Changes, FormErrors, TextField, t, t_with};
use leptos::prelude::*;

/// Symbol, direction, horizon and reason. Works without JavaScript.
#[component]
pub fn PredictionForm(
    /// Initial symbol.
    #[prop(optional_no_strip)]
    symbol: Option<String>,
) -> impl IntoView {
    let changes = Changes::of_context();
    let action = ServerAction::<CreatePrediction>::new();
    on_success(action, move |Created { prediction, moves }| {
        let values = [("symbol", prediction.symbol.into())];
        changes.say(match moves {
            true => t("predictions-created"),
            false => t_with("predictions-created-still", &values),
        });
    });
    let errors = FormErrors::of(action);
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
        <Form action=action submit=t("predictions-add") keyed=true>
            <TextField
                name="symbol"
                id="prediction-symbol"
                label=t("label-symbol")
                value=symbol
                most=24_usize
                required=true
                capitals=true
                errors
            />
            {labeled("prediction-direction", t("predictions-direction"), direction)}
            {labeled("prediction-horizon", t("predictions-horizon"), horizon)}
            <TextField
                name="reason"
                id="prediction-reason"
                label=t("predictions-reason")
                most=MAX_REASON
                errors
            />
        </Form>
    }
    .into_any()
}
