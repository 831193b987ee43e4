//! The leaderboard, with its rule.

use super::{dash, percentage};
use crate::accounts::view::Name;
use crate::predictions::rules::ENOUGH;
use crate::predictions::{Leaderboard, RankedAuthor};
use crate::ui::table::wide;
use crate::ui::{figure, t, t_with};
use leptos::prelude::*;

/// The table, or a text if it is empty.
pub fn table(board: Leaderboard) -> AnyView {
    let rule = view! { <p class="section-note">{t("predictions-rule")}</p> };
    if board.ranking.is_empty() {
        return view! {
            {rule}
            <p class="section-note">{t("predictions-leaderboard-empty")}</p>
        }
        .into_any();
    }
    let latest = board.latest.map(|count| {
        let count = figure(&count.to_string());
        let text = t_with("predictions-latest", &[("count", count.into())]);
        view! { <p class="section-note">{text}</p> }
    });
    let rows = board.ranking.into_iter().map(row).collect_view();
    let table = view! {
        <table class="figure-table prediction-leaderboard">
            <thead>
                <tr>
                    <th scope="col" class="number">{t("predictions-rank")}</th>
                    <th scope="col">{t("predictions-author")}</th>
                    <th scope="col" class="number">{t("predictions-scored")}</th>
                    <th scope="col" class="number">{t("predictions-counted")}</th>
                    <th scope="col" class="number">{t("predictions-rate")}</th>
                    <th scope="col" class="number">{t("predictions-base")}</th>
                    <th scope="col" class="number">{t("predictions-excess")}</th>
                    <th scope="col" class="number">{t("predictions-edge")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        {rule}
        {latest}
        {wide(t("predictions-leaderboard"), table)}
    }
    .into_any()
}

fn row(ranked: RankedAuthor) -> AnyView {
    let RankedAuthor {
        author,
        rank,
        tally,
    } = ranked;
    let who = match author {
        Some(profile) => view! { <Name profile=profile /> }.into_any(),
        None => t("predictions-engine").into_any(),
    };
    let figures = if rank.is_some() && tally.counted >= ENOUGH {
        let interval = [
            ("low", percentage(tally.low, false).into()),
            ("high", percentage(tally.high, false).into()),
        ];
        view! {
            <td class="number">
                {percentage(tally.rate, false)}
                " "
                <span class="prediction-quiet">{t_with("predictions-interval", &interval)}</span>
            </td>
            <td class="number">{percentage(tally.base, false)}</td>
            <td class="number">{percentage(tally.excess, true)}</td>
            <td class="number">{percentage(tally.edge, true)}</td>
        }
        .into_any()
    } else {
        view! { <td colspan="4" class="prediction-quiet">{t("predictions-too-few")}</td> }
            .into_any()
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
