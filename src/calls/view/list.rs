//! What was called, and what became of it.

use super::{Changes, PLACE, Wanted, dash, part};
use crate::accounts::view::Name;
use crate::calls::rpc::TakeBackCall;
use crate::calls::{Call, CallPage, Direction, Mark, State};
use crate::markets::view::instrument_path;
use crate::shared::CallId;
use crate::ui::table::wide;
use crate::ui::time::date_short;
use crate::ui::{Icon, IconName, Toasts, error_text, figure, t, t_with};
use leptos::prelude::*;

/// The search and the calls; those of `retractable` can be taken back.
pub fn list(page: CallPage, retractable: &[CallId], wanted: &Wanted) -> AnyView {
    let options = [
        ("", t("calls-all")),
        ("open", t("calls-open")),
        ("scored", t("calls-state-scored")),
        ("void", t("calls-void")),
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
                aria-label=t("calls-search")
                placeholder=t("calls-search")
                autocomplete="off"
                autocapitalize="characters"
                value=wanted.symbol.clone()
            />
            <select class="input call-state" name="state" aria-label=t("calls-state")>
                {options.collect_view()}
            </select>
            <button type="submit" class="button quiet">
                <Icon name=IconName::Search />
                {t("operator-find")}
            </button>
        </form>
    };
    if page.calls.is_empty() {
        let words = if *wanted == Wanted::default() {
            t("calls-empty")
        } else {
            t("calls-none-found")
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
    let rows = page.calls.iter().map(|call| {
        let own = retractable.contains(&call.id);
        row(call, own)
    });
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("entry-date")}</th>
                    <th scope="col">{t("calls-author")}</th>
                    <th scope="col">{t("calls-call")}</th>
                    <th scope="col">{t("calls-due")}</th>
                    <th scope="col" class="number">{t("calls-entry")}</th>
                    <th scope="col" class="number">{t("calls-exit")}</th>
                    <th scope="col" class="number">{t("calls-result")}</th>
                    <th scope="col">
                        <span class="visually-hidden">{t("operator-actions")}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    view! {
        {search}
        {wide(t("calls-list"), table)}
        {next}
    }
    .into_any()
}

fn row(call: &Call, own: bool) -> AnyView {
    let who = match call.author.clone() {
        Some(profile) => view! { <Name profile=profile /> }.into_any(),
        None => t("calls-engine").into_any(),
    };
    let (class, mark, direction) = match call.direction {
        Direction::Long => ("quote-change up", "▲", t("call-long")),
        Direction::Short => ("quote-change down", "▼", t("call-short")),
    };
    let reason = (!call.reason.is_empty())
        .then(|| view! { <p class="call-quiet">{call.reason.clone()}</p> });
    let result = match (call.state, call.score) {
        (State::Scored, Some(score)) => {
            let words = if score.hit() {
                t("calls-hit")
            } else {
                t("calls-miss")
            };
            let base = score.base_rate.map(|base| {
                let values = [("base", part(Some(base), false).into())];
                view! { <p class="call-quiet">{t_with("calls-base-of", &values)}</p> }
            });
            view! {
                {part(Some(score.made), true)}
                " "
                {words}
                {base}
            }
            .into_any()
        }
        (State::Void, _) => t("calls-void").into_any(),
        _ => t("calls-open").into_any(),
    };
    let back = own.then(|| view! { <TakeBackButton call=call.id symbol=call.symbol.clone() /> });
    view! {
        <tr data-state=call.state.as_str()>
            <td>
                <time datetime=call.made_at.to_rfc3339()>
                    {date_short(call.made_at.date_naive())}
                </time>
            </td>
            <td>{who}</td>
            <th scope="row">
                <a class="quote-symbol" href=instrument_path(&call.symbol)>
                    {call.symbol.clone()}
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
            <td>{date_short(call.due)}</td>
            <td class="number">{price(call.entry)}</td>
            <td class="number">{price(call.exit)}</td>
            <td class="number">{result}</td>
            <td class="row-acts">{back}</td>
        </tr>
    }
    .into_any()
}

/// A price with its day.
fn price(mark: Option<Mark>) -> AnyView {
    match mark {
        None => dash().into_any(),
        Some(Mark { date, price }) => view! {
            {figure(&price.normalize().to_string())}
            <p class="call-quiet">{date_short(date)}</p>
        }
        .into_any(),
    }
}

/// Takes a call back, as long as that is possible.
#[component]
fn TakeBackButton(
    call: CallId,
    /// On what.
    symbol: String,
) -> impl IntoView {
    let Changes(changes) = expect_context::<Changes>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<TakeBackCall>::new();
    let value = action.value();
    Effect::new(move || match value.get() {
        Some(Ok(())) => {
            changes.update(|count| *count += 1);
            toasts.say(t("calls-taken-back"));
        }
        Some(Err(error)) => toasts.error(error_text(&error)),
        None => {}
    });
    let label = t_with("calls-take-back-of", &[("symbol", symbol.into())]);
    view! {
        <ActionForm action=action>
            <input type="hidden" name="call" value=call.to_string() />
            <button type="submit" class="button quiet small" aria-label=label>
                {t("calls-take-back")}
            </button>
        </ActionForm>
    }
    .into_any()
}
