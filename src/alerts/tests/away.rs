//! Alerts of suspended and deleted accounts.

use super::*;
use crate::accounts;
use crate::platform::database::Tx;

#[tokio::test]
async fn who_is_out_says_nothing_in_channels() {
    Home::each_with_admin(async |home| {
        let into = |value: &str| {
            let mut input = above(value);
            input.channel = home.general.to_string();
            input
        };
        home.make(into("450")).await;
        home.make(into("460")).await;
        home.make(into("470")).await;
        let ada = home.ada.account;
        let own = home.accounts().clone();
        // It triggers, and before it is posted she is suspended.
        home.quoted(1, "451").await;
        assert_eq!(home.alerted().await[0].posting, Posting::Waiting);
        let suspend = move |tx: Tx| async move { own.suspend(&tx, ada).await };
        assert!(home.db().write(ada.0, suspend).await.unwrap());
        home.alerts().post_waiting().await.unwrap();
        // Another triggers while she is suspended.
        home.quoted(2, "461").await;
        home.alerts().post_waiting().await.unwrap();
        let told = home.alerted().await;
        assert_eq!(told.len(), 2);
        assert!(
            told.iter().all(|one| one.posting == Posting::Refused),
            "{told:?}"
        );
        assert!(home.posted().await.is_empty());
        let unsuspend = move |tx: Tx| async move { accounts::Service::unsuspend(&tx, ada).await };
        assert!(home.db().write(ada.0, unsuspend).await.unwrap());
        home.quoted(3, "471").await;
        home.alerts().post_waiting().await.unwrap();
        assert_eq!(home.posted().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_is_leaving_says_nothing_in_channels() {
    Home::each_with_admin(async |home| {
        for viewer in [&home.ada, &home.bo] {
            let mut input = above("450");
            input.channel = home.general.to_string();
            home.alerts().create(viewer, &input).await.unwrap();
        }
        home.leave(&home.ada, false).await;
        home.quoted(1, "451").await;
        home.alerts().post_waiting().await.unwrap();
        let posted = home.posted().await;
        assert_eq!(posted.len(), 1, "{posted:?}");
        assert!(posted[0].body.ends_with("@bo"), "{posted:?}");
    })
    .await;
}
