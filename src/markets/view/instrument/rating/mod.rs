//! Technical rating of an instrument, and how often such ratings were right.

mod chance;
mod figures;

use super::legend::{shown, signed};
use crate::markets::Rated;
use crate::markets::ratings::{Component, Edge, Following, Group, Rate, Reading, Record, Verdict};
use crate::ui::change::dash;
use crate::ui::time::date_short;
use crate::ui::{Column, DataTable, figure, t, t_with};
use figures::{gain, part};
use leptos::prelude::*;

/// Draws the verdict with its track record, and every vote.
pub fn rating(rated: &Rated) -> AnyView {
    let Some(rating) = &rated.rating else {
        return view! { <p class="section-note">{t("rating-none")}</p> }.into_any();
    };
    let as_of = rated
        .as_of
        .map(|day| t_with("rating-as-of", &[("date", date_short(day).into())]));
    let scores = [
        ("rating-averages", rating.averages),
        ("rating-oscillators", rating.oscillators),
        ("rating-all", rating.score),
    ];
    let gauges = scores
        .map(|(key, score)| gauge(t(key), score))
        .collect_view();
    view! {
        <section class="setting" aria-labelledby="rating-title">
            <h3 id="rating-title">{t("rating-title")}</h3>
            <p class="section-note">{t("rating-note")} " " {as_of}</p>
            <div class="gauges">{gauges}</div>
            {rated.record.map_or_else(
                || view! { <p class="section-note">{t("track-none")}</p> }.into_any(),
                |record| record_view(&record),
            )}
            {chance::model_view(rated.model.as_ref())}
            <details class="chart-table">
                <summary>{t("rating-votes")}</summary>
                {votes(&rating.readings)}
            </details>
        </section>
    }
    .into_any()
}

/// Returns the verdict of a score in words.
pub fn verdict(score: Option<f64>) -> String {
    let key = match score.map(Verdict::of) {
        Some(Verdict::StrongBuy) => "verdict-strong-buy",
        Some(Verdict::Buy) => "verdict-buy",
        Some(Verdict::Neutral) => "verdict-neutral",
        Some(Verdict::Sell) => "verdict-sell",
        Some(Verdict::StrongSell) => "verdict-strong-sell",
        None => "verdict-none",
    };
    t(key)
}

/// Draws a score between -1 and 1 on a line.
fn gauge(name: String, score: Option<f64>) -> AnyView {
    let place = score.map_or(50.0, |score| score.clamp(-1.0, 1.0).mul_add(50.0, 50.0));
    let value = score.map_or_else(dash, |score| signed(score, 2));
    view! {
        <div class="gauge">
            <p>
                <span>{name}</span>
                <strong>{verdict(score)}</strong>
                <span class="number">{figure(&value)}</span>
            </p>
            <div class="gauge-line" aria-hidden="true">
                <span style=format!("--place: {place:.1}%") class:empty=score.is_none()></span>
            </div>
        </div>
    }
    .into_any()
}

fn record_view(record: &Record) -> AnyView {
    let (key, class) = match record.edge {
        Edge::NotDemonstrated => ("edge-none", "edge-none"),
        Edge::Buy => ("edge-buy", "edge"),
        Edge::Sell => ("edge-sell", "edge"),
        Edge::Both => ("edge-both", "edge"),
    };
    let span = [
        ("from", date_short(record.from).into()),
        ("to", date_short(record.to).into()),
        ("days", record.horizon.into()),
    ];
    view! {
        <div class="record">
            <p class=class>{t(key)}</p>
            <p class="section-note">{t_with("track-note", &span)}</p>
            {rates(record)}
            {returns(record)}
        </div>
    }
    .into_any()
}

