//! List of predictions with their results.

use super::place::{PLACE, Wanted};
use super::records::{author, percentage};
use crate::markets::view::{instrument_path, price_of};
use crate::predictions::rpc::WithdrawPrediction;
use crate::predictions::{Direction, Mark, Prediction, PredictionPage, State};
use crate::shared::PredictionId;
use crate::ui::change::dash;
use crate::ui::form::{button_form, options, row_button};
use crate::ui::time::{date_short, date_text};
use crate::ui::{Changes, Column, DataTable, SearchForm, pager, t, t_with};
use leptos::prelude::*;

/// Filter and predictions; the `retractable` ones can be withdrawn.
pub fn list(page: PredictionPage, retractable: &[PredictionId], wanted: &Wanted) -> AnyView {
    let states = [
        ("", t("predictions-all")),
        ("open", t("predictions-open")),
        ("scored", t("predictions-state-scored")),
        ("void", t("predictions-void")),
    ];
    let chosen = wanted.state.as_deref().unwrap_or_default();
    let states = options(states.map(|(value, name)| (value.to_owned(), name, value == chosen)));
    let search = view! {
        <SearchForm
            action=PLACE
            name="symbol"
            label=t("predictions-search")
            value=wanted.symbol.clone()
            capitals=true
        >
            <select class="input prediction-state" name="state" aria-label=t("predictions-state")>
                {states}
            </select>
        </SearchForm>
    };
    if page.predictions.is_empty() {
        let words = if *wanted == Wanted::default() {
            t("predictions-empty")
        } else {
            t("predictions-none-found")
        };
        return view! {
            {search}
            <p class="section-note">{words}</p>
        }
        .into_any();
    }
    let next = page.next.map(|before| {
        let rest = Wanted {
            before: Some(before),
            ..wanted.clone()
        };
        rest.address()
    });
    let retractable = retractable.to_vec();
    let columns = vec![
        Column::text("label-date", |one: &Prediction| {
            let date = date_short(one.made_on());
            view! { <time datetime=one.made_at.to_rfc3339()>{date}</time> }
        }),
        Column::text("predictions-author", |one: &Prediction| {
            author(one.author.clone())
        }),
        Column::text("predictions-prediction", what).heads_row(),
        Column::text("predictions-due", |one: &Prediction| date_text(one.due)),
        Column::number("predictions-entry", |one: &Prediction| {
            price(one, one.entry)
        }),
        Column::number("predictions-exit", |one: &Prediction| price(one, one.exit)),
        Column::number("label-result", result).leads(),
        Column::acts(move |one: &Prediction| {
            retractable.contains(&one.id).then(|| withdraw_button(one))
        }),
    ];
    view! {
        {search}
        {DataTable::new(t("predictions-list"), columns, page.predictions)
            .data("data-state", |one| one.state.as_str().to_owned())
            .draw()}
        {pager(next, t("predictions-more"))}
    }
    .into_any()
}

/// Symbol, direction and reason.
fn what(prediction: &Prediction) -> AnyView {
    let (class, mark, direction) = match prediction.direction {
        Direction::Long => ("quote-change up", "▲", t("prediction-long")),
        Direction::Short => ("quote-change down", "▼", t("prediction-short")),
    };
    let reason = (!prediction.reason.is_empty())
        .then(|| view! { <p class="fine-print">{prediction.reason.clone()}</p> });
    view! {
        <a class="quote-symbol" href=instrument_path(&prediction.symbol)>
            {prediction.symbol.clone()}
        </a>
        " "
        <span class=class>
            <span class="quote-mark" aria-hidden="true">
                {mark}
            </span>
            {direction}
        </span>
        {reason}
    }
    .into_any()
}

/// What came of it, beside the base rate.
fn result(prediction: &Prediction) -> AnyView {
    let Some(score) = prediction
        .score
        .filter(|_| prediction.state == State::Scored)
    else {
        return match prediction.state {
            State::Void => t("predictions-void").into_any(),
            _ => t("predictions-open").into_any(),
        };
    };
    let words = if score.hit() {
        t("predictions-hit")
    } else {
        t("predictions-miss")
    };
    let base = score.base_rate.map(|base| {
        let values = [("base", percentage(Some(base), false).into())];
        view! { <p class="fine-print">{t_with("predictions-base-of", &values)}</p> }
    });
    view! { {percentage(Some(score.made), true)} " " {words} {base} }.into_any()
}

/// A price with its day.
fn price(of: &Prediction, mark: Option<Mark>) -> AnyView {
    match mark {
        None => dash().into_any(),
        Some(Mark { date, price }) => view! {
            {price_of(&of.symbol, of.source, price)}
            <p class="fine-print">{date_text(date)}</p>
        }
        .into_any(),
    }
}

/// Withdraws a prediction, as long as that is possible.
fn withdraw_button(prediction: &Prediction) -> AnyView {
    let action = ServerAction::<WithdrawPrediction>::new();
    Changes::of_context().follow(action, |()| t("predictions-withdrawn"));
    let symbol = prediction.symbol.as_str();
    let label = t_with("predictions-withdraw-of", &[("symbol", symbol.into())]);
    let fields = vec![("prediction", prediction.id.to_string())];
    button_form(
        action,
        fields,
        row_button(t("predictions-withdraw"), Some(label)),
    )
}
