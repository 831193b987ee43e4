//! One symbol day by day: mentions as bars, its price as a line, and both as a table.

use super::figures::{moved, priced};
use crate::markets::view::{instrument_path, price, source_of};
use crate::trending::{Day, TrendingSymbol};
use crate::ui::change::{change, dash};
use crate::ui::facts::fact_card;
use crate::ui::time::{date_short, date_text};
use crate::ui::{Column, DataTable, figure, t, t_with};
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::fmt::Write;

/// Size of the drawing; it stretches to its container.
const WIDE: f64 = 720.0;
const HIGH: f64 = 220.0;
/// Width of a bar, as a fraction of its day.
const BAR: f64 = 0.7;
/// Distance of the line from the edges.
const MARGIN: f64 = 8.0;

/// Chart of the selected symbol.
pub fn chart(of: TrendingSymbol) -> AnyView {
    let TrendingSymbol {
        instrument,
        days,
        source,
        priced_to,
    } = of;
    let symbol = instrument.symbol.clone();
    let now = &instrument.now;
    let counts = [
        ("mentions", figure(&now.mentions.to_string()).into()),
        ("people", figure(&now.people.to_string()).into()),
    ];
    let more = change(moved(now.people, instrument.before.people), None, None);
    let unpriced = days.iter().all(|day| day.close.is_none());
    let from = source.zip(priced_to).map(|(source, day)| {
        let said = source_of(source, day);
        let key = if unpriced {
            "trending-prices-end"
        } else {
            "trending-prices-from"
        };
        t_with(key, &[("source", said.into())])
    });
    let from = from.unwrap_or_else(|| t("no-price"));
    let path = instrument_path(&symbol);
    view! {
        <section class="setting trending-of" aria-labelledby="trending-of">
            <h3 id="trending-of">
                <span class="quote-symbol">{symbol.clone()}</span>
                " "
                <span class="fine-print">{instrument.name.clone()}</span>
            </h3>
            <dl class="figure-cards">
                {fact_card(t("trending-people"), figure(&now.people.to_string()), more)}
                {fact_card(
                    t("trending-mentions"),
                    figure(&now.mentions.to_string()),
                    t_with("trending-sum", &counts),
                )}
                {fact_card(t("trending-price"), priced(instrument.price_change), from)}
            </dl>
            {drawing(&symbol, &days)}
            {table(&symbol, days)}
            <a class="button quiet" href=path>
                {t("view-chart")}
            </a>
        </section>
    }
    .into_any()
}

