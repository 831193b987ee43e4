//! Sending, editing, deleting.

use super::*;
use crate::realtime::Event;
use std::{collections::HashSet, time::Duration};

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_and_events_keep_their_order() {
    Home::each(async |home| {
        let markets = home.channel(&home.ada, "markets").await;
        let mut people = Vec::new();
        for n in 0..50 {
            people.push(home.guest(&format!("guest-{n}")).await);
        }
        let talks = people.into_iter().enumerate().map(|(n, viewer)| {
            let (chat, general) = (home.chat().clone(), home.general);
            tokio::spawn(async move {
                let mut sent = Vec::new();
                for turn in 0..4 {
                    let channel = [general, markets][(n + turn) % 2];
                    // Every third message is sent twice at the same moment; the retry is not
                    // stored.
                    let nonce = format!("turn-{turn}");
                    let once = try_say(&chat, &viewer, channel, &nonce, "hello");
                    let again = try_say(&chat, &viewer, channel, &nonce, "hello");
                    if (n + turn) % 3 == 0 {
                        let (once, again) = futures::join!(once, again);
                        assert_eq!(once, again);
                        sent.push((channel, once.unwrap()));
                    } else {
                        sent.push((channel, once.await.unwrap()));
                    }
                }
                let (_, first) = sent[0].clone();
                let (message_id, text) = (first.id, "changed".to_owned());
                let edit = Edit { message_id, text };
                chat.edit(&viewer, edit).await.unwrap();
                let message_id = sent[1].1.id;
                chat.delete(&viewer, Delete { message_id }).await.unwrap();
                sent
            })
        });
        let mut sent = Vec::new();
        for talk in futures::future::join_all(talks).await {
            sent.extend(talk.unwrap());
        }
        assert_eq!(sent.len(), 200);
        for channel in [home.general, markets] {
            let all = home.all(channel).await;
            assert_eq!(seqs(&all), (1..=100).collect::<Vec<_>>());
            let head = home.head(channel).await;
            assert_eq!(head.seq, 100);
            let revs: HashSet<_> = all.iter().map(|message| message.rev).collect();
            assert_eq!(revs.len(), 100, "each change has a count of its own");
            for (_, sent) in sent.iter().filter(|(at, _)| *at == channel) {
                let stored = &all[sent.seq as usize - 1];
                assert_eq!(stored.id, sent.id);
                assert!(stored.rev >= sent.rev);
            }
            let events = home.published_in(channel);
            let revs: Vec<_> = events.iter().map(|event| event.rev).collect();
            assert_eq!(revs, (1..=head.rev).collect::<Vec<_>>());
            let last = events.last().unwrap();
            assert_eq!(last.seq, head.seq);
        }
    })
    .await;
}

#[tokio::test]
async fn a_repeated_nonce_returns_the_first_message() {
    let configure = |config: &mut Config| {
        config.limits.messages = Limit {
            count: 2,
            seconds: 3_000,
        };
    };
    Home::each_with(configure, async |home| {
        let other = home.channel(&home.ada, "other").await;
        let first = home
            .try_say(&home.ada, home.general, "n-1", "one")
            .await
            .unwrap();
        for _ in 0..3 {
            let again = home.try_say(&home.ada, home.general, "n-1", "one").await;
            assert_eq!(again.unwrap(), first);
        }
        // Retries did not count: another message fits the rate. Now the limit is reached: the retry
        // still gets its response, and a new message is refused.
        home.say(&home.ada, "the second").await;
        let again = home.try_say(&home.ada, home.general, "n-1", "one").await;
        assert_eq!(again.unwrap(), first);
        let new = home.try_say(&home.ada, home.general, "n-2", "two").await;
        assert_eq!(code(new), "message-rate");
        // Nonces are per author.
        let bo = home.try_say(&home.bo, home.general, "n-1", "one").await;
        assert_eq!(bo.unwrap().seq, 3);
        assert_eq!(home.all(home.general).await.len(), 3);
        assert!(home.all(other).await.is_empty());
        assert_eq!(home.head(other).await, Head::default());
        for bad in ["", "two words", "é", &"x".repeat(65)] {
            let sent = home.try_say(&home.bo, home.general, bad, "text").await;
            assert_eq!(code(sent), "bad-nonce");
        }
    })
    .await;
}

