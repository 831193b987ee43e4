//! Browser side of the chart.

use super::super::legend::{COLORS, shown, signed};
use super::super::option::{Palette, Shown, axis, option};
use super::super::scale::Axis;
use super::super::settings::ChartSettings;
use super::super::state::{ChartState, Stroke, Tool, stroke};
use super::super::study::beyond;
use crate::markets::Shape;
use crate::markets::indicators::Candle;
use crate::shared::{Error, Kind};
use crate::ui::browser::member;
use crate::ui::chart::{Axes, Chart, Formats, Library, Place, mark};
use crate::ui::figures::short;
use crate::ui::ticks::Step;
use crate::ui::time::date_short;
use chrono::{Datelike, NaiveDate};
use leptos::wasm_bindgen::JsValue;
use leptos::{ev, html, prelude::*, task::spawn_local};
use serde_json::json;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

/// Name of the performance mark for the first drawn chart.
const ANSWERS: &str = "rialto:chart";
/// Width reserved for a date label in pixels.
const LABEL: f64 = 64.0;
/// Width of the chart in pixels from which price labels get more room.
const ROOMY: f64 = 560.0;

type Held = Rc<RefCell<Option<(Chart, Formats)>>>;
/// The visible range that the chart itself has reported.
type Told = Rc<Cell<(usize, usize)>>;

/// Date labels as last drawn: their step, and their texts.
#[derive(Default)]
struct Labels {
    step: Cell<Option<Step>>,
    of: RefCell<HashMap<String, String>>,
}

/// Loads the library, and keeps the chart in sync with the state.
pub fn begin(state: ChartState, place: NodeRef<html::Div>) {
    let held: Held = Rc::default();
    let told: Told = Rc::default();
    let labels: Rc<Labels> = Rc::default();
    let ready = RwSignal::new(false);
    // Counts what affects the chart without being in the state: its size, the page's theme.
    let changed = RwSignal::new(0_usize);
    let mounting = (Rc::clone(&held), Rc::clone(&told), Rc::clone(&labels));
    Effect::new(move |begun: Option<bool>| {
        let Some(element) = place.get() else {
            return false;
        };
        if begun == Some(true) {
            return true;
        }
        let (held, told, labels) = mounting.clone();
        spawn_local(async move {
            let Ok(library) = Library::load().await else {
                let away = Error::new(Kind::Unavailable, "unavailable", "");
                let _gone = state.failed.try_set(Some(away));
                return;
            };
            // The reader may have left the page meanwhile.
            if ready.try_get_untracked().is_none() {
                return;
            }
            if let Some(chart) = Chart::begin(&library, (*element).clone().into()) {
                *held.borrow_mut() = Some(listening(chart, state, changed, &held, &told, &labels));
                ready.set(true);
            }
        });
        true
    });
    // Zoomed in, days are labeled; zoomed out, months and years.
    let stepping = (Rc::clone(&held), Rc::clone(&labels));
    Effect::new(move || {
        state.visible.track();
        let (held, labels) = &stepping;
        let drawn = labels.step.get();
        let now = held.borrow().as_ref().map(|(chart, _)| step(chart, state));
        if drawn.is_some() && now.is_some_and(|now| drawn != now) {
            changed.update(|count| *count += 1);
        }
    });
    let drawing = Rc::clone(&held);
    let answered = Cell::new(false);
    let rescaled = Memo::new(move |_| {
        let settings = state.settings.get();
        let fixed = axis(&settings, &[], (0, 0)) == Axis::Linear;
        (!fixed).then(|| state.visible.get())
    });
    Effect::new(move || {
        changed.track();
        rescaled.track();
        if ready.get()
            && let Some((chart, formats)) = drawing.borrow().as_ref()
        {
            let drawn = draw(chart, formats, state, &labels).is_some();
            if drawn && !answered.replace(true) {
                mark(ANSWERS);
            }
        }
    });
    // Applies a range that was chosen, but not one that the chart itself reported: dragging would
    // jump from bar to bar.
    let zooming = Rc::clone(&held);
    Effect::new(move || {
        let (from, to) = state.visible.get();
        if told.replace((from, to)) == (from, to) {
            return;
        }
        if let Some((chart, _)) = zooming.borrow().as_ref() {
            chart.act(&json!({"type": "dataZoom", "startValue": from, "endValue": to}));
        }
    });
    let saving = Rc::clone(&held);
    Effect::new(move |before: Option<usize>| {
        let asked = state.picture.get();
        if before.is_some_and(|before| before != asked)
            && let Some((chart, _)) = saving.borrow().as_ref()
            && let Some(picture) = chart.picture(&chart.token("--ink-1"))
        {
            crate::ui::browser::save(&picture, &format!("{}.png", state.name.get_value()));
        }
        asked
    });
    let pointing = Rc::clone(&held);
    Effect::new(move || {
        // Runs after a key has changed the visible range.
        if state.pointed.get() > 0 {
            point(state, &pointing);
        }
    });
    let last = send_wrapper::SendWrapper::new(held);
    on_cleanup(move || {
        // Disposed of together with its listeners.
        drop(last.borrow_mut().take());
    });
}

