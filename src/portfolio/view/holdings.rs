//! Holdings with their value.

use super::entry::EntryForm;
use super::money::{Currency, currencies, percentage, share, weight_bar};
use super::sectors::by_sector;
use super::share::ShareButton;
use super::shown::{BASE, Shown, switch};
use crate::markets::{Source, view::symbol_link};
use crate::portfolio::rpc::{TakeOut, bring_back, load_detail, load_overview};
use crate::portfolio::{Detail, Holding, Overview, PortfolioPage};
use crate::shared::{Error, PortfolioId};
use crate::ui::change::dash;
use crate::ui::facts::fact;
use crate::ui::form::{button_form, row_icon};
use crate::ui::loaded::{failure, when_loaded};
use crate::ui::money::{full_price, gain, money, quantity};
use crate::ui::time::date_short;
use crate::ui::{Changes, Column, DataTable, Icon, IconName, t, t_with};
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use rust_decimal::Decimal;

/// Totals, table, form, and the lots of the symbol in the address.
#[component]
pub fn Holdings() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let query = use_query_map();
    let asked = move |name: &'static str| Memo::new(move |_| query.with(|query| query.get(name)));
    let symbol = asked("symbol");
    let (lots, sales) = (asked("lots"), asked("sales"));
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
        {when_loaded(loaded, |(overview, lots)| whole(overview, lots))}
    }
    .into_any()
}

