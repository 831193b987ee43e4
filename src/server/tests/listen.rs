//! Slow clients and too many clients do not block others.

use crate::gateway::Ping;
use crate::server::listen::Bounds;
use crate::testing::{Socket, TestHouse, until};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Short time limits, so that the test need not wait.
fn hasty(connections: u32) -> Bounds {
    Bounds {
        head: Duration::from_millis(300),
        body: Duration::from_millis(300),
        ..Bounds::new(connections)
    }
}

/// Sends bytes and nothing more; returns what arrives until the server closes the connection.
async fn half_sent(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let read = tokio::time::timeout(Duration::from_secs(10), read).await;
    // A reset counts as closed too.
    drop(read.expect("it is held open"));
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn half_a_request_is_dropped_and_sockets_live_on() {
    let house = TestHouse::new().await;
    let address = house.serve_within(hasty(100)).await;
    let ada = house.user("ada").await;
    let mut socket = Socket::connect(address, &ada.token).await;
    let begun = Instant::now();
    half_sent(address, "").await;
    half_sent(address, "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    let answer = half_sent(
        address,
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n{\"email\":",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    // One header after the other, each in time but too late in total.
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /health HTTP/1.1\r\n").await.unwrap();
    let mut sent = 0;
    while slow.write_all(b"X-More: yes\r\n").await.is_ok() {
        sent += 1;
        assert!(sent < 100, "it is read for ever");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let whole = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
    assert!(half_sent(address, whole).await.starts_with("HTTP/1.1 200"));
    assert!(begun.elapsed() > Duration::from_millis(900));
    assert!(
        socket.ask(&Ping {}).await.is_ok(),
        "a websocket may be quiet"
    );
    house.close().await;
}

#[tokio::test]
async fn there_are_so_many_places() {
    let house = TestHouse::new().await;
    let address = house.serve_within(Bounds::new(3)).await;
    let ada = house.user("ada").await;
    let mut socket = Socket::connect(address, &ada.token).await;
    let first = TcpStream::connect(address).await.unwrap();
    let _second = TcpStream::connect(address).await.unwrap();
    // The server counts connections when it accepts them, which may take a moment.
    let mut told = String::new();
    for _ in 0..100 {
        told = half_sent_or_served(address).await;
        if told.contains(" 503 ") {
            break;
        }
    }
    assert!(told.contains("Retry-After"), "{told}");
    drop(first);
    until("a place that is given back can be taken", async || {
        half_sent_or_served(address).await.contains(" 200 ")
    })
    .await;
    assert!(socket.is_alive().await);
    house.close().await;
}

/// Requests `/health` and closes.
async fn half_sent_or_served(address: SocketAddr) -> String {
    half_sent(
        address,
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    .await
}

#[tokio::test]
async fn the_end_waits_for_nobody_who_is_slow() {
    let house = TestHouse::new().await;
    let address = house.serve_within(Bounds::new(100)).await;
    let ada = house.user("ada").await;
    let mut socket = Socket::connect(address, &ada.token).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"GET /health HTTP/1.1\r\nHos")
        .await
        .unwrap();
    assert!(socket.is_alive().await);
    let begun = Instant::now();
    house.close().await;
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    let (goodbye, _) = socket.ended().await;
    assert!(
        goodbye.unwrap().resume,
        "the last word is written before the end"
    );
    for stream in [&mut idle, &mut half] {
        let mut rest = Vec::new();
        drop(stream.read_to_end(&mut rest).await);
    }
}
