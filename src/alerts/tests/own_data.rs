//! Alerts in the data export of an account, and their deletion with it.

use super::*;
use crate::accounts::Farewell;
use crate::testing::copy_of;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn alerts_go_with_their_account() {
    TestDb::each(|db| async move {
        let data = tempfile::tempdir().unwrap();
        let home = Home::keeping(&db, data.path()).await;
        home.make(above("450")).await;
        home.price(1, "451").await;
        let own = home.core.accounts.clone();
        let files = copy_of(&own, &home.ada).await;
        assert!(files["alerts.json"].contains("price_above"), "{files:?}");
        let told = &files["alert-notifications.jsonl"];
        assert_eq!(told.lines().count(), 1);
        assert!(
            told.contains("\"price\":\"451\"") && told.ends_with('\n'),
            "{told}"
        );
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        own.leave(&home.ada, farewell, "192.0.2.2").await.unwrap();
        own.erase_due(&CancellationToken::new()).await.unwrap();
        assert!(home.alerts.alerts(&home.ada).await.unwrap().is_empty());
        let standing = home.alerts.unseen(&home.ada).await.unwrap();
        assert_eq!(standing.unseen, 0);
    })
    .await;
}
