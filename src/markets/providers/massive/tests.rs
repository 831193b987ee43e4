//! Every known form of Massive's responses, from a local server.

use super::super::tests::{KEY, Played, Shape, decimal, symbol};
use super::*;
use crate::platform::http::Failure;
use crate::testing::mutation::{damaged, damaged_json};
use proptest::prelude::*;

const DAYS: &str = r#"{"ticker":"AAPL","queryCount":2,"resultsCount":2,"adjusted":true,"results":[
    {"v":642646396.0,"vw":1.469,"o":1.5032,"c":1.4604,"h":1.5064,"l":1.4489,"t":1112331600000,"n":82132},
    {"v":578172308.5,"vw":1.4589,"o":1.4639,"c":1.4675,"h":1.4754,"l":1.4343,"t":1112587200000,"n":65543}],
    "status":"OK","request_id":"12afda","count":2}"#;
const NOTHING: &str = r#"{"ticker":"XXXX","queryCount":0,"resultsCount":0,"adjusted":true,"status":"OK","request_id":"1","count":0}"#;

fn source(played: &Played) -> Massive {
    Massive::new(played.remote(Source::Massive, 0), KEY)
}

async fn said(shape: Shape) -> Answered<Quote> {
    super::super::tests::said(shape, source, "AAPL").await
}

async fn refused(status: u16, body: &str) -> Answered<Quote> {
    said(Shape::Other(status, "application/json", body.to_owned())).await
}

#[tokio::test]
async fn a_quote_is_the_last_of_the_last_days() {
    let played = Played::always(Shape::json(DAYS)).await;
    let quote = source(&played).quote(&symbol("aapl.us")).await;
    let expected = Quote {
        symbol: "AAPL.US".into(),
        price: decimal("1.4675"),
        open: Some(decimal("1.4639")),
        high: Some(decimal("1.4754")),
        low: Some(decimal("1.4343")),
        previous_close: Some(decimal("1.4604")),
        volume: Some(578_172_308),
        date: "2005-04-04".parse().unwrap(),
        time: None,
        source: Source::Massive,
    };
    assert_eq!(quote, Ok(Some(expected)));
    let asked = played.asked().remove(0);
    assert!(
        asked.starts_with("/v2/aggs/ticker/AAPL/range/1/day/"),
        "{asked}"
    );
    assert!(
        asked.ends_with(&format!("&limit=50 Bearer {KEY}")),
        "{asked}"
    );
    played.test.stop().await;
}

#[test]
fn codes_in_its_own_form() {
    for (ours, theirs) in [
        ("AAPL.US", Some("AAPL")),
        ("BRK-B", Some("BRK.B")),
        ("BRK.B.US", Some("BRK.B")),
        ("TSCO.UK", None),
        ("^SPX", None),
        ("EURUSD=X", None),
        ("..", None),
        ("A-", None),
    ] {
        assert_eq!(ticker(&symbol(ours)).as_deref(), theirs, "{ours}");
    }
}

#[test]
fn days_of_new_york() {
    for (milliseconds, day) in [
        // Midnight in New York, in winter and in summer.
        (1_112_331_600_000, "2005-04-01"),
        (1_112_587_200_000, "2005-04-04"),
        // The close of a day, from another response.
        (1_651_003_200_000, "2022-04-26"),
    ] {
        assert_eq!(day_of(milliseconds).unwrap().to_string(), day);
    }
    assert_eq!(day_of(i64::MAX), None);
}

#[tokio::test]
async fn unknown_symbols() {
    assert_eq!(said(Shape::json(NOTHING)).await, Ok(None));
    let missing = r#"{"status":"NOT_FOUND","request_id":"1","message":"Ticker not found."}"#;
    assert_eq!(refused(404, missing).await, Ok(None));
}

#[tokio::test]
async fn refusals() {
    let key = r#"{"status":"ERROR","request_id":"1","error":"Unknown API Key"}"#;
    assert_eq!(refused(401, key).await, Err(ProviderFailure::Key));
    let plan = r#"{"status":"NOT_AUTHORIZED","request_id":"1","message":"You are not entitled to this data. Please upgrade your plan"}"#;
    assert_eq!(refused(403, plan).await, Err(ProviderFailure::Premium));
    assert_eq!(refused(200, plan).await, Err(ProviderFailure::Premium));
    let busy = r#"{"status":"ERROR","request_id":"1","error":"You've exceeded the maximum requests per minute"}"#;
    for body in [busy, ""] {
        assert_eq!(refused(429, body).await, Err(ProviderFailure::MinuteLimit));
    }
    for status in [500, 503, 302] {
        assert_eq!(
            refused(status, DAYS).await,
            Err(ProviderFailure::Status(status))
        );
    }
}

