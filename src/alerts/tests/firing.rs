//! When alerts trigger and become inactive.

use super::*;
use crate::notifications::NotificationsSeen;

#[tokio::test]
async fn it_fires_once_and_rests_until_it_is_armed() {
    Home::each_with_admin(async |home| {
        let made = home.make(above("450")).await;
        assert_eq!(made.symbol, "AAPL");
        assert_eq!(made.seen_price.unwrap().to_string(), "430.47");
        home.quoted(1, "440").await;
        home.quoted(2, "449.99").await;
        assert!(home.alerted().await.is_empty());
        assert_eq!(home.only().await.seen_price.unwrap().to_string(), "449.99");

        home.quoted(3, "450.01").await;
        let told = home.alerted().await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].price.to_string(), "450.01");
        let listed = home.notified(&home.ada).await;
        assert_eq!((told[0].posting, listed[0].seen), (Posting::None, false));
        let heard = home.heard::<NotificationCreated>(home.ada.account);
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].notification, listed[0]);
        assert_eq!(home.only().await.state, AlertState::Fired);
        for (minute, price) in [(4, "440"), (5, "460"), (6, "440"), (7, "470")] {
            home.quoted(minute, price).await;
        }
        assert_eq!(home.alerted().await.len(), 1, "it rests");

        // Activated again it stores the current price: the sample's last one.
        let armed = home.alerts().arm(&home.ada, made.id).await.unwrap();
        assert_eq!((armed.state, armed.armed), (AlertState::Armed, 2));
        let again = home.alerts().arm(&home.ada, made.id).await.unwrap();
        assert_eq!(again.armed, 2, "it goes on as it is");
        home.quoted(8, "455").await;
        assert_eq!(home.alerted().await.len(), 2);
        assert_eq!(home.heard::<NotificationCreated>(home.ada.account).len(), 2);

        // Seen notifications are counted, and other pages receive the event.
        let notifications = home.notifications();
        assert_eq!(home.unseen(&home.ada).await, 2);
        let latest = home.notified(&home.ada).await[0].id;
        notifications.see(&home.ada, None, latest).await.unwrap();
        notifications.see(&home.ada, None, latest).await.unwrap();
        let seen = home.heard::<NotificationsSeen>(home.ada.account);
        assert_eq!(seen, [NotificationsSeen { unseen: 0 }]);
        assert!(home.notified(&home.ada).await.iter().all(|one| one.seen));
    })
    .await;
}

#[tokio::test]
async fn an_older_price_is_passed_over() {
    Home::each_with_admin(async |home| {
        home.make(above("450")).await;
        home.quoted(5, "440").await;
        home.quoted(4, "460").await;
        assert!(home.alerted().await.is_empty());
        assert_eq!(home.only().await.seen_price.unwrap().to_string(), "440");
        home.quoted(5, "460").await;
        assert_eq!(
            home.alerted().await.len(),
            1,
            "another price of the same minute counts"
        );
    })
    .await;
}

#[tokio::test]
async fn a_time_that_is_over_puts_to_rest() {
    Home::each_with_admin(async |home| {
        let mut input = above("450");
        input.expires = "2999-12-31".into();
        let made = home.make(input).await;
        home.sql("UPDATE alerts SET expires_at = created_at").await;
        home.quoted(1, "451").await;
        assert!(home.alerted().await.is_empty(), "its time is over");
        home.alerts().look().await.unwrap();
        assert_eq!(home.only().await.state, AlertState::Expired);
        let armed = home.alerts().arm(&home.ada, made.id).await.unwrap();
        assert_eq!((armed.state, armed.expires_at), (AlertState::Armed, None));
    })
    .await;
}

#[tokio::test]
async fn many_alerts_on_one_price() {
    Home::each_with_admin(async |home| {
        // More than one page of alerts, half of which trigger.
        for n in 0..199 {
            home.make(above(if n % 2 == 0 { "450" } else { "460" }))
                .await;
        }
        let bo = &home.bo;
        for _ in 0..30 {
            home.alerts().create(bo, &above("450")).await.unwrap();
        }
        home.make(above("450")).await;
        let refused = home
            .alerts()
            .create(&home.ada, &above("1"))
            .await
            .unwrap_err();
        assert_eq!(refused.code, "too-many-alerts");
        home.quoted(1, "455").await;
        let waiting = home.alerts().alerts(&home.ada).await.unwrap();
        let fired = waiting.iter().filter(|one| one.state == AlertState::Fired);
        assert_eq!(fired.count(), 101);
        assert!(waiting.iter().all(|one| one.seen_price == Some(455.into())));
        assert_eq!(
            home.heard::<NotificationCreated>(home.ada.account).len(),
            101
        );
        assert_eq!(home.heard::<NotificationCreated>(bo.account).len(), 30);
    })
    .await;
}

#[tokio::test]
async fn indicators_look_at_the_past_of_the_sample() {
    Home::each_with_admin(async |home| {
        // The sample ends below the 20-day average.
        let sma = AlertInput {
            symbol: "Apple".into(),
            kind: "crosses_sma".into(),
            period: "20".into(),
            ..AlertInput::default()
        };
        let made = home.make(sma).await;
        assert_eq!(
            (made.symbol.as_str(), made.condition.period),
            ("AAPL", Some(20))
        );
        home.quoted(1, "431").await;
        assert!(home.alerted().await.is_empty());
        home.quoted(2, "500").await;
        assert_eq!(home.alerted().await.len(), 1);
    })
    .await;
}
