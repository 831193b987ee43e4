//! The card of a call that was made.

use super::super::model::CallCard;
use crate::calls::{Direction, Tally};
use crate::markets::Source;
use crate::markets::view::{price, source_of};
use crate::ui::change::part;
use crate::ui::text::{t, t_with};
use crate::ui::time::date_short;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// What is expected, from when until when, and how its author did so far.
pub fn call_card(body: &Value) -> Option<AnyView> {
    let card = CallCard::deserialize(body).ok()?;
    let (class, mark, direction) = match card.direction {
        Direction::Long => ("quote-change up", "▲", t("call-long")),
        Direction::Short => ("quote-change down", "▼", t("call-short")),
    };
    let sample = card.source == Source::Sample;
    let reason = (!card.reason.is_empty()).then(|| view! { <p class="bot-line">{card.reason}</p> });
    let until = t_with("call-until", &[("date", date_short(card.due).into())]);
    Some(
        view! {
            <div class="card bot-call">
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
                    <div>
                        <dt>{t("call-close")}</dt>
                        <dd>{price(card.known.price)}</dd>
                    </div>
                    <div>
                        <dt>{t("call-entry")}</dt>
                        <dd>{t("call-entry-rule")}</dd>
                    </div>
                    <div>
                        <dt>{t("call-record")}</dt>
                        <dd>{record(card.record)}</dd>
                    </div>
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

/// An author's record in one line; under ten calls it tells nothing.
fn record(tally: Tally) -> String {
    let known = tally.rate.zip(tally.low.zip(tally.high)).zip(tally.base);
    match known.filter(|_| tally.counted >= crate::calls::rules::ENOUGH) {
        None => t_with("call-record-few", &[("n", i64::from(tally.scored).into())]),
        Some(((rate, (low, high)), base)) => t_with(
            "call-record-of",
            &[
                ("n", i64::from(tally.scored).into()),
                ("rate", part(Some(rate), 1, false).into()),
                ("low", part(Some(low), 1, false).into()),
                ("high", part(Some(high), 1, false).into()),
                ("base", part(Some(base), 1, false).into()),
            ],
        ),
    }
}
