//! List of transactions, for editing and deleting.

use super::entry::{EntryForm, kind_key};
use super::money::Currency;
use super::share::ShareButton;
use super::shown::{BASE, Shown, switch};
use crate::portfolio::rpc::{
    BringBack, RemoveTransaction, load_overview, load_transactions, write_transaction,
};
use crate::portfolio::{Kind, Overview, Transaction, TransactionInput, TransactionPage};
use crate::shared::{Error, PortfolioId, TransactionId};
use crate::ui::change::dash;
use crate::ui::form::{button_form, row_button};
use crate::ui::loaded::when_loaded;
use crate::ui::money::{full_price, money, quantity};
use crate::ui::time::{date_short, date_text};
use crate::ui::{Changes, Column, DataTable, SearchForm, address, new_key, pager, t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use rust_decimal::Decimal;

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
            <EntryForm portfolio=portfolio of=edited symbol=symbol.clone() today=overview.today />
            {back}
        </div>
        <SearchForm
            action=format!("{BASE}/transactions")
            name="symbol"
            label=t("transactions-search")
            value=symbol.clone()
            capitals=true
        />
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
    Currency(code): Currency,
) -> AnyView {
    let next = page.next.map(|next| place(symbol, Some(&next), None));
    let symbol = symbol.map(ToOwned::to_owned);
    let fee = |one: &Transaction| one.fee.filter(|fee| !fee.is_zero());
    let columns = vec![
        Column::text("label-date", |one: &Transaction| date_text(one.date)).heads_row(),
        Column::text("entry-kind", kind),
        Column::text("label-symbol", |one: &Transaction| one.symbol.clone()).class("quote-symbol"),
        Column::number("label-quantity", |one: &Transaction| {
            count(one.ratio, one.quantity)
        }),
        Column::number("entry-price", |one: &Transaction| one.price.map(full_price))
            .in_currency(code),
        Column::number("entry-fee", move |one: &Transaction| {
            fee(one).map(|fee| money(fee, None))
        })
        .in_currency(code),
        Column::number("transactions-total", |one: &Transaction| {
            match one.total() {
                Some(total) => Some(money(total, None)),
                None => (one.kind != Kind::Split).then(dash),
            }
        })
        .in_currency(code)
        .leads(),
        Column::acts(move |one: &Transaction| acts(one, portfolio, symbol.as_deref())),
    ];
    view! {
        {DataTable::new(t("portfolio-transactions"), columns, page.transactions)
            .data("data-kind", |one| one.kind.as_str().to_owned())
            .row_class(|one| if one.removed { "sold" } else { "" })
            .draw()}
        {pager(next, t("transactions-more"))}
    }
    .into_any()
}

/// The kind of a transaction, whether its symbol was removed, and its note.
fn kind(one: &Transaction) -> AnyView {
    let removed = one
        .removed
        .then(|| view! { " " <span class="badge">{t("transactions-removed")}</span> });
    let note =
        (!one.note.is_empty()).then(|| view! { <p class="fine-print">{one.note.clone()}</p> });
    view! { {t(kind_key(one.kind))} {removed} {note} }.into_any()
}

/// The quantity of a trade, or the ratio of a split.
pub fn count(ratio: Option<(u32, u32)>, of: Option<Decimal>) -> Option<String> {
    match ratio {
        Some((from, to)) => Some(format!("{to}:{from}")),
        None => of.map(quantity),
    }
}

fn acts(one: &Transaction, portfolio: PortfolioId, symbol: Option<&str>) -> AnyView {
    if one.removed {
        return bring_back_button(portfolio, one.symbol.clone().unwrap_or_default());
    }
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
        {delete_button(portfolio, one.clone())}
    }
    .into_any()
}

/// Deletes a transaction, and offers to undo that.
fn delete_button(portfolio: PortfolioId, of: Transaction) -> AnyView {
    let changes = Changes::of_context();
    let action = ServerAction::<RemoveTransaction>::new();
    let fields = vec![
        ("portfolio", portfolio.to_string()),
        ("transaction", of.id.to_string()),
    ];
    changes.after(action, move |()| {
        let (of, key) = (of.clone(), new_key());
        changes.say_with_undo(t("transactions-deleted"), move || {
            write_again(portfolio, of.clone(), key.clone())
        });
    });
    button_form(action, fields, row_button(t("transactions-delete"), None))
}

async fn write_again(
    portfolio: PortfolioId,
    of: Transaction,
    key: String,
) -> Result<TransactionId, Error> {
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
fn bring_back_button(portfolio: PortfolioId, symbol: String) -> AnyView {
    let changes = Changes::of_context();
    let action = ServerAction::<BringBack>::new();
    changes.after(action, move |()| changes.made());
    let label = t_with(
        "portfolio-bring-back-of",
        &[("symbol", symbol.as_str().into())],
    );
    let fields = vec![("portfolio", portfolio.to_string()), ("symbol", symbol)];
    let button = row_button(t("portfolio-bring-back"), Some(label));
    button_form(action, fields, button)
}