/// Returns the bar at a position.
fn bar_at(state: ChartState, at: usize) -> Option<Candle> {
    let past = state.past;
    past.with_untracked(|past| past.as_ref()?.bars.get(at).copied())
}

fn axis_of(state: ChartState) -> Option<Axis> {
    let visible = state.visible.try_get_untracked()?;
    state.settings.try_with_untracked(|settings| {
        state.past.try_with_untracked(|past| {
            let bars = past.as_ref().map_or(&[][..], |past| &past.bars);
            axis(settings, bars, visible)
        })
    })?
}

/// Listens to the chart's events, and gives it the reader's formats.
fn listening(
    mut chart: Chart,
    state: ChartState,
    changed: RwSignal<usize>,
    held: &Held,
    told: &Told,
    labels: &Rc<Labels>,
) -> (Chart, Formats) {
    chart.on("updateAxisPointer", move |event| {
        let at = member(&event, "axesInfo")
            .map(|axes| js_sys::Array::from(&axes))
            .and_then(|axes| {
                let mut axes = axes.iter();
                let of_days = |axis: &JsValue| {
                    member(axis, "axisDim")
                        .and_then(|name| name.as_string())
                        .as_deref()
                        == Some("x")
                };
                axes.find(of_days)
            })
            .and_then(|axis| member(&axis, "value")?.as_f64());
        let _gone = state.hover.try_set(at.map(|at| at.max(0.0) as usize));
    });
    chart.on_surface("globalout", move |_| {
        let _gone = state.hover.try_set(None);
    });
    let told = Rc::clone(told);
    chart.on("datazoom", move |event| {
        let batch = member(&event, "batch").map(|batch| js_sys::Array::from(&batch).get(0));
        let zoom = batch.unwrap_or(event);
        let part = |name| member(&zoom, name).and_then(|value| value.as_f64());
        let count = state
            .past
            .try_with_untracked(|past| past.as_ref().map_or(0, |past| past.bars.len()))
            .unwrap_or(0);
        let extra = state
            .studies
            .try_with_untracked(|studies| beyond(studies, count))
            .unwrap_or(0);
        if let (Some(start), Some(end)) = (part("start"), part("end"))
            && count > 1
        {
            let last = (count + extra - 1) as f64;
            let place = |part: f64| (part / 100.0 * last).round() as usize;
            let seen = (place(start), place(end));
            told.set(seen);
            if state.visible.try_get_untracked() != Some(seen) {
                let _gone = state.visible.try_set(seen);
            }
        }
    });
    let for_click = Rc::downgrade(held);
    chart.on_surface("click", move |event| {
        let offset = |name| member(&event, name).and_then(|value| value.as_f64());
        let (Some(x), Some(y)) = (offset("offsetX"), offset("offsetY")) else {
            return;
        };
        let Some(held) = for_click.upgrade() else {
            return;
        };
        let place = held
            .borrow()
            .as_ref()
            .and_then(|(chart, _)| chart.place_at(x, y));
        if let (Some((at, height)), Some(axis)) = (place, axis_of(state)) {
            use_tool(state, at.max(0.0) as usize, axis.value(height));
        }
    });
    let for_size = Rc::downgrade(held);
    chart.on_change(move || {
        if let Some(held) = for_size.upgrade()
            && let Ok(held) = held.try_borrow()
            && let Some((chart, _)) = held.as_ref()
        {
            chart.resize();
        }
        if let Some(count) = changed.try_get_untracked() {
            let _gone = changed.try_set(count + 1);
        }
    });
    let labels = Rc::clone(labels);
    let day = chart.formatter(move |value| {
        let label = value.as_string();
        let label = label.and_then(|day| labels.of.borrow().get(&day).cloned());
        label.unwrap_or_default()
    });
    let whole_day = chart.formatter(|value| {
        let day = member(&value, "value").and_then(|value| value.as_string());
        let day = day.and_then(|day| day.parse::<NaiveDate>().ok());
        day.map(date_short).unwrap_or_default()
    });
    let price = chart.formatter(move |value| {
        value
            .as_f64()
            .map_or_else(String::new, |value| axis_label(state, value))
    });
    let at_crosshair = chart.formatter(move |value| {
        pointed_at(&value).map_or_else(String::new, |value| axis_label(state, value))
    });
    let value = chart.formatter(|value| value.as_f64().map_or_else(String::new, short));
    let value_at_crosshair =
        chart.formatter(|value| pointed_at(&value).map_or_else(String::new, short));
    let all = |name| Axes { name, only: None };
    // The scale is only that of the prices: indicators below them have their own values.
    let prices = Axes {
        name: "yAxis",
        only: Some(0),
    };
    let formats = Formats(vec![
        (all("xAxis"), Place::Ticks, day),
        (all("xAxis"), Place::Crosshair, whole_day),
        (all("yAxis"), Place::Ticks, value),
        (all("yAxis"), Place::Crosshair, value_at_crosshair),
        (prices, Place::Ticks, price),
        (prices, Place::Crosshair, at_crosshair),
    ]);
    (chart, formats)
}

