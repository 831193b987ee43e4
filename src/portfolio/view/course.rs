//! The course of a portfolio: its value beside the money put in, or its return beside another
//! instrument's, over a stretch that the address names.

use super::BASE;
use super::money::about;
use crate::portfolio::{Performance, Point};
use crate::ui::change::part;
use crate::ui::course::{Course, Line};
use crate::ui::range::Range;
use crate::ui::{choices, t, t_with};
use chrono::NaiveDate;
use leptos::{ev, prelude::*};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use std::sync::Arc;

choices! {
    /// What is drawn.
    Measure {
        /// What it was worth, and the money that was put in.
        Value = "value",
        /// What 1 of the first day shown had become, whatever money came and went.
        Return = "return",
    }
}

/// What the address says.
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

    /// The address that shows this, of the same portfolio beside the same instrument.
    fn address(self, query: &ParamsMap) -> String {
        let mut query = query.clone();
        query.replace("range", self.range.name());
        query.replace("show", self.measure.as_str().to_owned());
        format!("{BASE}/performance{}", query.to_query_string())
    }
}

/// The course with the choice of a stretch and a measure; nothing where there is no day.
pub fn course(found: Performance) -> AnyView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let found = Arc::new(found);
    let compared = found.benchmark.as_ref().map(|other| other.symbol.clone());
    let drawn = move || drawn(&found.course, compared.as_deref(), wanted.get());
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
                    (t("portfolio-value"), Measure::Value),
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

/// A link to another choice.
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
        // The reader stays where they look.
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

fn drawn(points: &[Point], compared: Option<&str>, wanted: Wanted) -> AnyView {
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
            ("from", first.date.to_string().into()),
            ("to", last.date.to_string().into()),
            ("first", about(first.value).into()),
            ("last", about(last.value).into()),
        ],
    );
    let (lines, write, axis) = match wanted.measure {
        Measure::Value => (
            values(points, compared),
            about as fn(f64) -> String,
            round as _,
        ),
        Measure::Return => (returns(points, compared), percent as _, whole_percent as _),
    };
    view! { <Course days=days.to_vec() lines=lines write=write axis=axis label=label /> }.into_any()
}

/// What it was worth, the money put in, and what that money was worth elsewhere.
fn values(points: &[Point], compared: Option<&str>) -> Vec<Line> {
    let of = |read: fn(&Point) -> Option<f64>| points.iter().map(read).collect();
    let mut lines = vec![
        Line {
            name: t("portfolio-value"),
            class: "course-value",
            values: of(|point| Some(point.value)),
        },
        Line {
            name: t("performance-put-in"),
            class: "course-in",
            values: of(|point| Some(point.put_in)),
        },
    ];
    lines.extend(compared.map(|symbol| Line {
        name: symbol.to_owned(),
        class: "course-benchmark",
        values: of(|point| point.benchmark),
    }));
    lines
}

/// Returns since the first of these points.
fn returns(points: &[Point], compared: Option<&str>) -> Vec<Line> {
    let since = |read: fn(&Point) -> Option<f64>| {
        let base = points.iter().find_map(read).filter(|base| *base > 0.0);
        let grown = |point: &Point| Some(read(point)? / base? - 1.0);
        points.iter().map(grown).collect()
    };
    let mut lines = vec![Line {
        name: t("performance-return"),
        class: "course-value",
        values: since(|point| Some(point.index)),
    }];
    lines.extend(compared.map(|symbol| Line {
        name: symbol.to_owned(),
        class: "course-benchmark",
        values: since(|point| point.benchmark_index),
    }));
    lines
}

fn round(value: f64) -> String {
    crate::ui::figures::short(value)
}

fn percent(of_one: f64) -> String {
    part(Some(of_one), 2, true)
}

fn whole_percent(of_one: f64) -> String {
    // As many digits as steps of less than one per cent need.
    let digits = if (of_one * 100.0).fract().abs() > 1e-6 {
        1
    } else {
        0
    };
    part(Some(of_one), digits, true)
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
        // Where the other begins later, it begins with nothing gained.
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
