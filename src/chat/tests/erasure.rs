//! Messages of deleted accounts.

use super::*;
use crate::accounts::Farewell;
use crate::chat::timeline::Timeline;
use crate::realtime::Envelope;
use tokio_util::sync::CancellationToken;

const FAREWELL: Farewell<'static> = Farewell {
    password: "correct horse",
    otp: None,
    keep_messages: false,
    successor: None,
};

/// An instance that deletes accounts without a grace period.
async fn home(db: &Database) -> Home {
    Home::with(db, |config| {
        config.limits.messages = plenty();
        config.accounts.deletion_days = 0;
    })
    .await
}

pub(super) async fn erase(home: &Home, viewer: &Viewer, keep_messages: bool) {
    let farewell = Farewell {
        keep_messages,
        ..FAREWELL
    };
    let accounts = &home.core.accounts;
    accounts.leave(viewer, farewell, "").await.unwrap();
    accounts.erase_due(&CancellationToken::new()).await.unwrap();
}

#[tokio::test]
async fn messages_go_and_open_timelines_follow() {
    TestDb::each(|db| async move {
        let home = home(&db).await;
        let other = home.channel("other").await;
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
        home.published.lock().unwrap().clear();
        erase(&home, &home.bo, false).await;
        for event in home.published_in(home.general) {
            let envelope: Envelope = serde_json::from_slice(&event.frame[1..]).unwrap();
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
        for row in home.db.query_all(&query).await.unwrap() {
            let body: String = row.try_get("", "body").unwrap();
            assert_eq!(body, "", "not in the database either");
        }
    })
    .await;
}

#[tokio::test]
async fn messages_stay_without_a_name() {
    TestDb::each(|db| async move {
        let home = home(&db).await;
        home.say(&home.bo, "for all time").await;
        let head = home.head(home.general).await;
        erase(&home, &home.bo, true).await;
        let all = home.all(home.general).await;
        assert_eq!(all[0].body, "for all time");
        assert_eq!(all[0].author.kind, AccountKind::Deleted);
        assert_eq!(all[0].author.username, "deleted");
        assert_eq!(home.head(home.general).await, head);
        let communities = &home.core.communities;
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
    TestDb::each(|db| async move {
        let home = home(&db).await;
        home.fill(&home.bo, 150).await;
        // Like after a crash: some messages are tombstones already.
        for message in home.all(home.general).await.iter().step_by(3) {
            home.delete(&home.bo, message.id).await.unwrap();
        }
        let before = home.head(home.general).await;
        erase(&home, &home.bo, false).await;
        let all = home.all(home.general).await;
        assert!(all.iter().all(|message| message.deleted));
        let after = home.head(home.general).await;
        assert_eq!(after.rev - before.rev, 100, "each living one changed once");
        assert_eq!(after.seq, before.seq);
    })
    .await;
}
