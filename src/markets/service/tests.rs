//! Several data sources behind one service.

use super::*;
use crate::{
    markets::{
        Freshness, Sector,
        providers::tests::{KEY, Played, Shape},
    },
    platform::config::MarketSource,
    testing::TestDb,
};

const QUOTE: &str = r#"{"Global Quote":{"01. symbol":"AAPL","05. price":"190.5",
    "07. latest trading day":"2024-01-05","08. previous close":"189"}}"#;

/// Massive and Alpha Vantage, played by local servers.
async fn two(massive: Shape, alpha: Shape) -> (Played, Played, Config) {
    let (massive, alpha) = (Played::always(massive).await, Played::always(alpha).await);
    let mut config = Config::default();
    config.secrets.massive_key = Some(KEY.into());
    config.secrets.alpha_vantage_key = Some(KEY.into());
    config.market.massive_url.clone_from(&massive.base);
    config.market.alpha_vantage_url.clone_from(&alpha.base);
    (massive, alpha, config)
}

#[tokio::test]
async fn one_that_is_away_is_passed_over() {
    let away = Shape::Other(503, "text/plain", String::new());
    let (massive, alpha, config) = two(away, Shape::json(QUOTE)).await;
    let service = Service::new(&config, &massive.test.db, &massive.test.tasks).unwrap();
    assert_eq!(service.source(), Source::Massive);
    for _ in 0..3 {
        let quote = service.quote("aapl.us").await.unwrap().unwrap();
        assert_eq!(quote.source, Source::AlphaVantage);
        assert_eq!(quote.source.freshness(), Freshness::EndOfDay);
        assert_eq!(quote.change().unwrap().to_string(), "1.5");
    }
    assert_eq!(
        (massive.asked().len(), alpha.asked().len()),
        (1, 1),
        "it is kept"
    );
    drop(service);
    massive.test.stop().await;
    alpha.test.stop().await;
}

#[tokio::test]
async fn one_that_is_used_up_is_passed_over() {
    let days = r#"{"status":"OK","results":[{"v":1,"o":2,"c":3,"h":4,"l":1,"t":1112331600000}]}"#;
    let (massive, alpha, mut config) = two(Shape::json(days), Shape::json(QUOTE)).await;
    config.market.massive_per_day = 1;
    let service = Service::new(&config, &massive.test.db, &massive.test.tasks).unwrap();
    let first = service.quote("IBM").await.unwrap().unwrap();
    assert_eq!(first.source, Source::Massive);
    let second = service.quote("AAPL").await.unwrap().unwrap();
    assert_eq!(second.source, Source::AlphaVantage);
    assert_eq!(massive.asked().len(), 1);
    drop(service);
    massive.test.stop().await;
    alpha.test.stop().await;
}

#[tokio::test]
async fn when_nobody_answers_the_error_says_no_key() {
    let cap = format!(
        r#"{{"Information":"We have detected your API key as {KEY} and our standard API rate limit is 25 requests per day."}}"#
    );
    let key = Shape::Other(401, "application/json", format!(r#"{{"error":"{KEY}"}}"#));
    let (massive, alpha, config) = two(key, Shape::Json(cap)).await;
    let service = Service::new(&config, &massive.test.db, &massive.test.tasks).unwrap();
    let error = service.quote("AAPL").await.unwrap_err();
    assert_eq!(error.code, "market-unavailable");
    assert!(!format!("{error:?} {error}").contains(KEY));
    drop(service);
    massive.test.stop().await;
    alpha.test.stop().await;
}

#[tokio::test]
async fn details_of_a_source_and_of_the_reference_data() {
    let found = r#"{"status":"OK","results":{"ticker":"AAPL","name":"Apple Computer",
        "primary_exchange":"XNAS","sic_description":"ELECTRONIC COMPUTERS"}}"#;
    let (massive, alpha, config) = two(Shape::json(found), Shape::json("{}")).await;
    let service = Service::new(&config, &massive.test.db, &massive.test.tasks).unwrap();
    let details = service.details("aapl.us").await.unwrap().unwrap();
    assert_eq!(details.symbol, "AAPL.US");
    assert_eq!(details.name.as_deref(), Some("Apple Computer"));
    assert_eq!(details.sector, Some(Sector::InformationTechnology));
    assert_eq!(details.source, Some(Source::Massive));
    drop(service);
    let alone = Service::new(&Config::default(), &alpha.test.db, &alpha.test.tasks).unwrap();
    let details = alone.details("AAPL").await.unwrap().unwrap();
    assert_eq!(
        (details.name.as_deref(), details.source),
        (Some("Apple Inc."), None)
    );
    assert_eq!(alone.details("XXXX").await.unwrap(), None);
    assert!(alone.news("AAPL").await.unwrap().is_empty());
    assert!(alone.dividends("AAPL").await.unwrap().is_empty());
    drop(alone);
    massive.test.stop().await;
    alpha.test.stop().await;
}

