//! Technical rating of an instrument, and how often such ratings were right.

mod chance;

use super::legend::{shown, signed};
use crate::markets::Rated;
use crate::markets::ratings::{Component, Edge, Group, Rate, Reading, Record, Verdict};
use crate::ui::change::{self, dash};
use crate::ui::table::wide;
use crate::ui::time::date_short;
use crate::ui::{t, t_with};
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
                <span class="number">{crate::ui::figure(&value)}</span>
            </p>
            <div class="gauge-line" aria-hidden="true">
                <span style=format!("--place: {place:.1}%") class:empty=score.is_none()></span>
            </div>
        </div>
    }
    .into_any()
}

fn part(rate: Option<f64>) -> String {
    change::percentage(rate, 1, false)
}

fn gain(rate: Option<f64>) -> String {
    change::percentage(rate, 1, true)
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
    let row = |name: &str, rate: &Rate, base: Option<&Rate>| {
        let interval = match (rate.low, rate.high) {
            (Some(low), Some(high)) => format!("{} \u{2013} {}", part(Some(low)), part(Some(high))),
            _ => dash(),
        };
        let base = base.map_or_else(String::new, |base| part(base.rate));
        view! {
            <tr>
                <th scope="row">{t(name)}</th>
                <td class="number">{crate::ui::figure(&rate.n.to_string())}</td>
                <td class="number">{part(rate.rate)}</td>
                <td class="number">{interval}</td>
                <td class="number">{base}</td>
                <td class="number">{gain(rate.mean)}</td>
            </tr>
        }
    };
    let following = |name: &str, one: &crate::markets::ratings::Following| {
        view! {
            <tr>
                <th scope="row">{t(name)}</th>
                <td class="number">{gain(one.yearly)}</td>
                <td class="number">{gain(Some(one.drawdown))}</td>
                <td class="number">{part(Some(one.invested))}</td>
                <td class="number">{crate::ui::figure(&one.switches.to_string())}</td>
            </tr>
        }
    };
    let rates = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("track-what")}</th>
                    <th scope="col" class="number">{t("track-days")}</th>
                    <th scope="col" class="number">{t("track-right")}</th>
                    <th scope="col" class="number">{t("track-interval")}</th>
                    <th scope="col" class="number">{t("track-base")}</th>
                    <th scope="col" class="number">{t("track-mean")}</th>
                </tr>
            </thead>
            <tbody>
                {row("track-after-buy", &record.after_buy, Some(&record.rises))}
                {row("track-after-sell", &record.after_sell, Some(&record.falls))}
            </tbody>
        </table>
    };
    let money = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("track-money")}</th>
                    <th scope="col" class="number">{t("track-yearly")}</th>
                    <th scope="col" class="number">{t("track-fall")}</th>
                    <th scope="col" class="number">{t("track-invested")}</th>
                    <th scope="col" class="number">{t("track-switches")}</th>
                </tr>
            </thead>
            <tbody>
                {following("track-following", &record.following)}
                {following("track-holding", &record.holding)}
            </tbody>
        </table>
    };
    view! {
        <div class="record">
            <p class=class>{t(key)}</p>
            <p class="section-note">{t_with("track-note", &span)}</p>
            {wide(t("track-right"), rates)}
            {wide(t("track-money"), money)}
        </div>
    }
    .into_any()
}

/// Draws every component with its value, its vote and its rule.
fn votes(readings: &[Reading]) -> AnyView {
    let row = |reading: &Reading| {
        let group = match reading.component.group() {
            Group::Averages => "rating-averages",
            Group::Oscillators => "rating-oscillators",
        };
        let (class, vote) = match reading.vote {
            Some(1) => ("number up", t("vote-for")),
            Some(-1) => ("number down", t("vote-against")),
            Some(_) => ("number", t("vote-neither")),
            None => ("number", t("vote-none")),
        };
        view! {
            <tr>
                <th scope="row">
                    {component_name(reading.component)}
                    <span class="ledger-quiet">{t(group)}</span>
                </th>
                <td class="number">
                    {reading.value.map_or_else(dash, shown)}
                </td>
                <td class=class>{vote}</td>
                <td class="vote-rule">{t(rule_key(reading.component))}</td>
            </tr>
        }
    };
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("vote-component")}</th>
                    <th scope="col" class="number">{t("vote-value")}</th>
                    <th scope="col" class="number">{t("vote-vote")}</th>
                    <th scope="col">{t("vote-rule")}</th>
                </tr>
            </thead>
            <tbody>{readings.iter().map(row).collect_view()}</tbody>
        </table>
    };
    wide(t("rating-votes"), table)
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
