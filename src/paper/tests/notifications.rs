//! Notifications about orders: one for each end, in the order's own transaction.

use super::{Home, by_hand, exact, limited, order, quote, services};
use crate::accounts::Viewer;
use crate::alerts::{AlertsSeen, Notification, Notified};
use crate::paper::{Ended, OrderState, Reason};
use crate::platform::config::Config;
use crate::shared::time;
use crate::testing::TestDb;
use chrono::TimeDelta;
use rust_decimal::Decimal;
use std::{fs::File, io::Read};
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

impl Home {
    /// A member's notifications, latest first.
    async fn told(&self, who: &Viewer) -> Vec<Notification> {
        self.alerts.page(who).await.unwrap().notifications
    }

    async fn ends(&self, who: &Viewer) -> Vec<(OrderState, Option<Reason>, Option<Decimal>)> {
        let told = self.told(who).await.into_iter();
        told.map(|notification| {
            assert_eq!(notification.kind, Ended::KIND);
            let ended: Ended = serde_json::from_value(notification.body).unwrap();
            (ended.state, ended.reason, ended.price)
        })
        .collect()
    }

    async fn unseen(&self, who: &Viewer) -> u32 {
        self.alerts.unseen(who).await.unwrap().unseen
    }
}

#[tokio::test]
async fn whoever_traded_is_told_and_nobody_else() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        home.place(&home.ada, &order("buy", "10")).await;
        let back = home.place(&home.ada, &limited("buy", "5", "1.5")).await;
        assert!(home.told(&home.ada).await.is_empty(), "it waits");
        home.price(1, "440.25").await;
        home.price(2, "441").await;
        let filled = (OrderState::Filled, None, Some(exact("440.25")));
        assert_eq!(home.ends(&home.ada).await, [filled]);
        let told = home.told(&home.ada).await;
        let heard = home.heard::<Notified>(home.ada.account);
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].notification, told[0]);

        // Canceled: members need no notification of what they did.
        home.paper.cancel(&home.ada, back.id).await.unwrap();
        // Rejected at the next price, for lack of cash.
        home.place(&home.ada, &order("buy", "200")).await;
        home.price(3, "600").await;
        let rejected = (OrderState::Rejected, Some(Reason::Cash), Some(exact("600")));
        assert_eq!(home.ends(&home.ada).await, [rejected, filled]);
        assert_eq!(home.unseen(&home.ada).await, 2);
        assert_eq!(home.unseen(&home.bo).await, 0);
        assert!(home.heard::<Notified>(home.bo.account).is_empty());

        // Marked as seen on the page of orders, or in the list of notifications.
        let page = home.paper.page(&home.ada, None).await.unwrap();
        let latest = page.told.unwrap();
        home.paper.see(&home.bo, latest).await.unwrap();
        assert_eq!(home.unseen(&home.ada).await, 2, "by somebody else");
        home.paper.see(&home.ada, latest).await.unwrap();
        home.paper.see(&home.ada, latest).await.unwrap();
        let seen = home.heard::<AlertsSeen>(home.ada.account);
        assert_eq!(seen, [AlertsSeen { unseen: 0 }]);
        assert!(home.told(&home.ada).await.iter().all(|one| one.seen));
        let page = home.paper.page(&home.ada, None).await.unwrap();
        assert_eq!(page.told, None);
        home.place(&home.ada, &order("sell", "10")).await;
        home.price(4, "600").await;
        let latest = home.told(&home.ada).await[0].id;
        home.alerts.see(&home.ada, latest).await.unwrap();
        assert_eq!(home.unseen(&home.ada).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_crash_and_a_second_node_tell_once() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.join(&home.ada).await;
        let placed = home.place(&home.ada, &order("buy", "10")).await;
        // If the notification fails, the fill fails too: both are one transaction.
        by_hand(
            &db,
            &["ALTER TABLE notifications RENAME TO notifications_away"],
        )
        .await;
        home.price(1, "440").await;
        let waits = home.order(&home.ada, placed.id).await;
        assert_eq!(waits.state, OrderState::Open);
        let account = home.account(&home.ada).await;
        assert_eq!((account.trades, account.cash), (0, exact("100000")));
        by_hand(
            &db,
            &["ALTER TABLE notifications_away RENAME TO notifications"],
        )
        .await;
        assert!(home.heard::<Notified>(home.ada.account).is_empty());

        let one = services(&db, &home.core, &Config::default()).paper;
        let other = services(&db, &home.core, &Config::default()).paper;
        let next = quote("AAPL", 2, "441");
        let (a, b, c) = futures::join!(
            one.match_orders("AAPL", &next),
            other.match_orders("AAPL", &next),
            home.paper.match_orders("AAPL", &next)
        );
        a.and(b).and(c).unwrap();
        let filled = (OrderState::Filled, None, Some(exact("441")));
        assert_eq!(home.ends(&home.ada).await, [filled]);
        assert_eq!(home.heard::<Notified>(home.ada.account).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_season_is_told_to_all_who_waited() {
    TestDb::each(|db| async move {
        let home = Home::new(&db).await;
        home.join(&home.ada).await;
        home.join(&home.bo).await;
        home.place(&home.ada, &limited("buy", "1", "1")).await;
        home.place(&home.ada, &limited("buy", "2", "1")).await;
        home.place(&home.bo, &limited("buy", "3", "1")).await;
        let after = time::now() + TimeDelta::days(100);
        let other = services(&db, &home.core, &Config::default()).paper;
        let (one, two) = futures::join!(home.paper.close_ended(after), other.close_ended(after));
        one.and(two).unwrap();
        home.paper.close_ended(after).await.unwrap();
        let expired = (OrderState::Expired, None, None);
        assert_eq!(home.ends(&home.ada).await, [expired, expired]);
        assert_eq!(home.ends(&home.bo).await, [expired]);
        assert_eq!(home.heard::<Notified>(home.ada.account).len(), 2);
        assert_eq!(home.heard::<Notified>(home.bo.account).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_told_is_taken_along() {
    let fresh = TestDb::sqlite().await;
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_owned();
    let home = Home::with(&fresh.db, |config| config.server.data = folder).await;
    home.join(&home.ada).await;
    home.place(&home.ada, &order("buy", "10")).await;
    home.price(1, "440").await;
    home.place(&home.ada, &order("sell", "10")).await;
    home.price(2, "450").await;
    let accounts = &home.core.accounts;
    accounts.request_export(&home.ada).await.unwrap();
    let never = CancellationToken::new();
    accounts.export_all(&never).await.unwrap();
    let path = accounts.export_file(&home.ada).await.unwrap();
    let mut zip = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    let mut told = zip.by_name("notifications.jsonl").unwrap();
    told.read_to_string(&mut text).unwrap();
    let told: Vec<Notification> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told, home.told(&home.ada).await, "the latest first");
    assert_eq!(told.len(), 2);
    fresh.stop().await;
}
