//! Past imports, each with an undo button.

use super::work::Work;
use crate::portfolio::rpc::UndoImport;
use crate::portfolio::view::shown::BASE;
use crate::portfolio::{Imports, Origin, PastImport};
use crate::shared::PortfolioId;
use crate::ui::form::{button_form, row_button};
use crate::ui::{Column, DataTable, Moment, figure, pager, t, t_with};
use leptos::prelude::*;

/// The list; empty if there are no past imports.
pub fn table(imports: Imports, portfolio: PortfolioId, work: Work) -> AnyView {
    if imports.imports.is_empty() {
        return ().into_any();
    }
    let next = imports.next;
    let next = next.map(|next| format!("{BASE}/import?before={next}"));
    let columns = vec![
        Column::text(
            "import-file",
            |one: &PastImport| view! { <bdi>{name(one)}</bdi> },
        )
        .class("import-name")
        .heads_row(),
        Column::text(
            "import-at",
            |one: &PastImport| view! { <Moment at=one.at /> },
        ),
        Column::number("import-brought", |one: &PastImport| {
            figure(&one.brought.to_string())
        }),
        Column::acts(move |one: &PastImport| undo_button(one, portfolio, work)),
    ];
    view! {
        <div class="setting">
            <h3>{t("import-past")}</h3>
            <p class="section-note">{t("import-past-note")}</p>
            {DataTable::new(t("import-past"), columns, imports.imports).draw()}
            {pager(next, t("import-earlier"))}
        </div>
    }
    .into_any()
}

fn name(one: &PastImport) -> String {
    match one.origin {
        Origin::Dividends => t("import-dividends"),
        Origin::File if one.name.is_empty() => t("import-nameless"),
        Origin::File => one.name.clone(),
    }
}

/// Undoes an import.
fn undo_button(one: &PastImport, portfolio: PortfolioId, work: Work) -> AnyView {
    let action = ServerAction::<UndoImport>::new();
    let changes = work.shown.changes;
    changes.follow(action, |gone| {
        t_with("import-undone", &[("count", gone.into())])
    });
    let label = t_with("import-undo-of", &[("name", name(one).into())]);
    let fields = vec![
        ("portfolio", portfolio.to_string()),
        ("import", one.id.to_string()),
    ];
    button_form(action, fields, row_button(t("import-undo"), Some(label)))
}