/// Returns the value at the crosshair, from the parameters of its label.
fn pointed_at(value: &JsValue) -> Option<f64> {
    member(value, "value").and_then(|value| value.as_f64())
}

/// Returns the step between date labels for the visible range.
fn step(chart: &Chart, state: ChartState) -> Option<Step> {
    let (from, to) = state.visible.get_untracked();
    let most = (chart.size().0 / LABEL) as usize;
    state.past.with_untracked(|past| {
        let days: Vec<NaiveDate> = past.as_ref()?.bars.iter().map(|bar| bar.date).collect();
        let to = to.min(days.len().saturating_sub(1));
        Some(Step::of(&days, from..=to, most))
    })
}

fn axis_label(state: ChartState, height: f64) -> String {
    let axis = axis_of(state).unwrap_or(Axis::Linear);
    match axis {
        Axis::Rebased(_) => crate::ui::figures::percent(&signed(height, 1)),
        Axis::Log => short(height.exp()),
        Axis::Linear => short(height),
    }
}

fn palette(chart: &Chart) -> Palette {
    let token = |name| chart.token(name);
    Palette {
        text: token("--text-2"),
        line: token("--line"),
        raised: token("--ink-1"),
        up: token("--up"),
        down: token("--down"),
        main: token("--water"),
        others: COLORS.map(token).to_vec(),
    }
}

fn draw(chart: &Chart, formats: &Formats, state: ChartState, labels: &Labels) -> Option<()> {
    let past = state.past.get()?;
    let (studies, others) = (state.studies.get(), state.others.get());
    let settings = state.settings.get();
    let marks = state.marks(&past);
    let mut strokes: Vec<Stroke> = state
        .drawings
        .all
        .get()
        .into_iter()
        .filter_map(|drawing| stroke(drawing.shape, &past.bars))
        .collect();
    if let Some(Tool::Trend(Some((at, price)))) = state.tool.get() {
        strokes.push(Stroke::Trend((at, price), (at + 1, price)));
    }
    let (width, height) = chart.size();
    let visible = state.visible.get_untracked();
    let last = past
        .bars
        .last()
        .map(|bar| last_label(&past.bars, bar.close, &settings, visible));
    let days = places(&past.bars, beyond(&studies, past.bars.len()));
    let step = step(chart, state)?;
    labels.step.set(Some(step));
    let ticks = step.ticks(&days);
    let days: Vec<String> = days.iter().map(ToString::to_string).collect();
    let named = |at: usize, label: String| Some((days.get(at)?.clone(), label));
    let at: Vec<usize> = ticks.iter().map(|tick| tick.at).collect();
    *labels.of.borrow_mut() = ticks
        .into_iter()
        .filter_map(|tick| named(tick.at, tick.label))
        .collect();
    let palette = palette(chart);
    let shown = Shown {
        bars: &past.bars,
        days: &days,
        ticks: &at,
        settings: &settings,
        studies: &studies,
        others: &others,
        visible,
        marks: &marks,
        strokes: &strokes,
        palette: &palette,
        height,
        gutter: if width < ROOMY { 54.0 } else { 60.0 },
        last: last.unwrap_or_default(),
    };
    chart.show(&option(&shown), formats)
}