#[tokio::test]
async fn a_full_minute_is_waited_for() {
    let busy = Shape::Other(429, "application/json", String::new());
    let played = Played::always(busy).await;
    let massive = source(&played);
    for _ in 0..3 {
        let outcome = massive.quote(&symbol("AAPL")).await;
        assert_eq!(outcome, Err(ProviderFailure::MinuteLimit));
    }
    assert_eq!(
        played.asked().len(),
        1,
        "it is not asked before the minute is over"
    );
    played.test.stop().await;
}

#[tokio::test]
async fn what_is_no_answer() {
    let page = "\r\n<html>Sorry</html>".to_owned();
    for kind in ["text/html", "application/json"] {
        let outcome = said(Shape::Other(200, kind, page.clone())).await;
        assert_eq!(outcome, Err(ProviderFailure::Blocked));
    }
    let honest = said(Shape::Other(200, "text/html", DAYS.into())).await;
    assert!(
        honest.unwrap().is_some(),
        "the content type decides nothing"
    );
    let delayed = said(Shape::json(&DAYS.replace("\"OK\"", "\"DELAYED\""))).await;
    assert!(delayed.unwrap().is_some());
    let cut = DAYS.get(..DAYS.len() / 2).unwrap();
    for broken in [cut, "", "[]", "{}", &DAYS.replace("1.4604", "NaN")] {
        let outcome = said(Shape::json(broken)).await;
        assert!(
            matches!(outcome, Err(ProviderFailure::Unusable(_))),
            "{broken}: {outcome:?}"
        );
    }
    for shape in [Shape::Slow, Shape::CutOff] {
        let outcome = said(shape).await;
        assert!(matches!(
            outcome,
            Err(ProviderFailure::Http(Failure::NoAnswer(_)))
        ));
    }
}

#[tokio::test]
async fn days_that_cannot_be_are_dropped() {
    let rows = r#"{"status":"OK","results":[
        {"v":1,"o":1.5,"c":1.4,"h":1.6,"l":1.3,"t":1112331600000},
        {"v":1,"o":-1.5,"c":1.4,"h":1.6,"l":1.3,"t":1112587200000},
        {"v":1,"o":1.5,"c":1.4,"h":1.3,"l":1.6,"t":1112587200000},
        {"v":1,"o":1.5,"c":1.4,"h":1e300,"l":1.3,"t":1112587200000},
        {"v":1,"o":1.5,"c":1.4,"h":1.6,"l":1.3,"t":99999999999999},
        {"v":1,"c":1.4,"t":1112587200000},7]}"#;
    let played = Played::by(move |path| match path {
        _ if path.contains("splits") => Shape::json(r#"{"status":"OK"}"#),
        _ => Shape::json(rows),
    })
    .await;
    let history = source(&played).history(&symbol("AAPL")).await;
    assert_eq!(history.unwrap().unwrap().bars.len(), 1);
    played.test.stop().await;
    let none = r#"{"status":"OK","results":[{"v":1,"o":-1,"c":1,"h":1,"l":1,"t":1112331600000}]}"#;
    let outcome = said(Shape::json(none)).await;
    assert!(matches!(outcome, Err(ProviderFailure::Unusable(_))));
}

