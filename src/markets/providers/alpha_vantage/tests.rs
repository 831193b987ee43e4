//! Every known form of Alpha Vantage's responses, from a local server.

use super::super::tests::{KEY, Played, Shape, decimal, symbol};
use super::*;
use crate::platform::http::Failure;
use crate::testing::mutation::{damaged, damaged_json};
use proptest::prelude::*;

const QUOTE: &str = r#"{"Global Quote":{"01. symbol":"MSFT","02. open":"112.6300",
    "03. high":"113.1700","04. low":"110.6400","05. price":"112.1300","06. volume":"29062853",
    "07. latest trading day":"2018-10-05","08. previous close":"112.7900","09. change":"-0.6600",
    "10. change percent":"-0.5852%"}}"#;
const DAYS: &str = r#"{"Meta Data":{"1. Information":"Daily Prices","2. Symbol":"IBM",
    "3. Last Refreshed":"2022-07-01","4. Output Size":"Compact","5. Time Zone":"US/Eastern"},
    "Time Series (Daily)":{
    "2022-07-01":{"1. open":"141.0000","2. high":"141.6700","3. low":"139.2600","4. close":"141.1200","5. volume":"4012106"},
    "2022-06-30":{"1. open":"139.5800","2. high":"142.4600","3. low":"139.2800","4. close":"141.1900","5. volume":"4878020"},
    "2022-06-29":{"1. open":"NaN","2. high":"142.4600","3. low":"139.2800","4. close":"141.1900","5. volume":"1"},
    "2022-06-28":{"1. open":"140","2. high":"139","3. low":"141","4. close":"140","5. volume":"1"},
    "2022-06-27":{"1. open":"140","2. high":"1e99","3. low":"-139","4. close":"140","5. volume":"1"},
    "2022-06-24":{"1. open":"280","2. high":"284","3. low":"278","4. close":"282","5. volume":"100"}}}"#;
const SPLITS: &str = r#"{"symbol":"IBM","data":[{"effective_date":"2022-06-27","split_factor":"2.0000"},
    {"effective_date":"1999-05-27","split_factor":"2.0"},{"effective_date":"soon","split_factor":"2"},
    {"effective_date":"1998-01-01","split_factor":"None"}]}"#;
const BURST: &str = r#"{"Information":"Thank you for using Alpha Vantage! Please consider spreading out your free API requests more sparingly (1 request per second). You may subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to lift the free key rate limit (25 requests per day), raise the per-second burst limit, and instantly unlock all premium endpoints"}"#;
const DAY_CAP: &str = r#"{"Information":"We have detected your API key as s3cretK3Y and our standard API rate limit is 25 requests per day. Please subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to instantly remove all daily rate limits."}"#;
const PREMIUM: &str = r#"{"Information":"Thank you for using Alpha Vantage! The outputsize=full parameter value is a premium feature for the TIME_SERIES_DAILY endpoint. You may subscribe to any of the premium plans."}"#;

fn source(played: &Played) -> AlphaVantage {
    AlphaVantage::new(played.remote(Source::AlphaVantage, 0), KEY)
}

async fn said(shape: Shape) -> Answered<Quote> {
    super::super::tests::said(shape, source, "MSFT").await
}

async fn words(body: &str) -> Answered<Quote> {
    said(Shape::json(body)).await
}

#[tokio::test]
async fn a_good_quote() {
    let played = Played::always(Shape::json(QUOTE)).await;
    let quote = source(&played).quote(&symbol("msft.us")).await;
    let expected = Quote {
        symbol: "MSFT.US".into(),
        price: decimal("112.13"),
        open: Some(decimal("112.63")),
        high: Some(decimal("113.17")),
        low: Some(decimal("110.64")),
        previous_close: Some(decimal("112.79")),
        volume: Some(29_062_853),
        date: "2018-10-05".parse().unwrap(),
        time: None,
        source: Source::AlphaVantage,
    };
    assert_eq!(quote, Ok(Some(expected)));
    let expected = format!("/query?function=GLOBAL_QUOTE&symbol=MSFT&apikey={KEY}");
    assert_eq!(played.asked(), [expected]);
    played.test.stop().await;
}

