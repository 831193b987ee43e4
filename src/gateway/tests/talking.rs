//! Commands and events of a connection.

use super::*;
use crate::chat::{IsTyping, MarkerMoved};
use crate::communities::{ChannelCreated, ChannelDeleted, Presence, PresenceChanged};
use crate::gateway::service::{HEARTBEAT, Heartbeats};
use crate::realtime::{Head, Unsubscribe};
use serde_json::json;

#[tokio::test]
async fn hello_comes_first() {
    let home = Home::new().await;
    let token = &home.ada.token;
    let mut socket = Socket::silent(home.address, token).await.unwrap();
    let welcome = socket.hello().await.unwrap();
    assert_eq!(welcome.protocol, PROTOCOL);
    assert_eq!(welcome.heartbeat_seconds, 20);
    assert_eq!(welcome.profile, home.ada.profile());

    let mut hasty = Socket::silent(home.address, token).await.unwrap();
    hasty.send("n", &Ping {}).await;
    let (goodbye, before) = hasty.ended().await;
    assert_eq!(goodbye.unwrap().error.code, "hello-first");
    assert_eq!(before.len(), 1);

    for protocol in [0, PROTOCOL + 1] {
        let mut old = Socket::silent(home.address, token).await.unwrap();
        let error = old.ask(&Hello { protocol }).await.unwrap_err();
        assert_eq!(error.code, "reload");
        assert_eq!(error.details["protocol"], PROTOCOL.to_string());
        assert!(old.ended().await.0.is_none());
    }
    assert!(socket.is_alive().await);
}

#[tokio::test]
async fn what_is_said_reaches_those_on_the_topic() {
    let home = Home::new().await;
    let (mut ada, mut bo) = (home.connect(&home.ada).await, home.connect(&home.bo).await);
    for _ in 0..2 {
        let on = bo.subscribe(home.topic(), None).await.unwrap();
        assert_eq!(on.head, Head::default());
        assert!(!on.reset);
    }
    let sent = ada.ask(&home.send("hello")).await.unwrap();
    assert_eq!((sent.seq, sent.rev), (1, 1));
    let heard = bo.event::<MessageChanged>().await.message;
    assert_eq!((heard.id, heard.body.as_str()), (sent.id, "hello"));
    assert_eq!(heard.author, home.ada.profile());

    let message_id = sent.id;
    let text = "hello there".to_owned();
    let edited = ada.ask(&chat::Edit { message_id, text }).await.unwrap();
    assert_eq!(edited.rev, 2);
    assert_eq!(
        bo.event::<MessageChanged>().await.message.body,
        "hello there"
    );
    let deleted = ada.ask(&chat::Delete { message_id }).await.unwrap();
    assert_eq!(deleted.rev, 3);
    assert!(
        bo.event::<MessageChanged>().await.message.deleted,
        "once each"
    );

    let channel_id = home.general;
    ada.ask(&chat::Typing { channel_id }).await.unwrap();
    assert_eq!(bo.event::<IsTyping>().await.profile.username, "ada");

    // A send without a response is repeated over another connection.
    assert!(ada.send("mark-1", &home.send("once")).await);
    ada.close().await;
    let mut ada = home.connect(&home.ada).await;
    assert!(ada.send("mark-1", &home.send("once")).await);
    let again = ada.answer::<chat::Send>("mark-1").await.unwrap();
    assert_eq!((again.seq, again.rev), (2, 4));
    let heard = bo.event::<MessageChanged>().await.message;
    assert_eq!((heard.seq, heard.nonce.as_str()), (2, "mark-1"));

    bo.ask(&Unsubscribe {
        topic: home.topic(),
    })
    .await
    .unwrap();
    ada.ask(&home.send("to nobody")).await.unwrap();
    assert!(bo.is_alive().await);
    bo.ask(&Unsubscribe {
        topic: home.topic(),
    })
    .await
    .unwrap();
    bo.subscribe(home.topic(), None).await.unwrap();
    ada.ask(&home.send("back")).await.unwrap();
    assert_eq!(bo.event::<MessageChanged>().await.message.body, "back");
}