#[tokio::test]
async fn a_history_of_several_pages_with_its_splits() {
    let played = Played::by(|path| match path {
        _ if path.contains("/splits") => Shape::json(
            r#"{"status":"OK","results":[{"execution_date":"2020-08-31","split_from":1,"split_to":4,"ticker":"AAPL"},
                {"execution_date":"2005-02-28","split_from":1,"split_to":2},{"execution_date":"x","split_from":0,"split_to":0}]}"#,
        ),
        _ if path.contains("cursor=2") => Shape::json(
            r#"{"status":"OK","results":[{"v":1,"o":2,"c":2,"h":2,"l":2,"t":1112673600000}]}"#,
        ),
        // A next page on another host does not get the API key: our host is asked.
        _ => Shape::json(&DAYS.replace(
            "\"count\":2",
            "\"next_url\":\"https://elsewhere.example/v2/aggs/more?cursor=2\"",
        )),
    })
    .await;
    let history = source(&played)
        .history(&symbol("AAPL"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(history.bars.len(), 3);
    assert_eq!(history.as_of().unwrap().to_string(), "2005-04-05");
    let splits: Vec<_> = history
        .splits
        .iter()
        .flatten()
        .map(|split| (split.from, split.to))
        .collect();
    assert_eq!(splits, [(1, 2), (1, 4)]);
    assert_eq!(
        played.asked()[1],
        format!("/v2/aggs/more?cursor=2 Bearer {KEY}")
    );
    played.test.stop().await;
}

#[tokio::test]
async fn days_without_an_answer_about_splits_are_days() {
    for status in [429, 500, 403] {
        let played = Played::by(move |path| match path {
            _ if path.contains("splits") => Shape::Other(status, "text/plain", String::new()),
            _ => Shape::json(DAYS),
        })
        .await;
        let history = source(&played).history(&symbol("AAPL")).await;
        let history = history.unwrap().unwrap();
        assert_eq!((history.bars.len(), &history.splits), (2, &None));
        played.test.stop().await;
    }
    // That there are no splits is reported.
    let played = Played::by(|path| match path {
        _ if path.contains("splits") => Shape::json(r#"{"status":"OK","results":[]}"#),
        _ => Shape::json(DAYS),
    })
    .await;
    let history = source(&played).history(&symbol("AAPL")).await;
    assert_eq!(history.unwrap().unwrap().splits, Some(Vec::new()));
    played.test.stop().await;
}

#[tokio::test]
async fn a_plan_of_a_few_years() {
    let first = now()
        .date_naive()
        .checked_sub_months(Months::new(YEARS * 12));
    let first = (first.unwrap() + TimeDelta::days(7)).to_string();
    let played = Played::by(move |path| match path {
        _ if path.contains(&first) => Shape::Other(403, "application/json", String::new()),
        _ if path.contains("splits") => Shape::Other(403, "application/json", String::new()),
        _ => Shape::json(DAYS),
    })
    .await;
    let massive = source(&played);
    for asked in [3, 5] {
        let history = massive.history(&symbol("AAPL")).await.unwrap().unwrap();
        assert_eq!((history.bars.len(), &history.splits), (2, &None));
        assert_eq!(played.asked().len(), asked, "the long way is tried once");
    }
    played.test.stop().await;
}

#[tokio::test]
async fn pages_without_end() {
    let endless = DAYS.replace(
        "\"count\":2",
        "\"next_url\":\"https://x.example/v2/aggs/again\"",
    );
    let played = Played::always(Shape::json(&endless)).await;
    assert!(
        source(&played)
            .quote(&symbol("AAPL"))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(played.asked().len(), MAX_PAGES + 1);
    played.test.stop().await;
}

#[tokio::test]
async fn details() {
    let found = r#"{"request_id":"1","status":"OK","results":{"ticker":"AAPL","name":"Apple Inc.",
        "market":"stocks","locale":"us","primary_exchange":"XNAS","type":"CS","active":true,
        "currency_name":"usd","market_cap":1916103105630,"description":"Phones.",
        "sic_code":"3571","sic_description":"ELECTRONIC COMPUTERS","homepage_url":"https://www.apple.com"}}"#;
    let played = Played::always(Shape::json(found)).await;
    let details = source(&played)
        .details(&symbol("AAPL"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(details.name.as_deref(), Some("Apple Inc."));
    assert_eq!(details.exchange.as_deref(), Some("Nasdaq"));
    assert_eq!(details.currency.as_deref(), Some("USD"));
    assert_eq!(details.homepage.as_deref(), Some("https://www.apple.com"));
    assert_eq!(details.market_cap, Some(decimal("1916103105630")));
    assert_eq!(
        played.asked(),
        [format!("/v3/reference/tickers/AAPL Bearer {KEY}")]
    );
    played.test.stop().await;
}

#[tokio::test]
async fn news_and_dividends() {
    let played = Played::by(|path| match path {
        _ if path.contains("news") => Shape::json(
            r#"{"results":[{"id":"1","publisher":{"name":"MarketWatch"},"title":"Good",
                "published_utc":"2022-04-28T17:08:00Z","article_url":"https://news.example/1","tickers":["NFLX"],
                "insights":[{"ticker":"MSFT","sentiment":"positive"},{"ticker":"NFLX","sentiment":"negative"}]},
                {"title":"Trap","published_utc":"2022-04-28T17:08:00Z","article_url":"javascript:x"},
                {"title":"Bare","published_utc":"2022-04-29T17:08:00Z","article_url":"https://news.example/2"}],
                "status":"OK","request_id":"1","count":3,"next_url":"https://api.massive.com/more"}"#,
        ),
        _ => Shape::json(
            r#"{"status":"OK","results":[{"cash_amount":0.59375,"ex_dividend_date":"2025-06-12","ticker":"NFLX"},
                {"cash_amount":0.5,"ex_dividend_date":"2025-03-12"},{"cash_amount":-1,"ex_dividend_date":"2025-03-12"}]}"#,
        ),
    })
    .await;
    let massive = source(&played);
    let news = massive.news(&symbol("NFLX")).await.unwrap().unwrap();
    let found: Vec<_> = news
        .iter()
        .map(|one| (one.title.as_str(), one.sentiment))
        .collect();
    assert_eq!(found, [("Bare", None), ("Good", Some(Sentiment::Negative))]);
    assert_eq!(news[1].publisher, "MarketWatch");
    assert_eq!(played.asked().len(), 1, "one page is enough");
    let paid = massive.dividends(&symbol("NFLX")).await.unwrap().unwrap();
    let paid: Vec<_> = paid.iter().map(|one| one.amount.to_string()).collect();
    assert_eq!(paid, ["0.5", "0.59375"]);
    played.test.stop().await;
}

