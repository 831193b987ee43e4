//! Value chart of a portfolio: its value and net contributions, or its return and a benchmark's,
//! over a range in the address.

use super::money::Currency;
use super::shown::BASE;
use crate::portfolio::{Performance, Point};
use crate::ui::change::percentage;
use crate::ui::line_chart::{Line, LineChart, WriteValue};
use crate::ui::range::Range;
use crate::ui::time::date_short;
use crate::ui::{choices, t, t_with};
use chrono::NaiveDate;
use leptos::{ev, prelude::*};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use std::sync::Arc;

choices! {
    Measure {
        /// Value and net contributions.
        Value = "value",
        /// Value of 1 invested on the first day shown, independent of money put in or taken out.
        Return = "return",
    }
}

/// Query parameters of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    range: Range,
    measure: Measure,
}

impl Wanted {
    fn of(query: &ParamsMap) -> Self {
        let range = query.get("range").and_then(|name| Range::parse(&name));
        let measure = query.get("show").and_then(|name| Measure::parse(&name));
        Self {
            range: range.unwrap_or(Range::All),
            measure: measure.unwrap_or_default(),
        }
    }

    /// Returns the address with these parameters, for the same portfolio and benchmark.
    fn address(self, query: &ParamsMap) -> String {
        let mut query = query.clone();
        query.replace("range", self.range.name());
        query.replace("show", self.measure.as_str().to_owned());
        format!("{BASE}/performance{}", query.to_query_string())
    }
}

/// Renders the chart with links for range and measure; empty if there are no days.
pub fn value_chart(found: Performance, currency: Currency) -> AnyView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let found = Arc::new(found);
    let compared = found.benchmark.as_ref().map(|other| other.symbol.clone());
    let drawn = move || {
        let wanted = wanted.get();
        let points = match (wanted.measure, found.records.last()) {
            // Returns of different records are not linked.
            (Measure::Return, Some(record)) => {
                let from = |day| found.history.partition_point(|point| point.date < day);
                let after = |day| found.history.partition_point(|point| point.date <= day);
                found.history.get(from(record.from)..after(record.to))
            }
            _ => Some(&found.history[..]),
        };
        drawn(
            points.unwrap_or_default(),
            compared.as_deref(),
            wanted,
            currency,
        )
    };
    view! {
        <div class="chart-tools">
            <nav class="chart-ranges" aria-label=t("chart-ranges")>
                <ul class="chips">{Range::BUTTONS.map(|range| chip(
                    t(&format!("range-{}", range.name())),
                    wanted,
                    move |wanted| Wanted { range, ..wanted },
                )).collect_view()}</ul>
            </nav>
            <nav class="chart-ranges" aria-label=t("performance-measures")>
                <ul class="chips">{[
                    (t("label-value"), Measure::Value),
                    (t("performance-return"), Measure::Return),
                ].map(|(name, measure)| chip(
                    name,
                    wanted,
                    move |wanted| Wanted { measure, ..wanted },
                )).collect_view()}</ul>
            </nav>
        </div>
        {drawn}
    }
    .into_any()
}

/// Link to another range or measure.
fn chip(
    name: String,
    wanted: Memo<Wanted>,
    choose: impl Fn(Wanted) -> Wanted + Copy + Send + Sync + 'static,
) -> AnyView {
    let query = use_query_map();
    let href = move || query.with(|query| choose(wanted.get()).address(query));
    let current = move || (choose(wanted.get()) == wanted.get()).then_some("true");
    let navigate = use_navigate();
    let press = move |event: ev::MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        let address = query.with_untracked(|query| choose(wanted.get_untracked()).address(query));
        // Keeps the scroll position.
        let staying = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address, staying);
    };
    view! {
        <li>
            <a class="chip" href=href aria-current=current on:click=press>
                {name}
            </a>
        </li>
    }
    .into_any()
}