#[tokio::test]
async fn a_moving_market() {
    let test = TestDb::sqlite().await;
    let mut config = Config::default();
    // The replay takes precedence over every source, because it was asked for.
    config.market.source = MarketSource::Stooq;
    config.market.replay = 3600;
    let service = Service::new(&config, &test.db, &test.tasks).unwrap();
    assert_eq!(service.source().freshness(), Freshness::Replay);
    let quote = service.quote("msft.us").await.unwrap().unwrap();
    assert_eq!(quote.date.to_string(), "2012-06-01");
    assert_eq!(
        (quote.source, quote.currency()),
        (Source::Replay, Some("USD"))
    );
    let history = service.history("MSFT").await.unwrap().unwrap();
    assert_eq!(history.as_of(), Some(quote.date));
    assert_eq!(history.source, Source::Replay);
    assert!(
        service
            .rating("MSFT")
            .await
            .unwrap()
            .unwrap()
            .rating
            .is_some()
    );
    drop(service);
    test.stop().await;
}

#[tokio::test]
async fn a_page_full_of_cashtags_is_one_question_for_each_instrument() {
    let away = Shape::Other(503, "text/plain", String::new());
    let (massive, alpha, config) = two(away, Shape::json(QUOTE)).await;
    let service = Service::new(&config, &massive.test.db, &massive.test.tasks).unwrap();
    let codes = |list: &[&str]| list.iter().map(|code| (*code).into()).collect::<Vec<_>>();
    // Text of members uses up no requests: only AAPL, which is in the reference data, is requested.
    let asked = codes(&["AAPL", "aapl", "ZZZZ", "YOLO", "^X"]);
    for _ in 0..3 {
        let rows = service.ticks(&asked, false).await.unwrap();
        let [row] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!(row.symbol, "AAPL");
        assert_eq!(row.name.as_deref(), Some("Apple Inc."));
        assert_eq!(row.change_percent.unwrap().to_string(), "0.7937");
        assert!(row.closes.is_empty() && !row.away);
    }
    assert_eq!((massive.asked().len(), alpha.asked().len()), (1, 1));
    let none = service.ticks(&codes(&["ZZZZ"]), true).await.unwrap();
    assert!(none.is_empty());
    assert_eq!((massive.asked().len(), alpha.asked().len()), (1, 1));
    for (bad, code) in [
        (codes(&["AAPL", "a b"]), "bad-symbol"),
        (codes(&[""]), "bad-symbol"),
        (codes(&["AAPL"; 51]), "too-many-symbols"),
    ] {
        assert_eq!(service.ticks(&bad, false).await.unwrap_err().code, code);
    }
    assert!(service.ticks(&[], true).await.unwrap().is_empty());
    drop(service);
    massive.test.stop().await;
    alpha.test.stop().await;
}

#[tokio::test]
async fn own_prices_are_asked_for_anything() {
    let test = TestDb::sqlite().await;
    let service = Service::new(&Config::default(), &test.db, &test.tasks).unwrap();
    let asked = ["MSFT".to_owned(), "ZZZZ".to_owned()];
    let rows = service.ticks(&asked, true).await.unwrap();
    let [microsoft, none] = &rows[..] else {
        panic!("{rows:?}")
    };
    assert_eq!(microsoft.closes.len(), 30);
    assert!(microsoft.quote.is_some() && microsoft.change_percent.is_some());
    assert!(none.quote.is_none() && none.name.is_none() && none.closes.is_empty());
    drop(service);
    test.stop().await;
}

#[tokio::test]
async fn what_somebody_wrote_costs_a_share_of_the_day() {
    let away = Shape::Other(503, "text/plain", String::new());
    let (massive, alpha, mut config) = two(away, Shape::json(QUOTE)).await;
    config.market.source = MarketSource::AlphaVantage;
    config.market.alpha_vantage_per_minute = 60_000;
    config.market.alpha_vantage_per_day = 10;
    let service = Service::new(&config, &alpha.test.db, &alpha.test.tasks).unwrap();
    assert!(service.counts());
    let known = [
        "AAPL", "MSFT", "IBM", "GE", "KO", "PG", "JNJ", "XOM", "CVX", "WMT",
    ];
    let known: Vec<String> = known.map(Into::into).to_vec();
    for _ in 0..3 {
        let rows = service.ticks(&known, true).await.unwrap();
        assert_eq!(rows.len(), known.len());
    }
    assert_eq!(
        alpha.asked().len(),
        5,
        "whoever reads it, and however often"
    );
    drop(service);
    massive.test.stop().await;
    alpha.test.stop().await;
}
