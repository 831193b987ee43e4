//! Responses that are sent before the request's body was read.

use crate::server::listen::Bounds;
use crate::testing::{Answer, TestHouse, Wire};
use std::{net::SocketAddr, time::Duration};

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";

/// The head of a request with a JSON body.
fn head(method: &str, path: &str, length: usize, more: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{more}\r\n"
    )
}

/// Sends a head and then its body 300 times on one connection, each time followed by another
/// request.
async fn again_and_again(address: SocketAddr, head: &str, body: &[u8], status: u16) {
    let mut wire = Wire::connect(address).await;
    for n in 0..300 {
        wire.send(head).await;
        // By now the handler has rejected the request.
        tokio::time::sleep(Duration::from_millis(1)).await;
        wire.send(body).await;
        let answer = wire.answer().await;
        let answer = answer.unwrap_or_else(|| panic!("{head}: closed at request {n}"));
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(!answer.closes(), "{answer:?}");
        assert!(answer.json()["code"].is_string());
        let next = wire.ask(HEALTH).await;
        assert_eq!(next.map(|answer| answer.status), Some(200), "{head}: {n}");
    }
}

#[tokio::test]
async fn a_connection_outlives_a_refusal() {
    let house = TestHouse::new().await;
    let address = house.serve().await;
    let body = br#"{"room_name":"news"}"#;
    let large = vec![b' '; 70_000];
    again_and_again(
        address,
        &head("POST", "/api/rooms", body.len(), ""),
        body,
        401,
    )
    .await;
    again_and_again(
        address,
        &head("POST", "/api/nothing", body.len(), ""),
        body,
        404,
    )
    .await;
    again_and_again(
        address,
        &head("PUT", "/api/rooms", body.len(), ""),
        body,
        405,
    )
    .await;
    again_and_again(
        address,
        &head("POST", "/api/login", large.len(), ""),
        &large,
        413,
    )
    .await;
    house.close().await;
}

#[tokio::test]
async fn a_connection_outlives_a_limit() {
    let house = TestHouse::with(|config| {
        config.limits.network_requests.count = 1;
        config.limits.network_requests.seconds = 3_600;
    })
    .await;
    let first = house
        .request("GET", "/api/stocks/aapl.us", None, None)
        .await;
    first.is(200);
    let address = house.serve().await;
    let taken = Wire::connect(address)
        .await
        .ask("GET /api/rooms HTTP/1.1\r\nHost: x\r\n\r\n")
        .await;
    assert_eq!(taken.unwrap().status, 401);
    let body = br#"{"room_name":"news"}"#;
    again_and_again(
        address,
        &head("POST", "/api/rooms", body.len(), ""),
        body,
        429,
    )
    .await;
    house.close().await;
}

#[tokio::test]
async fn requests_may_follow_at_once() {
    let house = TestHouse::new().await;
    let mut wire = Wire::connect(house.serve().await).await;
    let refused = format!("{}{{}}", head("POST", "/api/nothing", 2, ""));
    let chunked = "POST /api/rooms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
        4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n";
    wire.send(format!("{refused}{HEALTH}{chunked}{HEALTH}{refused}"))
        .await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let answer = wire.answer().await.unwrap();
        assert!(!answer.closes(), "{answer:?}");
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [404, 200, 401, 200, 404]);
    house.close().await;
}

/// Checks that the response says `Connection: close` and that the connection ends.
async fn is_the_last(wire: &mut Wire, status: u16) -> Answer {
    let answer = wire.answer().await.expect("the answer arrives");
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.closes(), "{answer:?}");
    assert!(wire.has_ended().await);
    answer
}

#[tokio::test]
async fn the_end_of_a_connection_is_announced() {
    let house = TestHouse::new().await;
    let bounds = Bounds {
        rest: Duration::from_millis(200),
        ..Bounds::new(100)
    };
    let address = house.serve_within(bounds).await;
    // More than the server discards. All of it is sent before the response is read.
    let mut wire = Wire::connect(address).await;
    wire.send(head("POST", "/api/nothing", 4 << 20, "")).await;
    for _ in 0..64 {
        wire.send(vec![b' '; 64 << 10]).await;
    }
    is_the_last(&mut wire, 404).await;
    // The same without a Content-Length.
    let mut wire = Wire::connect(address).await;
    wire.send("POST /api/rooms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        .await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(64 << 10));
    for _ in 0..5 {
        wire.send(&chunk).await;
    }
    is_the_last(&mut wire, 401).await;
    // The body never arrives.
    let mut wire = Wire::connect(address).await;
    wire.send(head("POST", "/api/nothing", 2, "")).await;
    is_the_last(&mut wire, 404).await;
    let mut wire = Wire::connect(address).await;
    wire.send(head("POST", "/api/rooms", 20, "")).await;
    wire.send("{").await;
    is_the_last(&mut wire, 401).await;
    house.close().await;
}

#[tokio::test]
async fn a_body_that_is_thrown_away_is_not_asked_for() {
    let house = TestHouse::new().await;
    let address = house.serve().await;
    let expect = "Expect: 100-continue\r\n";
    let mut wire = Wire::connect(address).await;
    wire.send(head("POST", "/api/nothing", 20, expect)).await;
    is_the_last(&mut wire, 404).await;
    // An accepted request gets `100 Continue`, and the connection stays open.
    let mut wire = Wire::connect(address).await;
    let login = br#"{"username":"ada","password":"wrong horse"}"#;
    wire.send(head("POST", "/api/login", login.len(), expect))
        .await;
    assert_eq!(wire.answer().await.unwrap().status, 100);
    wire.send(login).await;
    let answer = wire.answer().await.unwrap();
    assert_eq!(answer.status, 401, "{answer:?}");
    assert!(!answer.closes());
    assert_eq!(wire.ask(HEALTH).await.unwrap().status, 200);
    house.close().await;
}

#[tokio::test]
async fn a_long_address_is_refused_in_json() {
    let house = TestHouse::new().await;
    let mut wire = Wire::connect(house.serve().await).await;
    for path in ["/api/stocks/", "/health?", "/rpc/", "/"] {
        let long = format!(
            "GET {path}{} HTTP/1.1\r\nHost: x\r\n\r\n",
            "a".repeat(20_000)
        );
        let answer = wire.ask(&long).await.unwrap();
        assert_eq!(answer.status, 414, "{answer:?}");
        let body = answer.json();
        assert_eq!(body["code"], "uri-too-long");
        assert!(body["error"].is_string());
        assert_eq!(wire.ask(HEALTH).await.unwrap().status, 200);
    }
    let fits = format!(
        "GET /api/stocks/{} HTTP/1.1\r\nHost: x\r\n\r\n",
        "a".repeat(15_000)
    );
    assert_ne!(wire.ask(&fits).await.unwrap().status, 414);
    // Beyond the buffer hyper itself responds, without a body, and the client receives the
    // response.
    wire.send(format!(
        "GET /{} HTTP/1.1\r\nHost: x\r\n\r\n",
        "a".repeat(200_000)
    ))
    .await;
    let answer = wire.answer().await.unwrap();
    assert!(matches!(answer.status, 414 | 431), "{answer:?}");
    assert!(answer.closes() && answer.body.is_empty(), "{answer:?}");
    house.close().await;
}
