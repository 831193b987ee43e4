//! Notifications on a real database.

use super::*;
use crate::accounts::Viewer;
use crate::platform::database::Tx;
use crate::realtime::Event;
use crate::shared::time;
use crate::testing::Home;
use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

const KIND: &str = "tests.happened";

impl Home<'_> {
    async fn notify(&self, new: &[(&Viewer, &'static str, &str)]) {
        let new = new.iter().map(|(viewer, kind, subject)| {
            let body = json!({ "about": subject });
            let subject = (*subject).to_owned();
            NewNotification::new(viewer.account, kind, subject, &body).unwrap()
        });
        let (new, service) = (new.collect(), self.notifications().clone());
        let job = move |tx: Tx| async move { service.notify(&tx, new).await };
        self.db().write(Uuid::nil(), job).await.unwrap();
    }
}

#[tokio::test]
async fn each_member_gets_one_about_a_subject() {
    Home::each(async |home| {
        let (ada, bo) = (&*home.ada, &*home.bo);
        home.notify(&[(ada, KIND, "one"), (bo, KIND, "one")]).await;
        // Repeats, also within one call: only what is new is stored and published.
        home.notify(&[
            (bo, KIND, "one"),
            (ada, KIND, "one"),
            (ada, KIND, "two"),
            (ada, KIND, "two"),
            (ada, "tests.other", "one"),
        ])
        .await;
        home.notify(&[]).await;
        let of_ada = home.notified(ada).await;
        let mut told: Vec<_> = of_ada.iter().map(|one| (&*one.kind, &one.body)).collect();
        told.sort_by_key(|(kind, body)| (*kind, body.to_string()));
        let (one, two) = (json!({ "about": "one" }), json!({ "about": "two" }));
        assert_eq!(told, [(KIND, &one), (KIND, &two), ("tests.other", &one)]);
        let of_bo = home.notified(bo).await;
        assert_eq!(of_bo.len(), 1);
        assert_eq!((home.unseen(ada).await, home.unseen(bo).await), (3, 1));

        let published = home.published().into_iter();
        let published = published.filter(|event| event.kind == NotificationCreated::KIND);
        assert_eq!(published.count(), of_ada.len() + of_bo.len());
        for (viewer, listed) in [(ada, of_ada), (bo, of_bo)] {
            let heard = home
                .heard::<NotificationCreated>(viewer.account)
                .into_iter();
            let mut heard: Vec<_> = heard.map(|created| created.notification).collect();
            heard.sort_by_key(|one| std::cmp::Reverse(one.id));
            assert_eq!(heard, listed);
        }
    })
    .await;
}

#[tokio::test]
async fn one_body_is_replaced() {
    Home::each(async |home| {
        let (ada, bo) = (&*home.ada, &*home.bo);
        home.notify(&[(ada, KIND, "one"), (ada, KIND, "two"), (bo, KIND, "one")])
            .await;
        let account = ada.account;
        let job = move |tx: Tx| async move {
            let body = json!({ "about": "three" });
            Service::set_body(&tx, account, KIND, "one", &body).await
        };
        home.db().write(Uuid::nil(), job).await.unwrap();
        let about = |all: Vec<Notification>| {
            let mut all: Vec<_> = all
                .iter()
                .map(|one| one.body["about"].to_string())
                .collect();
            all.sort();
            all
        };
        assert_eq!(about(home.notified(ada).await), ["\"three\"", "\"two\""]);
        assert_eq!(about(home.notified(bo).await), ["\"one\""]);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other() {
    Home::each(async |home| {
        let subjects: Vec<_> = (0..101).map(|n| n.to_string()).collect();
        let all: Vec<_> = subjects
            .iter()
            .map(|subject| (&*home.ada, KIND, subject.as_str()))
            .collect();
        home.notify(&all).await;
        home.notify(&[(&*home.bo, KIND, "0")]).await;
        let (mut before, mut read) = (None, Vec::new());
        for expected in [50, 50, 1] {
            let page = home.notifications().page(&home.ada, before).await.unwrap();
            assert_eq!(page.notifications.len(), expected);
            before = page.next;
            read.extend(page.notifications);
        }
        assert_eq!(before, None);
        assert!(read.windows(2).all(|pair| pair[0].id > pair[1].id));
        assert_eq!(read.len(), 101);
    })
    .await;
}

#[tokio::test]
async fn only_old_ones_are_deleted() {
    Home::each(async |home| {
        let subjects: Vec<_> = (0..1_001).map(|n| n.to_string()).collect();
        let all: Vec<_> = subjects
            .iter()
            .map(|subject| (&*home.ada, KIND, subject.as_str()))
            .collect();
        home.notify(&all).await;
        assert_eq!(home.unseen(&home.ada).await, 1_000, "the count ends there");
        let _later = time::testing::jump(TimeDelta::days(179));
        home.notify(&[(&*home.bo, KIND, "0")]).await;
        home.notifications().sweep().await.unwrap();
        assert_eq!(home.unseen(&home.ada).await, 1_000);
        let _still_later = time::testing::jump(TimeDelta::days(2));
        home.notifications().sweep().await.unwrap();
        assert_eq!(home.unseen(&home.ada).await, 0);
        assert!(home.notified(&home.ada).await.is_empty());
        assert_eq!(home.notified(&home.bo).await.len(), 1);
    })
    .await;
}
