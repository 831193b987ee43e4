//! Refused and ended connections; others are not affected.

use super::*;
use crate::accounts::{DeviceKind, SessionEnded};
use crate::platform::config;
use crate::shared::time::{now, testing::jump};
use crate::testing::device;
use chrono::{SecondsFormat, TimeDelta};
use std::time::Duration;
use tokio_tungstenite::tungstenite::{Bytes, Message};

#[tokio::test]
async fn rubbish_ends_only_its_own_connection() {
    let home = Home::new().await;
    let mut ada = home.connect(&home.ada).await;
    ada.subscribe(home.topic(), None).await.unwrap();
    let binary = |bytes: &[u8]| Message::Binary(Bytes::copy_from_slice(bytes));
    let large = |size: usize| {
        let mut frame = b"\0{\"nonce\":\"n\",\"kind\":\"gateway.ping\",\"body\":\"".to_vec();
        frame.resize(size, b'x');
        frame.extend_from_slice(b"\"}");
        binary(&frame)
    };
    for (frame, told) in [
        (Message::Text("hello".into()), true),
        (Message::Text("".into()), true),
        (binary(b""), true),
        (binary(b"\0"), true),
        (binary(b"\x07{}"), true),
        (binary(b"\0{}"), true),
        (binary(b"\0{\"nonce\":\"n\",\"kind\":\"gateway.pu"), true),
        (binary(b"\0\xff\xfe\xfd"), true),
        (
            binary(b"\0{\"nonce\":7,\"kind\":\"gateway.ping\",\"body\":{}}"),
            true,
        ),
        (binary(&[b'['; 60_000]), true),
        (binary(b"\x01{\"error\":\"mine\"}"), true),
        // Larger than a frame can be: the socket itself closes.
        (large(70_000), false),
    ] {
        for greeted in [true, false] {
            let mut bo = Socket::silent(home.address, &home.bo.token).await.unwrap();
            if greeted {
                bo.hello().await.unwrap();
            }
            bo.send_frame(frame.clone()).await;
            let (goodbye, _) = bo.ended().await;
            assert_eq!(goodbye.is_some(), told, "{frame:.60?}");
            if let Some(goodbye) = goodbye {
                assert_eq!(goodbye.error.code, "malformed");
                assert!(!goodbye.resume);
            }
        }
    }
    for nonce in ["", "two words", "é", &"n".repeat(65)] {
        let mut bo = home.connect(&home.bo).await;
        bo.send(nonce, &Ping {}).await;
        let (goodbye, _) = bo.ended().await;
        assert_eq!(goodbye.unwrap().error.code, "bad-nonce");
    }
    home.connections(1).await;
    home.say(&home.bo, "all is well").await;
    assert_eq!(
        ada.event::<MessageChanged>().await.message.body,
        "all is well"
    );

    // Just under the limit is accepted.
    let mut bo = home.connect(&home.bo).await;
    let long = home.send(&"x".repeat(60_000));
    assert_eq!(code(bo.ask(&long).await), "message-too-long");
    // API clients can send text frames without the tag; the socket responds to pings.
    let plain = r#"{"nonce":"n","kind":"gateway.ping","body":{}}"#;
    bo.send_frame(Message::Text(plain.into())).await;
    bo.answer::<Ping>("n").await.unwrap();
    bo.send_frame(Message::Ping(Bytes::from_static(b"x"))).await;
    assert!(bo.is_alive().await);
}

#[tokio::test]
async fn strangers_are_told_why() {
    let home = Home::new().await;
    let bearer = |token: &str| format!("Bearer {token}");
    let mut tampered = home.ada.token.clone();
    tampered.truncate(tampered.len() - 4);
    for headers in [
        vec![],
        vec![("authorization", bearer("rubbish"))],
        vec![("authorization", bearer(&tampered))],
        vec![("authorization", bearer(""))],
        // A page of another site can open a socket, but is not signed in.
        vec![("origin", "https://evil.example".to_owned())],
    ] {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        match Socket::open(home.address, &headers).await {
            Ok(mut socket) => {
                let (goodbye, before) = socket.ended().await;
                let goodbye = goodbye.unwrap();
                assert_eq!(goodbye.error.kind, Kind::Unauthenticated, "{headers:?}");
                assert!(!goodbye.resume);
                assert_eq!(before.len(), 1);
            }
            Err(status) => assert_eq!((status, headers[0].0), (403, "origin")),
        }
    }
    home.connections(0).await;
    let page = home.ada.get("/rpc/gateway").await;
    page.fails(400, "not-a-websocket");
}

