//! Company profile and news: loaded when the reader scrolls there, so that no data source delays
//! the chart. Without scripts a link loads them.

mod links;
mod news;

use self::news::written;
use crate::markets::view::{price, sector_name, source_of};
use crate::markets::{About, Details, Year};
use crate::shared::Error;
use crate::ui::change::{plain, rounded};
use crate::ui::facts::fact;
use crate::ui::loaded::{failure, skeleton};
use crate::ui::time::date_short;
use crate::ui::{address, figure, percent, t, t_with};
use leptos::{html, prelude::*};
use links::{is_web, name_of, outside};
use rust_decimal::Decimal;

/// Query parameter that loads this section with the page,
pub const SECTION: &str = "section";
/// and its value.
pub const ABOUT: &str = "about";

/// Longer descriptions, in characters, are collapsed.
const SHORT: usize = 280;

/// Profile and news, with placeholders until they are loaded.
#[component]
pub fn AboutPart(
    symbol: String,
    /// What the page was loaded with, if the address asks for it.
    told: Option<Result<About, Error>>,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    let asked = told.is_some();
    let told = RwSignal::new(told);
    let place = NodeRef::<html::Div>::new();
    let (of_about, of_news) = (symbol.clone(), symbol.clone());
    let ask = {
        let symbol = symbol.clone();
        move || ask(told, symbol.clone())
    };
    #[cfg(feature = "hydrate")]
    if !asked {
        super::load::when_seen(place, ask.clone());
    }
    let about = move || match told.get() {
        None => waiting(t("about-ask")),
        Some(Ok(about)) => what_it_is(&about, &of_about),
        Some(Err(error)) => again(&error, ask.clone()),
    };
    let news = move || match told.get() {
        None => waiting(t("news-ask")),
        Some(Ok(about)) => written(&about.news, &of_news),
        // Said above, with a button to retry.
        Some(Err(_)) => ().into_any(),
    };
    view! {
        <div class="instrument-about" id="about" node_ref=place>
            <section class="setting" aria-labelledby="about-title">
                <h3 id="about-title">{t_with("about-title", &[("symbol", symbol.into())])}</h3>
                <div aria-live="polite">{about}</div>
            </section>
            <section class="setting" aria-labelledby="news-title">
                <h3 id="news-title">{t("news-title")}</h3>
                <div>{news}</div>
            </section>
        </div>
    }
    .into_any()
}

fn ask(told: RwSignal<Option<Result<About, Error>>>, symbol: String) {
    told.set(None);
    leptos::task::spawn_local(async move {
        let answer = crate::markets::rpc::load_about(symbol).await;
        let _gone = told.try_set(Some(answer));
    });
}

fn waiting(ask: String) -> AnyView {
    view! {
        <p class="only-without-scripts">{at_once(ask)}</p>
        <div class="needs-script">{skeleton(2)}</div>
    }
    .into_any()
}

/// Link to the page with this section.
fn at_once(text: String) -> AnyView {
    let address = address("", &[(SECTION, Some(ABOUT))]);
    view! {
        <a class="button quiet small" href=format!("{address}#about") rel="external">
            {text}
        </a>
    }
    .into_any()
}

fn again(error: &Error, ask: impl Fn() + 'static) -> AnyView {
    view! {
        {failure(error)}
        <p class="only-without-scripts">{at_once(t("retry"))}</p>
        <button type="button" class="button quiet small needs-script" on:click=move |_| ask()>
            {t("retry")}
        </button>
    }
    .into_any()
}

