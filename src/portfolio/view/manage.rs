//! Creating, renaming and deleting portfolios, and choosing their cost basis method.

use super::shown::{BASE, CHOSEN, Shown};
use crate::portfolio::rpc::{ChangePortfolio, CreatePortfolio, DeletePortfolio, load_overview};
use crate::portfolio::rules::ledger::Method;
use crate::portfolio::{Overview, Portfolio};
use crate::shared::PortfolioId;
use crate::ui::form::{Form, labeled, on_success, options};
use crate::ui::loaded::when_loaded;
use crate::ui::{ButtonKind, TextField, t, t_with};
use leptos::prelude::*;

/// A form per portfolio, and one for a new portfolio.
#[component]
pub fn Portfolios() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let create = ServerAction::<CreatePortfolio>::new();
    let change = ServerAction::<ChangePortfolio>::new();
    let delete = ServerAction::<DeletePortfolio>::new();
    let changes = shown.changes;
    on_success(create, move |_| changes.say(t("portfolios-made")));
    on_success(change, move |()| changes.say(t("portfolios-saved")));
    on_success(delete, move |()| changes.say(t("portfolios-deleted")));
    let overview =
        Resource::new_blocking(move || shown.source(), |(chosen, _)| load_overview(chosen));
    view! {
        <p class="section-note">{t("portfolios-note")}</p>
        {when_loaded(overview, move |overview| forms(&overview, change, delete))}
        <div class="setting">
            <h3>{t("portfolios-new")}</h3>
            <Form action=create submit=t("portfolios-make") keyed=true>
                {name_and_method("new", "", Method::default())}
            </Form>
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
    let deleted = id.clone();
    let fields = name_and_method(&id, &portfolio.name, portfolio.method);
    view! {
        <div class="setting">
            <h3>
                <a href=address>{portfolio.name.clone()}</a>
            </h3>
            <p class="section-note">{count}</p>
            <Form action=change submit=t("save") kind=ButtonKind::Quiet>
                <input type="hidden" name="portfolio" value=id.clone() />
                {fields}
            </Form>
            {export_links(portfolio.id)}
            <details>
                <summary class="button quiet">{t("portfolios-delete")}</summary>
                <Form action=delete submit=t("portfolios-delete") kind=ButtonKind::Danger>
                    <input type="hidden" name="portfolio" value=deleted />
                    <TextField name="typed" id=typed label=ask required=true />
                </Form>
            </details>
        </div>
    }
    .into_any()
}

fn name_and_method(of: &str, name: &str, method: Method) -> AnyView {
    let (name_id, method_id) = (format!("name-{of}"), format!("method-{of}"));
    let methods = [
        (Method::Fifo, "fifo", t("portfolios-fifo")),
        (Method::Average, "average", t("portfolios-average")),
    ];
    let methods = methods.map(|(each, value, name)| (value.to_owned(), name, each == method));
    let method = view! {
        <select class="input" id=method_id.clone() name="method">
            {options(methods)}
        </select>
    };
    let name = name.to_owned();
    view! {
        <TextField
            name="name"
            id=name_id
            label=t("portfolios-name")
            value=name
            most=80_usize
            required=true
        />
        {labeled(method_id, t("portfolios-method"), method)}
    }
    .into_any()
}

/// Links to the files with all transactions of a portfolio.
pub fn export_links(id: PortfolioId) -> AnyView {
    let link = |kind: &str, name: String| {
        view! {
            <a
                class="button quiet"
                href=format!("/api/portfolios/{id}/export.{kind}")
                rel="external"
                download=""
            >
                {name}
            </a>
        }
    };
    view! {
        <p class="button-row">
            {link("csv", t("portfolios-csv"))} {link("json", t("portfolios-json"))}
        </p>
    }
    .into_any()
}