#[tokio::test]
async fn a_cookie_needs_its_own_origin() {
    let home = Home::new().await;
    let accounts = home.house.accounts();
    let account = accounts.account(home.ada.account).await.unwrap();
    let mut browser = device();
    browser.kind = DeviceKind::Browser;
    let session = accounts
        .open_session(account.unwrap(), &browser)
        .await
        .unwrap();
    let cookie = format!("rialto_access={}", session.access);
    let cookie = ("cookie", cookie.as_str());
    let own = format!("http://{}", home.address);
    let bearer = home.bo.bearer();
    for (headers, expected) in [
        (vec![cookie, ("origin", own.as_str())], Ok("ada")),
        (vec![cookie], Err(403)),
        (vec![cookie, ("origin", "https://evil.example")], Err(403)),
        (vec![cookie, ("origin", "null")], Err(403)),
        (
            vec![cookie, ("origin", ""), ("sec-fetch-site", "cross-site")],
            Err(403),
        ),
        (
            vec![
                ("authorization", bearer.as_str()),
                ("origin", "https://evil.example"),
            ],
            Ok("bo"),
        ),
    ] {
        let opened = Socket::open(home.address, &headers).await;
        let who = match opened {
            Ok(mut socket) => Ok(socket.hello().await.unwrap().profile.username),
            Err(status) => Err(status),
        };
        assert_eq!(who.as_deref(), expected.as_ref().copied(), "{headers:?}");
    }
}

#[tokio::test]
async fn the_end_of_a_session_closes_its_sockets_at_once() {
    let home = Home::new().await;
    let accounts = home.house.accounts();
    let account = accounts.account(home.ada.account).await.unwrap();
    let other = accounts
        .open_session(account.unwrap(), &device())
        .await
        .unwrap();
    let mut first = home.connect(&home.ada).await;
    let mut second = home.connect(&home.ada).await;
    let mut spared = Socket::connect(home.address, &other.access).await;
    home.connections(3).await;
    accounts
        .end_session(&home.ada, home.ada.session)
        .await
        .unwrap();
    for socket in [&mut first, &mut second] {
        let (goodbye, before) = socket.ended().await;
        assert!(goodbye.is_none());
        assert!(before[0].read::<SessionEnded>().is_some());
    }
    home.connections(1).await;
    assert!(spared.is_alive().await);
    let mut back = Socket::silent(home.address, &home.ada.token).await.unwrap();
    let (goodbye, _) = back.ended().await;
    assert_eq!(goodbye.unwrap().error.code, "session-ended");
}

#[tokio::test]
async fn a_session_that_ends_on_the_way_in_is_told_so() {
    let home = Home::new().await;
    let viewer = home.ada.viewer.clone();
    home.house
        .accounts()
        .end_session(&viewer, viewer.session)
        .await
        .unwrap();
    // The guard had checked just before, and its end was not heard here.
    let says_nothing = futures::stream::pending();
    let frames = home.house.gateway().connect(viewer, says_nothing);
    let frames: std::pin::Pin<Box<dyn futures::Stream<Item = _> + Send>> = frames.into();
    let frames = futures::StreamExt::collect::<Vec<_>>(frames).await;
    assert_eq!(frames.len(), 1);
    let frame = frames[0].as_ref().unwrap();
    let envelope: crate::realtime::Envelope = serde_json::from_slice(&frame.0[1..]).unwrap();
    let goodbye = envelope.read::<Goodbye>().unwrap();
    assert_eq!(goodbye.error.code, "session-ended");
    assert!(!goodbye.resume);
    home.connections(0).await;
}

