//! History, snapshots, missed changes.

use super::*;

#[tokio::test]
async fn pages_know_what_is_beyond_them() {
    Home::each(async |home| {
        let empty = home.channel(&home.ada, "empty").await;
        home.fill(&home.ada, 10).await;
        let page = async |channel, around, limit| {
            let page = home
                .chat()
                .history(&home.bo, channel, around, limit)
                .await
                .unwrap();
            (seqs(&page.messages), page.older, page.newer)
        };
        let general = home.general;
        for (around, limit, seqs, older, newer) in [
            (Around::End, 4, 7..11, true, false),
            (Around::End, 10, 1..11, false, false),
            (Around::End, 100, 1..11, false, false),
            (Around::Before(7), 4, 3..7, true, true),
            (Around::Before(7), 6, 1..7, false, true),
            (Around::Before(1), 4, 1..1, false, true),
            (Around::Before(11), 4, 7..11, true, false),
            (Around::Before(i64::MAX), 1, 10..11, true, false),
            (Around::After(0), 4, 1..5, false, true),
            (Around::After(4), 6, 5..11, true, false),
            (Around::After(4), 5, 5..10, true, true),
            (Around::After(10), 5, 1..1, true, false),
            (Around::After(i64::MAX), 5, 1..1, true, false),
        ] {
            let expected = (seqs.collect::<Vec<_>>(), older, newer);
            assert_eq!(page(general, around, limit).await, expected, "{around:?}");
        }
        for around in [Around::End, Around::Before(5), Around::After(5)] {
            assert_eq!(page(empty, around, 5).await, (vec![], false, false));
        }
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_says_where_to_go_on() {
    Home::each(async |home| {
        home.fill(&home.ada, 6).await;
        let first = home.all(home.general).await[0].id;
        home.edit(&home.ada, first, "changed").await.unwrap();
        let mark = MarkRead {
            channel_id: home.general,
            seq: 4,
        };
        home.chat().mark_read(&home.bo, mark).await.unwrap();
        let snapshot = home.chat().snapshot(&home.bo, home.general, 4).await;
        let snapshot = snapshot.unwrap();
        assert_eq!(snapshot.channel_id, home.general);
        assert_eq!(snapshot.head, Head { seq: 6, rev: 7 });
        assert_eq!(snapshot.page.rev, 7);
        assert_eq!(seqs(&snapshot.page.messages), [3, 4, 5, 6]);
        assert!(snapshot.page.older && !snapshot.page.newer);
        assert_eq!(snapshot.read_seq, 4);
        assert!(snapshot.may_send);
    })
    .await;
}

#[tokio::test]
async fn what_was_missed_comes_once_and_as_it_is_now() {
    Home::each(async |home| {
        home.fill(&home.ada, 5).await;
        let all = home.all(home.general).await;
        for text in ["once", "twice"] {
            home.edit(&home.ada, all[1].id, text).await.unwrap();
        }
        home.delete(&home.ada, all[0].id).await.unwrap();
        let head = home.head(home.general).await;
        assert_eq!(head, Head { seq: 5, rev: 8 });
        let after = async |rev| match home.chat().changes_after(home.general, head, rev).await {
            Ok(Changes::All(messages, at)) => {
                assert_eq!(at, head);
                let changes = messages.iter().map(|m| (m.seq, m.rev));
                changes.collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(after(0).await, [(3, 3), (4, 4), (5, 5), (2, 7), (1, 8)]);
        assert_eq!(after(5).await, [(2, 7), (1, 8)]);
        assert_eq!(after(7).await, [(1, 8)]);
        assert_eq!(after(8).await, []);
        // From before a backup was restored: that is another history.
        for beyond in [9, 1_000] {
            let changes = home.chat().changes_after(home.general, head, beyond).await;
            assert!(matches!(changes, Ok(Changes::Reset)));
        }
        assert_eq!(after(-1).await.len(), 5);
    })
    .await;
}

/// Edited and deleted messages are found by another index than the others.
#[tokio::test]
async fn changes_are_found_in_their_order_after_each_count() {
    Home::each(async |home| {
        home.fill(&home.ada, 3).await;
        for step in 0..24 {
            let all = home.all(home.general).await;
            let old = all[step * 7 % all.len()].id;
            match step % 4 {
                0 => drop(home.edit(&home.ada, old, "edited").await),
                2 => drop(home.delete(&home.ada, old).await),
                _ => {
                    home.say(&home.ada, "new").await;
                }
            }
        }
        let mut all = home.all(home.general).await;
        all.sort_unstable_by_key(|message| message.rev);
        assert!(all.iter().any(|message| message.edited_at.is_some()));
        assert!(all.iter().any(|message| message.deleted));
        let head = home.head(home.general).await;
        assert!(head.rev > head.seq);
        let revs = |messages: &[Message]| -> Vec<i64> {
            messages.iter().map(|message| message.rev).collect()
        };
        for (rev, limit) in (-1..=head.rev + 1).flat_map(|rev| [(rev, 1), (rev, 4), (rev, 500)]) {
            let found = home.chat().changed_after(home.general, rev, limit).await;
            let mut expected = revs(&all);
            expected.retain(|at| *at > rev);
            expected.truncate(usize::try_from(limit).unwrap());
            assert_eq!(
                revs(&found.unwrap()),
                expected,
                "after {rev}, at most {limit}"
            );
        }
        // The smallest and largest counts that a client can name.
        for (rev, count) in [(i64::MIN, all.len()), (i64::MAX, 0)] {
            let found = home.chat().changed_after(home.general, rev, 500).await;
            assert_eq!(found.unwrap().len(), count);
        }
    })
    .await;
}

#[tokio::test]
async fn who_missed_too_much_starts_again() {
    Home::each(async |home| {
        home.fill(&home.ada, 501).await;
        let head = home.head(home.general).await;
        assert_eq!(head, Head { seq: 501, rev: 501 });
        let after = async |rev| home.chat().changes_after(home.general, head, rev).await;
        assert!(matches!(after(0).await, Ok(Changes::Reset)));
        match after(1).await {
            Ok(Changes::All(messages, _)) => assert_eq!(messages.len(), 500),
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn places_in_a_channel() {
    Home::each(async |home| {
        let other = home.channel(&home.ada, "other").await;
        home.fill(&home.ada, 3).await;
        let elsewhere = home.try_say(&home.ada, other, "n", "x").await.unwrap();
        let all = home.all(home.general).await;
        let cursor = async |text: &str| home.chat().cursor(home.general, text).await;
        assert_eq!(cursor("2").await.unwrap(), 2);
        assert_eq!(cursor("0").await.unwrap(), 0);
        assert_eq!(cursor(&all[1].id.to_string()).await.unwrap(), 2);
        for bad in [
            "",
            "-1",
            "abc",
            "1.5",
            "99999999999999999999",
            "' OR 1=1 --",
            &elsewhere.id.to_string(),
            &MessageId::new().to_string(),
        ] {
            assert_eq!(code(cursor(bad).await), "bad-cursor", "{bad}");
        }
    })
    .await;
}
