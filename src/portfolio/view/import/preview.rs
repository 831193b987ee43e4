//! What a file would bring: what is new, what is there already, what cannot be.

use super::{Work, give_up, send};
use crate::portfolio::view::entry::kind_key;
use crate::portfolio::view::money::{money, price, units};
use crate::portfolio::{Import, Planned, Problem};
use crate::shared::PortfolioId;
use crate::ui::table::{failure, wide};
use crate::ui::{Button, ButtonKind, error_text, t, t_with};
use leptos::prelude::*;

/// It is on its way, or the server reads it.
pub fn reading(work: Work, percent: u8) -> AnyView {
    let on_its_way = percent < 100;
    let words = if on_its_way {
        t_with("import-sending", &[("percent", percent.into())])
    } else {
        t("import-reading")
    };
    view! {
        {bar(words, on_its_way.then(|| (usize::from(percent), 100)))}
        <div class="entry-send">{give_up(work, t("cancel"))}</div>
    }
    .into_any()
}

/// It is being taken in. That goes on when the page is left.
pub fn taking(written: Option<(usize, usize)>) -> AnyView {
    let written = written.filter(|(_, of)| *of > 0);
    let words = match written {
        Some((done, of)) => t_with(
            "import-writing",
            &[("done", done.into()), ("total", of.into())],
        ),
        None => t("import-taking"),
    };
    bar(words, written)
}

fn bar(words: String, done: Option<(usize, usize)>) -> AnyView {
    view! {
        <div class="progress">
            <progress
                aria-label=t("import-progress")
                value=done.map(|(done, _)| done.to_string())
                max=done.map(|(_, of)| of.to_string())
            ></progress>
            <p class="section-note" role="status">
                {words}
            </p>
        </div>
    }
    .into_any()
}

/// What it would bring, and the way to take it in.
pub fn seen(work: Work, id: PortfolioId, import: &Import) -> AnyView {
    let (fresh, known, refused) = (import.fresh, import.known, import.refused);
    let sums = [
        t_with("import-fresh", &[("count", fresh.into())]),
        t_with("import-known", &[("count", known.into())]),
        t_with("import-refused", &[("count", refused.into())]),
    ];
    let unasked =
        (import.unasked > 0).then(|| t_with("import-unasked", &[("count", import.unasked.into())]));
    let sums = sums.into_iter().chain(unasked);
    let sums = sums.map(|sum| view! { <li>{sum}</li> }).collect_view();
    let count = move || {
        if work.duplicates.get() {
            fresh + known
        } else {
            fresh
        }
    };
    let press = move |_| {
        if count() > 0 {
            send::take_in(work, id);
        }
    };
    let some = move || count() > 0;
    let also = (known > 0).then(|| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || work.duplicates.get()
                    on:change=move |event| work.duplicates.set(event_target_checked(&event))
                />
                <span>{t_with("import-duplicates", &[("count", known.into())])}</span>
            </label>
        }
    });
    let additions = (fresh > 0).then(|| list("import-additions", &import.additions, fresh, true));
    let duplicates = (known > 0).then(|| list("import-there", &import.duplicates, known, false));
    let problems = (refused > 0).then(|| problems(&import.problems, refused));
    view! {
        <h4 class="import-file">{move || work.name.get()}</h4>
        <div role="status">
            <ul class="import-sums">{sums}</ul>
        </div>
        {import.conflict.as_ref().map(failure)}
        {problems}
        {additions}
        {duplicates}
        {also}
        <div class="entry-send">
            <Show
                when=some
                fallback=|| view! { <p class="section-note">{t("import-nothing")}</p> }
            >
                <Button kind=ButtonKind::Primary press=press>
                    {move || t_with("import-take", &[("count", count().into())])}
                </Button>
            </Show>
            {give_up(work, t("import-other-file"))}
        </div>
    }
    .into_any()
}

/// Some transactions under a heading; the first of so many.
fn list(title: &'static str, some: &[Planned], of: usize, open: bool) -> AnyView {
    let rows = some.iter().map(row).collect_view();
    let title = t_with(title, &[("count", of.into())]);
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col" class="number">{t("import-line")}</th>
                    <th scope="col">{t("entry-date")}</th>
                    <th scope="col">{t("entry-kind")}</th>
                    <th scope="col">{t("entry-symbol")}</th>
                    <th scope="col" class="number">{t("entry-quantity")}</th>
                    <th scope="col" class="number">{t("entry-price")}</th>
                    <th scope="col" class="number">{t("entry-amount")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <details class="import-part" open=open>
            <summary>{title.clone()}</summary>
            {wide(title, table)}
            {first_of(some.len(), of)}
        </details>
    }
    .into_any()
}

fn row(one: &Planned) -> AnyView {
    let count = match one.ratio {
        Some((from, to)) => format!("{to}:{from}"),
        None => one.quantity.map(units).unwrap_or_default(),
    };
    view! {
        <tr>
            <td class="number">{one.line}</td>
            <th scope="row">{one.date.to_string()}</th>
            <td>{t(kind_key(one.kind))}</td>
            <td class="quote-symbol">{one.symbol.clone()}</td>
            <td class="number">{count}</td>
            <td class="number">{one.price.map(price)}</td>
            <td class="number">{one.amount.map(money)}</td>
        </tr>
    }
    .into_any()
}

/// What is wrong, line by line.
fn problems(some: &[Problem], of: usize) -> AnyView {
    let rows = some.iter().map(problem).collect_view();
    let title = t_with("import-problems", &[("count", of.into())]);
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col" class="number">{t("import-line")}</th>
                    <th scope="col">{t("import-column")}</th>
                    <th scope="col">{t("import-written")}</th>
                    <th scope="col">{t("import-what-to-do")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <details class="import-part" open=true>
            <summary>{title.clone()}</summary>
            <p class="section-note">{t("import-problems-note")}</p>
            {wide(title, table)}
            {first_of(some.len(), of)}
        </details>
    }
    .into_any()
}

fn problem(one: &Problem) -> AnyView {
    view! {
        <tr>
            <td class="number">{one.line}</td>
            <th scope="row">{one.column.clone()}</th>
            <td class="import-written">{one.written.clone()}</td>
            <td>{error_text(&one.error)}</td>
        </tr>
    }
    .into_any()
}

/// That there are more than are shown.
fn first_of(shown: usize, of: usize) -> Option<AnyView> {
    (shown < of).then(|| {
        let values = [("shown", shown.into()), ("count", of.into())];
        view! { <p class="section-note">{t_with("import-first-of", &values)}</p> }.into_any()
    })
}
