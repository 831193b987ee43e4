//! Import of transaction files: choose or drop a file, preview, import, undo.

mod past;
mod preview;
mod send;

use super::{BASE, Shown, switch};
use crate::portfolio::rpc::{load_imports, load_overview};
use crate::portfolio::{Import, Imports, Overview};
use crate::shared::{Error, ImportId, PortfolioId};
use crate::ui::table::{failure, when_loaded};
use crate::ui::{Button, Toasts, t, t_with};
use leptos::{html, prelude::*, wasm_bindgen::JsValue};
use leptos_router::hooks::use_query_map;
use send::Sending;
use send_wrapper::SendWrapper;

/// State of an import.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser sends files")
)]
#[derive(Clone, Debug, Default, PartialEq)]
enum Step {
    /// No file is chosen.
    #[default]
    Choosing,
    /// The file is uploaded for a preview: percentage sent; at 100 the server reads it.
    Reading(u8),
    /// The preview.
    Seen(Box<Import>),
    /// The import runs: transactions written, and their total number.
    Taking(Option<(usize, usize)>),
}

/// A value of the browser's only thread. The server never has one: it drops pages on any thread.
type OfPage<T> = SendWrapper<T>;

/// State shared by the parts of the page. It survives re-rendering after a change.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser sends files")
)]
#[derive(Clone, Copy)]
struct Work {
    step: RwSignal<Step>,
    failure: RwSignal<Option<Error>>,
    /// The chosen file; `name` is its name.
    file: StoredValue<Option<OfPage<JsValue>>>,
    name: RwSignal<String>,
    /// Identity of the file, and its idempotency key.
    key: StoredValue<(String, String)>,
    /// true: imports duplicates too.
    duplicates: RwSignal<bool>,
    /// true: skips lines that cannot be imported.
    rest: RwSignal<bool>,
    /// The running request; `sent` is its number, so that responses to earlier ones are ignored.
    sending: StoredValue<Option<OfPage<Sending>>>,
    sent: StoredValue<u32>,
    shown: Shown,
    toasts: Toasts,
}

#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser sends files")
)]
impl Work {
    fn new(shown: Shown) -> Self {
        Self {
            step: RwSignal::new(Step::Choosing),
            failure: RwSignal::new(None),
            file: StoredValue::new(None),
            name: RwSignal::new(String::new()),
            key: StoredValue::new(Default::default()),
            duplicates: RwSignal::new(false),
            rest: RwSignal::new(false),
            sending: StoredValue::new(None),
            sent: StoredValue::new(0),
            shown,
            toasts: Toasts::of_context(),
        }
    }

    /// Resets the page, and aborts a running upload.
    fn reset(self) {
        send::stop(self);
        self.file.set_value(None);
        self.duplicates.set(false);
        self.rest.set(false);
        self.failure.set(None);
        self.step.set(Step::Choosing);
    }

    /// Shows an error instead of the preview.
    fn failed(self, error: Error) {
        self.step.try_set(Step::Choosing);
        self.failure.try_set(Some(error));
    }

    /// Shows the result, with an undo button.
    fn taken(self, portfolio: PortfolioId, import: &Import) {
        self.file.set_value(None);
        self.key.set_value(Default::default());
        self.step.set(Step::Choosing);
        self.shown.changed();
        let said = t_with("import-done", &[("count", import.fresh.into())]);
        let Some(id) = import.id else { return };
        let back = self
            .shown
            .lasting(move |()| past::take_back(self, portfolio, id));
        self.toasts.with_action(said, t("undo"), back);
    }
}

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
    on_cleanup(move || send::stop(work));
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
    let [as_csv, as_json] =
        ["csv", "json"].map(|form| format!("/api/portfolios/{id}/export.{form}"));
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
            <p class="portfolio-files">
                <a class="button quiet" href=as_csv rel="external" download="">
                    {t("portfolios-csv")}
                </a>
                <a class="button quiet" href=as_json rel="external" download="">
                    {t("portfolios-json")}
                </a>
            </p>
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
            send::first_of(input.as_ref(), work, id);
            // Allows choosing the same file again.
            input.set_value("");
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        send::dropped(&event, work, id);
    };
    let hover = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let most = Import::MOST_BYTES / 1024 / 1024;
    view! {
        <p class="section-note without-scripts">{t("import-needs-scripts")}</p>
        <div
            class="picture-form needs-script"
            class:over=move || over.get()
            hidden=move || work.step.with(|step| *step != Step::Choosing)
            on:dragover=hover
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <div class="picture-words">
                <label for="import-file" class="section-note">
                    {t_with("import-note", &[("max", most.into())])}
                </label>
                <input
                    type="file"
                    id="import-file"
                    class="picture-input"
                    accept=".csv,.json,.tsv,.txt,text/csv,application/json"
                    node_ref=input
                    on:change=chosen
                />
            </div>
        </div>
    }
    .into_any()
}

/// Button that aborts the upload or discards the preview.
fn give_up(work: Work, label: String) -> AnyView {
    view! { <Button press=move |_| work.reset()>{label}</Button> }.into_any()
}
