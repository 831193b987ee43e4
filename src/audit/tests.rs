//! The audit log on every database.

use super::*;
use crate::{platform::database::Tx, shared::AccountId, testing::TestDb};
use uuid::Uuid;

#[tokio::test]
async fn what_was_done_is_read_the_latest_first() {
    TestDb::each(|db| async move {
        let audit = Service::new(db.clone());
        let actor = Some(AccountId::new());
        for n in 0..5 {
            let record = Record {
                actor: actor.filter(|_| n % 2 == 0),
                act: if n == 4 {
                    Act::Suspended
                } else {
                    Act::SettingChanged
                },
                subject: None,
                detail: format!("{n}"),
            };
            let job = move |tx: Tx| async move { Service::record(&tx, record).await };
            db.write(Uuid::nil(), job).await.unwrap();
        }
        let details = |entries: &[Entry]| -> Vec<String> {
            entries.iter().map(|entry| entry.detail.clone()).collect()
        };
        let all = audit.entries(None, 10).await.unwrap();
        assert_eq!(details(&all), ["4", "3", "2", "1", "0"]);
        assert_eq!((all[0].act, all[0].actor), (Act::Suspended, actor));
        assert_eq!(all[1].actor, None);
        let rest = audit.entries(Some(all[1].id), 2).await.unwrap();
        assert_eq!(details(&rest), ["2", "1"]);

        // A rolled-back action leaves no entry.
        let job = |tx: Tx| async move {
            let record = Record {
                actor: None,
                act: Act::Suspended,
                subject: None,
                detail: "never".into(),
            };
            Service::record(&tx, record).await?;
            Err::<(), _>(crate::shared::Error::not_found())
        };
        assert!(db.write(Uuid::nil(), job).await.is_err());
        assert_eq!(audit.entries(None, 10).await.unwrap().len(), 5);
    })
    .await;
}
