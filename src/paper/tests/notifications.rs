//! Notifications about orders: one for each end, in the order's own transaction.

use super::{exact, limited, order, quote};
use crate::accounts::Viewer;
use crate::notifications::{Notification, NotificationCreated, NotificationsSeen};
use crate::paper::{Ended, OrderState, Reason};
use crate::shared::time;
use crate::testing::{Home, copy_of};
use chrono::TimeDelta;
use rust_decimal::Decimal;

impl Home<'_> {
    async fn ends(&self, who: &Viewer) -> Vec<(OrderState, Option<Reason>, Option<Decimal>)> {
        let told = self.notified(who).await.into_iter();
        told.map(|notification| {
            assert_eq!(notification.kind, Ended::KIND);
            let ended: Ended = serde_json::from_value(notification.body).unwrap();
            (ended.state, ended.reason, ended.price)
        })
        .collect()
    }
}

#[tokio::test]
async fn whoever_traded_is_told_and_nobody_else() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        home.place(&home.ada, &order("buy", "10")).await;
        let back = home.place(&home.ada, &limited("buy", "5", "1.5")).await;
        assert!(home.notified(&home.ada).await.is_empty(), "it waits");
        home.price(1, "440.25").await;
        home.price(2, "441").await;
        let filled = (OrderState::Filled, None, Some(exact("440.25")));
        assert_eq!(home.ends(&home.ada).await, [filled]);
        let told = home.notified(&home.ada).await;
        let heard = home.heard::<NotificationCreated>(home.ada.account);
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].notification, told[0]);

        // Canceled: members need no notification of what they did.
        home.paper().cancel(&home.ada, back.id).await.unwrap();
        // Rejected at the next price, for lack of cash.
        home.place(&home.ada, &order("buy", "200")).await;
        home.price(3, "600").await;
        let rejected = (OrderState::Rejected, Some(Reason::Cash), Some(exact("600")));
        assert_eq!(home.ends(&home.ada).await, [rejected, filled]);
        assert_eq!(home.unseen(&home.ada).await, 2);
        assert_eq!(home.unseen(&home.bo).await, 0);
        assert!(
            home.heard::<NotificationCreated>(home.bo.account)
                .is_empty()
        );

        // Marked as seen on the page of orders, or in the list of notifications.
        let page = home.paper().page(&home.ada, None).await.unwrap();
        let latest = page.told.unwrap();
        let notifications = home.notifications();
        let of_orders = || Some(Ended::KIND.to_owned());
        let seen = notifications.see(&home.bo, of_orders(), latest).await;
        seen.unwrap();
        assert_eq!(home.unseen(&home.ada).await, 2, "by somebody else");
        for _ in 0..2 {
            let seen = notifications.see(&home.ada, of_orders(), latest).await;
            seen.unwrap();
        }
        let seen = home.heard::<NotificationsSeen>(home.ada.account);
        assert_eq!(seen, [NotificationsSeen { unseen: 0 }]);
        assert!(home.notified(&home.ada).await.iter().all(|one| one.seen));
        let page = home.paper().page(&home.ada, None).await.unwrap();
        assert_eq!(page.told, None);
        home.place(&home.ada, &order("sell", "10")).await;
        home.price(4, "600").await;
        let latest = home.notified(&home.ada).await[0].id;
        notifications.see(&home.ada, None, latest).await.unwrap();
        assert_eq!(home.unseen(&home.ada).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_crash_and_a_second_node_tell_once() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        let placed = home.place(&home.ada, &order("buy", "10")).await;
        // If the notification fails, the fill fails too: both are one transaction.
        home.sql("ALTER TABLE notifications RENAME TO notifications_away")
            .await;

        home.price(1, "440").await;
        let waits = home.order(&home.ada, placed.id).await;
        assert_eq!(waits.state, OrderState::Open);
        let account = home.account(&home.ada).await;
        assert_eq!((account.trades, account.cash), (0, exact("100000")));
        home.sql("ALTER TABLE notifications_away RENAME TO notifications")
            .await;

        assert!(
            home.heard::<NotificationCreated>(home.ada.account)
                .is_empty()
        );

        let one = home.another(|_| {}).await;
        let other = home.another(|_| {}).await;
        let next = quote("AAPL", 2, "441");
        let (a, b, c) = futures::join!(
            one.paper().match_orders("AAPL", &next),
            other.paper().match_orders("AAPL", &next),
            home.paper().match_orders("AAPL", &next)
        );
        a.and(b).and(c).unwrap();
        let filled = (OrderState::Filled, None, Some(exact("441")));
        assert_eq!(home.ends(&home.ada).await, [filled]);
        assert_eq!(home.heard::<NotificationCreated>(home.ada.account).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_season_is_told_to_all_who_waited() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        home.place(&home.ada, &limited("buy", "1", "1")).await;
        home.place(&home.ada, &limited("buy", "2", "1")).await;
        home.place(&home.bo, &limited("buy", "3", "1")).await;
        let after = time::now() + TimeDelta::days(100);
        let other = home.another(|_| {}).await;
        let (one, two) = futures::join!(
            home.paper().close_ended(after),
            other.paper().close_ended(after)
        );
        one.and(two).unwrap();
        home.paper().close_ended(after).await.unwrap();
        let expired = (OrderState::Expired, None, None);
        assert_eq!(home.ends(&home.ada).await, [expired, expired]);
        assert_eq!(home.ends(&home.bo).await, [expired]);
        assert_eq!(home.heard::<NotificationCreated>(home.ada.account).len(), 2);
        assert_eq!(home.heard::<NotificationCreated>(home.bo.account).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_told_is_taken_along() {
    Home::each_with_admin(async |home| {
        home.join(&home.ada).await;
        home.place(&home.ada, &order("buy", "10")).await;
        home.price(1, "440").await;
        home.place(&home.ada, &order("sell", "10")).await;
        home.price(2, "450").await;
        let files = copy_of(home.accounts(), &home.ada).await;
        let told: Vec<Notification> = files["notifications.jsonl"]
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(told, home.notified(&home.ada).await, "the latest first");
        assert_eq!(told.len(), 2);
    })
    .await;
}
