//! News about an instrument.

use super::links::{is_web, name_of, outside};
use crate::markets::{Headline, News};
use crate::shared::Timestamp;
use crate::ui::time::{Zone, date_short, local_day, present};
use crate::ui::{t, t_with};
use leptos::prelude::*;

/// Number of headlines shown at first.
const FIRST: usize = 6;

/// Draws the headlines, or why there are none.
pub fn written(news: &News, symbol: &str) -> AnyView {
    let note = |key: &str| {
        let text = match key {
            "news-away" => t("news-away"),
            "news-no-source" => t_with("news-no-source", &[("symbol", symbol.into())]),
            _ => t_with("news-none", &[("symbol", symbol.into())]),
        };
        view! { <p class="section-note">{text}</p> }.into_any()
    };
    let told = match news {
        News::NoSource => return note("news-no-source"),
        News::Away => return note("news-away"),
        News::Known(told) => told,
    };
    let told: Vec<&Headline> = told.iter().filter(|one| is_web(&one.url)).collect();
    let Some(newest) = told.first() else {
        return note("news-none");
    };
    // The age of a headline is only drawn in the browser: the page's clock runs meanwhile.
    let here = RwSignal::new(false);
    Effect::new(move || here.set(true));
    let from = t_with("about-from", &[("source", name_of(newest.source).into())]);
    let list = |part: &[&Headline]| {
        let rows = part.iter().map(|one| headline(one, here)).collect_view();
        view! { <ul class="news">{rows}</ul> }
    };
    let (first, more) = told.split_at(FIRST.min(told.len()));
    let more = (!more.is_empty()).then(|| {
        let count = i64::try_from(more.len()).unwrap_or_default();
        view! {
            <details class="about-more">
                <summary>{t_with("news-more", &[("count", count.into())])}</summary>
                {list(more)}
            </details>
        }
    });
    view! {
        {list(first)}
        {more}
        <p class="section-note">{from}</p>
    }
    .into_any()
}

fn headline(one: &Headline, here: RwSignal<bool>) -> AnyView {
    let (at, zone) = (one.published_at, Zone::of_context());
    let publisher = (!one.publisher.is_empty())
        .then(|| view! { <span class="news-publisher">{one.publisher.clone()}</span> });
    let summary = one.summary.clone().filter(|text| !text.is_empty());
    let full = date_short(local_day(at, zone.offset.get_untracked()));
    let day = full.clone();
    let when = move || {
        let offset = zone.offset.get();
        if here.get() {
            return ago(at, present(), offset);
        }
        day.clone()
    };
    view! {
        <li>
            {outside(one.url.clone(), one.title.clone())}
            <p class="news-line">
                {publisher}
                <time datetime=at.to_rfc3339() title=full>
                    {when}
                </time>
            </p>
            {summary.map(|text| view! { <p class="news-summary">{text}</p> })}
        </li>
    }
    .into_any()
}

/// Returns the age of a headline; after a week its day.
pub fn ago(at: Timestamp, now: Timestamp, offset: i32) -> String {
    let minutes = now.signed_duration_since(at).num_minutes();
    let (key, count) = match minutes {
        ..1 => return t("ago-now"),
        1..60 => ("ago-minutes", minutes),
        60..1440 => ("ago-hours", minutes / 60),
        1440..10_080 => ("ago-days", minutes / 1440),
        _ => return date_short(local_day(at, offset)),
    };
    t_with(key, &[("count", count.into())])
}