fn whole(overview: Overview, lots: Option<Result<Detail, Error>>) -> AnyView {
    let switch = switch(&overview, "holdings");
    let Some(page) = overview.page else {
        return empty(None, overview.today);
    };
    let id = page.portfolio.id;
    if page.holdings.is_empty() && page.cash.is_none() {
        return view! {
            {switch}
            {empty(Some(id), overview.today)}
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
        {table(&page)}
        {lots_of}
        {by_sector(&page)}
        <details class="setting">
            <summary class="button quiet">
                <Icon name=IconName::Plus />
                {t("portfolio-add-title")}
            </summary>
            <EntryForm portfolio=Some(id) symbol=symbol today=overview.today />
        </details>
    }
    .into_any()
}

/// Shown while nothing is held: the first step.
fn empty(portfolio: Option<PortfolioId>, today: Option<NaiveDate>) -> AnyView {
    view! {
        <div class="setting">
            <h3>{t("portfolio-empty")}</h3>
            <p class="section-note">{t("portfolio-empty-note")}</p>
            <EntryForm portfolio=portfolio today=today />
            <p class="section-note">{t("portfolio-empty-import")}</p>
            <p class="button-row">
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
    let change = |gained, cost| gain(gained, cost, currency.0);
    let figures = [
        ("label-unrealized", Some(change(unrealized, cost))),
        (
            "portfolio-day",
            day.zip(before).map(|(day, before)| change(day, before)),
        ),
        ("portfolio-realized", Some(change(realized, Decimal::ZERO))),
        (
            "portfolio-income",
            Some(currency.money(dividends).into_any()),
        ),
        (
            "label-cash",
            page.cash.map(|cash| currency.money(cash).into_any()),
        ),
    ];
    let figures = figures
        .into_iter()
        .filter_map(|(key, figure)| Some(fact(t(key), figure?)))
        .collect_view();
    let negative = page.cash.is_some_and(|cash| cash < Decimal::ZERO);
    view! {
        <div class="summary">
            <h3 class="summary-name">{page.portfolio.name.clone()}</h3>
            <p class="summary-value portfolio-value">{currency.money(page.value)}</p>
            <dl class="key-figures portfolio-figures">{figures}</dl>
            {negative.then(|| view! { <p class="section-note">{t("portfolio-cash-negative")}</p> })}
            {mixed(page)}
            {page_age(page)}
            <p class="button-row">
                <ShareButton target=(page.portfolio.id, None) />
            </p>
        </div>
    }
    .into_any()
}

/// Warns that the totals mix currencies.
fn mixed(page: &PortfolioPage) -> Option<AnyView> {
    let currencies = held_currencies(&page.holdings);
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

fn held_currencies(holdings: &[Holding]) -> Vec<&'static str> {
    let held = holdings.iter().filter(|one| !one.quantity.is_zero());
    currencies(held.map(|one| (one.symbol.as_str(), one.source)))
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
        {age.map(|age| view! { <p class="fine-print">{age}</p> })}
        {missing.then(|| view! { <p class="fine-print">{t("portfolio-no-prices")}</p> })}
    }
    .into_any()
}

/// A row of the table.
struct Row {
    of: Holding,
    /// true while some of it is held.
    held: bool,
    /// What it gained: since it was bought, else when it was sold.
    gained: Decimal,
    /// Part of the portfolio's value.
    weight: Option<f64>,
}

fn table(page: &PortfolioPage) -> AnyView {
    let (id, Currency(code)) = (page.portfolio.id, Currency::of(&page.holdings));
    let row = |of: &Holding| {
        let held = !of.quantity.is_zero();
        Row {
            held,
            gained: if held { of.unrealized } else { of.realized },
            weight: share(of.value, page.value),
            of: of.clone(),
        }
    };
    let columns = vec![
        Column::text("portfolio-instrument", |row: &Row| {
            let address = format!("{BASE}/holdings?symbol={}", row.of.symbol);
            symbol_link(address, &row.of.symbol, Some(row.of.name.clone()))
        })
        .heads_row()
        .sorts("symbol", |row| row.of.symbol.clone())
        .csv(|row| row.of.symbol.clone()),
        Column::number("label-quantity", |row: &Row| match row.held {
            true => quantity(row.of.quantity),
            false => t("portfolio-sold"),
        })
        .csv(|row| row.of.quantity.normalize()),
        Column::number("portfolio-average", |row: &Row| {
            row.of.average_price.map_or_else(dash, full_price)
        })
        .in_currency(code)
        .csv(|row| row.of.average_price.unwrap_or_default()),
        Column::number("portfolio-price", |row: &Row| {
            let price = row.of.price.filter(|_| row.held);
            price.map_or_else(dash, full_price)
        })
        .in_currency(code)
        .csv(|row| row.of.price.unwrap_or_default()),
        Column::number("label-value", value)
            .in_currency(code)
            .leads()
            .sorts("value", |row| row.of.value)
            .sorted()
            .csv(|row| row.of.value),
        Column::number("portfolio-gain", |row: &Row| {
            let cost = if row.held { row.of.cost } else { Decimal::ZERO };
            gain(row.gained, cost, None)
        })
        .in_currency(code)
        .sorts("gain", |row| row.gained)
        .csv(|row| row.gained),
        Column::acts(move |row: &Row| take_out_button(id, row.of.symbol.clone())),
    ];
    let rows = page.holdings.iter().map(row).collect();
    DataTable::new(t("portfolio-holdings"), columns, rows)
        .data("data-symbol", |row| row.of.symbol.clone())
        .row_class(|row| if row.held { "" } else { "sold" })
        .file(format!("{}.csv", page.portfolio.name))
        .draw()
}

/// The value of a holding, and its weight as a bar and in percent.
fn value(row: &Row) -> AnyView {
    view! {
        {if row.held { money(row.of.value, None) } else { dash() }}
        {weight_bar(row.weight)}
        <span class="fine-print">{row.held.then(|| percentage(row.weight, false))}</span>
    }
    .into_any()
}

/// Removes a symbol, and offers to restore it.
fn take_out_button(portfolio: PortfolioId, symbol: String) -> AnyView {
    let changes = Changes::of_context();
    let action = ServerAction::<TakeOut>::new();
    let gone = symbol.clone();
    changes.after(action, move |()| {
        let symbol = gone.clone();
        let said = t_with("portfolio-taken-out", &[("symbol", symbol.as_str().into())]);
        changes.say_with_undo(said, move || bring_back(portfolio, symbol.clone()));
    });
    let label = t_with(
        "portfolio-take-out-of",
        &[("symbol", symbol.as_str().into())],
    );
    let fields = vec![("portfolio", portfolio.to_string()), ("symbol", symbol)];
    button_form(action, fields, row_icon(IconName::Close, label))
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
        assert_eq!(held_currencies(&held), ["EUR", "GBX"]);
        assert_eq!(held_currencies(&held[..1]), ["EUR"]);
    }
}