fn what_it_is(about: &About, symbol: &str) -> AnyView {
    let details = about.details.as_ref();
    let facts = details.map(facts).unwrap_or_default();
    let nothing = facts.is_empty() && about.year.is_none();
    let row = |(name, value): (String, AnyView)| fact(name, value);
    let year = about.year.as_ref().map(year).map(row);
    let facts = facts.into_iter().map(row).collect_view();
    let text = details.and_then(|details| details.description.as_deref());
    let missing = match (nothing, about.away) {
        (_, true) => Some(t("about-away")),
        (true, false) => Some(t_with("about-none", &[("symbol", symbol.into())])),
        (false, false) => None,
    };
    view! {
        <dl class="about-facts">{facts} {year}</dl>
        {text.map(description)}
        {missing.map(|text| view! { <p class="section-note">{text}</p> })}
        {details.map(|details| view! { <p class="section-note">{told_by(details)}</p> })}
    }
    .into_any()
}

/// Returns the known facts in the order in which they are shown; unknown ones are left out.
fn facts(details: &Details) -> Vec<(String, AnyView)> {
    let plainly = |text: String| text.into_any();
    // The data source's own words are English.
    let theirs = |text: &String| {
        let text = text.clone();
        view! { <span lang="en">{text}</span> }.into_any()
    };
    let above_zero = |value: &Decimal| value.cmp(&Decimal::ZERO) == std::cmp::Ordering::Greater;
    let digits = |value: Decimal| figure(&plain(rounded(value, 2)));
    let part = |value: Decimal| {
        let cents = value.checked_mul(Decimal::ONE_HUNDRED);
        percent(&plain(rounded(cents.unwrap_or_default(), 2)))
    };
    let currency = details.currency.clone().unwrap_or_default();
    let all = [
        (t("about-name"), details.name.as_ref().map(theirs)),
        (t("about-exchange"), details.exchange.as_ref().map(theirs)),
        (
            t("label-sector"),
            details.sector.map(|sector| plainly(sector_name(sector))),
        ),
        (t("about-industry"), details.industry.as_ref().map(theirs)),
        (
            t("about-market-cap"),
            details
                .market_cap
                .filter(above_zero)
                .map(|worth| plainly(large(worth, &currency))),
        ),
        (
            t("about-price-earnings"),
            details
                .price_earnings
                .filter(above_zero)
                .map(|ratio| plainly(digits(ratio))),
        ),
        (
            t("about-yield"),
            details
                .dividend_yield
                .filter(above_zero)
                .map(|paid| plainly(part(paid))),
        ),
        (
            t("about-site"),
            details
                .homepage
                .as_deref()
                .filter(|url| is_web(url))
                .map(site),
        ),
    ];
    let known = all.into_iter();
    known
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn year(year: &Year) -> (String, AnyView) {
    let range = t_with(
        "about-range",
        &[
            ("low", price(year.low).into()),
            ("high", price(year.high).into()),
        ],
    );
    let source = source_of(year.source, year.as_of);
    let value = view! {
        {range}
        " "
        <span class="section-note">{source}</span>
    };
    (t("about-year"), value.into_any())
}

/// Returns a large amount in words: `391.30 billion USD`.
fn large(worth: Decimal, currency: &str) -> String {
    let steps = [
        ("about-trillion", 1_000_000_000_000_i64),
        ("about-billion", 1_000_000_000),
        ("about-million", 1_000_000),
    ];
    let step = steps
        .into_iter()
        .find(|(_, step)| worth >= Decimal::from(*step))
        // Without a currency the whole number is shown.
        .filter(|_| !currency.is_empty());
    let digits = |value: Decimal| figure(&plain(rounded(value, 2)));
    let text = match step {
        Some((key, step)) => {
            let value = worth.checked_div(Decimal::from(step)).unwrap_or_default();
            let values = [
                ("value", digits(value).into()),
                ("currency", currency.into()),
            ];
            t_with(key, &values)
        }
        None => format!("{} {currency}", digits(worth)),
    };
    text.trim_end().to_owned()
}

fn description(text: &str) -> AnyView {
    let whole = text.to_owned();
    if text.chars().count() <= SHORT {
        return view! {
            <p class="about-text" lang="en">
                {whole}
            </p>
        }
        .into_any();
    }
    view! {
        <details class="about-more">
            <summary>{t("about-description")}</summary>
            <p class="about-text" lang="en">
                {whole}
            </p>
        </details>
    }
    .into_any()
}

fn told_by(details: &Details) -> String {
    let Some(source) = details.source else {
        return t("about-from-reference");
    };
    let source = name_of(source);
    match details.as_of {
        Some(day) => {
            let values = [("source", source.into()), ("date", date_short(day).into())];
            t_with("about-from-of", &values)
        }
        None => t_with("about-from", &[("source", source.into())]),
    }
}

fn site(url: &str) -> AnyView {
    let bare = url.split_once("://").map_or(url, |(_, bare)| bare);
    outside(url.to_owned(), bare.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::news::ago;
    use super::*;
    use crate::markets::{Headline, News, Source};
    use crate::shared::Timestamp;
    use chrono::TimeDelta;

    #[test]
    fn sums_and_times_in_words() {
        let large = |worth: &str| large(worth.parse().unwrap(), "USD");
        assert_eq!(large("1916103105630"), "1.92 trillion USD");
        assert_eq!(large("150000000000"), "150.00 billion USD");
        assert_eq!(large("2500000"), "2.50 million USD");
        assert_eq!(large("1234.5"), "1,234.50 USD");
        assert_eq!(super::large(Decimal::ONE, ""), "1.00");
        let now: Timestamp = "2024-01-10T12:00:00Z".parse().unwrap();
        let ago = |minutes| ago(now - TimeDelta::minutes(minutes), now, 0);
        assert_eq!(ago(-5), "just now");
        assert_eq!(ago(59), "59 min ago");
        assert_eq!(ago(60), "1 h ago");
        assert_eq!(ago(60 * 47), "1 d ago");
        assert_eq!(ago(60 * 24 * 8), "2 Jan 2024");
    }

    fn about(details: Option<Details>, news: News) -> About {
        About {
            details,
            away: false,
            year: None,
            news,
        }
    }

    #[test]
    fn only_what_is_known_is_told() {
        let owner = Owner::new();
        owner.set();
        let details = Details {
            symbol: "AAPL".into(),
            name: Some("Apple <Inc.>".into()),
            market_cap: Some(Decimal::ZERO),
            price_earnings: Some("-3".parse().unwrap()),
            homepage: Some("javascript:alert(1)".into()),
            description: Some("x".repeat(400)),
            ..Details::default()
        };
        let html = what_it_is(&about(Some(details), News::NoSource), "AAPL").to_html();
        assert!(html.contains("Apple &lt;Inc.&gt;"));
        for absent in ["P/E", "Market", "javascript", "yield"] {
            assert!(!html.contains(absent), "{absent}");
        }
        assert!(html.contains("<details"), "long texts are folded");
        let html = what_it_is(&about(None, News::NoSource), "ZZZ").to_html();
        assert!(html.contains("ZZZ"));
    }

    #[test]
    fn headlines_lead_to_the_web_and_nowhere_else() {
        let owner = Owner::new();
        owner.set();
        let one = |url: &str| Headline {
            title: "A title".into(),
            url: url.into(),
            publisher: "The Paper".into(),
            published_at: "2024-01-10T12:00:00Z".parse().unwrap(),
            summary: None,
            sentiment: None,
            source: Source::Massive,
        };
        let bad = News::Known(vec![one("javascript:alert(1)"), one("data:text/html,x")]);
        let html = written(&bad, "AAPL").to_html();
        assert!(!html.contains("<a "), "{html}");
        let many = vec![one("https://example.com/a"); 8];
        let html = written(&News::Known(many), "AAPL").to_html();
        assert_eq!(html.matches("noopener noreferrer nofollow").count(), 8);
        assert!(html.contains("The Paper") && html.contains("Massive"));
        let html = written(&News::NoSource, "AAPL").to_html();
        assert!(html.contains("Alpha Vantage"), "{html}");
    }
}
