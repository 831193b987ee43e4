//! Alerts posted in a channel.

use super::*;
use crate::alerts::{AlertCard, service::posting::sentence};
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn two_nodes_and_a_restart_tell_once() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        let mut input = above("450");
        input.channel = home.general.to_string();
        home.make(input).await;
        home.price(1, "440").await;
        // The last price is in the database, so another node continues from it.
        let other = service(&db, &home.core, &Config::default());
        let crossed = quote("AAPL", 2, "451");
        let (one, two) = futures::join!(
            home.alerts.evaluate("AAPL", &crossed),
            other.evaluate("AAPL", &crossed)
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(home.told().await.len(), 1);
        assert_eq!(home.heard::<AlertFired>(home.ada.account).len(), 1);

        // Killed after the trigger: two nodes post concurrently, and the message appears once.
        assert_eq!(home.told().await[0].posting, Posting::Waiting);
        let (one, two) = futures::join!(home.alerts.post_waiting(), other.post_waiting());
        one.unwrap();
        two.unwrap();
        assert_eq!(home.told().await[0].posting, Posting::Posted);
        // Killed between sending the post and storing its state.
        let forget = "UPDATE alert_notifications SET posting = 'waiting'";
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
        let card: AlertCard = serde_json::from_value(posted[0].cards[0].body.clone()).unwrap();
        assert_eq!((card.by.as_str(), card.price), ("ada", Decimal::from(451)));
        assert_eq!(sentence(&card), posted[0].body);
        assert_eq!(home.told().await[0].posting, Posting::Posted);
    })
    .await;
}

#[tokio::test]
async fn who_lost_the_right_is_told_alone() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        for value in ["450", "460"] {
            let mut input = above(value);
            input.channel = home.general.to_string();
            home.make(input).await;
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
        // Permissions are checked again between trigger and post, and at the next trigger.
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
        // Creating another one fails.
        let mut input = above("470");
        input.channel = home.general.to_string();
        let refused = home.alerts.create(&home.ada, &input).await.unwrap_err();
        assert_eq!(
            (refused.status(), refused.details["field"].as_str()),
            (404, "channel")
        );
    })
    .await;
}

/// An id as a literal in this database's SQL.
fn literal(db: &Database, id: Uuid) -> String {
    if db.kind().to_lowercase().contains("sqlite") {
        format!("x'{}'", id.simple())
    } else {
        format!("'{id}'")
    }
}
