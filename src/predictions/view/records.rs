//! The leaderboard, with its rule.

use crate::accounts::{Profile, view::Name};
use crate::predictions::rules::ENOUGH;
use crate::predictions::{Leaderboard, RankedAuthor, Tally};
use crate::ui::change::{self, dash};
use crate::ui::{Column, DataTable, figure, t, t_with};
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
    // Too few predictions have no rank: one text stands for their numbers.
    let ranked = |one: &RankedAuthor| one.rank.is_some() && one.tally.counted >= ENOUGH;
    let number = move |one: &RankedAuthor, of_one: Option<f64>, plus: bool| {
        ranked(one).then(|| percentage(of_one, plus))
    };
    let columns = vec![
        Column::number("label-rank", |one: &RankedAuthor| {
            one.rank.map_or_else(dash, |rank| rank.to_string())
        }),
        Column::text("predictions-author", |one: &RankedAuthor| {
            author(one.author.clone())
        })
        .heads_row(),
        Column::number("predictions-scored", |one: &RankedAuthor| {
            figure(&one.tally.scored.to_string())
        }),
        Column::number("predictions-counted", |one: &RankedAuthor| {
            figure(&format!("{:.1}", one.tally.counted))
        }),
        Column::number("predictions-rate", move |one: &RankedAuthor| {
            if ranked(one) {
                rate(&one.tally)
            } else {
                view! { <span class="fine-print">{t("predictions-too-few")}</span> }.into_any()
            }
        }),
        Column::number("predictions-base", move |one: &RankedAuthor| {
            number(one, one.tally.base, false)
        }),
        Column::number("predictions-excess", move |one: &RankedAuthor| {
            number(one, one.tally.excess, true)
        }),
        Column::number("predictions-edge", move |one: &RankedAuthor| {
            number(one, one.tally.edge, true)
        })
        .leads(),
    ];
    view! {
        {rule}
        {latest}
        {DataTable::new(t("predictions-leaderboard"), columns, board.ranking)
            .class("prediction-leaderboard")
            .draw()}
    }
    .into_any()
}

/// The hit rate with its interval.
fn rate(tally: &Tally) -> AnyView {
    let interval = [
        ("low", percentage(tally.low, false).into()),
        ("high", percentage(tally.high, false).into()),
    ];
    view! {
        {percentage(tally.rate, false)}
        " "
        <span class="fine-print">{t_with("predictions-interval", &interval)}</span>
    }
    .into_any()
}

/// The name of an author; the technical rating has no account.
pub fn author(profile: Option<Profile>) -> AnyView {
    match profile {
        Some(profile) => view! { <Name profile=profile /> }.into_any(),
        None => t("predictions-engine").into_any(),
    }
}

/// A fraction as a percentage with one decimal; a dash if it is not defined.
pub fn percentage(of_one: Option<f64>, plus: bool) -> String {
    change::percentage(of_one, 1, plus)
}
