//! Alerts posted in a channel.

use super::*;
use crate::alerts::{AlertCard, service::posting::sentence};
use rust_decimal::Decimal;

#[tokio::test]
async fn two_nodes_and_a_restart_tell_once() {
    Home::each_with_admin(async |home| {
        let mut input = above("450");
        input.channel = home.general.to_string();
        home.make(input).await;
        home.quoted(1, "440").await;
        // The last price is in the database, so another node continues from it.
        let other = home.another(|_| {}).await;
        let crossed = quote("AAPL", 2, "451");
        let (one, two) = futures::join!(
            home.alerts().evaluate("AAPL", &crossed),
            other.alerts().evaluate("AAPL", &crossed)
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(home.alerted().await.len(), 1);
        assert_eq!(home.heard::<NotificationCreated>(home.ada.account).len(), 1);

        // Killed after the trigger: two nodes post concurrently, and the message appears once.
        assert_eq!(home.alerted().await[0].posting, Posting::Waiting);
        home.sql("CREATE TABLE posts_before AS SELECT * FROM alert_posts")
            .await;
        let (one, two) =
            futures::join!(home.alerts().post_waiting(), other.alerts().post_waiting());
        one.unwrap();
        two.unwrap();
        assert_eq!(home.alerted().await[0].posting, Posting::Posted);
        // Killed between sending the post and storing its state.
        for forget in [
            "INSERT INTO alert_posts SELECT * FROM posts_before",
            "UPDATE notifications SET body = replace(body, '\"posted\"', '\"waiting\"')",
        ] {
            assert_eq!(home.sql(forget).await, 1);
        }
        assert_eq!(home.alerted().await[0].posting, Posting::Waiting);
        home.alerts().post_waiting().await.unwrap();
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
        assert_eq!(home.alerted().await[0].posting, Posting::Posted);
    })
    .await;
}

#[tokio::test]
async fn who_lost_the_right_is_told_alone() {
    Home::each_with_admin(async |home| {
        for value in ["450", "460"] {
            let mut input = above(value);
            input.channel = home.general.to_string();
            home.make(input).await;
        }
        home.quoted(1, "451").await;
        let ada = "SELECT id FROM accounts WHERE username = 'ada'";
        let leave = format!("DELETE FROM memberships WHERE account_id = ({ada})");
        assert_eq!(home.sql(leave).await, 1);
        // Permissions are checked again between trigger and post, and at the next trigger.
        home.alerts().post_waiting().await.unwrap();
        home.quoted(2, "461").await;
        home.alerts().post_waiting().await.unwrap();
        let told = home.alerted().await;
        assert_eq!(told.len(), 2);
        assert!(
            told.iter().all(|one| one.posting == Posting::Refused),
            "{told:?}"
        );
        assert!(home.posted().await.is_empty());
        assert_eq!(home.heard::<NotificationCreated>(home.ada.account).len(), 2);
        // Creating another one fails.
        let mut input = above("470");
        input.channel = home.general.to_string();
        let refused = home.alerts().create(&home.ada, &input).await.unwrap_err();
        assert_eq!(
            (refused.status(), refused.details["field"].as_str()),
            (404, "channel")
        );
    })
    .await;
}
