//! Leaderboard with the benchmark, and how much of it is luck.

use super::figures::{money, part_mark};
use crate::accounts::view::Name;
use crate::paper::{Board, Market, RankedMember};
use crate::ui::change::{dash, percentage};
use crate::ui::time::date_short;
use crate::ui::{Column, DataTable, figure, t, t_with};
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
        let columns = vec![
            Column::number("label-rank", |one: &RankedMember| {
                one.rank.map_or_else(dash, |rank| rank.to_string())
            }),
            Column::text("paper-member", |one: &RankedMember| {
                view! { <Name profile=one.member.clone() /> }
            })
            .heads_row(),
            Column::number("paper-made", |one: &RankedMember| part_mark(one.made)).leads(),
            Column::number("label-drawdown", |one: &RankedMember| {
                percentage(one.drawdown.as_ref().map(|fall| fall.depth), 2, true)
            }),
            Column::number("label-value", |one: &RankedMember| money(one.value)),
            Column::number("paper-trades", |one: &RankedMember| {
                figure(&one.trades.to_string())
            }),
        ];
        let table = DataTable::new(t("paper-leaderboard"), columns, ranking)
            .class("paper-leaderboard")
            .data("data-member", |one| one.member.username.clone())
            .foot(market.as_ref().map(market_row));
        view! {
            {table.draw()}
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
                <td class="number lead">{part_mark(market.made)}</td>
                <td></td>
                <td></td>
                <td></td>
            </tr>
        </tfoot>
    }
    .into_any()
}