#[tokio::test]
async fn another_message_under_a_used_nonce_is_a_conflict() {
    Home::each(async |home| {
        let other = home.channel(&home.ada, "other").await;
        let first = home
            .try_say(&home.ada, home.general, "n-1", "one")
            .await
            .unwrap();
        for (channel, text) in [
            (home.general, "another text"),
            (other, "one"),
            (other, "another channel"),
        ] {
            // Once as a recent sender to the channel and once not.
            for _ in 0..2 {
                let again = home.try_say(&home.ada, channel, "n-1", text).await;
                let error = again.unwrap_err();
                assert_eq!((error.kind, &*error.code), (Kind::Conflict, "nonce-used"));
            }
        }
        // At the same moment: one of them is stored.
        let (one, two) = futures::join!(
            home.try_say(&home.ada, home.general, "n-2", "two"),
            home.try_say(&home.ada, home.general, "n-2", "three"),
        );
        let (stored, refused) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(stored.unwrap().seq, 2);
        assert_eq!(code(refused), "nonce-used");
        // After an edit the first text is not known any more: the channel alone decides.
        home.edit(&home.ada, first.id, "one, better").await.unwrap();
        for text in ["one", "one, better"] {
            let again = home.try_say(&home.ada, home.general, "n-1", text).await;
            assert_eq!(again.unwrap().id, first.id);
        }
        let again = home.try_say(&home.ada, other, "n-1", "one").await;
        assert_eq!(code(again), "nonce-used");
        home.delete(&home.ada, first.id).await.unwrap();
        let again = home.try_say(&home.ada, home.general, "n-1", "one").await;
        assert_eq!(again.unwrap().id, first.id);
        // A bot replies once per cause, even if the price changed after a crash.
        let bot = home.accounts().ensure_bot("parrot", "Parrot").await;
        let bot = bot.unwrap();
        let say = |text| {
            let chat = home.chat();
            chat.send_as_bot(&bot, home.general, "bot:1", text, Vec::new())
        };
        let said = say("AAPL is 430.47").await.unwrap();
        assert_eq!(say("AAPL is 431.10").await.unwrap(), said);
        assert_eq!(home.all(home.general).await.len(), 3);
        assert!(home.all(other).await.is_empty());
        assert_eq!(home.head(other).await, Head::default());
    })
    .await;
}

#[tokio::test]
async fn refusals_count_and_wait_for_nobody() {
    let configure = |config: &mut Config| {
        config.limits.messages = Limit {
            count: 4,
            seconds: 3_000,
        };
    };
    Home::each_with(configure, async |home| {
        let stranger = home.guest("stranger").await;
        home.say(&stranger, "while I was here").await;
        home.leave_all(&stranger).await;
        // This one is refused inside a batch.
        let refused = home.try_say(&stranger, home.general, "n-1", "x").await;
        assert_eq!(code(refused), "not-found");
        // From now on refusals do not wait for the writer, which is busy.
        let busy = Held::start(home.db()).await;
        for nonce in ["n-2", "n-3"] {
            let refused = home.try_say(&stranger, home.general, nonce, "x");
            let refused = tokio::time::timeout(Duration::from_secs(10), refused).await;
            assert_eq!(code(refused.unwrap()), "not-found");
        }
        // Each of them used one of the four.
        let limited = home.try_say(&stranger, home.general, "n-4", "x").await;
        assert_eq!(code(limited), "message-rate");
        busy.end().await;
        home.say(&home.ada, "all is well").await;
    })
    .await;
}

#[tokio::test]
async fn conflicts_count_as_well() {
    let configure = |config: &mut Config| {
        config.limits.messages = Limit {
            count: 3,
            seconds: 3_000,
        };
    };
    Home::each_with(configure, async |home| {
        home.try_say(&home.bo, home.general, "n", "one")
            .await
            .unwrap();
        for _ in 0..2 {
            let other = home.try_say(&home.bo, home.general, "n", "two").await;
            assert_eq!(code(other), "nonce-used");
        }
        let limited = home.try_say(&home.bo, home.general, "n-2", "two").await;
        assert_eq!(code(limited), "message-rate");
    })
    .await;
}