#[tokio::test]
async fn who_missed_something_gets_it_before_the_answer() {
    let home = Home::new().await;
    for n in 1..=120 {
        home.say(&home.ada, &n.to_string()).await;
    }
    let mut bo = home.connect(&home.bo).await;
    let missed = async |socket: &mut Socket, rev| {
        let nonce = "catch-up";
        let topic = home.topic();
        let rev = Some(rev);
        socket
            .send(nonce, &crate::realtime::Subscribe { topic, rev })
            .await;
        let mut missed = Vec::new();
        loop {
            let envelope = socket.next().await.unwrap();
            if let Some(answer) = envelope.read::<Answer>() {
                let done = answer.done.unwrap();
                let on: crate::realtime::Subscribed = serde_json::from_str(done.get()).unwrap();
                assert_eq!(on.head, Head { seq: 120, rev: 120 });
                assert!(!on.reset);
                return missed;
            }
            if let Some(part) = envelope.read::<CaughtUp>() {
                assert_eq!(envelope.topic, Some(topic));
                assert!(part.messages.len() <= 50);
                missed.extend(part.messages.iter().map(|message| message.rev));
            }
        }
    };
    assert_eq!(missed(&mut bo, 0).await, (1..=120).collect::<Vec<_>>());
    assert_eq!(missed(&mut bo, 118).await, [119, 120]);
    assert!(missed(&mut bo, 120).await.is_empty());
    // A client that has seen more changes than exist has seen changes from before a restored
    // backup.
    let on = bo.subscribe(home.topic(), Some(121)).await.unwrap();
    assert!(on.reset && on.head.rev == 120);
    let on = bo.subscribe(home.topic(), None).await.unwrap();
    assert_eq!(on.head.rev, 120);
}

#[tokio::test]
async fn who_missed_too_much_starts_again() {
    let home = Home::new().await;
    futures::future::join_all((0..501).map(|_| home.say(&home.ada, "much"))).await;
    let mut bo = home.connect(&home.bo).await;
    let on = bo.subscribe(home.topic(), Some(0)).await.unwrap();
    assert!(on.reset);
    home.say(&home.ada, "live").await;
    let first = bo.next().await.unwrap();
    let live = first
        .read::<MessageChanged>()
        .expect("nothing was caught up");
    assert_eq!(live.message.body, "live");
}

#[tokio::test]
async fn other_peoples_topics_are_not_found() {
    let home = Home::new().await;
    let mut bo = home.connect(&home.bo).await;
    let lobby = home.house.communities().lobby();
    let session = Topic::new(Scope::Session, home.ada.session.0);
    let own_session = Topic::new(Scope::Session, home.bo.session.0);
    let unknown = uuid::Uuid::now_v7();
    for topic in [
        account(&home.ada),
        session,
        own_session,
        channel(ChannelId(unknown)),
        Topic::new(Scope::Community, unknown),
        // An id of one scope does not exist in another.
        Topic::new(Scope::Channel, lobby.0),
        Topic::new(Scope::Community, home.general.0),
        Topic::new(Scope::Account, home.general.0),
    ] {
        for rev in [None, Some(0)] {
            let on = bo.subscribe(topic, rev).await;
            assert_eq!(code(on), "not-found", "{topic}");
        }
    }
    // A member of no community finds no channel.
    home.house.sql("DELETE FROM memberships").await;
    let on = bo.subscribe(home.topic(), Some(0)).await;
    assert_eq!(code(on), "not-found");
    let on = bo
        .subscribe(Topic::new(Scope::Community, lobby.0), None)
        .await;
    assert_eq!(code(on), "not-found");
    home.say_nothing(&mut bo).await;
    bo.subscribe(account(&home.bo), Some(0)).await.unwrap();
}

