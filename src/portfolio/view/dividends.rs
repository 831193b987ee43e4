//! Dividends received, the yield on cost, and missing dividends.

use super::money::{Currency, money, percentage, price, units};
use super::{BASE, Shown, switch};
use crate::portfolio::rpc::{TakeDividends, load_dividends, load_overview, undo_import};
use crate::portfolio::rules::dividends::LATE;
use crate::portfolio::{
    Dividends, HoldingDividends, OfferedDividend, Overview, PaidDividends, TakenDividends,
};
use crate::shared::{Error, PortfolioId};
use crate::ui::table::{failure, when_loaded, wide};
use crate::ui::time::date_short;
use crate::ui::{Button, ButtonKind, Toasts, error_text, form_key, settled, t, t_with};
use leptos::{prelude::*, task::spawn_local};

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
    let card = |name: &str, value: String, formula: String| {
        view! {
            <div class="figure-card">
                <dt>{t(name)}</dt>
                <dd>
                    <strong>{value}</strong>
                    <span class="formula">{formula}</span>
                </dd>
            </div>
        }
    };
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

fn by_holding(holdings: &[HoldingDividends], currency: Currency) -> AnyView {
    let head = |key: &str| currency.head(t(key));
    let row = |one: &HoldingDividends| {
        view! {
            <tr data-symbol=one.symbol.clone()>
                <th scope="row" class="quote-symbol">
                    {one.symbol.clone()}
                </th>
                <td class="number">{money(one.paid.total)}</td>
                <td class="number">{money(one.paid.last_year)}</td>
                <td class="number">{money(one.paid.cost)}</td>
                <td class="number">{percentage(one.paid.yield_on_cost, false)}</td>
            </tr>
        }
    };
    let rows = holdings.iter().map(row).collect_view();
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("portfolio-instrument")}</th>
                    <th scope="col" class="number">{head("dividends-total")}</th>
                    <th scope="col" class="number">{head("dividends-last-year")}</th>
                    <th scope="col" class="number">{head("dividends-cost")}</th>
                    <th scope="col" class="number">{t("dividends-yield")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    wide(t("dividends-by-holding"), table)
}

/// Renders the missing dividends, or why none are offered.
fn missing(found: Dividends, portfolio: PortfolioId, currency: Currency) -> AnyView {
    let list = |symbols: &[String]| [("symbols", symbols.join(", ").into())];
    let untold = (!found.untold.is_empty()).then(|| {
        let by_hand = format!("{BASE}/transactions");
        view! {
            <p class="section-note">{t_with("dividends-untold", &list(&found.untold))}</p>
            <p class="portfolio-files">
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
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<TakeDividends>::new();
    let (value, pending) = (action.value(), action.pending());
    Effect::new(move || {
        if let Some(Ok(taken)) = value.get() {
            told(shown, toasts, portfolio, taken);
        }
    });
    let failed = move || {
        value
            .get()
            .and_then(Result::err)
            .map(|error| failure(&error))
    };
    let all = RwSignal::new(true);
    let rows = offered.iter().map(|one| row(one, all)).collect_view();
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">
                        <label class="check needs-script">
                            <input
                                type="checkbox"
                                checked=true
                                prop:checked=move || all.get()
                                on:change=move |event| all.set(event_target_checked(&event))
                            />
                            <span class="visually-hidden">{t("dividends-choose-all")}</span>
                        </label>
                    </th>
                    <th scope="col">{t("dividends-ex-date")}</th>
                    <th scope="col">{t("dividends-date")}</th>
                    <th scope="col">{t("entry-symbol")}</th>
                    <th scope="col" class="number">{t("entry-quantity")}</th>
                    <th scope="col" class="number">{currency.head(t("dividends-per-share"))}</th>
                    <th scope="col" class="number">{currency.head(t("entry-amount"))}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let more = (more > 0).then(|| {
        let values = [("shown", offered.len().into()), ("more", more.into())];
        view! { <p class="section-note">{t_with("dividends-more", &values)}</p> }
    });
    view! {
        <p class="section-note">{t("dividends-note")}</p>
        <ActionForm action=action>
            {form_key(Signal::derive(move || value.with(settled)))}
            <input type="hidden" name="portfolio" value=portfolio.to_string() />
            {wide(t("dividends-missing"), table)}
            {more}
            <div class="form-error-place">{failed}</div>
            <div class="entry-send">
                <Button submit=true busy=pending kind=ButtonKind::Primary>
                    {t("dividends-take")}
                </Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn row(one: &OfferedDividend, all: RwSignal<bool>) -> AnyView {
    let values = [
        ("symbol", one.symbol.as_str().into()),
        ("date", date_short(one.ex_date).into()),
    ];
    view! {
        <tr>
            <td>
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
            </td>
            <th scope="row">{date_short(one.ex_date)}</th>
            <td>{date_short(one.date)}</td>
            <td class="quote-symbol">{one.symbol.clone()}</td>
            <td class="number">{units(one.quantity)}</td>
            <td class="number">{price(one.per_share)}</td>
            <td class="number">{money(one.amount)}</td>
        </tr>
    }
    .into_any()
}

/// Shows a toast with the number of dividends added and an undo button.
fn told(shown: Shown, toasts: Toasts, portfolio: PortfolioId, taken: TakenDividends) {
    let back = shown.lasting(move |()| {
        spawn_local(async move {
            match undo_import(portfolio, taken.import_id).await {
                Ok(_) => shown.changed(),
                Err(error) => toasts.error(error_text(&error)),
            }
        });
    });
    let said = t_with("dividends-taken", &[("count", taken.taken.into())]);
    toasts.with_action(said, t("undo"), back);
    shown.changed();
}