fn drawing(symbol: &str, days: &[Day]) -> AnyView {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return ().into_any();
    };
    let most = days.iter().map(|day| day.counts.mentions).max();
    let most = most.unwrap_or(0);
    let closes: Vec<_> = days.iter().filter_map(|day| day.close).collect();
    let range = closes.iter().min().zip(closes.iter().max());
    let described = t_with(
        "trending-chart",
        &[
            ("symbol", symbol.into()),
            ("from", date_short(first.date).into()),
            ("to", date_short(last.date).into()),
            ("most", figure(&most.to_string()).into()),
        ],
    );
    let line = range.map(|(low, high)| path(days, (*low, *high)));
    let prices = range.map(|(low, high)| {
        let values = [("low", price(*low).into()), ("high", price(*high).into())];
        view! { <span class="line-value">{t_with("trending-key-price", &values)}</span> }
    });
    let key = t_with(
        "trending-key-mentions",
        &[("most", figure(&most.to_string()).into())],
    );
    view! {
        <figure class="chart-figure trending-chart-figure">
            <svg
                viewBox=format!("0 0 {WIDE} {HIGH}")
                preserveAspectRatio="none"
                role="img"
                aria-label=described
            >
                <path class="trending-bars" d=bars(days, most)></path>
                <path class="line-value" d=line></path>
            </svg>
            <figcaption>
                <span>{date_short(first.date)}</span>
                <span class="line-key">
                    <span class="trending-key">{key}</span>
                    {prices}
                </span>
                <span>{date_short(last.date)}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

/// A bar for each day with mentions.
fn bars(days: &[Day], most: u64) -> String {
    let step = WIDE / days.len().max(1) as f64;
    let mut text = String::new();
    for (at, day) in days.iter().enumerate() {
        if day.counts.mentions == 0 {
            continue;
        }
        let high = day.counts.mentions as f64 / most.max(1) as f64 * (HIGH - MARGIN);
        let left = step * (at as f64 + (1.0 - BAR) / 2.0);
        let wide = step * BAR;
        // Writing to a string does not fail.
        let _ = write!(text, "M{left:.1} {HIGH:.1}v-{high:.1}h{wide:.1}v{high:.1}z");
    }
    text
}

/// A line through the days that have a price.
fn path(days: &[Day], (low, high): (Decimal, Decimal)) -> String {
    let exact = |price: Decimal| f64::try_from(price).unwrap_or_default();
    let (low, range) = (exact(low), exact(high - low));
    let step = WIDE / days.len().max(1) as f64;
    let mut text = String::new();
    for (at, day) in days.iter().enumerate() {
        let Some(close) = day.close else { continue };
        // A constant price runs through the middle.
        let part = if range > 0.0 {
            (exact(close) - low) / range
        } else {
            0.5
        };
        let x = step * (at as f64 + 0.5);
        let y = HIGH - MARGIN - part * (HIGH - 2.0 * MARGIN);
        let command = if text.is_empty() { 'M' } else { 'L' };
        let _ = write!(text, "{command}{x:.1} {y:.1}");
    }
    text
}

/// Table of the chart, newest day first; days without mentions and price are left out.
fn table(symbol: &str, days: Vec<Day>) -> AnyView {
    let told = |day: &Day| day.counts.mentions > 0 || day.close.is_some();
    let columns = vec![
        Column::text("label-date", |day: &Day| date_text(day.date)).heads_row(),
        Column::number("trending-people", |day: &Day| {
            figure(&day.counts.people.to_string())
        }),
        Column::number("trending-mentions", |day: &Day| {
            figure(&day.counts.mentions.to_string())
        }),
        Column::number("trending-close", |day: &Day| {
            day.close.map_or_else(dash, price)
        }),
    ];
    let name = t_with("trending-days-of", &[("symbol", symbol.into())]);
    let rows = days.into_iter().rev().filter(told).collect();
    view! {
        <details class="trending-days">
            <summary>{t("trending-day-by-day")}</summary>
            {DataTable::new(name, columns, rows).draw()}
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trending::Counts;
    use chrono::NaiveDate;

    fn day(day: u32, mentions: u64, close: Option<i64>) -> Day {
        Day {
            date: NaiveDate::from_ymd_opt(2026, 1, day).unwrap(),
            counts: Counts {
                mentions,
                people: mentions.min(1),
            },
            close: close.map(Decimal::from),
        }
    }

    #[test]
    fn bars_stand_on_the_ground_and_the_line_spans_the_prices() {
        let days = [
            day(1, 0, Some(10)),
            day(2, 1, None),
            day(3, 2, Some(20)),
            day(4, 0, Some(15)),
        ];
        assert_eq!(
            bars(&days, 2),
            "M207.0 220.0v-106.0h126.0v106.0zM387.0 220.0v-212.0h126.0v212.0z"
        );
        let line = path(&days, (Decimal::from(10), Decimal::from(20)));
        assert_eq!(line, "M90.0 212.0L450.0 8.0L630.0 110.0");
        assert_eq!(bars(&[], 0), "");
        let flat = path(&days[..1], (Decimal::from(10), Decimal::from(10)));
        assert_eq!(flat, "M360.0 110.0");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn it_is_told_in_words_and_figures() {
        let owner = Owner::new();
        owner.set();
        let html = drawing("AAPL", &[day(1, 3, None), day(2, 0, None)]).to_html();
        assert!(
            html.contains("AAPL") && html.contains("trending-bars"),
            "{html}"
        );
        assert!(!html.contains("trending-key-price"));
        let html = table("AAPL", vec![day(1, 3, Some(7)), day(2, 0, None)]).to_html();
        assert!(
            html.contains("7.00") && html.matches("<tr").count() == 2,
            "{html}"
        );
    }
}
