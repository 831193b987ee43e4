use super::*;
use crate::accounts::{
    AccountKind, Viewer,
    guard::{Caller, Via},
};
use crate::markets::indicators::Study;
use crate::markets::providers::tests::{KEY, Played, Shape};
use crate::platform::config::{Config, MarketSource};
use crate::shared::{AccountId, SessionId};
use crate::testing::TestDb;
use axum::{body::Body, http::Request};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn get(config: &Config, path: &str) -> (u16, Value) {
    let test = TestDb::sqlite().await;
    let service = Service::new(config, &test.db, &test.tasks).unwrap();
    let (routes, _) = routes(service).split_for_parts();
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = routes.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 8 << 20)
        .await
        .unwrap();
    test.stop().await;
    (status, serde_json::from_slice(&body).unwrap())
}

/// A signed-in caller.
fn somebody() -> Caller {
    let viewer = Viewer {
        account: AccountId::new(),
        session: SessionId(uuid::Uuid::nil()),
        username: "ada".into(),
        display_name: "Ada".into(),
        kind: AccountKind::Person,
        admin: false,
        avatar: None,
        preferences: None,
        rev: 0,
    };
    Caller {
        viewer: Ok(Some(viewer)),
        via: Via::Bearer,
        address: String::new(),
        user_agent: String::new(),
        forwarded: false,
    }
}

/// Sends a request to the same service, signed in or not.
async fn ask(service: &Service, path: &str, caller: Option<&Caller>) -> (u16, Value) {
    let (routes, _) = routes(service.clone()).split_for_parts();
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller.clone());
    }
    let response = routes.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 65_536).await;
    (status, serde_json::from_slice(&body.unwrap()).unwrap())
}

#[tokio::test]
async fn a_counted_source_is_asked_for_members_alone() {
    let days = r#"{"status":"OK","results":[{"v":1,"o":2,"c":3,"h":4,"l":1,"t":1112331600000}]}"#;
    let played = Played::always(Shape::json(days)).await;
    let mut config = Config::default();
    config.secrets.massive_key = Some(KEY.into());
    config.market.massive_url.clone_from(&played.base);
    config.market.massive_per_minute = 1000;
    config.market.massive_per_day = 20;
    let service = Service::new(&config, &played.test.db, &played.test.tasks).unwrap();
    for path in [
        "",
        "/historical",
        "/indicators",
        "/signals",
        "/news",
        "/chart.svg",
    ] {
        let (status, body) = ask(&service, &format!("/stocks/ZZZ{path}"), None).await;
        assert_eq!(
            (status, &body["code"]),
            (401, &json!("market-sign-in")),
            "{path}"
        );
    }
    assert!(played.asked().is_empty());
    let ada = somebody();
    let mut answers = Vec::new();
    for n in 0..15 {
        answers.push(ask(&service, &format!("/stocks/A{n}"), Some(&ada)).await.0);
    }
    assert_eq!(
        answers,
        [[200; 10].as_slice(), &[503; 5]].concat(),
        "a share"
    );
    assert_eq!(played.asked().len(), 10);
    // Cached responses are for everyone, and a refusal for one requester does not affect others.
    assert_eq!(ask(&service, "/stocks/A3", None).await.0, 200);
    assert_eq!(ask(&service, "/stocks/A14", Some(&somebody())).await.0, 200);
    // The last four of twenty requests are reserved for the server.
    for n in 20..30 {
        ask(&service, &format!("/stocks/A{n}"), Some(&somebody())).await;
    }
    assert_eq!(played.asked().len(), 16);
    assert!(service.quote("A30").await.unwrap().is_some());
    assert_eq!(played.asked().len(), 17);
    drop(service);
    played.test.stop().await;
}

#[tokio::test]
async fn a_quote_with_source_and_date() {
    let (status, body) = get(&Config::default(), "/stocks/aapl.us").await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({
            "symbol": "AAPL.US",
            "currentPrice": 430.47,
            "change": -10.93,
            "changePercent": -2.4762,
            "volume": 19_730_300,
            "timestamp": "2013-03-01",
            "asOf": "2013-03-01",
            "source": "sample",
        })
    );
}