#[tokio::test]
async fn too_many_messages_wait() {
    let configure = |config: &mut Config| {
        config.limits.messages = a_minute(3);
        config.limits.bot_messages = a_minute(5);
    };
    Home::each_with(configure, async |home| {
        // Invalid messages do not count against the rate.
        for (text, expected) in [
            ("", "message-empty"),
            (" \n\t", "message-empty"),
            ("a\u{7}b", "message-characters"),
            (&"x".repeat(MAX_BODY + 1), "message-too-long"),
        ] {
            let sent = home.try_say(&home.ada, home.general, "n", text).await;
            assert_eq!(code(sent), expected);
        }
        home.fill(&home.ada, 3).await;
        let error = home
            .try_say(&home.ada, home.general, "fourth", "text")
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::RateLimited);
        assert_eq!(error.code, "message-rate");
        let wait = error.retry_after().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert!(error.message.contains(&wait.to_string()));
        home.say(&home.bo, "others may").await;
        let bot = home.accounts().ensure_bot("parrot", "Parrot").await;
        let bot = bot.unwrap();
        for n in 0..6 {
            let nonce = n.to_string();
            let sent = home
                .chat()
                .send_as_bot(&bot, home.general, &nonce, "I say", Vec::new())
                .await;
            assert_eq!(sent.is_ok(), n < 5);
        }
        assert_eq!(home.head(home.general).await, Head { seq: 9, rev: 9 });
    })
    .await;
}

#[tokio::test]
async fn longest_text_and_line_ends() {
    Home::each(async |home| {
        let longest = "é".repeat(MAX_BODY);
        home.say(&home.ada, &longest).await;
        home.say(&home.ada, "\n  a\r\n\tb 'quoted' \"%_\\ \u{1f4c8}\n\n")
            .await;
        let all = home.all(home.general).await;
        assert_eq!(all[0].body, longest);
        assert_eq!(all[1].body, "  a\n\tb 'quoted' \"%_\\ \u{1f4c8}");
        assert_eq!(all[0].author, home.ada.profile());
        let edited = home.edit(&home.ada, all[0].id, &"x".repeat(4_001)).await;
        assert_eq!(code(edited), "message-too-long");
        assert_eq!(home.head(home.general).await.rev, 2);
    })
    .await;
}

#[tokio::test]
async fn everybody_changes_only_their_own() {
    Home::each(async |home| {
        let guest = home.guest("gil").await;
        let sent = home.say(&home.ada, "mine").await;
        home.say(&guest, "guests talk").await;
        for other in [&home.bo, &guest] {
            assert_eq!(code(home.edit(other, sent.id, "ours").await), "forbidden");
            assert_eq!(code(home.delete(other, sent.id).await), "forbidden");
        }
        let nothing = MessageId::new();
        assert_eq!(code(home.edit(&home.ada, nothing, "x").await), "not-found");
        assert_eq!(code(home.delete(&home.ada, nothing).await), "not-found");
        let lobby = home.communities().lobby();
        let parrot = home.accounts().ensure_bot("parrot", "Parrot").await;
        let parrot = parrot.unwrap();
        let made = home.communities().create_channel(&parrot, lobby, "x");
        assert_eq!(code(made.await), "forbidden");
        let edited = home.edit(&home.ada, sent.id, "mine, better").await.unwrap();
        assert_eq!((edited.id, edited.seq, edited.rev), (sent.id, 1, 3));
        let message = home.chat().message(&home.bo, sent.id).await.unwrap();
        assert_eq!(message.body, "mine, better");
        assert!(message.edited_at.is_some() && !message.deleted);
        assert_eq!(home.head(home.general).await, Head { seq: 2, rev: 3 });
    })
    .await;
}

