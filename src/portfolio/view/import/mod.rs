//! Files of transactions: chosen or dropped, looked at, taken in, and taken back.

mod past;
mod preview;
mod send;

use super::{BASE, Shown, switch};
use crate::portfolio::rpc::{load_imports, load_overview};
use crate::portfolio::{Import, Imports, Overview};
use crate::shared::{Error, ImportId, PortfolioId};
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::{Button, Toasts, t, t_with};
use leptos::{html, prelude::*, wasm_bindgen::JsValue};
use leptos_router::hooks::use_query_map;
use send::Sending;
use send_wrapper::SendWrapper;

/// How far a file is.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser sends files")
)]
#[derive(Clone, Debug, Default, PartialEq)]
enum Step {
    /// None was chosen.
    #[default]
    Choosing,
    /// It is on its way to be looked at: per cent, then the server reads it.
    Reading(u8),
    /// This is what it would bring.
    Seen(Box<Import>),
    /// It is on its way to be taken in: transactions that are written, and of how many.
    Taking(Option<(usize, usize)>),
}

/// What only the browser's one thread can have. On the server there is none of it: pages that are
/// drawn there are dropped on whichever thread is free.
type OfPage<T> = SendWrapper<T>;

/// What the parts of the page share. It outlives what is drawn anew after each change.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser sends files")
)]
#[derive(Clone, Copy)]
struct Work {
    step: RwSignal<Step>,
    failure: RwSignal<Option<Error>>,
    /// The file, and what it is called.
    file: StoredValue<Option<OfPage<JsValue>>>,
    name: RwSignal<String>,
    /// Which file it is, and the key under which it is imported once.
    key: StoredValue<(String, String)>,
    /// Whether duplicates are taken in too.
    duplicates: RwSignal<bool>,
    /// Whether what cannot be taken in is left out.
    rest: RwSignal<bool>,
    /// What is being sent, with its number: an answer to an earlier one is passed over.
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

    /// Begins anew; what is on its way is called back.
    fn reset(self) {
        send::stop(self);
        self.file.set_value(None);
        self.duplicates.set(false);
        self.rest.set(false);
        self.failure.set(None);
        self.step.set(Step::Choosing);
    }

    /// It did not work out: what was seen before is gone, the reason stays.
    fn failed(self, error: Error) {
        self.step.try_set(Step::Choosing);
        self.failure.try_set(Some(error));
    }

    /// It is taken in; that can be taken back at once.
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

/// The file, what it would bring, and the files that were taken in before.
#[component]
pub fn ImportPage() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let work = Work::new(shown);
    let query = use_query_map();
    let before = Memo::new(move |_| {
        let before = query.with(|query| query.get("before"));
        before.and_then(|id| id.parse::<ImportId>().ok())
    });
    // Another portfolio: what was seen is not about it.
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
        <Transition fallback=TableSkeleton>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((overview, imports)) => whole(&overview, imports, work),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
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

/// The place for a file.
fn chooser(work: Work, id: PortfolioId) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            send::first_of(input.as_ref(), work, id);
            // The same file may be chosen again.
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

/// Gives up what is on its way or was seen.
fn give_up(work: Work, label: String) -> AnyView {
    view! { <Button press=move |_| work.reset()>{label}</Button> }.into_any()
}