impl Home {
    /// Sends to a channel that is not found.
    async fn say_nothing(&self, socket: &mut Socket) {
        let sent = socket.ask(&self.send("is anybody there?")).await;
        assert_eq!(code(sent), "not-found");
    }
}

#[tokio::test]
async fn an_accounts_devices_hear_of_its_markers() {
    let home = Home::new().await;
    for n in 0..3 {
        home.say(&home.ada, &n.to_string()).await;
    }
    let (mut desk, mut phone) = (home.connect(&home.bo).await, home.connect(&home.bo).await);
    let on = phone.subscribe(account(&home.bo), None).await.unwrap();
    assert_eq!(on.head.rev, 0);
    let mark = |seq| chat::MarkRead {
        channel_id: home.general,
        seq,
    };
    desk.ask(&mark(2)).await.unwrap();
    let moved = phone.event::<MarkerMoved>().await.markers;
    assert_eq!((moved[0].seq, moved[0].rev), (2, 1));
    desk.ask(&mark(3)).await.unwrap();
    phone.close().await;
    let mut phone = home.connect(&home.bo).await;
    let on = phone.subscribe(account(&home.bo), Some(1)).await.unwrap();
    assert_eq!(on.head.rev, 2);
    let moved = phone.event::<MarkerMoved>().await.markers;
    assert_eq!(moved.len(), 1);
    assert_eq!((moved[0].seq, moved[0].rev), (3, 2));
}

#[tokio::test]
async fn a_community_hears_of_channels_and_people() {
    let home = Home::new().await;
    let communities = home.house.communities();
    let lobby = communities.lobby();
    let mut ada = home.connect(&home.ada).await;
    ada.subscribe(Topic::new(Scope::Community, lobby.0), None)
        .await
        .unwrap();
    let made = communities.create_channel(&home.bo, lobby, "futures");
    let made = made.await.unwrap();
    assert_eq!(ada.event::<ChannelCreated>().await.channel, made);

    // A deletion is published to the community and to the channel's topic, which ends.
    ada.subscribe(channel(made.id), None).await.unwrap();
    let chat = home.house.chat();
    chat.delete_channel(&home.bo, made.id).await.unwrap();
    for _ in 0..2 {
        assert_eq!(ada.event::<ChannelDeleted>().await.channel_id, made.id);
    }
    let gateway = home.house.gateway();
    assert!(!gateway.is_heard(channel(made.id)));
    let again = ada.subscribe(channel(made.id), Some(0)).await;
    assert_eq!(code(again), "not-found");
    assert!(!gateway.is_heard(channel(made.id)));

    let bo = home.connect(&home.bo).await;
    assert_eq!(bos(&ada.event().await), [true]);
    // A second device, and a reconnect soon after leaving, are not published.
    let again = home.connect(&home.bo).await;
    bo.close().await;
    again.close().await;
    let bo = home.connect(&home.bo).await;
    home.connections(2).await;
    bo.close().await;
    assert_eq!(bos(&ada.event().await), [false]);
}

/// Presence changes of bo in an event.
fn bos(changed: &PresenceChanged) -> Vec<bool> {
    let of_bo = |change: &&Presence| change.profile.username == "bo";
    let changes = changed.changes.iter().filter(of_bo);
    changes.map(|change| change.online).collect()
}

#[tokio::test]
async fn sends_that_do_not_wait_for_each_other_keep_their_order() {
    let home = Home::new().await;
    let mut ada = home.connect(&home.ada).await;
    let mark = |n: i64| format!("n-{n}");
    for n in 1..=100 {
        let send = home.send(&format!("number {n}"));
        assert!(ada.send(&mark(n), &send).await);
        if n % 25 == 0 {
            // Refused at once, between others that are still being stored.
            assert!(ada.send(&format!("empty-{n}"), &home.send("")).await);
        }
    }
    assert!(ada.is_alive().await, "answered after them");
    let mut stored = Vec::new();
    let mut refused = 0;
    while stored.len() < 100 {
        let answer = ada.event::<Answer>().await;
        match answer.done {
            Some(done) => {
                let sent: Sent = serde_json::from_str(done.get()).unwrap();
                stored.push((answer.nonce, sent.seq));
            }
            None => refused += 1,
        }
    }
    let expected: Vec<_> = (1..=100).map(|n| (mark(n), n)).collect();
    assert_eq!(stored, expected);
    assert_eq!(refused, 4);
}

