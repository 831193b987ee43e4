//! The model's probability of a rise, and how good such probabilities were.

use super::{gain, part};
use crate::markets::ratings::{Bin, Feature, Model, Weighed};
use crate::markets::view::instrument::legend::{shown, signed};
use crate::ui::table::wide;
use crate::ui::time::date_short;
use crate::ui::{figure, t, t_with};
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
    let row = |bin: &Bin| {
        view! {
            <tr>
                <th scope="row" class="number">
                    {part(Some(bin.said))}
                </th>
                <td class="number">{part(Some(bin.happened))}</td>
                <td class="number">{figure(&bin.n.to_string())}</td>
            </tr>
        }
    };
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col" class="number">{t("model-said")}</th>
                    <th scope="col" class="number">{t("model-happened")}</th>
                    <th scope="col" class="number">{t("track-days")}</th>
                </tr>
            </thead>
            <tbody>{bins.iter().map(row).collect_view()}</tbody>
        </table>
    };
    wide(t("model-reliability"), table)
}

/// Draws what each feature adds today.
fn figures(features: &[Weighed]) -> AnyView {
    let row = |one: &Weighed| {
        let class = if one.adds > 0.0 {
            "number up"
        } else if one.adds < 0.0 {
            "number down"
        } else {
            "number"
        };
        view! {
            <tr>
                <th scope="row">{t(feature_key(one.feature))}</th>
                <td class="number">{value(one)}</td>
                <td class="number">{figure(&signed(one.deviations, 2))}</td>
                <td class=class>{figure(&signed(one.adds, 3))}</td>
            </tr>
        }
    };
    let table = view! {
        <table class="figure-table">
            <thead>
                <tr>
                    <th scope="col">{t("model-figure")}</th>
                    <th scope="col" class="number">{t("vote-value")}</th>
                    <th scope="col" class="number">{t("model-deviations")}</th>
                    <th scope="col" class="number">{t("model-adds")}</th>
                </tr>
            </thead>
            <tbody>{features.iter().map(row).collect_view()}</tbody>
        </table>
    };
    view! {
        <details class="chart-table">
            <summary>{t("model-parts")}</summary>
            <p class="section-note">{t("model-parts-note")}</p>
            {wide(t("model-parts"), table)}
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
