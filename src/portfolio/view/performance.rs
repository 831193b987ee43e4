//! Performance: value chart, and each number with its formula.

use super::money::{Currency, percentage, ratio};
use super::shown::{BASE, Shown, switch};
use super::value_chart::value_chart;
use crate::portfolio::rpc::{load_overview, load_performance};
use crate::portfolio::{Overview, Performance, Record};
use crate::shared::{Error, PortfolioId};
use crate::ui::change::dash;
use crate::ui::facts::fact_card;
use crate::ui::loaded::{failure, when_loaded};
use crate::ui::time::date_short;
use crate::ui::{Column, DataTable, Icon, IconName, t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Value chart, numbers and the choice of a benchmark.
#[component]
pub fn PerformancePage() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let query = use_query_map();
    let benchmark = Memo::new(move |_| query.with(|query| query.get("benchmark")));
    let loaded = Resource::new_blocking(
        move || (shown.source(), benchmark.get()),
        |((chosen, _), benchmark)| async move {
            let overview = load_overview(chosen).await?;
            let id = overview.page.as_ref().map(|page| page.portfolio.id);
            let found = match id {
                Some(id) => Some(beside(id, benchmark).await?),
                None => None,
            };
            Ok::<_, Error>((overview, found))
        },
    );
    view! {
        {when_loaded(loaded, move |(overview, found)| whole(&overview, found, benchmark.get_untracked()))}
    }
    .into_any()
}

/// If the benchmark fails to load, the page shows the performance without it.
type Found = (Performance, Option<Error>);

async fn beside(id: PortfolioId, benchmark: Option<String>) -> Result<Found, Error> {
    match load_performance(id, benchmark.clone()).await {
        Ok(found) => Ok((found, None)),
        Err(error) if benchmark.is_some() => load_performance(id, None)
            .await
            .map(|found| (found, Some(error))),
        Err(error) => Err(error),
    }
}

fn whole(overview: &Overview, found: Option<Found>, benchmark: Option<String>) -> AnyView {
    let held = overview.page.as_ref();
    let currency = held.map_or_else(Currency::default, |page| Currency::of(&page.holdings));
    let switch = switch(overview, "performance");
    let Some((found, wrong)) = found.filter(|(found, _)| found.from.is_some()) else {
        return view! {
            {switch}
            <p class="section-note">{t("performance-empty")}</p>
            <a class="button primary" href=format!("{BASE}/holdings")>
                {t("portfolio-add-title")}
            </a>
        }
        .into_any();
    };
    let missing = (!found.without_prices.is_empty()).then(|| {
        let symbols = found.without_prices.join(", ");
        view! {
            <p class="section-note">
                {t_with("performance-without-prices", &[("symbols", symbols.into())])}
            </p>
        }
    });
    view! {
        {switch}
        {value_chart(found.clone(), currency)}
        <form class="search-form" method="get" action=format!("{BASE}/performance")>
            <input
                class="input"
                name="benchmark"
                aria-label=t("performance-benchmark")
                placeholder=t("performance-benchmark")
                autocomplete="off"
                autocapitalize="characters"
                value=benchmark
            />
            <button type="submit" class="button quiet">
                <Icon name=IconName::Search />
                {t("performance-compare")}
            </button>
        </form>
        {wrong.map(|error| failure(&error))}
        {missing}
        {late(&found)}
        {returns(&found, currency)}
        {risks(&found)}
    }
    .into_any()
}

/// Maximum number of symbols listed whose price history begins late.
const NAMED: usize = 8;

/// Warns that the price history of some symbols begins after their first trade, with the dates.
fn late(found: &Performance) -> Option<AnyView> {
    let some = found.priced_since.iter().take(NAMED).map(|one| {
        let values = [
            ("symbol", one.symbol.as_str().into()),
            ("date", date_short(one.date).into()),
        ];
        t_with("performance-priced-item", &values)
    });
    let mut list = some.collect::<Vec<_>>().join(", ");
    let more = found.priced_since.len().saturating_sub(NAMED);
    if more > 0 {
        let values = [("list", list.into()), ("count", more.into())];
        list = t_with("performance-priced-more", &values);
    }
    (!list.is_empty()).then(|| {
        view! {
            <p class="section-note">{t_with("performance-priced-since", &[("list", list.into())])}</p>
        }
        .into_any()
    })
}

/// A number with its name and formula.
fn figure(name: &str, value: String, formula: String) -> AnyView {
    fact_card(t(name), value, formula)
}

