//! Import of transaction files: choose or drop a file, preview, import, undo.

mod past;
mod preview;
mod send;
mod work;

use super::manage::export_links;
use super::shown::{BASE, Shown, switch};
use crate::portfolio::rpc::{load_imports, load_overview};
use crate::portfolio::{Import, Imports, Overview};
use crate::shared::{Error, ImportId, PortfolioId};
use crate::ui::loaded::{failure, when_loaded};
use crate::ui::upload::File;
use crate::ui::{t, t_with};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;
use work::{Step, Work, stop};

/// File input, preview and past imports.
#[component]
pub fn ImportPage() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let work = Work::new(shown);
    let query = use_query_map();
    let before = Memo::new(move |_| {
        let before = query.with(|query| query.get("before"));
        before.and_then(|id| id.parse::<ImportId>().ok())
    });
    // Another portfolio: the preview does not apply to it.
    Effect::new(move |was: Option<Option<PortfolioId>>| {
        let chosen = shown.chosen.get();
        if was.is_some_and(|was| was != chosen) {
            work.reset();
        }
        chosen
    });
    on_cleanup(move || stop(work));
    let loaded = Resource::new_blocking(
        move || (shown.source(), before.get()),
        |((chosen, _), before)| async move {
            let overview = load_overview(chosen).await?;
            let id = overview.page.as_ref().map(|page| page.portfolio.id);
            let imports = match id {
                Some(id) => load_imports(id, before).await?,
                None => Imports::default(),
            };
            Ok::<_, Error>((overview, imports))
        },
    );
    view! {
        <p class="section-note">{t("import-lead")}</p>
        {when_loaded(loaded, move |(overview, imports)| whole(&overview, imports, work))}
    }
    .into_any()
}

fn whole(overview: &Overview, imports: Imports, work: Work) -> AnyView {
    let Some(page) = &overview.page else {
        return view! {
            <p class="section-note">{t("import-no-portfolio")}</p>
            <a class="button primary" href=format!("{BASE}/portfolios")>
                {t("portfolios-new")}
            </a>
        }
        .into_any();
    };
    let id = page.portfolio.id;
    let into = t_with(
        "import-into",
        &[("name", page.portfolio.name.as_str().into())],
    );
    view! {
        {switch(overview, "import")}
        <div class="setting">
            <h3>{into}</h3>
            {chooser(work, id)}
            <div>{move || work.failure.get().map(|error| failure(&error))}</div>
            {move || match work.step.get() {
                Step::Choosing => ().into_any(),
                Step::Reading(percent) => preview::reading(work, percent),
                Step::Seen(import) => preview::seen(work, id, &import),
                Step::Taking(written) => preview::taking(written),
            }}
        </div>
        <details class="setting">
            <summary class="button quiet">{t("import-where")}</summary>
            <ul class="import-sources">
                <li>{t("import-ghostfolio")}</li>
                <li>{t("import-wealthfolio")}</li>
                <li>{t("import-own")}</li>
                <li>{t("import-other")}</li>
            </ul>
        </details>
        {past::table(imports, id, work)}
        <div class="setting">
            <h3>{t("import-export")}</h3>
            {export_links(id)}
        </div>
    }
    .into_any()
}

/// File input and drop zone.
fn chooser(work: Work, id: PortfolioId) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            if let Some(file) = File::of(input.as_ref()) {
                send::look_at(file, work, id);
            }
            // Allows choosing the same file again.
            input.set_value("");
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(file) = File::dropped(&event) {
            send::look_at(file, work, id);
        }
    };
    let hover = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let most = Import::MOST_BYTES / 1024 / 1024;
    view! {
        <p class="section-note without-scripts">{t("import-needs-scripts")}</p>
        <div
            class="file-drop needs-script"
            class:over=move || over.get()
            hidden=move || work.step.with(|step| *step != Step::Choosing)
            on:dragover=hover
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <div class="file-drop-words">
                <label for="import-file" class="section-note">
                    {t_with("import-note", &[("max", most.into())])}
                </label>
                <input
                    type="file"
                    id="import-file"
                    class="file-input"
                    accept=".csv,.json,.tsv,.txt,text/csv,application/json"
                    node_ref=input
                    on:change=chosen
                />
            </div>
        </div>
    }
    .into_any()
}
