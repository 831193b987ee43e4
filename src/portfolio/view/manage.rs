//! Creating, renaming and deleting portfolios, and choosing their cost basis method.

use super::{BASE, CHOSEN, Shown};
use crate::portfolio::rpc::{ChangePortfolio, CreatePortfolio, DeletePortfolio, load_overview};
use crate::portfolio::rules::ledger::Method;
use crate::portfolio::{Overview, Portfolio};
use crate::ui::table::{failure, when_loaded};
use crate::ui::{Button, ButtonKind, Toasts, form_key, settled, t, t_with};
use leptos::prelude::*;

/// A form per portfolio, and one for a new portfolio.
#[component]
pub fn Portfolios() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let create = ServerAction::<CreatePortfolio>::new();
    let change = ServerAction::<ChangePortfolio>::new();
    let delete = ServerAction::<DeletePortfolio>::new();
    let toasts = Toasts::of_context();
    Effect::new(move || {
        let made = create.value().with(|value| matches!(value, Some(Ok(_))));
        if made {
            shown.changed();
            toasts.say(t("portfolios-made"));
        }
    });
    Effect::new(move || {
        if change.value().with(|value| matches!(value, Some(Ok(())))) {
            shown.changed();
            toasts.say(t("portfolios-saved"));
        }
    });
    Effect::new(move || {
        if delete.value().with(|value| matches!(value, Some(Ok(())))) {
            shown.changed();
            toasts.say(t("portfolios-deleted"));
        }
    });
    let overview =
        Resource::new_blocking(move || shown.source(), |(chosen, _)| load_overview(chosen));
    let failed = move || {
        let of_create = create.value().get().and_then(Result::err);
        let of_change = move || change.value().get().and_then(Result::err);
        let of_delete = move || delete.value().get().and_then(Result::err);
        of_create.or_else(of_change).or_else(of_delete)
    };
    view! {
        <p class="section-note">{t("portfolios-note")}</p>
        <div>{move || failed().map(|error| failure(&error))}</div>
        {when_loaded(overview, move |overview| forms(&overview, change, delete))}
        <div class="setting">
            <h3>{t("portfolios-new")}</h3>
            <ActionForm action=create attr:class="entry-form">
                {form_key(Signal::derive(move || create.value().with(settled)))}
                {name_and_method("new", "", Method::default())}
                <div class="entry-send">
                    <Button kind=ButtonKind::Primary submit=true busy=create.pending()>
                        {t("portfolios-make")}
                    </Button>
                </div>
            </ActionForm>
        </div>
    }
    .into_any()
}

fn forms(
    overview: &Overview,
    change: ServerAction<ChangePortfolio>,
    delete: ServerAction<DeletePortfolio>,
) -> AnyView {
    let all = overview.portfolios.iter();
    let forms = all.map(|portfolio| form(portfolio, change, delete));
    forms.collect_view().into_any()
}

fn form(
    portfolio: &Portfolio,
    change: ServerAction<ChangePortfolio>,
    delete: ServerAction<DeletePortfolio>,
) -> AnyView {
    let id = portfolio.id.to_string();
    let typed = format!("typed-{id}");
    let address = format!("{BASE}/holdings?{CHOSEN}={id}");
    let count = t_with(
        "portfolios-transactions",
        &[("count", portfolio.transactions.into())],
    );
    let ask = t_with(
        "portfolios-type-name",
        &[("name", portfolio.name.as_str().into())],
    );
    let [as_csv, as_json] =
        ["csv", "json"].map(|form| format!("/api/portfolios/{id}/export.{form}"));
    let deleted = id.clone();
    let fields = name_and_method(&id, &portfolio.name, portfolio.method);
    view! {
        <div class="setting">
            <h3>
                <a href=address>{portfolio.name.clone()}</a>
            </h3>
            <p class="section-note">{count}</p>
            <ActionForm action=change attr:class="entry-form">
                <input type="hidden" name="portfolio" value=id.clone() />
                {fields}
                <div class="entry-send">
                    <Button submit=true>{t("settings-save")}</Button>
                </div>
            </ActionForm>
            <p class="portfolio-files">
                <a class="button quiet" href=as_csv rel="external" download="">
                    {t("portfolios-csv")}
                </a>
                <a class="button quiet" href=as_json rel="external" download="">
                    {t("portfolios-json")}
                </a>
            </p>
            <details>
                <summary class="button quiet">{t("portfolios-delete")}</summary>
                <ActionForm action=delete attr:class="entry-form">
                    <input type="hidden" name="portfolio" value=deleted />
                    <div class="field">
                        <label for=typed.clone()>{ask}</label>
                        <input class="input" id=typed name="typed" autocomplete="off" required=true />
                    </div>
                    <div class="entry-send">
                        <Button kind=ButtonKind::Danger submit=true>
                            {t("portfolios-delete")}
                        </Button>
                    </div>
                </ActionForm>
            </details>
        </div>
    }
    .into_any()
}

fn name_and_method(of: &str, name: &str, method: Method) -> AnyView {
    let (name_id, method_id) = (format!("name-{of}"), format!("method-{of}"));
    let option = |each: Method, value: &'static str, key: &'static str| {
        view! {
            <option value=value selected=each == method>
                {t(key)}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for=name_id.clone()>{t("portfolios-name")}</label>
            <input
                class="input"
                id=name_id
                name="name"
                value=name.to_owned()
                autocomplete="off"
                maxlength="80"
                required=true
            />
        </div>
        <div class="field">
            <label for=method_id.clone()>{t("portfolios-method")}</label>
            <select class="input" id=method_id name="method">
                {option(Method::Fifo, "fifo", "portfolios-fifo")}
                {option(Method::Average, "average", "portfolios-average")}
            </select>
        </div>
    }
    .into_any()
}