#[tokio::test]
async fn who_never_reads_is_cut_off_alone() {
    let home = Home::new().await;
    let mut deaf = home.connect(&home.bo).await;
    deaf.subscribe(home.topic(), None).await.unwrap();
    let mut ada = home.connect(&home.ada).await;
    ada.subscribe(home.topic(), None).await.unwrap();
    home.connections(2).await;
    // Four bytes per character: a frame of 16 KB.
    let long = "\u{1f4c8}".repeat(4_000);
    let gateway = home.house.gateway();
    let mut said = 0;
    while gateway.connection_count() == 2 {
        assert!(said < 4_000, "it was never cut off");
        futures::future::join_all((0..20).map(|_| home.say(&home.ada, &long))).await;
        for _ in 0..20 {
            said += 1;
            let heard = ada.event::<MessageChanged>().await.message;
            assert_eq!(heard.seq, said, "the others get everything, in order");
        }
    }
    assert!(ada.is_alive().await);
    // The client reconnects and gets what it missed.
    let mut back = home.connect(&home.bo).await;
    let on = back.subscribe(home.topic(), Some(said - 1)).await.unwrap();
    assert_eq!(on.head.seq, said);
    assert_eq!(back.event::<CaughtUp>().await.messages.len(), 1);
}

#[tokio::test]
async fn an_account_has_so_many_connections() {
    let home = Home::with(|config| config.limits.connections = 2).await;
    let mut first = home.connect(&home.ada).await;
    let second = home.connect(&home.ada).await;
    let mut third = Socket::silent(home.address, &home.ada.token).await.unwrap();
    let (goodbye, _) = third.ended().await;
    let goodbye = goodbye.unwrap();
    assert_eq!(goodbye.error.code, "too-many-connections");
    assert!(goodbye.resume);
    let mut bo = home.connect(&home.bo).await;
    second.close().await;
    home.connections(2).await;
    let mut again = home.connect(&home.ada).await;
    for socket in [&mut first, &mut again, &mut bo] {
        assert!(socket.is_alive().await);
    }
}

