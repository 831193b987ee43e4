//! Past imports, each with an undo button.

use super::Work;
use crate::portfolio::rpc::{UndoImport, undo_import};
use crate::portfolio::view::{BASE, Shown};
use crate::portfolio::{Imports, Origin, PastImport};
use crate::shared::{ImportId, PortfolioId};
use crate::ui::table::wide;
use crate::ui::{Button, Moment, error_text, figure, t, t_with};
use leptos::{prelude::*, task::spawn_local};

/// Undoes an import that has just finished.
pub fn take_back(work: Work, portfolio: PortfolioId, import: ImportId) {
    let (shown, toasts) = (work.shown, work.toasts);
    spawn_local(async move {
        match undo_import(portfolio, import).await {
            Ok(_) => shown.changed(),
            Err(error) => toasts.error(error_text(&error)),
        }
    });
}

/// The list; empty if there are no past imports.
pub fn table(imports: Imports, portfolio: PortfolioId, work: Work) -> AnyView {
    if imports.imports.is_empty() {
        return ().into_any();
    }
    let next = imports.next.map(|next| {
        view! {
            <a class="button quiet" href=format!("{BASE}/import?before={next}")>
                {t("import-earlier")}
            </a>
        }
    });
    let rows = imports
        .imports
        .into_iter()
        .map(|one| row(one, portfolio, work))
        .collect_view();
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("import-file")}</th>
                    <th scope="col">{t("import-at")}</th>
                    <th scope="col" class="number">{t("import-brought")}</th>
                    <th scope="col">
                        <span class="visually-hidden">{t("admin-actions")}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <div class="setting">
            <h3>{t("import-past")}</h3>
            <p class="section-note">{t("import-past-note")}</p>
            {wide(t("import-past"), table)}
            {next}
        </div>
    }
    .into_any()
}

fn row(one: PastImport, portfolio: PortfolioId, work: Work) -> AnyView {
    let name = match one.origin {
        Origin::Dividends => t("import-dividends"),
        Origin::File if one.name.is_empty() => t("import-nameless"),
        Origin::File => one.name,
    };
    view! {
        <tr>
            <th scope="row" class="import-name">
                <bdi>{name.clone()}</bdi>
            </th>
            <td>
                <Moment at=one.at />
            </td>
            <td class="number">{figure(&one.brought.to_string())}</td>
            <td class="row-acts">
                <TakeBackButton portfolio=portfolio import=one.id name=name work=work />
            </td>
        </tr>
    }
    .into_any()
}

/// Undoes an import.
#[component]
fn TakeBackButton(
    portfolio: PortfolioId,
    import: ImportId,
    /// Name of the file.
    name: String,
    /// State of the page, which shows the result.
    work: Work,
) -> impl IntoView {
    let shown: Shown = work.shown;
    let toasts = work.toasts;
    let action = ServerAction::<UndoImport>::new();
    let (value, pending) = (action.value(), action.pending());
    Effect::new(move || match value.get() {
        Some(Ok(gone)) => {
            shown.changed();
            toasts.say(t_with("import-undone", &[("count", gone.into())]));
        }
        Some(Err(error)) => toasts.error(error_text(&error)),
        None => {}
    });
    let label = t_with("import-undo-of", &[("name", name.into())]);
    view! {
        <ActionForm action=action>
            <input type="hidden" name="portfolio" value=portfolio.to_string() />
            <input type="hidden" name="import" value=import.to_string() />
            <Button submit=true busy=pending attr:class="button quiet small" attr:aria-label=label>
                {t("import-undo")}
            </Button>
        </ActionForm>
    }
    .into_any()
}
