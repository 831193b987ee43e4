//! Holdings with their value.

use super::entry::EntryForm;
use super::money::{Currency, change, dash, money, percentage, price, units};
use super::sectors::by_sector;
use super::share::ShareButton;
use super::{BASE, Shown, switch};
use crate::markets::{Source, currency};
use crate::portfolio::rpc::{TakeOut, load_detail, load_overview};
use crate::portfolio::{Detail, Holding, Overview, PortfolioPage};
use crate::shared::{Error, PortfolioId};
use crate::ui::table::{TableSkeleton, failure, wide};
use crate::ui::time::date_short;
use crate::ui::{Icon, IconName, Toasts, t, t_with};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::BTreeSet;

/// Totals, table, form, and the lots of the symbol in the address.
#[component]
pub fn Holdings() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let query = use_query_map();
    let asked = move |name: &'static str| Memo::new(move |_| query.with(|query| query.get(name)));
    let symbol = asked("symbol");
    let (lots, sales) = (asked("lots"), asked("sales"));
    let sort = Memo::new(move |_| query.with(|query| Sort::of(query.get("sort").as_deref())));
    // Loaded together with the overview, which determines the portfolio: hydration replaces the
    // page as a whole.
    let loaded = Resource::new_blocking(
        move || {
            let places = (lots.get(), sales.get());
            (shown.source(), symbol.get(), places)
        },
        |((chosen, _), symbol, (lots, sales))| async move {
            let overview = load_overview(chosen).await?;
            let id = overview.page.as_ref().map(|page| page.portfolio.id);
            let lots = match id.zip(symbol) {
                Some((id, symbol)) => Some(load_detail(id, symbol, lots, sales).await),
                None => None,
            };
            Ok::<_, Error>((overview, lots))
        },
    );
    view! {
        <Transition fallback=TableSkeleton>
            {move || {
                let sort = sort.get();
                Suspend::new(async move {
                    match loaded.await {
                        Ok((overview, lots)) => whole(overview, lots, sort),
                        Err(error) => failure(&error),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

fn whole(overview: Overview, lots: Option<Result<Detail, Error>>, sort: Sort) -> AnyView {
    let switch = switch(&overview, "holdings");
    let Some(page) = overview.page else {
        return empty(None);
    };
    let id = page.portfolio.id;
    if page.holdings.is_empty() && page.cash.is_none() {
        return view! {
            {switch}
            {empty(Some(id))}
        }
        .into_any();
    }
    let symbol = lots
        .as_ref()
        .and_then(|lots| lots.as_ref().ok())
        .map(|detail| detail.holding.symbol.clone());
    let lots_of = lots.map(|lots| match lots {
        Ok(detail) => super::lots::lots(detail),
        Err(error) => failure(&error),
    });
    view! {
        {switch}
        {totals(&page)}
        {table(&page, sort)}
        {lots_of}
        {by_sector(&page)}
        <details class="setting">
            <summary class="button quiet">
                <Icon name=IconName::Plus />
                {t("portfolio-add-title")}
            </summary>
            <EntryForm portfolio=Some(id) symbol=symbol />
        </details>
    }
    .into_any()
}

/// Shown while nothing is held: the first step.
fn empty(portfolio: Option<PortfolioId>) -> AnyView {
    view! {
        <div class="setting">
            <h3>{t("portfolio-empty")}</h3>
            <p class="section-note">{t("portfolio-empty-note")}</p>
            <EntryForm portfolio=portfolio />
            <p class="section-note">{t("portfolio-empty-import")}</p>
            <p class="portfolio-files">
                <a class="button quiet" href=format!("{BASE}/import")>
                    <Icon name=IconName::Download />
                    {t("portfolio-import")}
                </a>
            </p>
        </div>
    }
    .into_any()
}

/// The totals.
fn totals(page: &PortfolioPage) -> AnyView {
    let held = || page.holdings.iter();
    let sum = |pick: fn(&Holding) -> Decimal| held().map(pick).sum::<Decimal>();
    let (cost, unrealized) = (sum(|one| one.cost), sum(|one| one.unrealized));
    let (realized, dividends) = (sum(|one| one.realized), sum(|one| one.dividends));
    let day: Option<Decimal> = held().filter_map(|one| one.day_change).reduce(|a, b| a + b);
    let before = day.map(|day| sum(|one| one.value) - day);
    let currency = Currency::of(&page.holdings);
    let figures = [
        (
            "portfolio-unrealized",
            Some(currency.change(unrealized, cost)),
        ),
        (
            "portfolio-day",
            day.zip(before)
                .map(|(day, before)| currency.change(day, before)),
        ),
        (
            "portfolio-realized",
            Some(currency.change(realized, Decimal::ZERO)),
        ),
        (
            "portfolio-income",
            Some(currency.money(dividends).into_any()),
        ),
        (
            "portfolio-cash",
            page.cash.map(|cash| currency.money(cash).into_any()),
        ),
    ];
    let figures = figures
        .into_iter()
        .filter_map(|(key, figure)| Some((key, figure?)))
        .map(|(key, figure)| {
            view! {
                <div>
                    <dt>{t(key)}</dt>
                    <dd>{figure}</dd>
                </div>
            }
        })
        .collect_view();
    let negative = page.cash.is_some_and(|cash| cash < Decimal::ZERO);
    view! {
        <div class="portfolio-head">
            <h3 class="portfolio-name">{page.portfolio.name.clone()}</h3>
            <p class="portfolio-value">{currency.money(page.value)}</p>
            <dl class="ledger-figures portfolio-figures">{figures}</dl>
            {negative.then(|| view! { <p class="section-note">{t("portfolio-cash-negative")}</p> })}
            {mixed(page)}
            {page_age(page)}
            <p class="portfolio-files">
                <ShareButton target=(page.portfolio.id, None) />
            </p>
        </div>
    }
    .into_any()
}

/// Warns that the totals mix currencies.
fn mixed(page: &PortfolioPage) -> Option<AnyView> {
    let currencies = currencies(&page.holdings);
    (currencies.len() > 1).then(|| {
        let all = currencies.join(", ");
        view! {
            <p class="section-note">
                {t_with("portfolio-currencies", &[("currencies", all.into())])}
            </p>
        }
        .into_any()
    })
}

/// Returns the currencies of the prices of the holdings, as far as they are known.
fn currencies(holdings: &[Holding]) -> Vec<&'static str> {
    let held = holdings.iter().filter(|one| !one.quantity.is_zero());
    let codes = held.filter_map(|one| currency(&one.symbol, one.source?));
    codes.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Shows the data sources and the age of the prices.
fn page_age(page: &PortfolioPage) -> AnyView {
    let held = || page.holdings.iter().filter(|one| !one.quantity.is_zero());
    let oldest = held()
        .filter_map(|one| Some((one.price_date?, one.source?)))
        .min_by_key(|(date, _)| *date);
    let missing = held().any(|one| one.source.is_none());
    let age = oldest.map(|(date, source)| {
        let key = match source {
            Source::Sample => "portfolio-age-sample",
            Source::Replay => "portfolio-age-replay",
            Source::Folder => "portfolio-age-folder",
            Source::Stooq => "portfolio-age-stooq",
            Source::AlphaVantage => "portfolio-age-alpha_vantage",
            Source::Massive => "portfolio-age-massive",
        };
        t_with(key, &[("date", date_short(date).into())])
    });
    view! {
        {age.map(|age| view! { <p class="ledger-quiet">{age}</p> })}
        {missing.then(|| view! { <p class="ledger-quiet">{t("portfolio-no-prices")}</p> })}
    }
    .into_any()
}

/// Order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Value,
    Symbol,
    Gain,
}

impl Sort {
    fn of(asked: Option<&str>) -> Self {
        match asked {
            Some("symbol") => Self::Symbol,
            Some("gain") => Self::Gain,
            _ => Self::Value,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Symbol => "symbol",
            Self::Gain => "gain",
        }
    }

    fn apply(self, holdings: &mut [Holding]) {
        match self {
            // The server's order.
            Self::Value => {}
            Self::Symbol => holdings.sort_by(|one, other| one.symbol.cmp(&other.symbol)),
            Self::Gain => holdings.sort_by_key(|one| std::cmp::Reverse(one.unrealized)),
        }
    }
}

fn table(page: &PortfolioPage, sort: Sort) -> AnyView {
    let mut holdings = page.holdings.clone();
    sort.apply(&mut holdings);
    let (id, value) = (page.portfolio.id, page.value);
    let rows = holdings
        .into_iter()
        .map(|holding| row(holding, id, value))
        .collect_view();
    let currency = Currency::of(&page.holdings);
    let in_currency = move |key: &'static str| currency.head(t(key));
    let head = |key: &'static str, by: Sort| {
        let order = if by == Sort::Symbol {
            "ascending"
        } else {
            "descending"
        };
        let current = (by == sort).then_some(order);
        let (class, label) = match by {
            Sort::Symbol => ("", t(key).into_any()),
            Sort::Value | Sort::Gain => ("number", in_currency(key)),
        };
        view! {
            <th scope="col" class=class aria-sort=current>
                <a href=format!("{BASE}/holdings?sort={}", by.as_str())>{label}</a>
            </th>
        }
    };
    let table = view! {
            <table class="figure-table">
                <thead>
                    <tr>
                        {head("portfolio-instrument", Sort::Symbol)}
                        <th scope="col" class="number">
                            {t("entry-quantity")}
                        </th>
                        <th scope="col" class="number">
                            {in_currency("portfolio-average")}
                        </th>
                        <th scope="col" class="number">
                            {in_currency("portfolio-price")}
                        </th>
                        {head("portfolio-value", Sort::Value)}
                        {head("portfolio-gain", Sort::Gain)}
                        <th scope="col">
                            <span class="visually-hidden">{t("portfolio-weight")}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
    };
    view! {
        {wide(t("portfolio-holdings"), table)}
    }
    .into_any()
}

fn row(holding: Holding, portfolio: PortfolioId, whole: Decimal) -> AnyView {
    let held = !holding.quantity.is_zero();
    let weight = share(holding.value, whole);
    let gain = if held {
        change(holding.unrealized, holding.cost)
    } else {
        change(holding.realized, Decimal::ZERO)
    };
    let symbol = holding.symbol.clone();
    let address = format!("{BASE}/holdings?symbol={symbol}");
    let (of_row, taken) = (symbol.clone(), symbol.clone());
    view! {
        <tr class:sold=!held data-symbol=of_row>
            <th scope="row">
                <a class="instrument" href=address>
                    <span class="quote-symbol">{symbol.clone()}</span>
                    <span class="ledger-quiet">{holding.name}</span>
                </a>
            </th>
            <td class="number">{if held { units(holding.quantity) } else { t("portfolio-sold") }}</td>
            <td class="number">{holding.average_price.map_or_else(dash, price)}</td>
            <td class="number">{holding.price.filter(|_| held).map_or_else(dash, price)}</td>
            <td class="number">
                {if held { money(holding.value) } else { dash() }}
                <span
                    class="weight"
                    style=format!("--weight: {:.4}", weight.unwrap_or_default().clamp(0.0, 1.0))
                    aria-hidden="true"
                ></span>
                <span class="ledger-quiet">{held.then(|| percentage(weight, false))}</span>
            </td>
            <td class="number">{gain}</td>
            <td class="row-acts">
                <TakeOutButton portfolio=portfolio symbol=taken />
            </td>
        </tr>
    }
    .into_any()
}

/// Removes a symbol, and offers to restore it.
#[component]
fn TakeOutButton(portfolio: PortfolioId, symbol: String) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let toasts = Toasts::of_context();
    let action = ServerAction::<TakeOut>::new();
    let value = action.value();
    let (gone, named) = (symbol.clone(), symbol.clone());
    Effect::new(move || match value.get() {
        Some(Ok(())) => {
            shown.changed();
            let symbol = gone.clone();
            let said = t_with("portfolio-taken-out", &[("symbol", symbol.as_str().into())]);
            let back = shown.lasting(move |()| {
                let symbol = symbol.clone();
                spawn_local(async move {
                    match crate::portfolio::rpc::bring_back(portfolio, symbol).await {
                        Ok(()) => shown.changed(),
                        Err(error) => toasts.error(crate::ui::error_text(&error)),
                    }
                });
            });
            toasts.with_action(said, t("undo"), back);
        }
        Some(Err(error)) => toasts.error(crate::ui::error_text(&error)),
        None => {}
    });
    let label = t_with("portfolio-take-out-of", &[("symbol", named.into())]);
    view! {
        <ActionForm action=action>
            <input type="hidden" name="portfolio" value=portfolio.to_string() />
            <input type="hidden" name="symbol" value=symbol />
            <button type="submit" class="button icon-button" aria-label=label.clone() title=label>
                <Icon name=IconName::Close />
            </button>
        </ActionForm>
    }
    .into_any()
}

/// Returns the weight as a fraction. None: `whole` is zero.
pub fn share(of: Decimal, whole: Decimal) -> Option<f64> {
    of.checked_div(whole)?.to_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_of_what_is_held() {
        let holding = |symbol: &str, held: i64, source| Holding {
            symbol: symbol.into(),
            name: String::new(),
            sector: None,
            quantity: held.into(),
            cost: Decimal::ZERO,
            average_price: None,
            price: None,
            price_date: None,
            source,
            value: Decimal::ZERO,
            unrealized: Decimal::ZERO,
            realized: Decimal::ZERO,
            dividends: Decimal::ZERO,
            day_change: None,
            since: None,
        };
        let held = [
            holding("SAP.DE", 1, Some(Source::Stooq)),
            holding("VOD.UK", 1, Some(Source::Stooq)),
            holding("BMW.DE", 1, Some(Source::Stooq)),
            // Not held, without a price, and a data source that does not report the currency.
            holding("7203.JP", 0, Some(Source::Stooq)),
            holding("0700.HK", 1, None),
            holding("MINE", 1, Some(Source::Folder)),
        ];
        assert_eq!(currencies(&held), ["EUR", "GBX"]);
        assert_eq!(currencies(&held[..1]), ["EUR"]);
    }
}
