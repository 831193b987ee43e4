//! Every known form of stooq's responses, from a local server.

use super::*;
use crate::markets::providers::{Cached, Limits, Pace, Requester, Storage, checks::ABSURD};
use crate::platform::http::{Client, Failure};
use crate::testing::mutation::damaged_text;
use crate::testing::{TestDb, play};
use axum::{Router, extract::RawQuery, http::header, response::IntoResponse, routing::get};
use proptest::prelude::*;
use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const HEADER: &str = "Symbol,Date,Time,Open,High,Low,Close,Volume\r\n";
const GOOD: &str = "AAPL.US,2021-12-31,22:00:11,178.085,179.23,177.26,177.57,64062261\r\n";
const TIMEOUT: Duration = Duration::from_millis(300);

/// How the server behaves.
#[derive(Clone)]
enum Shape {
    Body(&'static str, String),
    Status(u16),
    /// Sends nothing until after the timeout.
    Slow,
    /// Announces more than it sends.
    CutOff,
}

struct Server {
    stooq: Stooq,
    test: TestDb,
    hits: Arc<AtomicUsize>,
    queries: Arc<Mutex<Vec<String>>>,
}

async fn server(shape: Shape) -> Server {
    let hits = Arc::new(AtomicUsize::new(0));
    let queries = Arc::new(Mutex::new(Vec::new()));
    let (counter, log) = (Arc::clone(&hits), Arc::clone(&queries));
    let handler = async move |RawQuery(query): RawQuery| {
        counter.fetch_add(1, Ordering::Relaxed);
        log.lock().unwrap().push(query.unwrap_or_default());
        match shape {
            Shape::Body(kind, body) => ([(header::CONTENT_TYPE, kind)], body).into_response(),
            Shape::Status(status) => {
                (http::StatusCode::from_u16(status).unwrap(), GOOD).into_response()
            }
            Shape::Slow => {
                tokio::time::sleep(TIMEOUT * 20).await;
                GOOD.into_response()
            }
            Shape::CutOff => {
                let half = [HEADER.to_owned() + "AAPL.US,2021-12-31,", String::new()];
                let chunks =
                    futures::stream::iter([Ok(half.concat()), Err(std::io::Error::other("gone"))]);
                axum::body::Body::from_stream(chunks).into_response()
            }
        }
    };
    let app = Router::new()
        .route("/q/l/", get(handler.clone()))
        .route("/q/d/l/", get(handler));
    let base = format!("{}/", play(app).await);
    let test = TestDb::sqlite().await;
    Server {
        stooq: Stooq::new(remote(&test, &base, 0), None),
        test,
        hits,
        queries,
    }
}

fn remote(test: &TestDb, base: &str, per_day: u32) -> Remote {
    let limits = Limits::new(Source::Stooq, Pace::Burst(1000), per_day, test.db.clone());
    let client = Client::new(TIMEOUT).unwrap();
    Remote::new(Source::Stooq, client, base, limits)
}

async fn csv(line: &str) -> Result<Option<Quote>, ProviderFailure> {
    body(&format!("{HEADER}{line}")).await
}

async fn body(body: &str) -> Result<Option<Quote>, ProviderFailure> {
    let server = server(Shape::Body("text/plain", body.into())).await;
    server.stooq.quote(&symbol("AAPL.US")).await
}

fn symbol(code: &str) -> Symbol {
    code.parse().unwrap()
}

fn decimal(digits: &str) -> Decimal {
    digits.parse().unwrap()
}

#[tokio::test]
async fn a_good_line() {
    let server = server(Shape::Body("text/csv", format!("{HEADER}{GOOD}"))).await;
    let quote = server.stooq.quote(&symbol("aapl")).await.unwrap().unwrap();
    assert_eq!(
        quote,
        Quote {
            symbol: "AAPL".into(),
            price: decimal("177.57"),
            open: Some(decimal("178.085")),
            high: Some(decimal("179.23")),
            low: Some(decimal("177.26")),
            previous_close: None,
            volume: Some(64_062_261),
            date: "2021-12-31".parse().unwrap(),
            time: Some("22:00:11".parse().unwrap()),
            source: Source::Stooq,
        }
    );
    assert_eq!(
        *server.queries.lock().unwrap(),
        ["s=aapl.us&f=sd2t2ohlcv&h&e=csv"]
    );
}

#[test]
fn codes_in_stooqs_own_form() {
    for (ours, theirs) in [
        ("AAPL.US", "aapl.us"),
        ("BRK-B", "brk-b.us"),
        ("CDR.PL", "cdr.pl"),
        ("^SPX", "^spx"),
    ] {
        assert_eq!(stooq_code(&symbol(ours)), theirs);
    }
}

#[tokio::test]
async fn unknown_symbols() {
    let nothing = "AAPL.US,N/D,N/D,N/D,N/D,N/D,N/D,N/D\r\n";
    assert_eq!(csv(nothing).await, Ok(None));
}

#[tokio::test]
async fn only_the_close_is_needed() {
    let quote = csv("AAPL.US,2021-12-31,N/D,N/D,N/D,N/D,177.57,N/D\r\n")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(quote.price, decimal("177.57"));
    assert_eq!((quote.open, quote.high, quote.low), (None, None, None));
    assert_eq!((quote.volume, quote.time), (None, None));
    let without_volume =
        "Symbol,Date,Time,Open,High,Low,Close\nAAPL.US,2021-12-31,22:00:11,1,1,1,1";
    assert!(body(without_volume).await.unwrap().is_some());
}

#[tokio::test]
async fn pages_and_sentences_with_status_200() {
    let key = "<!DOCTYPE html><html><body>Get your apikey: ?s=spy.us&get_apikey</body></html>";
    assert_eq!(body(key).await, Err(ProviderFailure::Blocked));
    let proof = "\r\n<html><script src=\"/__verify\"></script></html>";
    assert_eq!(body(proof).await, Err(ProviderFailure::Blocked));
    let limit = "Exceeded the daily hits limit";
    assert_eq!(body(limit).await, Err(ProviderFailure::DailyLimit));
    for other in ["No data", "", "{}", "Date,Open\r\n", "\u{0}\u{1}"] {
        let outcome = body(other).await;
        assert!(
            matches!(outcome, Err(ProviderFailure::Unusable(_))),
            "{other:?}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn the_content_type_decides_nothing() {
    let good = server(Shape::Body("text/html", format!("{HEADER}{GOOD}"))).await;
    assert!(
        good.stooq
            .quote(&symbol("AAPL.US"))
            .await
            .unwrap()
            .is_some()
    );
    let page = server(Shape::Body("text/csv", "<html></html>".into())).await;
    let outcome = page.stooq.quote(&symbol("AAPL.US")).await;
    assert_eq!(outcome, Err(ProviderFailure::Blocked));
}

#[tokio::test]
async fn truncated_answers() {
    for cut in [
        "Symbol,Da",
        "Symbol,Date,Time,Open,High,Low,Close,Volume\r\n",
    ] {
        assert!(
            matches!(body(cut).await, Err(ProviderFailure::Unusable(_))),
            "{cut}"
        );
    }
    for line in [
        "AAPL.US,2021-12-31,22:00:11,178.085,17",
        "AAPL.US,2021-12-31,22:00:11,178.085,179.23,177.26,,",
        "AAPL.US",
    ] {
        assert!(
            matches!(csv(line).await, Err(ProviderFailure::Unusable(_))),
            "{line}"
        );
    }
    let cut_off = server(Shape::CutOff).await;
    let outcome = cut_off.stooq.quote(&symbol("AAPL.US")).await;
    assert!(matches!(
        outcome,
        Err(ProviderFailure::Http(Failure::NoAnswer(_)))
    ));
}

#[tokio::test]
async fn figures_that_are_no_prices() {
    for close in [
        "NaN",
        "-1.50",
        "0",
        "inf",
        "1e400",
        "1000000000000",
        "$5",
        "1,5",
    ] {
        let outcome = csv(&format!("AAPL.US,2021-12-31,22:00:11,1,1,1,{close},1\r\n")).await;
        assert!(
            matches!(outcome, Err(ProviderFailure::Unusable(_))),
            "{close}: {outcome:?}"
        );
    }
    let high = csv("AAPL.US,2021-12-31,22:00:11,1,-3,1,2,1\r\n").await;
    assert!(matches!(high, Err(ProviderFailure::Unusable(_))));
    let undated = csv("AAPL.US,N/D,22:00:11,1,1,1,2,1\r\n").await;
    assert!(matches!(undated, Err(ProviderFailure::Unusable(_))));
    let to_come = csv("AAPL.US,2999-12-31,22:00:11,1,1,1,1,1\r\n").await;
    assert!(matches!(to_come, Err(ProviderFailure::Unusable(_))));
    let other = csv("MSFT.US,2021-12-31,22:00:11,1,1,1,2,1\r\n").await;
    assert!(matches!(other, Err(ProviderFailure::Unusable(_))));
}

#[tokio::test]
async fn no_answer_is_asked_for_once_more() {
    let slow = server(Shape::Slow).await;
    let outcome = slow.stooq.quote(&symbol("AAPL.US")).await;
    assert!(matches!(
        outcome,
        Err(ProviderFailure::Http(Failure::NoAnswer(_)))
    ));
    assert_eq!(slow.hits.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn other_statuses_and_sizes() {
    for status in [500, 403, 302, 204, 429] {
        let server = server(Shape::Status(status)).await;
        let outcome = server.stooq.quote(&symbol("AAPL.US")).await;
        assert_eq!(outcome, Err(ProviderFailure::Status(status)));
        assert_eq!(
            server.hits.load(Ordering::Relaxed),
            1,
            "an answer is an answer"
        );
    }
    let huge = format!("{HEADER}{GOOD}{}", "x".repeat(5 * 1024 * 1024));
    assert_eq!(body(&huge).await, Err(Failure::TooLarge.into()));
}

#[tokio::test]
async fn is_left_alone_after_failures() {
    let server = server(Shape::Status(500)).await;
    let aapl = symbol("AAPL.US");
    for _ in 0..5 {
        let outcome = server.stooq.quote(&aapl).await;
        assert_eq!(outcome, Err(ProviderFailure::Status(500)));
    }
    assert_eq!(
        server.stooq.quote(&aapl).await,
        Err(ProviderFailure::LeftAlone)
    );
    assert_eq!(server.hits.load(Ordering::Relaxed), 5);
}

#[tokio::test]
async fn equal_questions_reach_it_once() {
    let server = server(Shape::Body("text/csv", format!("{HEADER}{GOOD}"))).await;
    let test = server.test;
    let storage = Storage::new(test.db.clone(), test.tasks.clone());
    let cached = Cached::new(server.stooq, storage);
    let aapl = symbol("AAPL.US");
    let answers = futures::future::join_all((0..30).map(|_| cached.quote(&aapl))).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().unwrap().is_some())
    );
    assert!(cached.quote(&aapl).await.unwrap().is_some());
    assert_eq!(server.hits.load(Ordering::Relaxed), 1);
    drop(cached);
    test.stop().await;
}

#[tokio::test]
async fn what_it_is_asked_is_counted() {
    let server = server(Shape::Body("text/csv", format!("{HEADER}{GOOD}"))).await;
    let base = "http://127.0.0.1:1";
    let nowhere = Stooq::new(remote(&server.test, base, 2), None);
    let aapl = symbol("AAPL");
    let outcome = nowhere.quote(&aapl).await;
    assert!(matches!(outcome, Err(ProviderFailure::Http(_))));
    let outcome = nowhere.quote(&aapl).await;
    assert_eq!(
        outcome,
        Err(ProviderFailure::DailyLimit),
        "both tries count"
    );
    let stranger = Requester::Visitor.asks(server.stooq.quote(&aapl)).await;
    assert_eq!(stranger, Err(ProviderFailure::SignIn));
    assert_eq!(server.hits.load(Ordering::Relaxed), 0);
    assert!(server.stooq.quote(&aapl).await.unwrap().is_some());
}

#[tokio::test]
async fn a_key_goes_with_the_question_and_nowhere_else() {
    let server = server(Shape::Status(500)).await;
    let stooq = Stooq {
        key: Some("s3cret".into()),
        ..server.stooq
    };
    let failure = stooq.history(&symbol("AAPL")).await.unwrap_err();
    let queries = server.queries.lock().unwrap();
    assert_eq!(*queries, ["s=aapl.us&i=d&apikey=s3cret"]);
    assert!(!format!("{failure} {failure:?}").contains("s3cret"));
}

#[tokio::test]
async fn figures_of_a_day_that_do_not_fit_go() {
    let quote = csv("AAPL.US,2021-12-31,22:00:11,2,1,3,2,1\r\n").await;
    let quote = quote.unwrap().unwrap();
    assert_eq!((quote.open, quote.high, quote.low), (None, None, None));
    assert_eq!(quote.price, decimal("2"));
}

/// Parses a response as a light quote; also parses it as a history, only to check that this ends.
fn read(answer: &Answer, symbol: &Symbol, code: &str) -> Result<Option<Quote>, ProviderFailure> {
    let body = text_of(answer)?;
    drop(read_history(body, symbol));
    drop(read_history(&format!("{DAYS}{body}"), symbol));
    read_quote(body, symbol, code)
}

fn answer(body: String) -> Answer {
    Answer {
        status: 200,
        body: body.into_bytes(),
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "(?s).{0,200}") {
        let aapl = symbol("AAPL.US");
        drop(read(&answer(text.clone()), &aapl, "aapl.us"));
        drop(read(&answer(format!("Symbol,{text}")), &aapl, "aapl.us"));
        drop(read(&answer(format!("{HEADER}{text}")), &aapl, "aapl.us"));
    }

    #[test]
    fn any_fields_are_survived(fields in prop::collection::vec("[^,\r\n]{0,12}|N/D|[-0-9.e]{1,30}", 7)) {
        let line = format!("{HEADER}AAPL.US,{}\r\n", fields.join(","));
        if let Ok(Some(quote)) = read(&answer(line), &symbol("AAPL.US"), "aapl.us") {
            prop_assert!(quote.price > Decimal::ZERO && quote.price < ABSURD);
        }
    }

    #[test]
    fn any_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(read(&Answer { status: 200, body }, &symbol("A"), "a.us"));
    }
}

const DAYS: &str = "Date,Open,High,Low,Close,Volume\r\n";

async fn days(lines: &str) -> Result<Option<Arc<History>>, ProviderFailure> {
    let server = server(Shape::Body("text/csv", lines.into())).await;
    let history = server.stooq.history(&symbol("aapl")).await;
    assert_eq!(*server.queries.lock().unwrap(), ["s=aapl.us&i=d"]);
    history
}

#[tokio::test]
async fn a_daily_history() {
    let lines = format!(
        "{DAYS}2024-01-02,187.15,188.44,183.885,185.64,82488674\r\n2024-01-03,184.22,185.88,183.43,184.25,58414460.5\r\n"
    );
    let history = days(&lines).await.unwrap().unwrap();
    assert_eq!(history.source, Source::Stooq);
    let [first, second] = &history.bars[..] else {
        panic!("{history:?}");
    };
    assert_eq!(first.date.to_string(), "2024-01-02");
    assert_eq!(
        [first.open, first.high, first.low, first.close].map(|price| price.to_string()),
        ["187.15", "188.44", "183.885", "185.64"]
    );
    assert_eq!((first.volume, second.volume), (82_488_674, 58_414_460));
    // Indices and currencies have no volume.
    let index = days("Date,Open,High,Low,Close\n2024-01-02,1,3,1,2\n").await;
    assert_eq!(index.unwrap().unwrap().bars[0].volume, 0);
}

#[tokio::test]
async fn days_that_cannot_be_are_dropped() {
    let lines = [
        "2999-01-02,10,12,9,11,5",
        "2024-01-02,10,12,9,11,5",
        "2024-01-02,10,12,9,11,5",
        "2024-01-01,10,12,9,11,5",
        "2024-01-03,NaN,12,9,11,5",
        "2024-01-04,10,12,9,-11,5",
        "2024-01-05,10,12,9,13,5",
        "2024-01-06,10,8,9,9,5",
        "2024-01-07,10,12,9,1e99,5",
        "2024-13-08,10,12,9,11,5",
        "2024-01-09,10,12,9,11,5",
    ];
    let history = days(&format!("{DAYS}{}\n", lines.join("\n"))).await;
    let history = history.unwrap().unwrap();
    let kept: Vec<_> = history
        .bars
        .iter()
        .map(|bar| bar.date.to_string())
        .collect();
    assert_eq!(kept, ["2024-01-01", "2024-01-02", "2024-01-09"]);
    assert_eq!(history.splits, None, "it tells of none");
}

#[tokio::test]
async fn what_is_no_history() {
    assert_eq!(days("No data").await, Ok(None));
    assert_eq!(days("<html></html>").await, Err(ProviderFailure::Blocked));
    let limit = days("Exceeded the daily hits limit").await;
    assert_eq!(limit, Err(ProviderFailure::DailyLimit));
    for other in [DAYS, "", "{}", "Date,Open\n2024-01-02,1\n"] {
        assert!(
            matches!(days(other).await, Err(ProviderFailure::Unusable(_))),
            "{other}"
        );
    }
    let truncated = days(&format!(
        "{DAYS}2024-01-02,187.15,188.44,183.885,185.64,82488674\n2024-01-03,18"
    ))
    .await;
    assert!(matches!(truncated, Err(ProviderFailure::Unusable(_))));
}

proptest! {
    #[test]
    fn damaged_tables_are_survived(
        text in damaged_text(&[
            format!("{HEADER}{GOOD}"),
            format!("{DAYS}2021-12-30,178.1,179.2,177.3,177.6,64062261\r\n\
                     2021-12-31,178.085,179.23,177.26,177.57,64062261\r\n"),
        ]),
    ) {
        let aapl = symbol("AAPL.US");
        if let Ok(Some(quote)) = read_quote(&text, &aapl, "aapl.us") {
            prop_assert!(quote.price > Decimal::ZERO && quote.price < ABSURD);
        }
        if let Ok(Some(history)) = read_history(&text, &aapl) {
            prop_assert!(history.bars.iter().all(checks::is_bar));
            prop_assert!(history.bars.len() <= text.lines().count() + 1);
        }
    }
}
