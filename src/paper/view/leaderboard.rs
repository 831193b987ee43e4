//! Leaderboard with the benchmark, and how much of it is luck.

use super::figures::{money, part_mark};
use crate::accounts::view::Name;
use crate::paper::{Board, Market, RankedMember};
use crate::ui::change::{dash, percentage};
use crate::ui::table::wide;
use crate::ui::time::date_short;
use crate::ui::{figure, t, t_with};
use leptos::prelude::*;

/// The table, or a text if it is empty.
pub fn leaderboard(board: Board) -> AnyView {
    let Board {
        season,
        ranking,
        members,
        market,
    } = board;
    let closed = season.closed_at.map(|at| {
        let values = [("date", date_short(at.date_naive()).into())];
        view! { <p class="section-note">{t_with("paper-closed", &values)}</p> }
    });
    let table = if ranking.is_empty() {
        view! { <p class="section-note">{t("paper-leaderboard-empty")}</p> }.into_any()
    } else {
        let more = members.saturating_sub(u32::try_from(ranking.len()).unwrap_or(u32::MAX));
        let more = (more > 0).then(|| {
            let values = [("count", i64::from(more).into())];
            view! { <p class="section-note">{t_with("paper-more", &values)}</p> }
        });
        let rows = ranking.into_iter().map(row).collect_view();
        let table = view! {
            <table class="figure-table paper-leaderboard">
                <thead>
                    <tr>
                        <th scope="col" class="number">{t("predictions-rank")}</th>
                        <th scope="col">{t("paper-member")}</th>
                        <th scope="col" class="number">{t("paper-made")}</th>
                        <th scope="col" class="number">{t("performance-drawdown")}</th>
                        <th scope="col" class="number">{t("paper-value")}</th>
                        <th scope="col" class="number">{t("paper-trades")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                {market.as_ref().map(market_row)}
            </table>
        };
        view! {
            {wide(t("paper-leaderboard"), table)}
            {more}
        }
        .into_any()
    };
    view! {
        <div class="setting">
            <h3>{t_with("paper-leaderboard-of", &[("season", season.name.into())])}</h3>
            <p class="section-note">{t("paper-luck")}</p>
            {closed}
            {table}
        </div>
    }
    .into_any()
}

fn row(leaderboard: RankedMember) -> AnyView {
    let RankedMember {
        member,
        rank,
        value,
        made,
        drawdown,
        trades,
    } = leaderboard;
    let fall = drawdown.map(|fall| fall.depth);
    let username = member.username.clone();
    let place = rank.map_or_else(dash, |rank| rank.to_string());
    view! {
        <tr data-member=username>
            <td class="number">{place}</td>
            <th scope="row">
                <Name profile=member />
            </th>
            <td class="number">{part_mark(made)}</td>
            <td class="number">{percentage(fall, 2, true)}</td>
            <td class="number">{money(value)}</td>
            <td class="number">{figure(&trades.to_string())}</td>
        </tr>
    }
    .into_any()
}

/// Return of the benchmark.
fn market_row(market: &Market) -> AnyView {
    let values = [
        ("symbols", market.symbols.join(", ").into()),
        ("date", date_short(market.since).into()),
    ];
    view! {
        <tfoot>
            <tr class="paper-market">
                <td class="number">"\u{2013}"</td>
                <th scope="row">{t_with("paper-holding", &values)}</th>
                <td class="number">{part_mark(market.made)}</td>
                <td></td>
                <td></td>
                <td></td>
            </tr>
        </tfoot>
    }
    .into_any()
}
