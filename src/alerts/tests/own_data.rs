//! Alerts in the data export of an account, and their deletion with it.

use super::*;
use crate::testing::copy_of;

#[tokio::test]
async fn alerts_go_with_their_account() {
    Home::each_with_admin(async |home| {
        home.make(above("450")).await;
        home.quoted(1, "451").await;
        let files = copy_of(home.accounts(), &home.ada).await;
        assert!(files["alerts.json"].contains("price_above"), "{files:?}");
        let told = &files["notifications.jsonl"];
        assert_eq!(told.lines().count(), 1);
        assert!(
            told.contains("\"price\":\"451\"") && told.ends_with('\n'),
            "{told}"
        );
        home.erase(&home.ada, false).await;
        assert!(home.alerts().alerts(&home.ada).await.unwrap().is_empty());
        assert_eq!(home.unseen(&home.ada).await, 0);
    })
    .await;
}
