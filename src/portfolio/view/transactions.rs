//! List of transactions, for editing and deleting.

use super::entry::{EntryForm, kind_key};
use super::money::{Currency, dash, money, price, units};
use super::share::ShareButton;
use super::{BASE, Shown, switch};
use crate::portfolio::rpc::{
    BringBack, RemoveTransaction, load_overview, load_transactions, write_transaction,
};
use crate::portfolio::{Kind, Overview, Transaction, TransactionInput, TransactionPage};
use crate::shared::{Error, PortfolioId};
use crate::ui::table::{when_loaded, wide};
use crate::ui::time::date_short;
use crate::ui::{Button, Icon, IconName, Toasts, address, error_text, new_key, t, t_with};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

/// Form, filter and list.
#[component]
pub fn Transactions() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        query.with(|query| (query.get("symbol"), query.get("before"), query.get("edit")))
    });
    let loaded = Resource::new_blocking(
        move || (shown.source(), wanted.get()),
        |((chosen, _), (symbol, before, _))| async move {
            let overview = load_overview(chosen).await?;
            let id = overview.page.as_ref().map(|page| page.portfolio.id);
            let page = match id {
                Some(id) => load_transactions(id, symbol, before).await?,
                None => TransactionPage::default(),
            };
            Ok::<_, Error>((overview, page))
        },
    );
    view! {
        {when_loaded(loaded, move |(overview, page)| whole(&overview, page, &wanted.get_untracked()))}
    }
    .into_any()
}

/// Symbol, cursor and transaction in the address.
type Wanted = (Option<String>, Option<String>, Option<String>);

fn whole(overview: &Overview, page: TransactionPage, wanted: &Wanted) -> AnyView {
    let (symbol, before, edit) = wanted;
    let portfolio = overview.page.as_ref().map(|page| page.portfolio.id);
    let edited = page
        .transactions
        .iter()
        .find(|one| edit.as_deref() == Some(&one.id.to_string()))
        .cloned();
    let title = t(if edited.is_some() {
        "portfolio-edit-title"
    } else {
        "portfolio-add-title"
    });
    let nothing = page.transactions.is_empty();
    let held = overview.page.as_ref();
    let currency = held.map_or_else(Currency::default, |page| Currency::of(&page.holdings));
    let list = match portfolio {
        Some(portfolio) if !nothing => table(page, portfolio, symbol.as_deref(), currency),
        _ => view! { <p class="section-note">{t("transactions-empty")}</p> }.into_any(),
    };
    let back = edited.is_some().then(|| {
        view! {
            <a class="button quiet" href=place(symbol.as_deref(), before.as_deref(), None)>
                {t("cancel")}
            </a>
        }
    });
    view! {
        {switch(overview, "transactions")}
        <div class="setting">
            <h3>{title}</h3>
            <EntryForm portfolio=portfolio of=edited symbol=symbol.clone() />
            {back}
        </div>
        <form class="ledger-search" method="get" action=format!("{BASE}/transactions") role="search">
            <input
                class="input"
                type="search"
                name="symbol"
                aria-label=t("transactions-search")
                placeholder=t("transactions-search")
                autocomplete="off"
                autocapitalize="characters"
                value=symbol.clone()
            />
            <button type="submit" class="button quiet">
                <Icon name=IconName::Search />
                {t("admin-find")}
            </button>
        </form>
        {list}
    }
    .into_any()
}

fn place(symbol: Option<&str>, before: Option<&str>, edit: Option<&str>) -> String {
    let wanted = [("symbol", symbol), ("before", before), ("edit", edit)];
    address(&format!("{BASE}/transactions"), &wanted)
}

fn table(
    page: TransactionPage,
    portfolio: PortfolioId,
    symbol: Option<&str>,
    currency: Currency,
) -> AnyView {
    let head = |key: &str| currency.head(t(key));
    let next = page.next.map(|next| {
        view! {
            <a class="button quiet" href=place(symbol, Some(&next), None)>
                {t("transactions-more")}
            </a>
        }
    });
    let rows = page
        .transactions
        .iter()
        .map(|one| row(one, portfolio, symbol))
        .collect_view();
    let table = view! {
            <table class="figure-table">
                <thead>
                    <tr>
                        <th scope="col">{t("entry-date")}</th>
                        <th scope="col">{t("entry-kind")}</th>
                        <th scope="col">{t("entry-symbol")}</th>
                        <th scope="col" class="number">{t("entry-quantity")}</th>
                        <th scope="col" class="number">{head("entry-price")}</th>
                        <th scope="col" class="number">{head("entry-fee")}</th>
                        <th scope="col" class="number">{head("transactions-total")}</th>
                        <th scope="col">
                            <span class="visually-hidden">{t("admin-actions")}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
    };
    view! {
        {wide(t("portfolio-transactions"), table)}
        {next}
    }
    .into_any()
}