/// How often the verdicts were right, beside the base rates.
fn rates(record: &Record) -> AnyView {
    type Row = (&'static str, Rate, Rate);
    let interval = |(_, rate, _): &Row| match (rate.low, rate.high) {
        (Some(low), Some(high)) => format!("{} \u{2013} {}", part(Some(low)), part(Some(high))),
        _ => dash(),
    };
    let columns = vec![
        Column::text("track-what", |row: &Row| t(row.0)).heads_row(),
        Column::number("track-days", |row: &Row| figure(&row.1.n.to_string())),
        Column::number("track-right", |row: &Row| part(row.1.rate)),
        Column::number("track-interval", interval),
        Column::number("track-base", |row: &Row| part(row.2.rate)),
        Column::number("track-mean", |row: &Row| gain(row.1.mean)),
    ];
    let rows = vec![
        ("track-after-buy", record.after_buy, record.rises),
        ("track-after-sell", record.after_sell, record.falls),
    ];
    DataTable::new(t("track-right"), columns, rows).draw()
}

/// What following the verdicts would have brought, beside holding.
fn returns(record: &Record) -> AnyView {
    type Row = (&'static str, Following);
    let columns = vec![
        Column::text("track-money", |row: &Row| t(row.0)).heads_row(),
        Column::number("track-yearly", |row: &Row| gain(row.1.yearly)),
        Column::number("track-fall", |row: &Row| gain(Some(row.1.drawdown))),
        Column::number("track-invested", |row: &Row| part(Some(row.1.invested))),
        Column::number("track-switches", |row: &Row| {
            figure(&row.1.switches.to_string())
        }),
    ];
    let rows = vec![
        ("track-following", record.following),
        ("track-holding", record.holding),
    ];
    DataTable::new(t("track-money"), columns, rows).draw()
}

/// Draws every component with its value, its vote and its rule.
fn votes(readings: &[Reading]) -> AnyView {
    let name = |reading: &Reading| {
        let group = match reading.component.group() {
            Group::Averages => "rating-averages",
            Group::Oscillators => "rating-oscillators",
        };
        view! {
            {component_name(reading.component)}
            <span class="fine-print">{t(group)}</span>
        }
    };
    let vote = |reading: &Reading| {
        let (class, vote) = match reading.vote {
            Some(1) => ("up", "vote-for"),
            Some(-1) => ("down", "vote-against"),
            Some(_) => ("", "vote-neither"),
            None => ("", "vote-none"),
        };
        view! { <span class=class>{t(vote)}</span> }
    };
    let columns = vec![
        Column::text("vote-component", name).heads_row(),
        Column::number("vote-value", |reading: &Reading| {
            reading.value.map_or_else(dash, shown)
        }),
        Column::number("vote-vote", vote),
        Column::text("vote-rule", |reading: &Reading| {
            t(rule_key(reading.component))
        })
        .class("vote-rule"),
    ];
    DataTable::new(t("rating-votes"), columns, readings.to_vec()).draw()
}

/// Returns the name of a component in the reader's language: `SMA 20`.
fn component_name(component: Component) -> String {
    let name = component.name();
    let (name, settings) = name.split_once(':').unwrap_or((&name, ""));
    let name = t(&format!("component-{}", name.replace('_', "-")));
    let settings = settings.replace(':', " ");
    format!("{name} {settings}").trim_end().to_owned()
}

fn rule_key(component: Component) -> &'static str {
    match component {
        Component::Sma(_) | Component::Ema(_) | Component::Hull | Component::Vwma => "rule-average",
        Component::Ichimoku => "rule-ichimoku",
        Component::Rsi => "rule-rsi",
        Component::Stochastic | Component::StochasticRsi => "rule-stochastic",
        Component::Cci => "rule-cci",
        Component::Adx => "rule-adx",
        Component::Awesome => "rule-awesome",
        Component::Momentum => "rule-momentum",
        Component::Macd => "rule-macd",
        Component::WilliamsR => "rule-williams",
        Component::BullBear => "rule-bull-bear",
        Component::Ultimate => "rule-ultimate",
    }
}
