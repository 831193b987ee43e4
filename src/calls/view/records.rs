//! The table of records, with the rule that it follows.

use super::{dash, part};
use crate::accounts::view::Name;
use crate::calls::rules::ENOUGH;
use crate::calls::{Leaderboard, Standing};
use crate::ui::table::wide;
use crate::ui::{figure, t, t_with};
use leptos::prelude::*;

/// Who did how well, or what will be here.
pub fn table(board: Leaderboard) -> AnyView {
    let rule = view! { <p class="section-note">{t("calls-rule")}</p> };
    if board.standings.is_empty() {
        return view! {
            {rule}
            <p class="section-note">{t("calls-records-empty")}</p>
        }
        .into_any();
    }
    let latest = board.latest.map(|count| {
        let count = figure(&count.to_string());
        let text = t_with("calls-latest", &[("count", count.into())]);
        view! { <p class="section-note">{text}</p> }
    });
    let rows = board.standings.into_iter().map(row).collect_view();
    let table = view! {
        <table class="figure-table call-records">
            <thead>
                <tr>
                    <th scope="col" class="number">{t("calls-place")}</th>
                    <th scope="col">{t("calls-author")}</th>
                    <th scope="col" class="number">{t("calls-scored")}</th>
                    <th scope="col" class="number">{t("calls-counted")}</th>
                    <th scope="col" class="number">{t("calls-rate")}</th>
                    <th scope="col" class="number">{t("calls-base")}</th>
                    <th scope="col" class="number">{t("calls-excess")}</th>
                    <th scope="col" class="number">{t("calls-edge")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        {rule}
        {latest}
        {wide(t("calls-records"), table)}
    }
    .into_any()
}

fn row(standing: Standing) -> AnyView {
    let Standing {
        author,
        rank,
        tally,
    } = standing;
    let who = match author {
        Some(profile) => view! { <Name profile=profile /> }.into_any(),
        None => t("calls-engine").into_any(),
    };
    let figures = if rank.is_some() && tally.counted >= ENOUGH {
        let interval = [
            ("low", part(tally.low, false).into()),
            ("high", part(tally.high, false).into()),
        ];
        view! {
            <td class="number">
                {part(tally.rate, false)}
                " "
                <span class="call-quiet">{t_with("calls-interval", &interval)}</span>
            </td>
            <td class="number">{part(tally.base, false)}</td>
            <td class="number">{part(tally.excess, true)}</td>
            <td class="number">{part(tally.edge, true)}</td>
        }
        .into_any()
    } else {
        view! { <td colspan="4" class="call-quiet">{t("calls-too-few")}</td> }.into_any()
    };
    view! {
        <tr>
            <td class="number">{rank.map_or_else(dash, |rank| rank.to_string())}</td>
            <th scope="row">{who}</th>
            <td class="number">{figure(&tally.scored.to_string())}</td>
            <td class="number">{figure(&format!("{:.1}", tally.counted))}</td>
            {figures}
        </tr>
    }
    .into_any()
}