fn row(one: &Transaction, portfolio: PortfolioId, symbol: Option<&str>) -> AnyView {
    let acts = if one.removed {
        view! { <BringBackButton portfolio=portfolio symbol=one.symbol.clone().unwrap_or_default() /> }
            .into_any()
    } else {
        let edit = place(symbol, None, Some(&one.id.to_string()));
        let share = one.kind.is_trade().then(|| {
            let values = [
                ("symbol", one.symbol.clone().unwrap_or_default().into()),
                ("date", date_short(one.date).into()),
            ];
            let label = t_with("share-trade-of", &values);
            view! { <ShareButton target=(portfolio, Some(one.id)) label=label /> }
        });
        view! {
            <a class="button quiet small" href=edit>
                {t("transactions-edit")}
            </a>
            {share}
            <DeleteButton portfolio=portfolio of=one.clone() />
        }
        .into_any()
    };
    let count = match one.ratio {
        Some((from, to)) => format!("{to}:{from}"),
        None => one.quantity.map(units).unwrap_or_default(),
    };
    let total = one.total().map(money);
    let note =
        (!one.note.is_empty()).then(|| view! { <p class="ledger-quiet">{one.note.clone()}</p> });
    view! {
        <tr class:sold=one.removed data-kind=one.kind.as_str()>
            <th scope="row">{date_short(one.date)}</th>
            <td>
                {t(kind_key(one.kind))}
                {one.removed.then(|| view! { " " <span class="badge">{t("transactions-removed")}</span> })}
                {note}
            </td>
            <td class="quote-symbol">{one.symbol.clone()}</td>
            <td class="number">{count}</td>
            <td class="number">{one.price.map(price)}</td>
            <td class="number">{one.fee.filter(|fee| !fee.is_zero()).map(money)}</td>
            <td class="number">{total.unwrap_or_else(|| if one.kind == Kind::Split { String::new() } else { dash() })}</td>
            <td class="row-acts">{acts}</td>
        </tr>
    }
    .into_any()
}

/// Deletes a transaction, and offers to undo that.
#[component]
fn DeleteButton(portfolio: PortfolioId, of: Transaction) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<RemoveTransaction>::new();
    let (value, pending) = (action.value(), action.pending());
    let id = of.id;
    Effect::new(move || match value.get() {
        Some(Ok(())) => {
            shown.changed();
            let (of, key) = (of.clone(), new_key());
            let back = shown.lasting(move |()| {
                let again = write_again(portfolio, of.clone(), key.clone());
                spawn_local(async move {
                    match again.await {
                        Ok(_) => shown.changed(),
                        Err(error) => toasts.error(error_text(&error)),
                    }
                });
            });
            toasts.with_action(t("transactions-deleted"), t("undo"), back);
        }
        Some(Err(error)) => toasts.error(error_text(&error)),
        None => {}
    });
    view! {
        <ActionForm action=action>
            <input type="hidden" name="portfolio" value=portfolio.to_string() />
            <input type="hidden" name="transaction" value=id.to_string() />
            <Button submit=true busy=pending attr:class="button quiet small">
                {t("transactions-delete")}
            </Button>
        </ActionForm>
    }
    .into_any()
}

async fn write_again(
    portfolio: PortfolioId,
    of: Transaction,
    key: String,
) -> Result<crate::shared::TransactionId, Error> {
    let TransactionInput {
        kind,
        symbol,
        date,
        quantity,
        price,
        fee,
        amount,
        from,
        to,
        note,
    } = TransactionInput::from(&of);
    let written = write_transaction(
        Some(portfolio),
        None,
        kind,
        symbol,
        date,
        quantity,
        price,
        fee,
        amount,
        from,
        to,
        note,
        key,
    );
    written.await
}

/// Restores a removed symbol.
#[component]
fn BringBackButton(portfolio: PortfolioId, symbol: String) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<BringBack>::new();
    let value = action.value();
    Effect::new(move || match value.get() {
        Some(Ok(())) => shown.changed(),
        Some(Err(error)) => toasts.error(error_text(&error)),
        None => {}
    });
    let label = t_with(
        "portfolio-bring-back-of",
        &[("symbol", symbol.as_str().into())],
    );
    view! {
        <ActionForm action=action>
            <input type="hidden" name="portfolio" value=portfolio.to_string() />
            <input type="hidden" name="symbol" value=symbol />
            <button type="submit" class="button quiet small" aria-label=label>
                {t("portfolio-bring-back")}
            </button>
        </ActionForm>
    }
    .into_any()
}