fn drawn(points: &[Point], compared: Option<&str>, wanted: Wanted, currency: Currency) -> AnyView {
    let days: Vec<NaiveDate> = points.iter().map(|point| point.date).collect();
    let (from, to) = wanted.range.bounds(&days);
    let Some((points, days)) = points.get(from..=to).zip(days.get(from..=to)) else {
        return ().into_any();
    };
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return ().into_any();
    };
    let label = t_with(
        "performance-chart",
        &[
            ("from", date_short(first.date).into()),
            ("to", date_short(last.date).into()),
            ("first", currency.about(first.value).into()),
            ("last", currency.about(last.value).into()),
        ],
    );
    let (lines, write, axis) = match wanted.measure {
        Measure::Value => (
            values(points, compared),
            Arc::new(move |value| currency.about(value)) as WriteValue,
            round as fn(f64) -> String,
        ),
        Measure::Return => (
            returns(points, compared),
            Arc::new(signed_ratio) as WriteValue,
            whole_percent as _,
        ),
    };
    view! { <LineChart days=days.to_vec() lines=lines write=write axis=axis label=label /> }
        .into_any()
}

/// Lines of value, net contributions, and the value of the same money in the benchmark.
fn values(points: &[Point], compared: Option<&str>) -> Vec<Line> {
    let of = |read: fn(&Point) -> Option<f64>| points.iter().map(read).collect();
    let mut lines = vec![
        Line {
            name: t("label-value"),
            class: "line-value",
            values: of(|point| Some(point.value)),
        },
        Line {
            name: t("performance-put-in"),
            class: "line-in",
            values: of(|point| Some(point.put_in)),
        },
    ];
    lines.extend(compared.map(|symbol| Line {
        name: symbol.to_owned(),
        class: "line-benchmark",
        values: of(|point| point.benchmark),
    }));
    lines
}

/// Lines of the returns since the first point shown.
fn returns(points: &[Point], compared: Option<&str>) -> Vec<Line> {
    let since = |read: fn(&Point) -> Option<f64>| {
        let base = points.iter().find_map(read).filter(|base| *base > 0.0);
        let grown = |point: &Point| Some(read(point)? / base? - 1.0);
        points.iter().map(grown).collect()
    };
    let mut lines = vec![Line {
        name: t("performance-return"),
        class: "line-value",
        values: since(|point| Some(point.index)),
    }];
    lines.extend(compared.map(|symbol| Line {
        name: symbol.to_owned(),
        class: "line-benchmark",
        values: since(|point| point.benchmark_index),
    }));
    lines
}

fn round(value: f64) -> String {
    crate::ui::figures::short(value)
}

fn signed_ratio(of_one: f64) -> String {
    percentage(Some(of_one), 2, true)
}

fn whole_percent(of_one: f64) -> String {
    // One decimal if the axis steps are below one percent.
    let digits = if (of_one * 100.0).fract().abs() > 1e-6 {
        1
    } else {
        0
    };
    percentage(Some(of_one), digits, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points() -> Vec<Point> {
        let day = |at: u32| NaiveDate::from_ymd_opt(2024, at, 1).unwrap();
        let point = |at: u32| Point {
            date: day(at),
            value: f64::from(at) * 100.0,
            put_in: 100.0,
            index: f64::from(at),
            benchmark: (at > 1).then_some(90.0),
            benchmark_index: (at > 1).then_some(f64::from(at) / 2.0),
        };
        (1..=4).map(point).collect()
    }

    #[test]
    fn returns_begin_with_the_first_point_shown() {
        let all = points();
        let lines = returns(&all[1..], Some("IBM"));
        assert_eq!(lines[0].values, [Some(0.0), Some(0.5), Some(1.0)]);
        assert_eq!(lines[1].values, [Some(0.0), Some(0.5), Some(1.0)]);
        // A benchmark whose price history begins later starts at zero.
        let lines = returns(&all, Some("IBM"));
        assert_eq!(lines[1].values, [None, Some(0.0), Some(0.5), Some(1.0)]);
        assert_eq!(returns(&all, None).len(), 1);
    }

    #[test]
    fn values_stand_beside_the_money_put_in() {
        let lines = values(&points(), Some("IBM"));
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1].values, [Some(100.0); 4]);
        assert_eq!(lines[2].values, [None, Some(90.0), Some(90.0), Some(90.0)]);
    }

    #[test]
    fn the_address_leads_to_the_same_choice() {
        let mut query = ParamsMap::new();
        query.insert("benchmark", "IBM".to_owned());
        query.insert("range", "nonsense".to_owned());
        let wanted = Wanted::of(&query);
        assert_eq!(wanted.range, Range::All);
        let next = Wanted {
            range: Range::Months(12),
            measure: Measure::Return,
        };
        let address = next.address(&query);
        assert!(
            address.contains("benchmark=IBM") && address.contains("range=1y"),
            "{address}"
        );
        assert!(address.contains("show=return"), "{address}");
    }
}
