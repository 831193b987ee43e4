//! How a portfolio did: its course, and each figure with its formula.

use super::money::{about, part, ratio};
use super::{BASE, Shown, switch};
use crate::portfolio::rpc::{load_overview, load_performance};
use crate::portfolio::{Overview, Performance, Point};
use crate::shared::{Error, PortfolioId};
use crate::ui::table::{TableSkeleton, failure};
use crate::ui::{Icon, IconName, t, t_with};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::fmt::Write;

/// The course, the figures, and the choice of a benchmark.
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
        <Transition fallback=TableSkeleton>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((overview, found)) => whole(&overview, found, benchmark.get_untracked()),
                    Err(error) => failure(&error),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// A benchmark that cannot be had costs the comparison, not the page.
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
        {chart(&found)}
        <form class="ledger-search" method="get" action=format!("{BASE}/performance")>
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
        {returns(&found)}
        {risks(&found)}
    }
    .into_any()
}

/// A figure with what it is and how it comes about.
fn figure(name: &str, value: String, formula: String) -> AnyView {
    view! {
        <div class="figure-card">
            <dt>{t(name)}</dt>
            <dd>
                <strong>{value}</strong>
                <span class="formula">{formula}</span>
            </dd>
        </div>
    }
    .into_any()
}

fn returns(found: &Performance) -> AnyView {
    let values = [
        ("value", about(found.value).into()),
        ("out", about(found.taken_out).into()),
        ("in", about(found.put_in).into()),
    ];
    let formula = |key: &str| t_with(key, &values);
    let twr = t_with("formula-time-weighted", &[("count", found.returns.into())]);
    let yearly = found.time_weighted.map(|total| {
        let values = [
            ("total", part(Some(total), true).into()),
            ("days", found.days.into()),
        ];
        let key = if found.time_weighted_yearly.is_some() {
            "formula-yearly"
        } else {
            "formula-no-year"
        };
        figure(
            "performance-yearly",
            part(found.time_weighted_yearly, true),
            t_with(key, &values),
        )
    });
    let compared = found.benchmark.as_ref().map(|other| {
        let values = [
            ("symbol", other.symbol.as_str().into()),
            ("return", part(other.time_weighted, true).into()),
        ];
        let value = other.value.map_or_else(super::money::dash, about);
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
        let values = [("money", about(found.lacking).into())];
        view! { <p class="section-note">{t_with("performance-lacking", &values)}</p> }
    });
    let (from, to) = (
        found.from.map(|day| day.to_string()).unwrap_or_default(),
        found.to.map(|day| day.to_string()).unwrap_or_default(),
    );
    view! {
        <div class="setting">
            <h3>{t("performance-returns")}</h3>
            <p class="section-note">
                {t_with("performance-span", &[("from", from.into()), ("to", to.into())])} " " {mode}
            </p>
            {lacking}
            <dl class="figure-cards">
                {figure("performance-gain", about(gain), formula("formula-gain"))}
                {figure("performance-simple", part(found.simple, true), formula("formula-simple"))}
                {figure("performance-time-weighted", part(found.time_weighted, true), twr)}
                {yearly}
                {figure(
                    "performance-money-weighted",
                    part(found.money_weighted, true),
                    rate,
                )}
                {compared}
            </dl>
        </div>
    }
    .into_any()
}

fn risks(found: &Performance) -> AnyView {
    let count = [("count", found.daily_returns.into())];
    let drawdown = found.drawdown.map(|fall| {
        let values = [
            ("from", fall.from.to_string().into()),
            ("to", fall.to.to_string().into()),
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
                    part(found.volatility, false),
                    t_with("formula-volatility", &count),
                )}
                {figure("performance-drawdown", part(depth, true), when)}
                {figure("performance-sharpe", ratio(found.sharpe), t("formula-sharpe"))}
                {figure("performance-sortino", ratio(found.sortino), t("formula-sortino"))}
                {figure(
                    "performance-var",
                    part(found.value_at_risk, true),
                    t_with("formula-var", &count),
                )}
                {beta}
            </dl>
        </div>
    }
    .into_any()
}

/// The size of the drawing; it is stretched to its place.
const WIDE: f64 = 720.0;
const HIGH: f64 = 220.0;

/// Value, money put in, and the benchmark, from the first day to the last.
fn chart(found: &Performance) -> AnyView {
    let points = &found.course;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return ().into_any();
    };
    let highest = points
        .iter()
        .flat_map(|point| {
            [
                point.value,
                point.put_in,
                point.benchmark.unwrap_or_default(),
            ]
        })
        .fold(0.0, f64::max);
    let lowest = points
        .iter()
        .map(|point| point.put_in.min(point.value))
        .fold(0.0, f64::min);
    let draw = |of: fn(&Point) -> Option<f64>| path(points, of, (lowest, highest));
    let value = draw(|point| Some(point.value));
    let put_in = draw(|point| Some(point.put_in));
    let other = draw(|point| point.benchmark);
    let compared = found.benchmark.as_ref().map(|other| other.symbol.clone());
    let described = t_with(
        "performance-chart",
        &[
            ("from", first.date.to_string().into()),
            ("to", last.date.to_string().into()),
            ("first", about(first.value).into()),
            ("last", about(last.value).into()),
        ],
    );
    view! {
        <figure class="course">
            <svg
                viewBox=format!("0 0 {WIDE} {HIGH}")
                preserveAspectRatio="none"
                role="img"
                aria-label=described
            >
                <path class="course-in" d=put_in></path>
                <path class="course-benchmark" d=other></path>
                <path class="course-value" d=value></path>
            </svg>
            <figcaption>
                <span>{first.date.to_string()}</span>
                <span class="course-key">
                    <span class="course-value">{t("portfolio-value")}</span>
                    <span class="course-in">{t("performance-put-in")}</span>
                    {compared.map(|symbol| view! { <span class="course-benchmark">{symbol}</span> })}
                </span>
                <span>{last.date.to_string()}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// A line through all points that have a value; by the days between them, not by their number.
fn path(points: &[Point], of: fn(&Point) -> Option<f64>, (low, high): (f64, f64)) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    let days = (last.date - first.date).num_days().max(1) as f64;
    let height = (high - low).max(f64::MIN_POSITIVE);
    let mut text = String::new();
    let mut drawing = false;
    for point in points {
        let Some(value) = of(point) else {
            drawing = false;
            continue;
        };
        let x = (point.date - first.date).num_days() as f64 / days * WIDE;
        let y = HIGH - (value - low) / height * HIGH;
        let step = if drawing { 'L' } else { 'M' };
        let _written = write!(text, "{step}{x:.1} {y:.1}");
        drawing = true;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn a_line_goes_by_days() {
        let point = |day, value| Point {
            date: NaiveDate::from_ymd_opt(2024, 1, day).unwrap(),
            value,
            put_in: 0.0,
            index: 1.0,
            benchmark: (day != 2).then_some(value),
        };
        let points = [point(1, 0.0), point(2, 5.0), point(5, 10.0)];
        let value = path(&points, |point| Some(point.value), (0.0, 10.0));
        assert_eq!(value, "M0.0 220.0L180.0 110.0L720.0 0.0");
        let gap = path(&points, |point| point.benchmark, (0.0, 10.0));
        assert_eq!(gap, "M0.0 220.0M720.0 0.0");
        assert_eq!(path(&[], |_| None, (0.0, 1.0)), "");
    }
}
