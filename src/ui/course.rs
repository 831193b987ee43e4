//! How something went, day by day: lines over days, with the values of the day that is pointed at.
//!
//! Drawn alike by the server and the browser, and complete without scripts but for the pointing. For
//! prices with candles and indicators there is the chart of an instrument.

use super::ticks::{Step, of_values};
use super::time::date_short;
use chrono::NaiveDate;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, prelude::*};
use std::fmt::Write;
use std::sync::Arc;

/// One of the lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What people call it.
    pub name: String,
    /// Its class, which has its colour: `course-value`, `course-in` or `course-benchmark`.
    pub class: &'static str,
    /// A value for each day; none: the line has a gap.
    pub values: Vec<Option<f64>>,
}

/// The size of the drawing; it is stretched to its place.
const WIDE: f64 = 720.0;
const HIGH: f64 = 220.0;
/// Most labels of days: so many stand beside each other on a phone.
const LABELS: usize = 5;
/// Room above the highest value and below the lowest, as a part of what is between them.
const MARGIN: f64 = 0.06;
/// As many days are passed by `PageUp` and `PageDown`.
const PAGE: usize = 20;

/// The lines over the days, the oldest first. Arrow keys walk from day to day.
#[component]
pub fn Course(
    /// The days.
    days: Vec<NaiveDate>,
    /// What is drawn over them.
    lines: Vec<Line>,
    /// Writes a value, as beside its name.
    write: fn(f64) -> String,
    /// Writes a value on the axis.
    axis: fn(f64) -> String,
    /// What it shows, for those who do not see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let Some(scale) = Scale::of(&days, &lines) else {
        return ().into_any();
    };
    let at = RwSignal::new(None::<usize>);
    let last = days.len().saturating_sub(1);
    let drawn = lines
        .iter()
        .map(|line| view! { <path class=line.class d=path(&scale, &days, &line.values)></path> })
        .collect_view();
    let values = of_values(scale.low, scale.high);
    let grid = values.iter().fold(String::new(), |mut grid, value| {
        // Writing to a string does not fail.
        let _ = write!(grid, "M0 {:.1}H{WIDE}", scale.y(*value) * HIGH);
        grid
    });
    let values = values
        .into_iter()
        .map(|value| {
            let place = format!("inset-block-start: {:.2}%", scale.y(value) * 100.0);
            view! { <span style=place>{axis(value)}</span> }
        })
        .collect_view();
    let dates = dates(&scale, &days);
    let data = Arc::new((days, lines, scale));
    let told = Arc::clone(&data);
    let told = move || values_at(&told, at.get().unwrap_or(last), write);
    let spoken = Arc::clone(&data);
    let spoken = move || said(&spoken, at.get().unwrap_or(last), write);
    let crossed = Arc::clone(&data);
    let cross = move || {
        let place = crossed.2.x(*crossed.0.get(at.get()?)?) * 100.0;
        Some(
            view! { <span class="course-cross" style=format!("inset-inline-start: {place:.2}%")></span> },
        )
    };
    let pointed = Arc::clone(&data);
    let point = move |event: ev::PointerEvent| {
        let place = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let width = place.map_or(0, |place| place.client_width());
        if width > 0 {
            let part = f64::from(event.offset_x()) / f64::from(width);
            at.set(Some(pointed.2.nearest(&pointed.0, part)));
        }
    };
    let press = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let now = at.get_untracked().unwrap_or(last);
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => now + 1,
            "PageDown" => now.saturating_sub(PAGE),
            "PageUp" => now + PAGE,
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next.min(last)));
    };
    let leave = move || {
        let _gone = at.try_set(None);
    };
    view! {
        <figure class="course-chart">
            <figcaption class="course-values">{told}</figcaption>
            <div class="course-room">
                <div
                    class="course-plot"
                    role="slider"
                    tabindex="0"
                    aria-label=label
                    aria-valuemin="0"
                    aria-valuemax=last.to_string()
                    aria-valuenow=move || at.get().unwrap_or(last).to_string()
                    aria-valuetext=spoken
                    on:pointermove=point
                    on:pointerleave=move |_| leave()
                    on:keydown=press
                    on:blur=move |_| leave()
                >
                    <svg
                        viewBox=format!("0 0 {WIDE} {HIGH}")
                        preserveAspectRatio="none"
                        aria-hidden="true"
                        focusable="false"
                    >
                        <path class="course-grid" d=grid></path>
                        {drawn}
                    </svg>
                    {cross}
                </div>
                <div class="course-axis" aria-hidden="true">
                    {values}
                </div>
                <div class="course-days" aria-hidden="true">
                    {dates}
                </div>
            </div>
        </figure>
    }
    .into_any()
}

type Data = (Vec<NaiveDate>, Vec<Line>, Scale);

/// The lines with their values on a day, by name.
fn at_day<'a>(data: &'a Data, at: usize) -> impl Iterator<Item = (&'a Line, f64)> {
    let value = move |line: &'a Line| Some((line, (*line.values.get(at)?)?));
    data.1.iter().filter_map(value)
}

fn values_at(data: &Data, at: usize, write: fn(f64) -> String) -> AnyView {
    let values = at_day(data, at)
        .map(|(line, value)| {
            view! {
                <span class=line.class>
                    {line.name.clone()} " " <strong>{write(value)}</strong>
                </span>
            }
        })
        .collect_view();
    let day = data.0.get(at).copied().map(date_short);
    view! {
        <span class="course-day">{day}</span>
        {values}
    }
    .into_any()
}

/// What a screen reader hears of a day.
fn said(data: &Data, at: usize, write: fn(f64) -> String) -> String {
    let day = data.0.get(at).copied().map(date_short).unwrap_or_default();
    let mut text = day;
    for (line, value) in at_day(data, at) {
        let _ = write!(text, ", {}: {}", line.name, write(value));
    }
    text
}

