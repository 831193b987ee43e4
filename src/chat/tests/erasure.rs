//! Messages of deleted accounts.

use super::*;
use crate::chat::timeline::Timeline;

#[tokio::test]
async fn messages_go_and_open_timelines_follow() {
    Home::each(async |home| {
        let other = home.channel(&home.ada, "other").await;
        home.fill(&home.bo, 230).await;
        home.say(&home.ada, "mine stays").await;
        for text in ["one", "two"] {
            let nonce = Uuid::now_v7().to_string();
            home.try_say(&home.bo, other, &nonce, text).await.unwrap();
        }
        let gone = home.say(&home.bo, "taken back before").await;
        home.delete(&home.bo, gone.id).await.unwrap();
        let snapshot = async || {
            let snapshot = home.chat().snapshot(&home.ada, home.general, 1_000).await;
            Timeline::new(snapshot.unwrap())
        };
        let mut open = snapshot().await;
        home.forget_published();
        home.erase(&home.bo, false).await;
        for event in home.published_in(home.general) {
            let envelope = read(&event);
            let changed: MessagesChanged = envelope.read().unwrap();
            assert!(changed.messages.len() <= 100);
            assert_eq!(envelope.rev, changed.messages.last().unwrap().rev);
            for message in changed.messages {
                assert!(open.changed(message), "no change is missing");
            }
        }
        let after = snapshot().await;
        // Older tombstones get the new author's name with the next page.
        let plain = |timeline: &Timeline| -> Vec<_> {
            let rows = timeline.rows().iter();
            rows.map(|row| (row.seq, row.rev, row.deleted, row.body.clone()))
                .collect()
        };
        assert_eq!(plain(&open), plain(&after));
        assert_eq!(open.rev(), after.rev());
        for message in home.all(home.general).await {
            assert_eq!(message.deleted, message.author.id == home.bo.account);
            assert_eq!(message.body.is_empty(), message.deleted);
        }
        assert!(home.all(other).await.iter().all(|message| message.deleted));
        let mut query = Query::select();
        query
            .column("body")
            .from("messages")
            .and_where(Expr::col("author_id").eq(home.bo.account.0));
        for row in home.db().query_all(&query).await.unwrap() {
            let body: String = row.try_get("", "body").unwrap();
            assert_eq!(body, "", "not in the database either");
        }
    })
    .await;
}

#[tokio::test]
async fn messages_stay_without_a_name() {
    Home::each(async |home| {
        home.say(&home.bo, "for all time").await;
        let head = home.head(home.general).await;
        home.erase(&home.bo, true).await;
        let all = home.all(home.general).await;
        assert_eq!(all[0].body, "for all time");
        assert_eq!(all[0].author.kind, AccountKind::Deleted);
        assert_eq!(all[0].author.username, "deleted");
        assert_eq!(home.head(home.general).await, head);
        let communities = home.communities();
        let lobby = communities.lobby();
        let members = communities.members(&home.ada, lobby, None).await.unwrap();
        assert_eq!(members.total, 1, "nobody who is gone is listed");
        let markers = home.chat().markers_after(&home.bo, -1).await.unwrap();
        assert!(markers.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_step_may_be_repeated() {
    Home::each(async |home| {
        home.fill(&home.bo, 150).await;
        // Like after a crash: some messages are tombstones already.
        for message in home.all(home.general).await.iter().step_by(3) {
            home.delete(&home.bo, message.id).await.unwrap();
        }
        let before = home.head(home.general).await;
        home.erase(&home.bo, false).await;
        let all = home.all(home.general).await;
        assert!(all.iter().all(|message| message.deleted));
        let after = home.head(home.general).await;
        assert_eq!(after.rev - before.rev, 100, "each living one changed once");
        assert_eq!(after.seq, before.seq);
    })
    .await;
}
