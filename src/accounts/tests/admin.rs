//! Actions of admins on accounts, and password reset links, on every database.

use super::*;
use crate::{platform::database::Tx, shared::AccountId, testing::TestDb};

async fn write<T: Send + 'static, Fut>(
    home: &Home,
    job: impl FnOnce(Tx) -> Fut + Send + 'static,
) -> crate::shared::Result<T>
where
    Fut: Future<Output = crate::shared::Result<T>> + Send + 'static,
{
    home.db.write(uuid::Uuid::nil(), job).await
}

#[tokio::test]
async fn accounts_are_listed_with_their_use() {
    TestDb::each(|db| async move {
        let home = Home::new(&db);
        let ada = home.person("ada").await;
        let mut names = vec!["ada".to_owned()];
        for n in 0..5 {
            names.push(format!("person_{n}"));
            home.person(&format!("person_{n}")).await;
        }
        home.open(&ada).await;
        let second = home.open(&ada).await;
        home.service.sign_out(&second.viewer).await.unwrap();
        let listed = home.service.listed(None, None, 100).await.unwrap();
        names.reverse();
        let found: Vec<_> = listed
            .iter()
            .map(|listed| listed.account.profile.username.clone())
            .collect();
        assert_eq!(found, names);
        let of_ada = listed.last().unwrap();
        assert_eq!(of_ada.sessions, 1, "what has ended does not count");
        assert!(of_ada.last_seen.is_some() && !of_ada.second_factor);
        assert!(listed[0].last_seen.is_none());

        let search = async |text: &str| {
            let found = home.service.listed(Some(text), None, 100).await.unwrap();
            found.len()
        };
        assert_eq!(search("PERSON_").await, 5);
        assert_eq!(search("person%").await, 0, "marks of a pattern are text");
        assert_eq!(search("_3").await, 1);
        assert_eq!(search("ada@example.com").await, 1);
        let before = Some(listed[1].account.profile.id);
        let rest = home.service.listed(None, before, 2).await.unwrap();
        assert_eq!(rest[..], listed[2..4]);
    })
    .await;
}

#[tokio::test]
async fn a_suspension_ends_sessions_and_keeps_out() {
    TestDb::each(|db| async move {
        let home = Home::new(&db);
        home.person("ada").await;
        let bo = home.person("bo").await;
        let session = home.open(&bo).await;
        home.published();
        let id = bo.profile.id;
        let suspend = async || {
            let service = home.service.clone();
            write(
                &home,
                move |tx| async move { service.suspend(&tx, id).await },
            )
            .await
        };
        assert!(suspend().await.unwrap());
        let topic = format!("session:{}", session.viewer.session);
        assert_eq!(home.published(), [topic], "its sockets are told");
        assert!(!suspend().await.unwrap());
        let refused = home.service.viewer_of_access_token(&session.access).await;
        assert_eq!(refused.unwrap_err().code, "session-ended");
        let opened = home.service.open_session(bo.clone(), &device()).await;
        assert_eq!(opened.err().unwrap().code, "account-suspended");
        let back = write(
            &home,
            move |tx| async move { Service::unsuspend(&tx, id).await },
        );
        assert!(back.await.unwrap());
        assert!(home.service.open_session(bo, &device()).await.is_ok());

        let nobody = AccountId::new();
        let service = home.service.clone();
        let unknown = write(&home, move |tx| async move {
            service.suspend(&tx, nobody).await
        });
        assert_eq!(unknown.await.unwrap_err().code, "not-found");
        let bot = home
            .service
            .ensure_bot("quotes", "Quotes")
            .await
            .unwrap()
            .account;
        let service = home.service.clone();
        let of_bot = write(
            &home,
            move |tx| async move { service.suspend(&tx, bot).await },
        );
        assert_eq!(of_bot.await.unwrap_err().code, "not-a-person");
    })
    .await;
}

#[tokio::test]
async fn the_last_admin_stays() {
    TestDb::each(|db| async move {
        let home = Home::new(&db);
        let ada = home.person("ada").await.profile.id;
        let bo = home.person("bo").await.profile.id;
        let set = async |id: AccountId, admin: bool| {
            let job = move |tx: Tx| async move { Service::set_admin(&tx, id, admin).await };
            write(&home, job).await.map_err(|error| error.code)
        };
        let suspend = async |id: AccountId| {
            let service = home.service.clone();
            let job = move |tx: Tx| async move { service.suspend(&tx, id).await };
            write(&home, job).await.map_err(|error| error.code)
        };
        assert_eq!(set(ada, false).await.unwrap_err(), "only-admin");
        assert_eq!(suspend(ada).await.unwrap_err(), "only-admin");
        assert!(set(bo, true).await.unwrap());
        assert!(!set(bo, true).await.unwrap(), "it is so already");
        assert!(suspend(bo).await.unwrap());
        assert_eq!(
            set(ada, false).await.unwrap_err(),
            "only-admin",
            "bo cannot come in"
        );
        let back = write(
            &home,
            move |tx| async move { Service::unsuspend(&tx, bo).await },
        );
        assert!(back.await.unwrap());
        assert!(set(ada, false).await.unwrap());
        assert_eq!(set(bo, false).await.unwrap_err(), "only-admin");
    })
    .await;
}