#[tokio::test]
async fn the_past_without_splits() {
    let (status, body) = get(&Config::default(), "/stocks/aapl/historical?period=2").await;
    assert_eq!(status, 200);
    assert_eq!(
        body["data"],
        json!([
            { "date": "2013-02-28", "open": 444.05, "high": 447.87, "low": 441.4,
              "close": 441.4, "volume": 11_518_400 },
            { "date": "2013-03-01", "open": 438.0, "high": 438.1799, "low": 429.98,
              "close": 430.47, "volume": 19_730_300 },
        ])
    );
    assert_eq!(
        body["splits"],
        json!([{ "date": "2000-06-21", "from": 1, "to": 2 }, { "date": "2005-02-28", "from": 1, "to": 2 }])
    );
    assert_eq!(body["source"], "sample");
    let (_, usual) = get(&Config::default(), "/stocks/aapl/historical").await;
    assert_eq!(usual["data"].as_array().unwrap().len(), 90);
    let (_, all) = get(
        &Config::default(),
        "/stocks/META.US/historical?period=25200",
    )
    .await;
    assert_eq!(all["data"].as_array().unwrap().len(), 196);
    for bad in ["0", "-1", "25201", "ten", "1.5", ""] {
        let path = format!("/stocks/aapl/historical?period={bad}");
        let (status, body) = get(&Config::default(), &path).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("bad-period")),
            "{bad}"
        );
    }
    let (status, body) = get(&Config::default(), "/stocks/appl/historical").await;
    assert_eq!(
        (status, &body["error"]),
        (404, &json!("Historical data not found"))
    );
}

#[tokio::test]
async fn indicators_as_asked_for() {
    let path = "/stocks/ibm/indicators?studies=rsi:14,MACD&period=3";
    let (status, body) = get(&Config::default(), path).await;
    assert_eq!(status, 200);
    assert_eq!(
        body["dates"],
        json!(["2013-02-27", "2013-02-28", "2013-03-01"])
    );
    let names: Vec<_> = body["studies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|study| study["study"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["rsi:14", "macd:12:26:9"]);
    let lines = body["studies"][1]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["name"], "histogram");
    let value = |line: usize| lines[line]["values"][2].as_f64().unwrap();
    assert!((value(0) - value(1) - value(2)).abs() < 1e-9);

    // No values before the indicator is defined.
    let (_, young) = get(
        &Config::default(),
        "/stocks/fb/indicators?studies=sma:190&period=196",
    )
    .await;
    let values = young["studies"][0]["lines"][0]["values"]
        .as_array()
        .unwrap();
    assert_eq!(values.iter().filter(|value| value.is_null()).count(), 189);
    let (_, usual) = get(&Config::default(), "/stocks/ibm/indicators").await;
    assert_eq!(usual["studies"].as_array().unwrap().len(), Study::ALL.len());

    let many = ["obv"; 21].join(",");
    for (studies, code) in [
        ("tsla", "bad-study"),
        ("", "bad-study"),
        ("rsi:1", "bad-study"),
        (many.as_str(), "too-many-studies"),
    ] {
        let path = format!("/stocks/ibm/indicators?studies={studies}");
        let (status, body) = get(&Config::default(), &path).await;
        assert_eq!((status, &body["code"]), (400, &json!(code)), "{studies}");
    }
}

#[tokio::test]
async fn an_answer_has_a_bounded_size() {
    let ask = async |studies: &str, period: u32| {
        let path = format!("/stocks/ibm/indicators?studies={studies}&period={period}");
        get(&Config::default(), &path).await
    };
    // The same indicator twenty times counts once.
    let same = ["ichimoku", "ICHIMOKU:9:26:52"].repeat(10).join(",");
    let (status, body) = ask(&same, 25_200).await;
    assert_eq!(status, 200);
    assert_eq!(body["studies"].as_array().unwrap().len(), 1);
    // Twenty indicators of four lines over twelve years exceed the limit.
    let others: Vec<_> = (2..22).map(|n| format!("ichimoku:{n}:26:52")).collect();
    let others = others.join(",");
    let (status, body) = ask(&others, 25_200).await;
    assert_eq!((status, &body["code"]), (400, &json!("too-many-values")));
    assert_eq!(body["max"], "100000");
    let (status, few) = ask(&others, 100).await;
    assert_eq!(status, 200);
    // The second request is answered from the cache, with the same response.
    assert_eq!(ask(&others, 100).await, (200, few.clone()));
    // Computed from the whole history, whatever period is shown.
    let (_, fewer) = ask(&others, 2).await;
    let last = |body: &Value| {
        body["studies"][0]["lines"][0]["values"]
            .as_array()
            .unwrap()
            .last()
            .cloned()
    };
    assert_eq!(last(&few), last(&fewer));
}

