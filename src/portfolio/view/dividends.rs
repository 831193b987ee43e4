//! Dividends received, the yield on cost, and missing dividends.

use super::money::{Currency, percentage};
use super::shown::{BASE, Shown, switch};
use crate::portfolio::rpc::{TakeDividends, load_dividends, load_overview, undo_import};
use crate::portfolio::rules::dividends::LATE;
use crate::portfolio::{
    Dividends, HoldingDividends, OfferedDividend, Overview, PaidDividends, TakenDividends,
};
use crate::shared::{Error, PortfolioId};
use crate::ui::facts::fact_card;
use crate::ui::form::{Form, on_success};
use crate::ui::loaded::when_loaded;
use crate::ui::money::{full_price, money, quantity};
use crate::ui::time::{date_short, date_text};
use crate::ui::{Changes, Column, DataTable, t, t_with};
use leptos::prelude::*;
use rust_decimal::Decimal;

/// The totals, and the list of missing dividends to select from.
#[component]
pub fn DividendsPage() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let loaded = Resource::new_blocking(
        move || shown.source(),
        |(chosen, _)| async move {
            let overview = load_overview(chosen).await?;
            let found = match &overview.page {
                Some(page) => Some(load_dividends(page.portfolio.id).await?),
                None => None,
            };
            Ok::<_, Error>((overview, found))
        },
    );
    view! {
        {when_loaded(loaded, move |(overview, found)| whole(&overview, found))}
    }
    .into_any()
}

fn whole(overview: &Overview, found: Option<Dividends>) -> AnyView {
    let switch = switch(overview, "dividends");
    let page = overview.page.as_ref();
    let (Some(found), Some(page)) = (found, page.filter(|page| !page.holdings.is_empty())) else {
        return view! {
            {switch}
            <p class="section-note">{t("dividends-empty")}</p>
            <a class="button primary" href=format!("{BASE}/holdings")>
                {t("portfolio-add-title")}
            </a>
        }
        .into_any();
    };
    let currency = Currency::of(&page.holdings);
    view! {
        {switch}
        {figures(&found, currency)}
        {missing(found, page.portfolio.id, currency)}
    }
    .into_any()
}

/// Renders the totals, with the formula of each.
fn figures(found: &Dividends, currency: Currency) -> AnyView {
    let PaidDividends {
        total,
        last_year,
        held,
        cost,
        yield_on_cost,
    } = found.paid;
    let until = found.until.map(date_short);
    let until = [("date", until.unwrap_or_default().into())];
    let values = [
        ("paid", currency.money(held).into()),
        ("cost", currency.money(cost).into()),
    ];
    let card = |name: &str, value: String, formula: String| fact_card(t(name), value, formula);
    let by_holding = (!found.holdings.is_empty()).then(|| by_holding(&found.holdings, currency));
    view! {
        <div class="setting">
            <h3>{t("dividends-paid")}</h3>
            <dl class="figure-cards">
                {card("dividends-total", currency.money(total), t("formula-dividends"))}
                {card(
                    "dividends-last-year",
                    currency.money(last_year),
                    t_with("formula-last-year", &until),
                )}
                {card(
                    "dividends-yield",
                    percentage(yield_on_cost, false),
                    t_with("formula-yield", &values),
                )}
            </dl>
            {by_holding}
        </div>
    }
    .into_any()
}

fn by_holding(holdings: &[HoldingDividends], Currency(code): Currency) -> AnyView {
    let amount = |key, pick: fn(&PaidDividends) -> Decimal| {
        Column::number(key, move |one: &HoldingDividends| {
            money(pick(&one.paid), None)
        })
        .in_currency(code)
        .sorts(key, move |one| pick(&one.paid))
        .csv(move |one| pick(&one.paid))
    };
    let columns = vec![
        Column::text("portfolio-instrument", |one: &HoldingDividends| {
            one.symbol.clone()
        })
        .class("quote-symbol")
        .heads_row()
        .sorts("symbol", |one| one.symbol.clone())
        .csv(|one| one.symbol.clone()),
        amount("dividends-total", |paid| paid.total)
            .sorted()
            .leads(),
        amount("dividends-last-year", |paid| paid.last_year),
        amount("dividends-cost", |paid| paid.cost),
        Column::number("dividends-yield", |one: &HoldingDividends| {
            percentage(one.paid.yield_on_cost, false)
        }),
    ];
    DataTable::new(t("dividends-by-holding"), columns, holdings.to_vec())
        .data("data-symbol", |one| one.symbol.clone())
        .file("dividends.csv")
        .draw()
}