#[tokio::test]
async fn two_admins_do_not_remove_each_other() {
    TestDb::each(|db| async move {
        let home = Home::new(&db);
        let ada = home.person("ada").await.profile.id;
        let bo = home.person("bo").await.profile.id;
        let set = async |id: AccountId, admin: bool| {
            let job = move |tx: Tx| async move { Service::set_admin(&tx, id, admin).await };
            write(&home, job).await
        };
        for _ in 0..5 {
            set(ada, true).await.unwrap();
            set(bo, true).await.unwrap();
            let (one, other) = tokio::join!(set(ada, false), set(bo, false));
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_is_good_once_and_for_a_day() {
    TestDb::each(|db| async move {
        let home = Home::new(&db);
        let bo = home.person("bo").await;
        let id = bo.profile.id;
        let session = home.open(&bo).await;
        let make = async || {
            let job = move |tx: Tx| async move { Service::make_reset(&tx, id).await };
            write(&home, job).await.unwrap()
        };
        let kept = async |token: &str| {
            let rows = home
                .db
                .query_all_raw(sea_orm::Statement::from_string(
                    home.db.get_database_backend(),
                    "SELECT token_hash FROM password_resets",
                ))
                .await
                .unwrap();
            let hash: String = rows[0].try_get_by_index(0).unwrap();
            (rows.len(), hash.contains(token))
        };
        let first = make().await;
        let token = make().await;
        assert_eq!(kept(&token).await, (1, false), "only its hash is kept");
        assert!(home.service.reset_owner(&first).await.is_err());
        assert_eq!(home.service.reset_owner(&token).await.unwrap(), bo.profile);
        let reset = async |token: &str, password: &str| {
            let done = home
                .service
                .reset_password(token, password, "192.0.2.3")
                .await;
            done.map_err(|error| error.code)
        };
        assert_eq!(
            reset(&token, "short").await.unwrap_err(),
            "password-too-short"
        );
        // Of two simultaneous submits, one sets the password.
        let (one, other) = tokio::join!(
            reset(&token, "the first password"),
            reset(&token, "the first password")
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let refused = home.service.viewer_of_access_token(&session.access).await;
        assert_eq!(refused.unwrap_err().code, "session-ended");
        let signed_in = home
            .service
            .sign_in("bo", "the first password", &device())
            .await;
        assert!(signed_in.is_ok());

        let late = make().await;
        home.sql("UPDATE password_resets SET expires_at = '2020-01-01 00:00:00+00:00'")
            .await;
        assert_eq!(
            reset(&late, "another password").await.unwrap_err(),
            "reset-over"
        );
        home.service.sweep().await.unwrap();
        let gone = home.db.query_one_raw(sea_orm::Statement::from_string(
            home.db.get_database_backend(),
            "SELECT token_hash FROM password_resets",
        ));
        assert!(gone.await.unwrap().is_none());
        let bot = home
            .service
            .ensure_bot("quotes", "Quotes")
            .await
            .unwrap()
            .account;
        let of_bot = move |tx: Tx| async move { Service::make_reset(&tx, bot).await };
        assert_eq!(write(&home, of_bot).await.unwrap_err().code, "not-a-person");
        for nonsense in ["", "x", &"a".repeat(10_000), "\0", "' OR 1=1 --"] {
            assert_eq!(
                reset(nonsense, "a good password").await.unwrap_err(),
                "reset-over"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn links_are_tried_a_few_times_only() {
    TestDb::each(|db| async move {
        let home = Home::with(&db, |config| config.limits.reset_address.count = 3);
        let attempt = async || {
            let tried = home
                .service
                .reset_password("x", "a good password", "192.0.2.3")
                .await;
            tried.unwrap_err().code
        };
        for _ in 0..3 {
            assert_eq!(attempt().await, "reset-over");
        }
        assert_eq!(attempt().await, "too-many-attempts");
        assert_eq!(home.service.hashes_computed(), 0, "rubbish costs nothing");
    })
    .await;
}