#[tokio::test]
async fn strangers_find_nothing() {
    Home::each(async |home| {
        let stranger = home.guest("stranger").await;
        let own = home.say(&stranger, "while I was here").await;
        let other = home.say(&home.ada, "hello").await;
        home.leave_all(&stranger).await;
        let gone = home.channel(&home.ada, "gone").await;
        home.remove(gone).await;
        let chat = home.chat();
        for (viewer, channel) in [
            (&stranger, home.general),
            (&home.ada, gone),
            (&home.ada, ChannelId::new()),
        ] {
            let typing = Typing {
                channel_id: channel,
            };
            let mark = MarkRead {
                channel_id: channel,
                seq: 1,
            };
            let end = Around::End;
            for result in [
                home.try_say(viewer, channel, "n", "x").await.map(drop),
                chat.history(viewer, channel, end, 5).await.map(drop),
                chat.snapshot(viewer, channel, 5).await.map(drop),
                chat.typing(viewer, typing).await,
                chat.mark_read(viewer, mark).await,
            ] {
                assert_eq!(code(result), "not-found");
            }
        }
        for id in [own.id, other.id] {
            assert_eq!(code(chat.message(&stranger, id).await), "not-found");
            assert_eq!(code(home.edit(&stranger, id, "x").await), "not-found");
            assert_eq!(code(home.delete(&stranger, id).await), "not-found");
        }
        assert!(chat.states(&stranger).await.unwrap().is_empty());
        assert_eq!(home.head(home.general).await, Head { seq: 2, rev: 2 });
    })
    .await;
}

#[tokio::test]
async fn a_tombstone_tells_nothing() {
    Home::each(async |home| {
        let bot = home.accounts().ensure_bot("parrot", "Parrot").await;
        let bot = bot.unwrap();
        assert_eq!(bot.kind, AccountKind::Bot);
        let card = Card {
            kind: "test.card".into(),
            body: serde_json::json!({ "text": "SECRET" }),
        };
        let chat = home.chat();
        let sent = chat
            .send_as_bot(&bot, home.general, "n", "SECRET", vec![card.clone()])
            .await
            .unwrap();
        assert_eq!(home.all(home.general).await[0].cards, [card]);
        home.forget_published();
        let deleted = home.delete(&bot, sent.id).await.unwrap();
        assert_eq!((deleted.id, deleted.seq, deleted.rev), (sent.id, 1, 2));
        assert_eq!(home.delete(&bot, sent.id).await.unwrap(), deleted);
        assert_eq!(code(home.edit(&bot, sent.id, "x").await), "not-found");

        let head = home.head(home.general).await;
        assert_eq!(head, Head { seq: 1, rev: 2 });
        let Changes::All(changed, _) = chat.changes_after(home.general, head, 0).await.unwrap()
        else {
            panic!("one change is not too many")
        };
        let page = chat.history(&home.ada, home.general, Around::End, 5).await;
        let snapshot = chat.snapshot(&home.ada, home.general, 5).await.unwrap();
        let event = home.published_in(home.general).pop().unwrap();
        let envelope = read(&event);
        assert_eq!(envelope.kind, MessageChanged::KIND);
        for message in [
            changed[0].clone(),
            page.unwrap().messages[0].clone(),
            snapshot.page.messages[0].clone(),
            chat.message(&home.ada, sent.id).await.unwrap(),
            home.all(home.general).await[0].clone(),
            envelope.read::<MessageChanged>().unwrap().message,
        ] {
            assert!(message.deleted);
            assert_eq!(message.body, "");
            assert!(message.cards.is_empty());
            assert_eq!((message.seq, message.rev), (1, 2));
        }
        // The database does not keep it either.
        let mut query = Query::select();
        query.columns(["body", "cards"]).from("messages");
        let row = home.db().query_one(&query).await.unwrap().unwrap();
        assert_eq!(row.try_get::<String>("", "body").unwrap(), "");
        assert_eq!(row.try_get::<Option<String>>("", "cards").unwrap(), None);
        // The nonce still belongs to the message.
        let again = chat.send_as_bot(&bot, home.general, "n", "SECRET", Vec::new());
        assert_eq!(again.await.unwrap().id, sent.id);
    })
    .await;
}

#[tokio::test]
async fn typing_is_told_and_not_too_often() {
    Home::each(async |home| {
        for _ in 0..10 {
            let typing = Typing {
                channel_id: home.general,
            };
            home.chat().typing(&home.ada, typing).await.unwrap();
        }
        let events = home.published_in(home.general);
        assert_eq!(events.len(), 3, "three in five seconds");
        assert!(events.iter().all(|event| event.kind == IsTyping::KIND));
        assert_eq!(home.head(home.general).await, Head::default());
    })
    .await;
}