#[tokio::test]
async fn too_many_commands_wait() {
    let home = Home::with(|config| {
        config.limits.commands = a_minute(5);
    })
    .await;
    let mut ada = home.connect(&home.ada).await;
    let mut bo = home.connect(&home.bo).await;
    for n in 0..10 {
        let answer = ada.ask(&home.send("quickly")).await;
        if n < 4 {
            answer.unwrap();
        } else {
            let error = answer.unwrap_err();
            assert_eq!(error.kind, Kind::RateLimited);
            assert_eq!(error.code, "rate-limited");
            let wait = error.retry_after().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
    }
    assert!(bo.is_alive().await);
    let sent = home.say(&home.bo, "fifth").await;
    assert_eq!(sent.seq, 5);
}

#[tokio::test]
async fn commands_are_counted_over_all_connections_of_an_account() {
    let home = Home::with(|config| {
        config.limits.commands = a_minute(6);
    })
    .await;
    // Two greetings and four more.
    let mut first = home.connect(&home.ada).await;
    let mut second = home.connect(&home.ada).await;
    for _ in 0..2 {
        assert!(first.is_alive().await && second.is_alive().await);
    }
    for socket in [&mut first, &mut second] {
        let error = socket.ask(&home.send("more")).await.unwrap_err();
        assert_eq!(error.code, "rate-limited");
    }
    assert!(home.connect(&home.bo).await.is_alive().await);
}

#[tokio::test]
async fn subscriptions_cost_what_they_replay() {
    let home = Home::with(|config| {
        config.limits.subscriptions = Limit {
            count: 8,
            seconds: 3600,
        };
    })
    .await;
    for n in 0..30 {
        home.say(&home.bo, &format!("message {n}")).await;
    }
    let mut ada = home.connect(&home.ada).await;
    // One for each, and six for thirty messages.
    ada.subscribe(home.topic(), None).await.unwrap();
    ada.subscribe(home.topic(), Some(0)).await.unwrap();
    for rev in [None, Some(0)] {
        let error = ada.subscribe(home.topic(), rev).await.unwrap_err();
        assert_eq!(error.code, "rate-limited");
        assert!(error.retry_after().unwrap() > 0);
    }
    // Other commands and other members are not affected.
    assert!(ada.is_alive().await);
    let mut bo = home.connect(&home.bo).await;
    bo.subscribe(home.topic(), Some(0)).await.unwrap();
}

#[tokio::test]
async fn a_page_with_many_channels_gets_all_of_them_at_once() {
    let home = Home::with(|config| {
        config.limits.subscriptions = config::Limits::default().subscriptions;
    })
    .await;
    // The number of subscriptions counts, not their topics.
    let mut ada = home.connect(&home.ada).await;
    for _ in 0..1_000 {
        ada.subscribe(home.topic(), None).await.unwrap();
    }
}

#[tokio::test]
async fn stopping_tells_everybody_to_come_back() {
    let home = Home::new().await;
    let mut sockets = Vec::new();
    for who in [&home.ada, &home.bo] {
        let mut socket = home.connect(who).await;
        socket.subscribe(home.topic(), None).await.unwrap();
        sockets.push(socket);
    }
    let begun = std::time::Instant::now();
    home.house.close().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    for mut socket in sockets {
        let (goodbye, _) = socket.ended().await;
        let goodbye = goodbye.unwrap();
        assert_eq!(goodbye.error.kind, Kind::Unavailable);
        assert!(goodbye.resume);
    }
}

/// Sets the expiry of all sessions.
async fn end_sessions_in(home: &Home, after: TimeDelta) {
    let end = (now() + after).to_rfc3339_opts(SecondsFormat::Micros, false);
    let sql = format!("UPDATE sessions SET expires_at = '{end}'");
    home.house.sql(sql).await;
}

#[tokio::test]
async fn a_socket_ends_with_the_time_of_its_session() {
    let home = Home::new().await;
    let accounts = home.house.accounts();
    let account = accounts.account(home.ada.account).await.unwrap();
    let mut browser = device();
    browser.kind = DeviceKind::Browser;
    let session = accounts
        .open_session(account.unwrap(), &browser)
        .await
        .unwrap();
    let cookie = format!("rialto_access={}", session.access);
    let bearer = home.bo.bearer();
    let own = format!("http://{}", home.address);
    let guest = home.house.guest("visitor").await.bearer();
    end_sessions_in(&home, TimeDelta::minutes(10)).await;
    let mut sockets = Vec::new();
    for headers in [
        vec![("cookie", cookie.as_str()), ("origin", own.as_str())],
        vec![("authorization", bearer.as_str())],
        vec![("authorization", guest.as_str())],
    ] {
        let mut socket = Socket::open(home.address, &headers).await.unwrap();
        socket.hello().await.unwrap();
        assert!(socket.is_alive().await);
        sockets.push(socket);
    }
    let _later = jump(TimeDelta::minutes(10));
    for mut socket in sockets {
        let (goodbye, _) = socket.ended().await;
        let goodbye = goodbye.unwrap();
        assert_eq!(goodbye.error.code, "session-ended");
        assert!(!goodbye.resume);
    }
    home.connections(0).await;
}

#[tokio::test]
async fn a_session_that_was_renewed_keeps_its_sockets() {
    let home = Home::new().await;
    end_sessions_in(&home, TimeDelta::minutes(10)).await;
    let mut socket = home.connect(&home.ada).await;
    end_sessions_in(&home, TimeDelta::minutes(30)).await;
    {
        let _later = jump(TimeDelta::minutes(10));
        // Long enough for several checks of the clock.
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(socket.is_alive().await);
    }
    let _later = jump(TimeDelta::minutes(30));
    let (goodbye, _) = socket.ended().await;
    assert_eq!(goodbye.unwrap().error.code, "session-ended");
}

/// If the database is unavailable when a session seems expired, the session does not end.
#[tokio::test]
async fn a_session_that_cannot_be_asked_for_keeps_its_sockets() {
    let home = Home::new().await;
    let mut socket = home.connect(&home.ada).await;
    home.house.sql("ALTER TABLE sessions RENAME TO away").await;
    let _later = jump(TimeDelta::days(365));
    // Long enough for several checks of the clock.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(socket.is_alive().await);
    home.house.sql("ALTER TABLE away RENAME TO sessions").await;
    let _a_little_later = jump(TimeDelta::seconds(10));
    let (goodbye, _) = socket.ended().await;
    assert_eq!(goodbye.unwrap().error.code, "session-ended");
}

#[tokio::test]
async fn a_clock_that_jumps_ends_sockets_and_opens_others() {
    let home = Home::new().await;
    let mut socket = home.connect(&home.ada).await;
    {
        let _jump = jump(TimeDelta::hours(1));
        assert!(socket.is_alive().await);
        assert!(home.connect(&home.bo).await.is_alive().await);
    }
    {
        let _jump = jump(TimeDelta::days(365));
        let (goodbye, _) = socket.ended().await;
        assert_eq!(goodbye.unwrap().error.code, "session-ended");
    }
    for back in [
        TimeDelta::zero(),
        -TimeDelta::hours(1),
        -TimeDelta::days(365),
    ] {
        let _jump = jump(back);
        assert!(home.connect(&home.ada).await.is_alive().await, "{back}");
    }
}