/// Renders the missing dividends, or why none are offered.
fn missing(found: Dividends, portfolio: PortfolioId, currency: Currency) -> AnyView {
    let list = |symbols: &[String]| [("symbols", symbols.join(", ").into())];
    let untold = (!found.untold.is_empty()).then(|| {
        let by_hand = format!("{BASE}/transactions");
        view! {
            <p class="section-note">{t_with("dividends-untold", &list(&found.untold))}</p>
            <p class="button-row">
                <a class="button quiet" href=by_hand>
                    {t("dividends-by-hand")}
                </a>
            </p>
        }
    });
    let away = (!found.away.is_empty()).then(|| {
        view! { <p class="section-note">{t_with("dividends-away", &list(&found.away))}</p> }
    });
    let nobody_told = found.offered.is_empty() && found.known == 0;
    let all_there = (found.offered.is_empty() && found.untold.is_empty() && found.away.is_empty())
        .then(|| {
            let key = if nobody_told {
                "dividends-none"
            } else {
                "dividends-all-there"
            };
            view! { <p class="section-note">{t(key)}</p> }
        });
    let known = (found.known > 0).then(|| {
        let values = [("count", found.known.into()), ("late", LATE.into())];
        view! { <p class="section-note">{t_with("dividends-known", &values)}</p> }
    });
    let offers = (!found.offered.is_empty()).then(|| {
        let (offered, more) = (found.offered, found.more);
        view! { <Offers offered=offered more=more portfolio=portfolio currency=currency /> }
    });
    view! {
        <div class="setting">
            <h3>{t("dividends-missing")}</h3>
            {all_there}
            {offers}
            {known}
            {away}
            {untold}
        </div>
    }
    .into_any()
}

/// The missing dividends, with checkboxes.
#[component]
fn Offers(
    offered: Vec<OfferedDividend>,
    /// Number of missing dividends that are not listed.
    more: usize,
    portfolio: PortfolioId,
    currency: Currency,
) -> impl IntoView {
    let changes = Changes::of_context();
    let action = ServerAction::<TakeDividends>::new();
    on_success(action, move |taken: TakenDividends| {
        let said = t_with("dividends-taken", &[("count", taken.taken.into())]);
        changes.say_with_undo(said, move || undo_import(portfolio, taken.import_id));
    });
    let all = RwSignal::new(true);
    let Currency(code) = currency;
    let columns = vec![
        Column::labeled(String::new(), move |one: &OfferedDividend| choice(one, all))
            .head(move || choose_all(all)),
        Column::text("dividends-ex-date", |one: &OfferedDividend| {
            date_text(one.ex_date)
        })
        .heads_row(),
        Column::text("dividends-date", |one: &OfferedDividend| {
            date_text(one.date)
        }),
        Column::text("label-symbol", |one: &OfferedDividend| one.symbol.clone())
            .class("quote-symbol"),
        Column::number("label-quantity", |one: &OfferedDividend| {
            quantity(one.quantity)
        }),
        Column::number("dividends-per-share", |one: &OfferedDividend| {
            full_price(one.per_share)
        })
        .in_currency(code),
        Column::number("entry-amount", |one: &OfferedDividend| {
            money(one.amount, None)
        })
        .in_currency(code),
    ];
    let more = (more > 0).then(|| {
        let values = [("shown", offered.len().into()), ("more", more.into())];
        view! { <p class="section-note">{t_with("dividends-more", &values)}</p> }
    });
    view! {
        <p class="section-note">{t("dividends-note")}</p>
        <Form action=action submit=t("dividends-take") class="table-form" keyed=true>
            <input type="hidden" name="portfolio" value=portfolio.to_string() />
            {DataTable::new(t("dividends-missing"), columns, offered).draw()}
            {more}
        </Form>
    }
    .into_any()
}

fn choose_all(all: RwSignal<bool>) -> AnyView {
    view! {
        <label class="check needs-script">
            <input
                type="checkbox"
                checked=true
                prop:checked=move || all.get()
                on:change=move |event| all.set(event_target_checked(&event))
            />
            <span class="visually-hidden">{t("dividends-choose-all")}</span>
        </label>
    }
    .into_any()
}

fn choice(one: &OfferedDividend, all: RwSignal<bool>) -> AnyView {
    let values = [
        ("symbol", one.symbol.as_str().into()),
        ("date", date_short(one.ex_date).into()),
    ];
    view! {
        <label class="check">
            <input
                type="checkbox"
                name="chosen[]"
                value=one.choice().to_string()
                checked=true
                prop:checked=move || all.get()
            />
            <span class="visually-hidden">{t_with("dividends-choose", &values)}</span>
        </label>
    }
    .into_any()
}