fn returns(found: &Performance, currency: Currency) -> AnyView {
    let values = [
        ("value", currency.about(found.value).into()),
        ("out", currency.about(found.taken_out).into()),
        ("in", currency.about(found.put_in).into()),
    ];
    let formula = |key: &str| t_with(key, &values);
    let twr = t_with("formula-time-weighted", &[("count", found.returns.into())]);
    let record = found.records.last();
    let yearly = found.time_weighted.map(|total| {
        let values = [
            ("total", percentage(Some(total), true).into()),
            ("days", record.map_or(0, |record| record.days).into()),
        ];
        let key = if found.time_weighted_yearly.is_some() {
            "formula-yearly"
        } else {
            "formula-no-year"
        };
        figure(
            "performance-yearly",
            percentage(found.time_weighted_yearly, true),
            t_with(key, &values),
        )
    });
    let compared = found.benchmark.as_ref().map(|other| {
        let values = [
            ("symbol", other.symbol.as_str().into()),
            ("return", percentage(other.time_weighted, true).into()),
        ];
        let value = other.value.map_or_else(dash, |value| currency.about(value));
        figure(
            "performance-same-money",
            value,
            t_with("formula-same-money", &values),
        )
    });
    let rate = if found.days < crate::portfolio::rules::performance::YEAR {
        t_with("formula-money-short", &[("days", found.days.into())])
    } else {
        t("formula-money-weighted")
    };
    let gain = found.value + found.taken_out - found.put_in;
    let mode = t(if found.keeps_cash {
        "performance-with-cash"
    } else {
        "performance-without-cash"
    });
    let lacking = (found.lacking > 0.0).then(|| {
        let values = [("money", currency.about(found.lacking).into())];
        view! { <p class="section-note">{t_with("performance-lacking", &values)}</p> }
    });
    let day = |day: Option<chrono::NaiveDate>| day.map(date_short).unwrap_or_default();
    let (from, to) = (day(found.from), day(found.to));
    view! {
        <div class="setting">
            <h3>{t("performance-returns")}</h3>
            <p class="section-note">
                {t_with("performance-span", &[("from", from.into()), ("to", to.into())])} " " {mode}
            </p>
            {lacking}
            <dl class="figure-cards">
                {figure("performance-gain", currency.about(gain), formula("formula-gain"))}
                {figure("performance-simple", percentage(found.simple, true), formula("formula-simple"))}
                {figure("performance-time-weighted", percentage(found.time_weighted, true), twr)}
                {yearly}
                {figure(
                    "performance-money-weighted",
                    percentage(found.money_weighted, true),
                    rate,
                )}
                {compared}
            </dl>
            {records(found)}
        </div>
    }
    .into_any()
}

/// Says which days the time-weighted return and the risk cover if they are not all, and lists the
/// earlier records.
fn records(found: &Performance) -> Option<AnyView> {
    let (latest, earlier) = found.records.split_last()?;
    let all = Some(latest.from) == found.from && Some(latest.to) == found.to;
    let values = [
        ("from", date_short(latest.from).into()),
        ("to", date_short(latest.to).into()),
    ];
    let span = (!all).then(|| {
        view! { <p class="section-note">{t_with("performance-record", &values)}</p> }
    });
    let columns = vec![
        Column::text("performance-record-span", |one: &Record| {
            format!("{} – {}", date_short(one.from), date_short(one.to))
        })
        .heads_row(),
        Column::number("performance-record-days", |one: &Record| {
            one.days.to_string()
        }),
        Column::number("performance-time-weighted", |one: &Record| {
            percentage(Some(one.time_weighted), true)
        })
        .leads(),
        Column::number("performance-yearly", |one: &Record| {
            percentage(one.time_weighted_yearly, true)
        }),
    ];
    let table = (!earlier.is_empty()).then(|| {
        let rows = earlier.iter().rev().copied().collect();
        DataTable::new(t("performance-records"), columns, rows).draw()
    });
    (span.is_some() || table.is_some()).then(|| view! { {span} {table} }.into_any())
}

fn risks(found: &Performance) -> AnyView {
    let count = [("count", found.daily_returns.into())];
    let drawdown = found.drawdown.map(|fall| {
        let values = [
            ("from", date_short(fall.from).into()),
            ("to", date_short(fall.to).into()),
        ];
        (fall.depth, t_with("formula-drawdown", &values))
    });
    let (depth, when) = drawdown.map_or((None, t("formula-no-drawdown")), |(depth, when)| {
        (Some(depth), when)
    });
    let beta = found.benchmark.as_ref().map(|other| {
        figure(
            "performance-beta",
            ratio(other.beta),
            t_with("formula-beta", &[("symbol", other.symbol.as_str().into())]),
        )
    });
    let few = found.volatility.is_none().then(|| {
        let least = crate::portfolio::rules::risk::FEWEST;
        let values = [
            ("count", found.daily_returns.into()),
            ("least", least.into()),
        ];
        view! { <p class="section-note">{t_with("performance-too-few", &values)}</p> }
    });
    view! {
        <div class="setting">
            <h3>{t("performance-risk")}</h3>
            {few}
            <dl class="figure-cards">
                {figure(
                    "performance-volatility",
                    percentage(found.volatility, false),
                    t_with("formula-volatility", &count),
                )}
                {figure("label-drawdown", percentage(depth, true), when)}
                {figure("performance-sharpe", ratio(found.sharpe), t("formula-sharpe"))}
                {figure("performance-sortino", ratio(found.sortino), t("formula-sortino"))}
                {figure(
                    "performance-var",
                    percentage(found.value_at_risk, true),
                    t_with("formula-var", &count),
                )}
                {beta}
            </dl>
        </div>
    }
    .into_any()
}
