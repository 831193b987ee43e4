//! Notifications from before all features shared one table: the same list after the migration, and
//! the same rows after a downgrade.

use super::*;
use crate::accounts::Viewer;
use crate::alerts::store;
use crate::notifications::NewNotification;
use crate::shared::AccountId;
use crate::testing::{CREATED, OldDb, TestHouse};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TryGetable};

/// Part of the migration's name.
const NOTIFICATIONS: &str = "000029";

/// Ids of old rows.
struct Filled {
    bo: AccountId,
    waiting: Uuid,
    posted: Uuid,
    channel: Uuid,
    order: Uuid,
}

/// Inserts two alerts' notifications of ada, and bo's notification about an order.
async fn fill(old: &OldDb) -> Filled {
    let ids = Filled {
        bo: AccountId::new(),
        waiting: Uuid::now_v7(),
        posted: Uuid::now_v7(),
        channel: Uuid::now_v7(),
        order: Uuid::now_v7(),
    };
    let at: DateTime<Utc> = CREATED.parse().unwrap();
    let none: Option<DateTime<Utc>> = None;
    let bo = vec![
        ("id", ids.bo.0.into()),
        ("username", "bo".into()),
        ("username_key", "bo".into()),
        ("display_name", "bo".into()),
        ("kind", "person".into()),
    ];
    old.insert("accounts", bo).await;
    for (alert, armed, kind, value, period, channel, posting, seen) in [
        (
            ids.posted,
            12,
            "crosses_sma",
            None,
            Some(20),
            None,
            "posted",
            Some(at),
        ),
        (
            ids.waiting,
            1,
            "price_above",
            Some("450.50"),
            None,
            Some(ids.channel),
            "waiting",
            none,
        ),
    ] {
        let row = vec![
            ("id", Uuid::now_v7().into()),
            ("account_id", old.account.0.into()),
            ("alert_id", alert.into()),
            ("armed", armed.into()),
            ("symbol", "AAPL".into()),
            ("kind", kind.into()),
            ("value", value.into()),
            ("period", period.into()),
            ("price", "451.00".into()),
            ("price_at", "2013-03-04T10:01:00".into()),
            ("source", "alpha_vantage".into()),
            ("note", "\"quoted\" & ñ".into()),
            ("channel_id", channel.into()),
            ("posting", posting.into()),
            ("seen_by_owner_at", seen.into()),
        ];
        old.insert("alert_notifications", row).await;
    }
    let row = vec![
        ("id", Uuid::now_v7().into()),
        ("account_id", ids.bo.0.into()),
        ("kind", "paper.order".into()),
        ("subject_id", ids.order.into()),
        ("body", "{\"symbol\":\"AAPL\"}".into()),
        ("seen_by_owner_at", none.into()),
    ];
    old.insert("notifications", row).await;
    ids
}

/// The rows of the old tables.
async fn rows(db: &DatabaseConnection) -> Vec<String> {
    fn column<T: TryGetable + std::fmt::Debug>(row: &sea_orm::QueryResult, n: usize) -> String {
        format!("{:?}", row.try_get_by_index::<T>(n).unwrap())
    }
    let query = async |sql| {
        let sql = Statement::from_string(db.get_database_backend(), sql);
        db.query_all_raw(sql).await.unwrap()
    };
    let alerts = query(
        "SELECT id, account_id, alert_id, channel_id, symbol, kind, value, price, price_at, \
         source, note, posting, armed, period, created_at, seen_by_owner_at \
         FROM alert_notifications ORDER BY id",
    );
    let others = query(
        "SELECT id, account_id, subject_id, kind, body, created_at, seen_by_owner_at \
         FROM notifications ORDER BY id",
    );
    let mut all = Vec::new();
    for row in alerts.await {
        all.extend((0..4).map(|n| column::<Option<Uuid>>(&row, n)));
        all.extend((4..12).map(|n| column::<Option<String>>(&row, n)));
        all.extend((12..14).map(|n| column::<Option<i32>>(&row, n)));
        all.extend((14..16).map(|n| column::<Option<DateTime<Utc>>>(&row, n)));
    }
    for row in others.await {
        all.extend((0..3).map(|n| column::<Option<Uuid>>(&row, n)));
        all.extend((3..5).map(|n| column::<String>(&row, n)));
        all.extend((5..7).map(|n| column::<Option<DateTime<Utc>>>(&row, n)));
    }
    all
}

async fn upgrade(old_db: OldDb) {
    let (ids, ada) = (fill(&old_db).await, old_db.account);
    let old = rows(&old_db.raw).await;
    assert_eq!(old.len(), 2 * 16 + 7);
    old_db.up().await;
    old_db.down().await;
    assert_eq!(rows(&old_db.raw).await, old);
    old_db.raw.close().await.unwrap();

    let house = TestHouse::open(old_db.data.path(), |config| {
        config.database.url = old_db.url;
    });
    let house = house.await;
    let db = house.db();
    let viewer = house.user("cy").await.viewer;
    let listed = async |account| {
        let viewer = Viewer {
            account,
            ..viewer.clone()
        };
        house.notified(&viewer).await
    };
    let of_ada = listed(ada).await;
    let bodies: Vec<AlertNotification> = of_ada
        .iter()
        .map(|one| {
            assert_eq!(one.kind, AlertNotification::KIND);
            serde_json::from_value(one.body.clone()).unwrap()
        })
        .collect();
    let [waiting, posted] = bodies.as_slice() else {
        panic!("{bodies:?}");
    };
    assert_eq!((of_ada[0].seen, of_ada[1].seen), (false, true));
    assert_eq!(
        (waiting.alert_id.0, posted.alert_id.0),
        (ids.waiting, ids.posted)
    );
    assert_eq!(
        (waiting.posting, posted.posting),
        (Posting::Waiting, Posting::Posted)
    );
    assert_eq!(waiting.condition.value.unwrap().to_string(), "450.50");
    assert_eq!(
        (waiting.condition.period, posted.condition.period),
        (None, Some(20))
    );
    assert_eq!(
        (waiting.price.to_string(), &*waiting.note),
        ("451.00".into(), "\"quoted\" & ñ")
    );
    assert_eq!(waiting.source, Source::AlphaVantage);
    let posts = store::waiting_posts(db, Uuid::nil(), 10).await.unwrap();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].notification, *waiting);
    assert_eq!((posts[0].account, posts[0].channel.0), (ada, ids.channel));
    assert_eq!(posts[0].subject, format!("{}:1", ids.waiting));

    let of_bo = listed(ids.bo).await;
    assert_eq!(of_bo.len(), 1);
    assert_eq!(of_bo[0].body["symbol"], "AAPL");
    // A repeat of an old cause changes nothing.
    let (notifications, order, bo) = (house.notifications().clone(), ids.order, ids.bo);
    let job = async move |tx: crate::platform::database::Tx| {
        let again = NewNotification::new(bo, "paper.order", order.to_string(), &"again")?;
        notifications.notify(&tx, vec![again]).await
    };
    db.write(Uuid::nil(), job).await.unwrap();
    assert_eq!(listed(ids.bo).await, of_bo);
    house.close().await;
}

#[tokio::test]
async fn old_notifications_are_in_the_one_list() {
    OldDb::each(NOTIFICATIONS, upgrade).await;
}