proptest! {
    #[test]
    fn any_rows_are_survived(prices in prop::array::uniform4(any::<f64>()), t in any::<i64>(), v in any::<f64>()) {
        let [o, h, l, c] = prices;
        let rows = [serde_json::json!({ "o": o, "h": h, "l": l, "c": c, "t": t, "v": v })];
        if let Ok(bars) = read_bars(&rows, &symbol("A")) {
            prop_assert!(bars.iter().all(checks::is_bar));
        }
    }

    #[test]
    fn any_answer_is_survived(body in "(?s).{0,100}", status in 200_u16..600) {
        drop(said_of(status, body));
    }
}

fn said_of(status: u16, body: String) -> Answered<Value> {
    let body = body.into_bytes();
    super::said(&Answer { status, body })
}

const SPLIT: &str =
    r#"{"execution_date":"2020-08-31","split_from":1,"split_to":4,"ticker":"AAPL"}"#;
const PAID: &str = r#"{"cash_amount":0.22,"currency":"USD","ex_dividend_date":"2021-11-05",
    "pay_date":"2021-11-11","ticker":"AAPL"}"#;
const ABOUT: &str = r#"{"ticker":"AAPL","name":"Apple Inc.","market":"stocks","locale":"us",
    "primary_exchange":"XNAS","currency_name":"usd","market_cap":2771126040150,"description":"Phones",
    "homepage_url":"https://www.apple.com","sic_description":"ELECTRONIC COMPUTERS"}"#;
const STORY: &str = r#"{"publisher":{"name":"Investing.com"},"title":"Markets rise",
    "published_utc":"2024-06-24T18:33:53Z","article_url":"https://a.example/b","description":"They did",
    "insights":[{"ticker":"AAPL","sentiment":"positive"}]}"#;

proptest! {
    #[test]
    fn damaged_rows_are_survived(
        days in damaged_json(&[DAYS]), row in damaged_json(&[SPLIT, PAID, ABOUT, STORY]),
    ) {
        let rows = days["results"].as_array().cloned().unwrap_or_default();
        if let Ok(bars) = read_bars(&rows, &symbol("AAPL")) {
            prop_assert!(bars.iter().all(checks::is_bar));
            prop_assert!(bars.len() <= rows.len());
        }
        if let Some(split) = read_split(&row) {
            prop_assert!(split.from > 0 && split.to > 0);
        }
        if let Some(dividend) = read_dividend(&row) {
            prop_assert!(checks::price(dividend.amount).is_some());
        }
        let details = read_details(&row, &symbol("AAPL"));
        for (text, most) in [
            (&details.name, 200),
            (&details.industry, 200),
            (&details.exchange, 50),
            (&details.currency, 10),
            (&details.description, 4_000),
        ] {
            let length = text.as_ref().map_or(0, |text| text.chars().count());
            prop_assert!(length <= most, "{length} characters");
        }
        if let Some(story) = read_headline(&row, "AAPL") {
            prop_assert!(story.url.starts_with("http"));
            prop_assert!(story.title.chars().count() <= 1_000);
        }
    }

    #[test]
    fn damaged_answers_are_survived(body in damaged(&[DAYS, NOTHING])) {
        drop(super::said(&Answer { status: 200, body }));
    }
}
