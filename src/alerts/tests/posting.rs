//! Alerts that are posted in a channel.

use super::*;
use crate::alerts::{FiredPart, service::posting::sentence};
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn two_nodes_and_a_restart_tell_once() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let mut draft = above("450");
        draft.channel = home.general.to_string();
        home.make(draft).await;
        home.price(1, "440").await;
        // What was seen is in the database: another node goes on from it.
        let other = service(&db, &home.core, &Config::default());
        let crossed = quote("AAPL", 2, "451");
        let (one, two) = futures::join!(
            home.alerts.hold_against("AAPL", &crossed),
            other.hold_against("AAPL", &crossed)
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(home.told().await.len(), 1);
        assert_eq!(home.heard::<AlertFired>(home.ada.account).len(), 1);

        // Killed after the firing: whoever comes next posts, and all of them post once.
        assert_eq!(home.told().await[0].posting, Posting::Waiting);
        let (one, two) = futures::join!(home.alerts.post_waiting(), other.post_waiting());
        one.unwrap();
        two.unwrap();
        assert_eq!(home.told().await[0].posting, Posting::Posted);
        // Killed between the post and its note.
        let forget = "UPDATE alert_notices SET posting = 'waiting'";
        let job = async move |tx: crate::platform::database::Tx| {
            tx.execute_unprepared(forget).await?;
            Ok(())
        };
        db.write(Uuid::nil(), job).await.unwrap();
        home.alerts.post_waiting().await.unwrap();
        let posted = home.posted().await;
        assert_eq!(posted.len(), 1);
        assert_eq!(
            posted[0].body,
            "AAPL is above 450: 451 on 2013-03-04 (sample). An alert of @ada"
        );
        assert_eq!(posted[0].author.username, "alerts");
        let part: FiredPart = serde_json::from_value(posted[0].parts[0].body.clone()).unwrap();
        assert_eq!((part.by.as_str(), part.price), ("ada", Decimal::from(451)));
        assert_eq!(sentence(&part), posted[0].body);
        assert_eq!(home.told().await[0].posting, Posting::Posted);
    })
    .await;
}

#[tokio::test]
async fn who_lost_the_right_is_told_alone() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        for value in ["450", "460"] {
            let mut draft = above(value);
            draft.channel = home.general.to_string();
            home.make(draft).await;
        }
        home.price(1, "451").await;
        let leave = format!(
            "DELETE FROM memberships WHERE account_id = {}",
            literal(&db, home.ada.account.0)
        );
        let job = async move |tx: crate::platform::database::Tx| {
            let gone = tx.execute_unprepared(&leave).await?;
            assert_eq!(gone.rows_affected(), 1);
            Ok(())
        };
        db.write(Uuid::nil(), job).await.unwrap();
        // Asked again between the firing and the post, and when it fires.
        home.alerts.post_waiting().await.unwrap();
        home.price(2, "461").await;
        home.alerts.post_waiting().await.unwrap();
        let told = home.told().await;
        assert_eq!(told.len(), 2);
        assert!(
            told.iter().all(|one| one.posting == Posting::Refused),
            "{told:?}"
        );
        assert!(home.posted().await.is_empty());
        assert_eq!(home.heard::<AlertFired>(home.ada.account).len(), 2);
        // Nor can another be made.
        let mut draft = above("470");
        draft.channel = home.general.to_string();
        let refused = home.alerts.create(&home.ada, &draft).await.unwrap_err();
        assert_eq!(
            (refused.status(), refused.details["field"].as_str()),
            (404, "channel")
        );
    })
    .await;
}

/// An id as this database's SQL writes it.
fn literal(db: &Database, id: Uuid) -> String {
    if db.kind().to_lowercase().contains("sqlite") {
        format!("x'{}'", id.simple())
    } else {
        format!("'{id}'")
    }
}