#[test]
fn codes_in_its_own_form() {
    for (ours, theirs) in [
        ("AAPL.US", Some("AAPL")),
        ("BRK-B", Some("BRK-B")),
        ("BRK.B", Some("BRK-B")),
        ("BRK.B.US", Some("BRK-B")),
        ("TSCO.UK", Some("TSCO.LON")),
        ("MBG.DE", Some("MBG.DEX")),
        ("SHOP.TRT", Some("SHOP.TRT")),
        ("CDR.PL", None),
        ("^SPX", None),
        ("EURUSD=X", None),
    ] {
        assert_eq!(own_code(&symbol(ours)).as_deref(), theirs, "{ours}");
    }
}

#[tokio::test]
async fn unknown_symbols() {
    assert_eq!(words(r#"{"Global Quote":{}}"#).await, Ok(None));
    let error = r#"{"Error Message":"Invalid API call. Please retry or visit the documentation (https://www.alphavantage.co/documentation/) for GLOBAL_QUOTE."}"#;
    assert_eq!(words(error).await, Ok(None));
}

#[tokio::test]
async fn refusals_with_status_200() {
    let key = r#"{"Error Message":"the parameter apikey is invalid or missing. Please claim your free API key on (https://www.alphavantage.co/support/#api-key)."}"#;
    assert_eq!(words(key).await, Err(ProviderFailure::Key));
    let demo = r#"{"Information":"The **demo** API key is for demo purposes only. Please claim your free API key at (https://www.alphavantage.co/support/#api-key) to explore our full API offerings."}"#;
    assert_eq!(words(demo).await, Err(ProviderFailure::Key));
    let premium = r#"{"Information":"Thank you for using Alpha Vantage! This is a premium endpoint. You may subscribe."}"#;
    assert_eq!(words(premium).await, Err(ProviderFailure::Premium));
    let old = r#"{"Note":"Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and 500 calls per day."}"#;
    assert_eq!(words(old).await, Err(ProviderFailure::MinuteLimit));
    let new = r#"{"Information":"Something that nobody has heard before."}"#;
    assert!(matches!(
        words(new).await,
        Err(ProviderFailure::Unusable(_))
    ));
}

#[tokio::test]
async fn too_fast_is_not_used_up() {
    let played = Played::always(Shape::json(BURST)).await;
    let alpha = source(&played);
    let msft = symbol("MSFT");
    assert_eq!(alpha.quote(&msft).await, Err(ProviderFailure::TooFast));
    assert_eq!(played.asked().len(), 2, "once more after a second");
    assert_eq!(alpha.quote(&msft).await, Err(ProviderFailure::TooFast));
    assert_eq!(played.asked().len(), 4, "it is asked again");
    played.test.stop().await;
}

#[tokio::test]
async fn used_up_is_for_the_day() {
    let played = Played::always(Shape::json(DAY_CAP)).await;
    let msft = symbol("MSFT");
    let alpha = AlphaVantage::new(played.remote(Source::AlphaVantage, 25), KEY);
    for _ in 0..2 {
        let outcome = alpha.quote(&msft).await;
        assert_eq!(outcome, Err(ProviderFailure::DailyLimit));
        assert!(!format!("{outcome:?}").contains(KEY));
    }
    // Still refused after a restart.
    let again = AlphaVantage::new(played.remote(Source::AlphaVantage, 25), KEY);
    assert_eq!(again.quote(&msft).await, Err(ProviderFailure::DailyLimit));
    assert_eq!(played.asked().len(), 1);
    played.test.stop().await;
}

#[tokio::test]
async fn no_more_than_the_budget() {
    let played = Played::always(Shape::json(QUOTE)).await;
    let msft = symbol("MSFT");
    for round in 0..4 {
        let alpha = AlphaVantage::new(played.remote(Source::AlphaVantage, 3), KEY);
        let outcome = alpha.quote(&msft).await;
        assert_eq!(outcome.is_ok(), round < 3);
    }
    assert_eq!(played.asked().len(), 3);
    played.test.stop().await;
}

#[tokio::test]
async fn what_is_no_answer() {
    let page = "<!DOCTYPE html><html><body>Sorry</body></html>".to_owned();
    for kind in ["text/html", "application/json"] {
        let outcome = said(Shape::Other(200, kind, page.clone())).await;
        assert_eq!(outcome, Err(ProviderFailure::Blocked));
    }
    let honest = said(Shape::Other(200, "text/html", QUOTE.into())).await;
    assert!(
        honest.unwrap().is_some(),
        "the content type decides nothing"
    );
    for status in [500, 502, 403, 302] {
        let outcome = said(Shape::Other(status, "text/plain", QUOTE.into())).await;
        assert_eq!(outcome, Err(ProviderFailure::Status(status)));
    }
    let cut = QUOTE.get(..QUOTE.len() / 2).unwrap();
    for broken in [
        cut,
        "",
        "[]",
        "null",
        "{}",
        r#"{"Global Quote":7}"#,
        "\u{0}",
    ] {
        let outcome = words(broken).await;
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
async fn is_left_alone_after_failures() {
    let played = Played::always(Shape::Other(500, "text/plain", String::new())).await;
    let alpha = source(&played);
    let msft = symbol("MSFT");
    for _ in 0..5 {
        assert_eq!(alpha.quote(&msft).await, Err(ProviderFailure::Status(500)));
    }
    assert_eq!(alpha.quote(&msft).await, Err(ProviderFailure::LeftAlone));
    assert_eq!(played.asked().len(), 5);
    played.test.stop().await;
}

#[tokio::test]
async fn figures_that_are_no_prices() {
    let with = |old: &str, new: &str| QUOTE.replace(old, new);
    for price in ["NaN", "-112.13", "0", "inf", "1e30", "$5", ""] {
        let outcome = words(&with("112.1300", price)).await;
        assert!(
            matches!(outcome, Err(ProviderFailure::Unusable(_))),
            "{price}: {outcome:?}"
        );
    }
    let outcome = words(&with("2018-10-05", "yesterday")).await;
    assert!(matches!(outcome, Err(ProviderFailure::Unusable(_))));
    let other = words(&with("MSFT", "AAPL")).await;
    assert!(matches!(other, Err(ProviderFailure::Unusable(_))));
    let below = words(&with("110.6400", "112.5")).await.unwrap().unwrap();
    assert_eq!((below.low, below.price), (None, decimal("112.13")));
}

#[tokio::test]
async fn a_history_without_splits_and_without_nonsense() {
    let played = Played::by(|path| match path {
        _ if path.contains("SPLITS") => Shape::json(SPLITS),
        _ => Shape::json(DAYS),
    })
    .await;
    let history = source(&played).history(&symbol("IBM.US")).await;
    let history = history.unwrap().unwrap();
    let days: Vec<_> = history
        .bars
        .iter()
        .map(|bar| (bar.date.to_string(), bar.close.normalize().to_string()))
        .collect();
    let expected = [
        ("2022-06-24", "141"),
        ("2022-06-30", "141.19"),
        ("2022-07-01", "141.12"),
    ];
    assert_eq!(
        days,
        expected.map(|(day, close)| (day.to_owned(), close.to_owned()))
    );
    assert_eq!(history.bars[0].volume, 200);
    assert_eq!(history.splits.as_ref().unwrap().len(), 2);
    assert_eq!(history.source, Source::AlphaVantage);
    played.test.stop().await;
}

#[tokio::test]
async fn the_premium_gate_is_asked_once() {
    let played = Played::by(|path| match path {
        _ if path.contains("outputsize=full") => Shape::json(PREMIUM),
        _ if path.contains("SPLITS") => Shape::json(r#"{"data":[]}"#),
        _ => Shape::json(DAYS),
    })
    .await;
    let alpha = source(&played);
    for _ in 0..2 {
        assert!(alpha.history(&symbol("IBM")).await.unwrap().is_some());
    }
    let asked = played.asked();
    let count = |part: &str| asked.iter().filter(|path| path.contains(part)).count();
    assert_eq!(
        (count("outputsize=full"), count("outputsize=compact")),
        (1, 2)
    );
    played.test.stop().await;
}

#[tokio::test]
async fn without_its_splits_there_is_no_history() {
    let played = Played::by(|path| match path {
        _ if path.contains("SPLITS") => Shape::Other(500, "text/plain", String::new()),
        _ => Shape::json(DAYS),
    })
    .await;
    let outcome = source(&played).history(&symbol("IBM")).await;
    assert_eq!(outcome, Err(ProviderFailure::Status(500)));
    played.test.stop().await;
}

#[tokio::test]
async fn details() {
    let overview = r#"{"Symbol":"IBM","AssetType":"Common Stock","Name":"International Business Machines",
        "Description":"Computers.","Exchange":"NYSE","Currency":"USD","Sector":"TECHNOLOGY",
        "Industry":"COMPUTER & OFFICE EQUIPMENT","OfficialSite":"javascript:alert(1)",
        "MarketCapitalization":"150000000000"}"#;
    let played = Played::always(Shape::json(overview)).await;
    let details = source(&played)
        .details(&symbol("IBM"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        details.name.as_deref(),
        Some("International Business Machines")
    );
    assert_eq!(details.sector, Some(Sector::InformationTechnology));
    assert_eq!(details.exchange.as_deref(), Some("NYSE"));
    assert_eq!(details.homepage, None, "only the web is linked to");
    assert_eq!(details.market_cap, Some(decimal("150000000000")));
    played.test.stop().await;
    let nobody = Played::always(Shape::json("{}")).await;
    assert_eq!(source(&nobody).details(&symbol("X")).await, Ok(None));
    nobody.test.stop().await;
}

#[tokio::test]
async fn news() {
    let feed = r#"{"items":"50","feed":[
        {"title":"Older","url":"https://news.example/1","time_published":"20240101T170245","authors":["A"],
         "summary":"Short.","banner_image":null,"source":"Benzinga","overall_sentiment_score":0.146,
         "overall_sentiment_label":"Neutral","ticker_sentiment":[
            {"ticker":"MSFT","ticker_sentiment_score":"0.12","ticker_sentiment_label":"Bearish"},
            {"ticker":"AAPL","ticker_sentiment_score":"0.12","ticker_sentiment_label":"Somewhat-Bullish"}]},
        {"title":"Newer","url":"http://news.example/2","time_published":"20240102T170245","source":"X"},
        {"title":"Twice","url":"http://news.example/2","time_published":"20240101T000000","source":"X"},
        {"title":"Trap","url":"javascript:alert(1)","time_published":"20240102T170245","source":"X"},
        {"title":"Trap","url":"data:text/html,x","time_published":"20240102T170245","source":"X"},
        {"title":"","url":"http://news.example/3","time_published":"20240102T170245","source":"X"},
        {"title":"No date","url":"http://news.example/4","time_published":"then","source":"X"}]}"#;
    let played = Played::always(Shape::json(feed)).await;
    let news = source(&played)
        .news(&symbol("AAPL.US"))
        .await
        .unwrap()
        .unwrap();
    let titles: Vec<_> = news.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["Newer", "Older"]);
    assert_eq!(news[1].sentiment, Some(Sentiment::Positive));
    assert_eq!(
        news[1].published_at.to_rfc3339(),
        "2024-01-01T17:02:45+00:00"
    );
    assert_eq!(news[1].summary.as_deref(), Some("Short."));
    assert_eq!(news[0].sentiment, None);
    played.test.stop().await;
}

#[tokio::test]
async fn dividends() {
    let rows = r#"{"symbol":"IBM","data":[{"ex_dividend_date":"2024-05-09","amount":"1.67"},
        {"ex_dividend_date":"2024-02-08","amount":"1.66"},{"ex_dividend_date":"None","amount":"1"},
        {"ex_dividend_date":"2023-02-08","amount":"-1"}]}"#;
    let played = Played::always(Shape::json(rows)).await;
    let paid = source(&played)
        .dividends(&symbol("IBM"))
        .await
        .unwrap()
        .unwrap();
    let paid: Vec<_> = paid
        .iter()
        .map(|one| format!("{} {}", one.date, one.amount))
        .collect();
    assert_eq!(paid, ["2024-02-08 1.66", "2024-05-09 1.67"]);
    played.test.stop().await;
}

