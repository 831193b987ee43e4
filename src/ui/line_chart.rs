//! Line chart over days; shows the values of the day under the pointer.
//!
//! The server and the browser draw it alike, and only the pointer needs scripts. For prices with
//! candles and indicators there is the chart of a symbol.

use super::ticks::{Step, VALUES, of_values};
use super::time::date_short;
use chrono::NaiveDate;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, prelude::*};
use std::fmt::Write;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Name in the legend.
    pub name: String,
    /// CSS class with its color: `line-value`, `line-in` or `line-benchmark`.
    pub class: &'static str,
    /// One value per day. None: a gap in the line.
    pub values: Vec<Option<f64>>,
}

/// Writes a value beside the name of its line.
pub type WriteValue = Arc<dyn Fn(f64) -> String + Send + Sync>;

/// Size of the drawing; it is stretched to its container.
const WIDE: f64 = 720.0;
const HIGH: f64 = 220.0;
/// Maximum number of day labels: as many as fit on a phone.
const LABELS: usize = 5;
/// Margin above the highest and below the lowest value, as a fraction of the range between them.
const MARGIN: f64 = 0.06;
/// Number of days that `PageUp` and `PageDown` move.
const PAGE: usize = 20;

/// The lines over the days, oldest first. Arrow keys move from day to day.
#[component]
pub fn LineChart(
    days: Vec<NaiveDate>,
    lines: Vec<Line>,
    /// Writes a value, as beside its name.
    write: WriteValue,
    /// Writes a value on the axis.
    axis: fn(f64) -> String,
    /// Description for screen readers.
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
    let values = of_values(scale.low, scale.high, VALUES);
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
    let (told, written) = (Arc::clone(&data), Arc::clone(&write));
    let told = move || values_at(&told, at.get().unwrap_or(last), &*written);
    let spoken = Arc::clone(&data);
    let spoken = move || said(&spoken, at.get().unwrap_or(last), &*write);
    let crossed = Arc::clone(&data);
    let cross = move || {
        let place = crossed.2.x(*crossed.0.get(at.get()?)?) * 100.0;
        Some(
            view! { <span class="line-cross" style=format!("inset-inline-start: {place:.2}%")></span> },
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
        <figure class="line-chart">
            <figcaption class="line-values">{told}</figcaption>
            <div class="line-room">
                <div
                    class="line-plot"
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
                        <path class="line-grid" d=grid></path>
                        {drawn}
                    </svg>
                    {cross}
                </div>
                <div class="line-axis" aria-hidden="true">
                    {values}
                </div>
                <div class="line-days" aria-hidden="true">
                    {dates}
                </div>
            </div>
        </figure>
    }
    .into_any()
}

type Data = (Vec<NaiveDate>, Vec<Line>, Scale);

/// The lines that have a value on a day, with that value.
fn at_day<'a>(data: &'a Data, at: usize) -> impl Iterator<Item = (&'a Line, f64)> {
    let value = move |line: &'a Line| Some((line, (*line.values.get(at)?)?));
    data.1.iter().filter_map(value)
}

fn values_at(data: &Data, at: usize, write: &dyn Fn(f64) -> String) -> AnyView {
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
        <span class="line-day">{day}</span>
        {values}
    }
    .into_any()
}

/// Text for screen readers about one day.
fn said(data: &Data, at: usize, write: &dyn Fn(f64) -> String) -> String {
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

/// Maps days and values to fractions of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    first: NaiveDate,
    /// Number of days from the first to the last.
    days: f64,
    low: f64,
    high: f64,
}

impl Scale {
    /// None: no value.
    fn of(days: &[NaiveDate], lines: &[Line]) -> Option<Self> {
        let (first, last) = (*days.first()?, *days.last()?);
        let all = || {
            let values = lines.iter().flat_map(|line| line.values.iter().copied());
            values.flatten().filter(|value| value.is_finite())
        };
        let low = all().reduce(f64::min)?;
        let high = all().reduce(f64::max)?;
        // A constant line runs through the middle.
        let room = ((high - low) * MARGIN).max(high.abs() * 1e-6).max(1e-6);
        // The axis starts at zero if zero is near.
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

    /// From 0 at the top to 1 at the bottom.
    fn y(&self, value: f64) -> f64 {
        (self.high - value) / (self.high - self.low)
    }

    /// Index of the day nearest to a horizontal position from 0 to 1.
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

/// SVG path through the days that have a value, with gaps between them.
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
            class: "line-value",
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
            let (told, axis): (WriteValue, _) = (Arc::new(write), write);
            Owner::new().with(|| {
                view! { <LineChart days=vec![day(1), day(31)] lines=lines write=told axis=axis label="it" /> }
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