fn dates(scale: &Scale, days: &[NaiveDate]) -> Vec<AnyView> {
    let step = Step::of(days, 0..=days.len().saturating_sub(1), LABELS);
    let tick = |tick: super::ticks::Tick| {
        let place = scale.x(*days.get(tick.at)?) * 100.0;
        let view =
            view! { <span style=format!("inset-inline-start: {place:.2}%")>{tick.label}</span> };
        Some(view.into_any())
    };
    step.ticks(days).into_iter().filter_map(tick).collect()
}

/// Where days and values lie, in parts of the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    first: NaiveDate,
    /// From the first day to the last.
    days: f64,
    low: f64,
    high: f64,
}

impl Scale {
    /// None where there is no value.
    fn of(days: &[NaiveDate], lines: &[Line]) -> Option<Self> {
        let (first, last) = (*days.first()?, *days.last()?);
        let all = || {
            let values = lines.iter().flat_map(|line| line.values.iter().copied());
            values.flatten().filter(|value| value.is_finite())
        };
        let low = all().reduce(f64::min)?;
        let high = all().reduce(f64::max)?;
        // What never moved runs through the middle.
        let room = ((high - low) * MARGIN).max(high.abs() * 1e-6).max(1e-6);
        // Zero is the foot where it is near.
        let foot = if low >= 0.0 && low < high / 3.0 {
            0.0
        } else {
            low - room
        };
        Some(Self {
            first,
            days: ((last - first).num_days() as f64).max(1.0),
            low: foot,
            high: high + room,
        })
    }

    /// From 0 at the first day to 1 at the last.
    fn x(&self, day: NaiveDate) -> f64 {
        (day - self.first).num_days() as f64 / self.days
    }

    /// From 0 at the top to 1 at the foot.
    fn y(&self, value: f64) -> f64 {
        (self.high - value) / (self.high - self.low)
    }

    /// The day that is nearest to a place.
    fn nearest(&self, days: &[NaiveDate], part: f64) -> usize {
        let after = days.partition_point(|day| self.x(*day) < part);
        let far = |at: usize| {
            days.get(at)
                .map_or(f64::INFINITY, |day| (self.x(*day) - part).abs())
        };
        match after.checked_sub(1) {
            Some(before) if far(before) <= far(after) => before,
            _ => after.min(days.len().saturating_sub(1)),
        }
    }
}

/// A line through all days that have a value.
fn path(scale: &Scale, days: &[NaiveDate], values: &[Option<f64>]) -> String {
    let mut text = String::new();
    let mut drawing = false;
    for (day, value) in days.iter().zip(values) {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            drawing = false;
            continue;
        };
        let step = if drawing { 'L' } else { 'M' };
        let (x, y) = (scale.x(*day) * WIDE, scale.y(value) * HIGH);
        let _ = write!(text, "{step}{x:.1} {y:.1}");
        drawing = true;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, day).unwrap()
    }

    fn line(values: Vec<Option<f64>>) -> Line {
        Line {
            name: "Value".into(),
            class: "course-value",
            values,
        }
    }

    #[test]
    fn a_line_goes_by_days_and_has_gaps() {
        let days = [day(1), day(2), day(5)];
        let all = [Some(0.0), Some(5.0), Some(10.0)];
        let scale = Scale {
            high: 10.0,
            ..Scale::of(&days, &[line(all.to_vec())]).unwrap()
        };
        assert_eq!(
            path(&scale, &days, &all),
            "M0.0 220.0L180.0 110.0L720.0 0.0"
        );
        let gap = [Some(0.0), None, Some(10.0)];
        assert_eq!(path(&scale, &days, &gap), "M0.0 220.0M720.0 0.0");
        assert_eq!(scale.nearest(&days, 0.3), 1);
        assert_eq!(scale.nearest(&days, 0.7), 2);
        assert_eq!(scale.nearest(&days, -1.0), 0);
        assert_eq!(scale.nearest(&days, 9.0), 2);
    }

    #[test]
    fn it_tells_the_last_day_and_draws_nothing_of_nothing() {
        let html = |values: Vec<Option<f64>>| {
            let lines = vec![line(values)];
            let write = |value: f64| format!("{value:.1}");
            Owner::new().with(|| {
                view! { <Course days=vec![day(1), day(31)] lines=lines write=write axis=write label="it" /> }
                    .to_html()
            })
        };
        let drawn = html(vec![Some(1.0), Some(2.5)]);
        assert!(drawn.contains("31 Jan 2024, Value: 2.5"), "{drawn}");
        assert!(drawn.contains("aria-valuemax=\"1\""), "{drawn}");
        assert!(!html(vec![None, Some(f64::NAN)]).contains("course"));
    }

    proptest! {
        #[test]
        fn all_lies_within(values in prop::collection::vec(prop::option::of(-1e9_f64..1e9), 1..31)) {
            let days: Vec<NaiveDate> = (1..=values.len() as u32).map(day).collect();
            let Some(scale) = Scale::of(&days, &[line(values.clone())]) else {
                prop_assert!(values.iter().all(Option::is_none));
                return Ok(());
            };
            for (day, value) in days.iter().zip(&values) {
                prop_assert!((0.0..=1.0).contains(&scale.x(*day)));
                if let Some(value) = value {
                    prop_assert!((0.0..=1.0).contains(&scale.y(*value)), "{scale:?}");
                }
            }
            for (at, day) in days.iter().enumerate() {
                prop_assert_eq!(scale.nearest(&days, scale.x(*day)), at);
            }
        }
    }
}