proptest! {
    #[test]
    fn any_fields_are_survived(fields in prop::collection::vec("[^\"\\\\]{0,12}|NaN|[-0-9.e]{1,30}", 5)) {
        let [price, open, high, low, date] = &fields[..] else { unreachable!() };
        let quote = serde_json::json!({ "Global Quote": { "01. symbol": "A", "05. price": price,
            "02. open": open, "03. high": high, "04. low": low, "07. latest trading day": date } });
        drop(read_quote(&quote, &symbol("A"), "A"));
        let days = serde_json::json!({ "Meta Data": { "2. Symbol": "A" }, "Time Series (Daily)": {
            date: { "1. open": open, "2. high": high, "3. low": low, "4. close": price },
            "2024-01-02": { "1. open": open, "2. high": high, "3. low": low, "4. close": price } } });
        if let Ok(Some(bars)) = read_days(&days, &symbol("A"), "A") {
            prop_assert!(bars.iter().all(checks::is_bar));
        }
        drop(read_details(&serde_json::json!({ "Symbol": price, "MarketCapitalization": open }), &symbol("A")));
    }
}

const STORIES: &str = r#"{"items":"1","feed":[{"title":"Markets rise","url":"https://a.example/b",
    "time_published":"20240624T183353","summary":"They did","source":"A paper",
    "ticker_sentiment":[{"ticker":"IBM","ticker_sentiment_label":"Somewhat-Bullish"}]}]}"#;