#[tokio::test]
async fn a_rating_with_its_record() {
    let (status, body) = get(&Config::default(), "/stocks/aapl/signals").await;
    assert_eq!(status, 200);
    assert_eq!(
        (&body["asOf"], &body["source"]),
        (&json!("2013-03-01"), &json!("sample"))
    );
    // After a month of falls the close is below every average.
    assert_eq!(body["averages"], -1.0);
    assert_eq!(body["components"].as_array().unwrap().len(), 26);
    let record = &body["record"];
    assert_eq!(record["horizon"], 20);
    let rate = |of: &str, figure: &str| record[of][figure].as_f64().unwrap();
    // Measured independently, with other components and closes instead of opens: 61.9%, 64.9% and
    // 44.4%. Buying was hardly better than on any day, selling worse than not selling.
    assert!((rate("rises", "rate") - 0.619).abs() < 0.02);
    assert!((rate("afterBuy", "rate") - 0.649).abs() < 0.02);
    assert!((rate("afterSell", "rate") - 0.444).abs() < 0.02);
    assert!(rate("afterBuy", "low") < rate("rises", "rate"));
    assert_eq!(record["edge"], "not_demonstrated");
    let model = &body["model"];
    let figure = |name: &str| model[name].as_f64().unwrap();
    assert!((0.2..0.8).contains(&figure("probability")));
    assert!((figure("base") - rate("rises", "rate")).abs() < 0.03);
    assert!((figure("skill") - (1.0 - figure("brier") / figure("baseBrier"))).abs() < 1e-9);
    // Eight features do not predict the next month of a share, and the response says so.
    assert!(figure("low") < figure("skill") && figure("skill") < figure("high"));
    assert_eq!(model["demonstrated"], false);
    assert_eq!(model["features"].as_array().unwrap().len(), 8);
    assert_eq!(model["bins"].as_array().unwrap().len(), 5);
    let (_, short) = get(&Config::default(), "/stocks/fb/signals").await;
    assert_eq!(short["model"], serde_json::Value::Null);
    let (status, body) = get(&Config::default(), "/stocks/appl/signals").await;
    assert_eq!((status, &body["code"]), (404, &json!("unknown-symbol")));
}

#[tokio::test]
async fn instruments_are_found() {
    let (status, body) = get(&Config::default(), "/instruments?search=apple").await;
    assert_eq!(status, 200);
    assert_eq!(
        body["instruments"],
        json!([{ "symbol": "AAPL", "name": "Apple Inc.", "sector": "Information Technology" }])
    );
    let (_, none) = get(&Config::default(), "/instruments").await;
    assert_eq!(none["instruments"], json!([]));
}

