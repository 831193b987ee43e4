//! Card of a created prediction.

use super::super::model::PredictionCard;
use crate::markets::Source;
use crate::markets::view::{price_of, source_of};
use crate::predictions::{Direction, Tally};
use crate::ui::change::percentage;
use crate::ui::facts::fact;
use crate::ui::text::{t, t_with};
use crate::ui::time::date_short;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// Renders the direction, the horizon, and the author's track record.
pub fn prediction_card(body: &Value) -> Option<AnyView> {
    let card = PredictionCard::deserialize(body).ok()?;
    let (class, mark, direction) = match card.direction {
        Direction::Long => ("quote-change up", "▲", t("prediction-long")),
        Direction::Short => ("quote-change down", "▼", t("prediction-short")),
    };
    let known = price_of(&card.symbol, card.source, card.known.price);
    let sample = card.source == Source::Sample;
    let reason = (!card.reason.is_empty()).then(|| view! { <p class="bot-line">{card.reason}</p> });
    let entry = t(if card.moves {
        "prediction-entry-rule"
    } else {
        "prediction-entry-ended"
    });
    let until = t_with("prediction-until", &[("date", date_short(card.due).into())]);
    Some(
        view! {
            <div class="card bot-prediction">
                <div class="quote-line">
                    <span class="quote-symbol">{card.symbol}</span>
                    <span class=class>
                        <span class="quote-mark" aria-hidden="true">{mark}</span>
                        {direction}
                    </span>
                    <span>{until}</span>
                </div>
                {reason}
                <dl class="quote-figures">
                    {fact(t("prediction-close"), known)}
                    {fact(t("prediction-entry"), entry)}
                    {fact(t("prediction-record"), record(card.record))}
                </dl>
                <p class="card-foot" class:sample=sample>
                    <time datetime=card.known.date.to_string()>
                        {source_of(card.source, card.known.date)}
                    </time>
                </p>
            </div>
        }
        .into_any(),
    )
}

/// The author's track record in one line; too few scored predictions show only their number.
fn record(tally: Tally) -> String {
    let known = tally.rate.zip(tally.low.zip(tally.high)).zip(tally.base);
    match known.filter(|_| tally.counted >= crate::predictions::rules::ENOUGH) {
        None => t_with(
            "prediction-record-few",
            &[("n", i64::from(tally.scored).into())],
        ),
        Some(((rate, (low, high)), base)) => t_with(
            "prediction-record-of",
            &[
                ("n", i64::from(tally.scored).into()),
                ("rate", percentage(Some(rate), 1, false).into()),
                ("low", percentage(Some(low), 1, false).into()),
                ("high", percentage(Some(high), 1, false).into()),
                ("base", percentage(Some(base), 1, false).into()),
            ],
        ),
    }
}
