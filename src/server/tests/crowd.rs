//! One client cannot block others: connections per address, and clients that never read.

use crate::platform::config::Config;
use crate::server::{self, listen::Bounds};
use crate::testing::{Socket, TestHouse, Wire, until};
use std::{
    fs,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
/// Other addresses of this machine.
const OTHER: &str = "127.0.0.2";
const THIRD: &str = "127.0.0.3";

fn bounds(connections: u32, per_address: u32) -> Bounds {
    Bounds {
        per_address,
        rest: Duration::from_millis(200),
        write: Duration::from_millis(400),
        ..Bounds::new(connections)
    }
}

/// Status of a request on a new connection from an address; 0: dropped without a response.
async fn status(from: &str, address: SocketAddr) -> u16 {
    let mut wire = Wire::connect_from(from, None, address).await;
    let answer = wire.ask(HEALTH).await;
    answer.map_or(0, |answer| answer.status)
}

#[tokio::test]
async fn one_peer_cannot_take_every_connection() {
    let house = TestHouse::new().await;
    let address = house.serve_within(bounds(20, 5)).await;
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(Wire::connect(address).await);
    }
    // Rejected before the client sends anything.
    let mut refused = Wire::connect(address).await;
    let answer = refused.answer().await.unwrap();
    assert_eq!(answer.status, 429);
    assert!(
        answer.closes() && answer.head.contains("\r\nretry-after: 10\r\n"),
        "{answer:?}"
    );
    assert_eq!(answer.json()["code"], "too-many-connections-address");
    assert_eq!(answer.json()["seconds"], 10);
    // Others are served during a flood too.
    let mut flood = Vec::new();
    for _ in 0..200 {
        flood.push(Wire::connect(address).await);
    }
    assert_eq!(status(OTHER, address).await, 200);
    assert_eq!(status("127.0.0.1", address).await, 429);
    for wire in &mut held {
        assert_eq!(wire.ask(HEALTH).await.unwrap().status, 200);
    }
    drop((flood, refused, held));
    until("its places are given back", async || {
        status("127.0.0.1", address).await == 200
    })
    .await;
    house.close().await;
}

/// Like the binary, with `server::serve`.
#[tokio::test]
async fn the_limit_is_the_one_of_the_configuration() {
    let data = tempfile::tempdir().unwrap();
    let (config, _site) = TestHouse::configured(data.path(), |config| {
        config.limits.connections_per_address = 2;
        config.site_mut().site_addr = ([127, 0, 0, 1], 0).into();
    });
    let (tell, told) = oneshot::channel();
    let stop = CancellationToken::new();
    let serving = server::serve(config, stop.clone(), |ready| {
        tell.send(ready.address).unwrap();
    });
    let asking = async {
        let address = told.await.unwrap();
        let mut first = Wire::connect(address).await;
        let mut second = Wire::connect(address).await;
        assert_eq!(status("127.0.0.1", address).await, 429);
        assert_eq!(status(OTHER, address).await, 200);
        for wire in [&mut first, &mut second] {
            assert_eq!(wire.ask(HEALTH).await.unwrap().status, 200);
        }
        stop.cancel();
    };
    let (served, ()) = futures::join!(serving, asking);
    served.unwrap();
}

#[tokio::test]
async fn an_open_socket_counts() {
    let house = TestHouse::new().await;
    let address = house.serve_within(bounds(20, 2)).await;
    let ada = house.user("ada").await;
    let mut socket = Socket::connect(address, &ada.token).await;
    let _other = Socket::connect(address, &ada.token).await;
    assert_eq!(status("127.0.0.1", address).await, 429);
    assert_eq!(status(OTHER, address).await, 200);
    assert!(socket.is_alive().await);
    socket.close().await;
    until("its place is given back", async || {
        status("127.0.0.1", address).await == 200
    })
    .await;
    house.close().await;
}

/// A server behind a proxy at 127.0.0.1.
async fn proxied() -> TestHouse {
    TestHouse::with(behind_a_proxy).await
}

fn behind_a_proxy(config: &mut Config) {
    config.server.behind_proxy = true;
    config.server.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
}

/// Status of a request that the proxy forwards for a client.
async fn passed_on(proxy: &mut Wire, client: &str) -> u16 {
    let request = format!("GET /health HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {client}\r\n\r\n");
    proxy.ask(&request).await.unwrap().status
}

#[tokio::test]
async fn requests_of_a_proxy_count_for_their_clients() {
    let house = proxied().await;
    let address = house.serve_within(bounds(40, 2)).await;
    // Idle connections of the proxy are not limited per address.
    let mut idle = Vec::new();
    for _ in 0..10 {
        idle.push(Wire::connect(address).await);
    }
    let mut proxy = Wire::connect(address).await;
    for _ in 0..10 {
        assert_eq!(
            passed_on(&mut proxy, "203.0.113.7").await,
            200,
            "one after the other"
        );
    }
    // Two running requests. Addresses that the client put before its own are ignored.
    let mut under_way = Vec::new();
    for n in 0..2 {
        let mut wire = Wire::connect(address).await;
        wire.send(format!(
            "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             X-Forwarded-For: 198.51.100.{n}, 203.0.113.7\r\nContent-Length: 2\r\n\r\n"
        ))
        .await;
        under_way.push(wire);
    }
    until("both count", async || {
        passed_on(&mut proxy, "203.0.113.7").await == 429
    })
    .await;
    let request = "GET /api/rooms HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n";
    let refused = proxy.ask(request).await.unwrap();
    assert_eq!(refused.json()["code"], "too-many-connections-address");
    assert!(refused.head.contains("\r\nretry-after: "), "{refused:?}");
    assert!(!refused.closes(), "the proxy has other clients");
    let refused = proxy
        .ask(&request.replace("/api/rooms", "/rpc/x"))
        .await
        .unwrap();
    assert_eq!(refused.json()["kind"], "rate_limited", "as pages read it");
    assert_eq!(passed_on(&mut proxy, "203.0.113.8").await, 200);
    assert_eq!(passed_on(&mut proxy, "2001:db8::1").await, 200);
    for wire in &mut under_way {
        wire.send("{}").await;
        assert_eq!(wire.answer().await.unwrap().status, 400);
    }
    assert_eq!(passed_on(&mut proxy, "203.0.113.7").await, 200);
    house.close().await;
}