/// Returns the last price for its tag on the axis, in the axis's own unit.
fn last_label(
    bars: &[Candle],
    close: f64,
    settings: &ChartSettings,
    visible: (usize, usize),
) -> String {
    let axis = axis(settings, bars, visible);
    match (axis, axis.height(close)) {
        (Axis::Rebased(_), Some(height)) => crate::ui::figures::percent(&signed(height, 1)),
        _ => shown(close),
    }
}

/// Returns the days of the bars, and working days after them.
fn places(bars: &[Candle], beyond: usize) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = bars.iter().map(|bar| bar.date).collect();
    if let Some(last) = bars.last() {
        let working = |day: &NaiveDate| day.weekday().num_days_from_monday() < 5;
        days.extend(last.date.iter_days().skip(1).filter(working).take(beyond));
    }
    days
}

/// Handles a click with a drawing tool.
fn use_tool(state: ChartState, at: usize, price: f64) {
    let count = state
        .past
        .with_untracked(|past| past.as_ref().map_or(0, |past| past.bars.len()));
    let last = count.saturating_sub(1);
    let day = |at: usize| bar_at(state, at.min(last)).map(|bar| bar.date);
    let drawing = match state.tool.get_untracked() {
        None => return,
        Some(Tool::Level) => Some(Shape::Level(price)),
        Some(Tool::Trend(None)) => {
            state.tool.set(Some(Tool::Trend(Some((at, price)))));
            return;
        }
        Some(Tool::Trend(Some((from, low)))) => day(from)
            .zip(day(at))
            .filter(|(from, to)| from != to)
            .map(|(from, to)| Shape::Trend((from, low), (to, price))),
    };
    if let Some(shape) = drawing {
        state.drawings.add(shape);
    }
    state.tool.set(None);
}

/// Arrow keys move from bar to bar, plus and minus zoom, Home and End go to the ends.
pub fn press(state: ChartState, event: &ev::KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    if key(state, &event.key()) {
        event.prevent_default();
        event.stop_propagation();
        state.pointed.update(|count| *count += 1);
    }
}

/// Handles a key; `false`: it has no effect.
fn key(state: ChartState, key: &str) -> bool {
    let count = state
        .past
        .with_untracked(|past| past.as_ref().map_or(0, |past| past.bars.len()));
    if count < 2 {
        return false;
    }
    let (from, to) = state.visible.get_untracked();
    let at = state.hover.get_untracked().unwrap_or(to.min(count - 1));
    let span = to.saturating_sub(from).max(5);
    let go = |at: usize| {
        state.hover.set(Some(at));
        if at < from || at > to {
            let from = if at < from {
                at
            } else {
                at.saturating_sub(span)
            };
            state.visible.set((from, (from + span).min(count - 1)));
        }
    };
    match key {
        "ArrowLeft" => go(at.saturating_sub(1)),
        "ArrowRight" => go((at + 1).min(count - 1)),
        "PageUp" => go(at.saturating_sub(span)),
        "PageDown" => go((at + span).min(count - 1)),
        "Home" => go(0),
        "End" => go(count - 1),
        "+" | "=" => {
            let less = span / 4;
            state.visible.set((from + less.min(span - 5), to));
        }
        "-" => state.visible.set((from.saturating_sub(span / 3 + 1), to)),
        _ => return false,
    }
    true
}

/// Moves the crosshair to the bar that the keyboard chose.
fn point(state: ChartState, held: &Held) {
    let Some(at) = state.hover.get_untracked() else {
        return;
    };
    let close = bar_at(state, at).map(|bar| bar.close);
    let Some(height) = close
        .zip(axis_of(state))
        .and_then(|(close, axis)| axis.height(close))
    else {
        return;
    };
    if let Some((chart, _)) = held.borrow().as_ref()
        && let Some((x, y)) = chart.point_of(at as f64, height)
    {
        chart
            .act(&json!({"type": "updateAxisPointer", "currTrigger": "mousemove", "x": x, "y": y}));
    }
}