#[tokio::test]
async fn unknown_and_impossible_symbols() {
    let (status, body) = get(&Config::default(), "/stocks/appl.us").await;
    assert_eq!(status, 404);
    assert_eq!(body["error"], "Stock data not found");
    assert_eq!(body["code"], "unknown-symbol");
    for path in [
        "/stocks/a%20b",
        "/stocks/%ff",
        "/stocks/%F0%9F%92%B0",
        "/stocks/%2e%2e%2f",
    ] {
        let (status, body) = get(&Config::default(), path).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("bad-symbol")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_source_is_away() {
    let mut config = Config::default();
    config.market.source = MarketSource::Stooq;
    // No server listens on port 1.
    config.market.stooq_url = "http://127.0.0.1:1".into();
    let test = TestDb::sqlite().await;
    let service = Service::new(&config, &test.db, &test.tasks).unwrap();
    let (status, body) = ask(&service, "/stocks/AAPL.US", Some(&somebody())).await;
    assert_eq!((status, &body["code"]), (503, &json!("market-unavailable")));
    drop(service);
    test.stop().await;
}

#[tokio::test]
async fn no_headlines_are_invented() {
    let (status, body) = get(&Config::default(), "/stocks/aapl/news").await;
    assert_eq!((status, body), (200, json!({ "news": [] })));
    let (status, body) = get(&Config::default(), "/stocks/a%20b/news").await;
    assert_eq!((status, &body["code"]), (400, &json!("bad-symbol")));
}

#[tokio::test]
async fn headlines_of_a_provider() {
    let feed = r#"{"feed":[{"title":"Up","url":"https://news.example/1","time_published":"20240101T170245",
        "source":"Wire","ticker_sentiment":[{"ticker":"AAPL","ticker_sentiment_label":"Bullish"}]}]}"#;
    let played = Played::always(Shape::json(feed)).await;
    let mut config = Config::default();
    config.secrets.alpha_vantage_key = Some(KEY.into());
    config.market.alpha_vantage_url.clone_from(&played.base);
    let test = &played.test;
    let service = Service::new(&config, &test.db, &test.tasks).unwrap();
    let (status, body) = ask(&service, "/stocks/aapl.us/news", Some(&somebody())).await;
    drop(service);
    assert_eq!(status, 200);
    assert_eq!(
        body["news"],
        json!([{
            "title": "Up",
            "url": "https://news.example/1",
            "publisher": "Wire",
            "publishedAt": "2024-01-01T17:02:45Z",
            "summary": null,
            "sentiment": "positive",
            "source": "alpha_vantage",
        }])
    );
    played.test.stop().await;
}

#[test]
fn numbers_keep_their_digits() {
    for digits in ["430.47", "0.0001", "123456789.125", "-10.93", "0.1"] {
        let exact: Decimal = digits.parse().unwrap();
        assert_eq!(number(exact).to_string(), digits);
    }
}

async fn image(path: &str, tag: Option<&str>) -> axum::response::Response {
    let test = TestDb::sqlite().await;
    let service = Service::new(&Config::default(), &test.db, &test.tasks).unwrap();
    let (routes, _) = routes(service).split_for_parts();
    let mut request = Request::get(path);
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = routes.oneshot(request).await.unwrap();
    test.stop().await;
    response
}

#[tokio::test]
async fn a_chart_is_an_image_that_is_asked_for_once() {
    for (path, kind, begins) in [
        (
            "/stocks/aapl/chart.svg?period=30",
            "image/svg+xml",
            &b"<svg"[..],
        ),
        (
            "/stocks/aapl/chart.png?theme=light&width=400&height=200",
            "image/png",
            b"\x89PNG",
        ),
    ] {
        let first = image(path, None).await;
        assert_eq!(first.status(), 200);
        assert_eq!(first.headers()["content-type"], kind);
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        let bytes = axum::body::to_bytes(first.into_body(), 1 << 20)
            .await
            .unwrap();
        assert!(bytes.starts_with(begins));
        let again = image(path, Some(&format!("\"x\", W/{tag}"))).await;
        assert_eq!(again.status(), 304);
        assert_eq!(again.headers()["etag"].to_str().unwrap(), tag);
        let other = image(&path.replace("aapl", "ibm"), Some(&tag)).await;
        assert_eq!(other.status(), 200, "another image has another tag");
    }
}

#[tokio::test]
async fn a_chart_of_what_cannot_be() {
    for (path, status, code) in [
        ("/stocks/none/chart.svg", 404, "unknown-symbol"),
        ("/stocks/$$/chart.png", 400, "bad-symbol"),
        ("/stocks/aapl/chart.svg?period=0", 400, "bad-period"),
        ("/stocks/aapl/chart.svg?period=x", 400, "bad-period"),
        ("/stocks/aapl/chart.svg?theme=blue", 400, "bad-theme"),
        ("/stocks/aapl/chart.svg?to=x", 400, "bad-date"),
        (
            "/stocks/aapl/chart.svg?to=1990-01-01",
            404,
            "unknown-symbol",
        ),
        ("/stocks/aapl/chart.svg?width=319", 400, "bad-size"),
        ("/stocks/aapl/chart.png?height=100000", 400, "bad-size"),
    ] {
        let (found, body) = get(&Config::default(), path).await;
        assert_eq!((found, &body["code"]), (status, &json!(code)), "{path}");
    }
}