#[tokio::test]
async fn sockets_through_a_proxy_count_for_their_clients() {
    let house = proxied().await;
    let address = house.serve_within(bounds(40, 2)).await;
    let ada = house.user("ada").await;
    let bearer = ada.bearer();
    let open = async |client: &str| {
        Socket::open(
            address,
            &[("authorization", &bearer), ("x-forwarded-for", client)],
        )
        .await
    };
    let first = open("203.0.113.7").await.unwrap();
    let mut second = open("203.0.113.7").await.unwrap();
    assert_eq!(open("203.0.113.7").await.err(), Some(429));
    let mut other = open("203.0.113.8").await.unwrap();
    other.hello().await.unwrap();
    second.hello().await.unwrap();
    first.close().await;
    until("its place is given back", async || {
        open("203.0.113.7").await.is_ok()
    })
    .await;
    assert!(second.is_alive().await && other.is_alive().await);
    house.close().await;
}

#[tokio::test]
async fn other_peers_do_not_speak_for_clients() {
    let house = proxied().await;
    let address = house.serve_within(bounds(40, 2)).await;
    let mut first = Wire::connect_from(OTHER, None, address).await;
    let _second = Wire::connect_from(OTHER, None, address).await;
    assert_eq!(passed_on(&mut first, "203.0.113.7").await, 200);
    let mut third = Wire::connect_from(OTHER, None, address).await;
    third
        .send("GET /health HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
        .await;
    assert_eq!(third.answer().await.unwrap().status, 429);
    assert_eq!(status(THIRD, address).await, 200);
    house.close().await;
}

/// A server with a file that is larger than all buffers.
async fn with_a_large_file() -> TestHouse {
    TestHouse::with(large_file).await
}

fn large_file(config: &mut Config) {
    let file = Path::new(&config.site().site_root).join("pkg/large.bin");
    fs::write(file, vec![7; 16 << 20]).unwrap();
}

const LARGE: &str = "GET /pkg/large.bin HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn clients_that_never_read_are_cut() {
    let house = with_a_large_file().await;
    let address = house.serve_within(bounds(30, 0)).await;
    let ada = house.user("ada").await;
    let mut socket = Socket::connect(address, &ada.token).await;
    let mut deaf = Vec::new();
    for _ in 0..29 {
        let mut wire = Wire::connect_from(OTHER, Some(4_096), address).await;
        wire.send(LARGE).await;
        deaf.push(wire);
    }
    assert_eq!(
        status("127.0.0.1", address).await,
        503,
        "all places are taken"
    );
    until("they are cut", async || {
        status("127.0.0.1", address).await == 200
    })
    .await;
    assert!(socket.is_alive().await);
    drop(deaf);
    house.close().await;
}

#[tokio::test]
async fn an_answer_counts_until_it_is_read() {
    let house = TestHouse::with(|config: &mut Config| {
        behind_a_proxy(config);
        large_file(config);
    })
    .await;
    let patient = Bounds {
        per_address: 2,
        ..Bounds::new(40)
    };
    let address = house.serve_within(patient).await;
    let mut deaf = Vec::new();
    for _ in 0..2 {
        let mut wire = Wire::connect_from("127.0.0.1", Some(4_096), address).await;
        let client = "X-Forwarded-For: 203.0.113.7\r\n\r\n";
        wire.send(LARGE.replacen("\r\n\r\n", &format!("\r\n{client}"), 1))
            .await;
        // The head has arrived, so the handler is done.
        assert!(wire.take(64).await.unwrap() > 0);
        deaf.push(wire);
    }
    let mut proxy = Wire::connect(address).await;
    assert_eq!(passed_on(&mut proxy, "203.0.113.7").await, 429);
    assert_eq!(passed_on(&mut proxy, "203.0.113.8").await, 200);
    drop(deaf);
    until("their places are given back", async || {
        passed_on(&mut proxy, "203.0.113.7").await == 200
    })
    .await;
    house.close().await;
}

#[tokio::test]
async fn clients_that_read_slowly_are_served() {
    let house = with_a_large_file().await;
    let slow = Bounds {
        write: Duration::from_secs(2),
        ..Bounds::new(10)
    };
    let address = house.serve_within(slow).await;
    let mut wire = Wire::connect_from(OTHER, Some(64 << 10), address).await;
    wire.send(LARGE).await;
    // Three times the time limit for reading nothing.
    let begun = Instant::now();
    let mut read = 0;
    while begun.elapsed() < Duration::from_secs(6) {
        let some = wire.take(16 << 10).await.expect("it is not cut");
        assert!(some > 0, "it is not cut");
        read += some;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(read < 8 << 20, "slower than the file is long: {read}");
    while read < 16 << 20 {
        read += wire.take(1 << 20).await.expect("the rest comes");
    }
    house.close().await;
}