#[tokio::test]
async fn what_cannot_be_done_is_answered() {
    let home = Home::new().await;
    let mut ada = home.connect(&home.ada).await;
    let sent = home.say(&home.bo, "bo's").await;
    let message_id = sent.id;
    let request = |kind: &str, body: serde_json::Value| {
        let body = serde_json::value::to_raw_value(&body).unwrap();
        crate::realtime::Request {
            nonce: "n".into(),
            kind: kind.into(),
            body,
        }
    };
    for (kind, body, expected) in [
        ("chat.no_such_thing", json!({}), "unknown-command"),
        ("", json!(null), "unknown-command"),
        ("chat.send", json!({}), "malformed"),
        ("chat.send", json!([1, 2]), "malformed"),
        (
            "chat.send",
            json!({ "channel_id": 7, "text": "x" }),
            "malformed",
        ),
        (
            "chat.send",
            json!({ "channel_id": home.general, "text": 7 }),
            "malformed",
        ),
        (
            "chat.send",
            json!({ "channel_id": home.general, "text": "" }),
            "message-empty",
        ),
        (
            "chat.send",
            json!({ "channel_id": home.general, "text": "x".repeat(4_001) }),
            "message-too-long",
        ),
        (
            "chat.send",
            json!({ "channel_id": ChannelId::new(), "text": "x" }),
            "not-found",
        ),
        (
            "chat.edit",
            json!({ "message_id": message_id, "text": "x" }),
            "forbidden",
        ),
        (
            "chat.delete",
            json!({ "message_id": message_id }),
            "forbidden",
        ),
        (
            "chat.mark_read",
            json!({ "channel_id": ChannelId::new(), "seq": 1 }),
            "not-found",
        ),
        (
            "gateway.subscribe",
            json!({ "topic": "nonsense" }),
            "malformed",
        ),
        (
            "gateway.subscribe",
            json!({ "topic": "channel:1" }),
            "malformed",
        ),
    ] {
        assert!(ada.send_request(&request(kind, body)).await);
        let answer = ada.answer::<Ping>("n").await;
        assert_eq!(code(answer), expected, "{kind}");
    }
    assert!(ada.is_alive().await, "and the connection goes on");
    let chat = home.house.chat();
    let all = chat.messages_after(home.general, 0, 10).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].body, "bo's");
}

#[tokio::test]
async fn heartbeats_say_where_the_channels_stand() {
    let home = Home::new().await;
    home.say(&home.ada, "one").await;
    let mut bo = home.connect(&home.bo).await;
    bo.subscribe(home.topic(), None).await.unwrap();
    bo.subscribe(account(&home.bo), None).await.unwrap();
    let hearts = Heartbeats(home.house.gateway().clone());
    for slice in 0..HEARTBEAT.as_secs() {
        hearts.beat(slice).await.unwrap();
    }
    let heartbeat = bo.event::<Heartbeat>().await;
    let general = (home.topic(), Head { seq: 1, rev: 1 });
    assert_eq!(heartbeat.heads, [general], "nothing else has changed");

    let (channel_id, seq) = (home.general, 1);
    bo.ask(&chat::MarkRead { channel_id, seq }).await.unwrap();
    for slice in 0..HEARTBEAT.as_secs() {
        hearts.beat(slice).await.unwrap();
    }
    let own = (account(&home.bo), Head { seq: 0, rev: 1 });
    let mut heads = bo.event::<Heartbeat>().await.heads;
    heads.sort_unstable_by_key(|(topic, _)| topic.scope);
    assert_eq!(heads, [own, general]);
}
