//! The model's probability of a rise, and how good such probabilities were.

use super::figures::{gain, part};
use crate::markets::ratings::{Bin, Feature, Model, Weighed};
use crate::markets::view::instrument::legend::{shown, signed};
use crate::ui::time::date_short;
use crate::ui::{Column, DataTable, figure, t, t_with};
use leptos::prelude::*;

/// Draws today's probability beside the base rate, its track record, and what each feature adds.
pub fn model_view(model: Option<&Model>) -> AnyView {
    let Some(model) = model else {
        return view! {
            <h3>{t("model-title")}</h3>
            <p class="section-note">{t("model-none")}</p>
        }
        .into_any();
    };
    let days = model.horizon;
    let (key, class) = if model.demonstrated {
        ("model-edge", "edge")
    } else {
        ("model-edge-none", "edge-none")
    };
    let counted = [
        ("days", figure(&model.predictions.to_string()).into()),
        ("from", date_short(model.from).into()),
        ("to", date_short(model.to).into()),
        ("apart", figure(&model.independent.to_string()).into()),
    ];
    let interval = match (model.low, model.high) {
        (Some(low), Some(high)) => {
            let ends = format!("{} \u{2013} {}", gain(Some(low)), gain(Some(high)));
            t_with("model-interval", &[("interval", ends.into())])
        }
        _ => t("model-no-interval"),
    };
    let any = t_with("model-any-day", &[("rate", part(Some(model.base)).into())]);
    let base = t_with(
        "model-base-brier",
        &[("score", figure(&format!("{:.3}", model.base_brier)).into())],
    );
    view! {
        <h3>{t("model-title")}</h3>
        <p class="section-note">
            {t_with("model-note", &[("days", model.refit.into())])}
        </p>
        <div class="gauges">
            {card(
                t_with("model-chance", &[("days", days.into())]),
                part(model.probability),
                any,
            )}
            {card(t("model-brier"), figure(&format!("{:.3}", model.brier)), base)}
            {card(t("model-skill"), gain(Some(model.skill)), interval)}
        </div>
        <p class=class>{t(key)}</p>
        <p class="section-note">{t("model-brier-note")} " " {t_with("model-counted", &counted)}</p>
        <div class="reliability">{curve(&model.bins)} {bins(&model.bins)}</div>
        {(!model.features.is_empty()).then(|| figures(&model.features))}
    }
    .into_any()
}

fn card(name: String, value: String, beside: String) -> AnyView {
    view! {
        <div class="model-card">
            <p>
                <span>{name}</span>
                <strong>{value}</strong>
                <span class="number">{beside}</span>
            </p>
        </div>
    }
    .into_any()
}

/// Probability on the x axis, outcome on the y axis; good probabilities are on the diagonal.
fn curve(bins: &[Bin]) -> AnyView {
    let place = |part: f64| format!("{:.1}", part.clamp(0.0, 1.0) * 100.0);
    let dot = |bin: &Bin| {
        view! { <circle cx=place(bin.said) cy=place(1.0 - bin.happened) r="3"></circle> }
    };
    view! {
        <svg viewBox="-4 -4 108 108" aria-hidden="true">
            <rect width="100" height="100"></rect>
            <line x1="0" y1="100" x2="100" y2="0"></line>
            {bins.iter().map(dot).collect_view()}
        </svg>
    }
    .into_any()
}

fn bins(bins: &[Bin]) -> AnyView {
    let columns = vec![
        Column::number("model-said", |bin: &Bin| part(Some(bin.said))).heads_row(),
        Column::number("model-happened", |bin: &Bin| part(Some(bin.happened))),
        Column::number("track-days", |bin: &Bin| figure(&bin.n.to_string())),
    ];
    DataTable::new(t("model-reliability"), columns, bins.to_vec()).draw()
}

/// Draws what each feature adds today.
fn figures(features: &[Weighed]) -> AnyView {
    let adds = |one: &Weighed| {
        let class = match one.adds {
            adds if adds > 0.0 => "up",
            adds if adds < 0.0 => "down",
            _ => "",
        };
        view! { <span class=class>{figure(&signed(one.adds, 3))}</span> }
    };
    let columns = vec![
        Column::text("model-figure", |one: &Weighed| t(feature_key(one.feature))).heads_row(),
        Column::number("vote-value", value),
        Column::number("model-deviations", |one: &Weighed| {
            figure(&signed(one.deviations, 2))
        }),
        Column::number("model-adds", adds),
    ];
    view! {
        <details class="chart-table">
            <summary>{t("model-parts")}</summary>
            <p class="section-note">{t("model-parts-note")}</p>
            {DataTable::new(t("model-parts"), columns, features.to_vec()).draw()}
        </details>
    }
    .into_any()
}

/// Formats a value for readers: logarithms of ratios as relative changes.
fn value(one: &Weighed) -> String {
    match one.feature {
        Feature::Week
        | Feature::Month
        | Feature::HalfYear
        | Feature::Volatility
        | Feature::Volume => gain(Some(one.value.exp_m1())),
        Feature::Rsi | Feature::Distance | Feature::Macd => shown(one.value),
    }
}

fn feature_key(feature: Feature) -> &'static str {
    match feature {
        Feature::Week => "model-week",
        Feature::Month => "model-month",
        Feature::HalfYear => "model-half-year",
        Feature::Rsi => "model-rsi",
        Feature::Distance => "model-distance",
        Feature::Macd => "model-macd",
        Feature::Volatility => "model-volatility",
        Feature::Volume => "model-volume",
    }
}