const PAID: &str = r#"{"symbol":"IBM","data":[{"ex_dividend_date":"2024-05-09",
    "payment_date":"2024-06-10","amount":"1.67"},{"ex_dividend_date":"2024-02-08","amount":"1.66"}]}"#;
const ABOUT: &str = r#"{"Symbol":"IBM","Name":"International Business Machines","Exchange":"NYSE",
    "Currency":"USD","Sector":"TECHNOLOGY","Industry":"COMPUTERS","Description":"Machines",
    "OfficialSite":"https://www.ibm.com","MarketCapitalization":"1","PERatio":"2","DividendYield":"3"}"#;

proptest! {
    #[test]
    fn damaged_values_are_survived(
        json in damaged_json(&[QUOTE, DAYS, SPLITS, STORIES, PAID, ABOUT]),
    ) {
        if let Ok(Some(quote)) = read_quote(&json, &symbol("MSFT"), "MSFT") {
            prop_assert!(checks::price(quote.price).is_some());
        }
        if let Ok(Some(bars)) = read_days(&json, &symbol("IBM"), "IBM") {
            prop_assert!(bars.iter().all(checks::is_bar));
        }
        for split in read_splits(&json) {
            prop_assert!(split.from > 0 && split.to > 0);
        }
        for dividend in read_dividends(&json).unwrap_or_default() {
            prop_assert!(checks::price(dividend.amount).is_some());
        }
        for story in read_news(&json, "IBM").unwrap_or_default() {
            prop_assert!(story.url.starts_with("http"));
        }
        if let Some(details) = read_details(&json, &symbol("IBM")) {
            let name = details.name.unwrap_or_default();
            prop_assert!(name.chars().count() <= 200);
        }
    }

    #[test]
    fn damaged_answers_are_survived(body in damaged(&[QUOTE, DAYS, BURST, DAY_CAP, PREMIUM])) {
        let _outcome = super::said(&Answer { status: 200, body });
    }
}
