//! List of predictions with their results.

use super::{Changes, PLACE, Wanted, dash, percentage};
use crate::accounts::view::Name;
use crate::markets::view::{instrument_path, price_of};
use crate::predictions::rpc::WithdrawPrediction;
use crate::predictions::{Direction, Mark, Prediction, PredictionPage, State};
use crate::shared::PredictionId;
use crate::ui::table::wide;
use crate::ui::time::date_short;
use crate::ui::{Icon, IconName, Toasts, error_text, t, t_with};
use leptos::prelude::*;

/// Filter and predictions; the `retractable` ones can be withdrawn.
pub fn list(page: PredictionPage, retractable: &[PredictionId], wanted: &Wanted) -> AnyView {
    let options = [
        ("", t("predictions-all")),
        ("open", t("predictions-open")),
        ("scored", t("predictions-state-scored")),
        ("void", t("predictions-void")),
    ];
    let options = options.map(|(value, name)| {
        let chosen = wanted.state.as_deref().unwrap_or_default() == value;
        view! {
            <option value=value selected=chosen>
                {name}
            </option>
        }
    });
    let search = view! {
        <form class="ledger-search" method="get" action=PLACE role="search">
            <input
                class="input"
                type="search"
                name="symbol"
                aria-label=t("predictions-search")
                placeholder=t("predictions-search")
                autocomplete="off"
                autocapitalize="characters"
                value=wanted.symbol.clone()
            />
            <select class="input prediction-state" name="state" aria-label=t("predictions-state")>
                {options.collect_view()}
            </select>
            <button type="submit" class="button quiet">
                <Icon name=IconName::Search />
                {t("admin-find")}
            </button>
        </form>
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
        view! {
            <a class="button quiet" href=rest.address()>
                {t("transactions-more")}
            </a>
        }
    });
    let rows = page.predictions.iter().map(|prediction| {
        let own = retractable.contains(&prediction.id);
        row(prediction, own)
    });
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("entry-date")}</th>
                    <th scope="col">{t("predictions-author")}</th>
                    <th scope="col">{t("predictions-prediction")}</th>
                    <th scope="col">{t("predictions-due")}</th>
                    <th scope="col" class="number">{t("predictions-entry")}</th>
                    <th scope="col" class="number">{t("predictions-exit")}</th>
                    <th scope="col" class="number">{t("predictions-result")}</th>
                    <th scope="col">
                        <span class="visually-hidden">{t("admin-actions")}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    view! {
        {search}
        {wide(t("predictions-list"), table)}
        {next}
    }
    .into_any()
}

fn row(prediction: &Prediction, own: bool) -> AnyView {
    let who = match prediction.author.clone() {
        Some(profile) => view! { <Name profile=profile /> }.into_any(),
        None => t("predictions-engine").into_any(),
    };
    let (class, mark, direction) = match prediction.direction {
        Direction::Long => ("quote-change up", "▲", t("prediction-long")),
        Direction::Short => ("quote-change down", "▼", t("prediction-short")),
    };
    let reason = (!prediction.reason.is_empty())
        .then(|| view! { <p class="prediction-quiet">{prediction.reason.clone()}</p> });
    let result = match (prediction.state, prediction.score) {
        (State::Scored, Some(score)) => {
            let words = if score.hit() {
                t("predictions-hit")
            } else {
                t("predictions-miss")
            };
            let base = score.base_rate.map(|base| {
                let values = [("base", percentage(Some(base), false).into())];
                view! { <p class="prediction-quiet">{t_with("predictions-base-of", &values)}</p> }
            });
            view! {
                {percentage(Some(score.made), true)}
                " "
                {words}
                {base}
            }
            .into_any()
        }
        (State::Void, _) => t("predictions-void").into_any(),
        _ => t("predictions-open").into_any(),
    };
    let back = own.then(
        || view! { <TakeBackButton prediction=prediction.id symbol=prediction.symbol.clone() /> },
    );
    view! {
        <tr data-state=prediction.state.as_str()>
            <td>
                <time datetime=prediction.made_at.to_rfc3339()>
                    {date_short(prediction.made_at.date_naive())}
                </time>
            </td>
            <td>{who}</td>
            <th scope="row">
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
            </th>
            <td>{date_short(prediction.due)}</td>
            <td class="number">{price(prediction, prediction.entry)}</td>
            <td class="number">{price(prediction, prediction.exit)}</td>
            <td class="number">{result}</td>
            <td class="row-acts">{back}</td>
        </tr>
    }
    .into_any()
}

/// A price with its day.
fn price(of: &Prediction, mark: Option<Mark>) -> AnyView {
    match mark {
        None => dash().into_any(),
        Some(Mark { date, price }) => view! {
            {price_of(&of.symbol, of.source, price)}
            <p class="prediction-quiet">{date_short(date)}</p>
        }
        .into_any(),
    }
}

/// Withdraws a prediction, as long as that is possible.
#[component]
fn TakeBackButton(
    prediction: PredictionId,
    /// Symbol of the prediction.
    symbol: String,
) -> impl IntoView {
    let Changes(changes) = expect_context::<Changes>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<WithdrawPrediction>::new();
    let value = action.value();
    Effect::new(move || match value.get() {
        Some(Ok(())) => {
            changes.update(|count| *count += 1);
            toasts.say(t("predictions-withdrawn"));
        }
        Some(Err(error)) => toasts.error(error_text(&error)),
        None => {}
    });
    let label = t_with("predictions-withdraw-of", &[("symbol", symbol.into())]);
    view! {
        <ActionForm action=action>
            <input type="hidden" name="prediction" value=prediction.to_string() />
            <button type="submit" class="button quiet small" aria-label=label>
                {t("predictions-withdraw")}
            </button>
        </ActionForm>
    }
    .into_any()
}
