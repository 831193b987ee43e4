//! Actions of admins on accounts, and password reset links, on every database.

use super::*;
use crate::{
    platform::database::Tx,
    shared::AccountId,
    testing::{count, texts},
};

async fn write<T: Send + 'static, Fut>(
    home: &Home,
    job: impl FnOnce(Tx) -> Fut + Send + 'static,
) -> crate::shared::Result<T>
where
    Fut: Future<Output = crate::shared::Result<T>> + Send + 'static,
{
    home.db.write(uuid::Uuid::nil(), job).await
}

async fn set_admin(home: &Home, id: AccountId, admin: bool) -> crate::shared::Result<bool> {
    write(home, move |tx| async move {
        Service::set_admin(&tx, id, admin).await
    })
    .await
}

async fn suspend(home: &Home, id: AccountId) -> crate::shared::Result<bool> {
    let service = home.service.clone();
    write(
        home,
        move |tx| async move { service.suspend(&tx, id).await },
    )
    .await
}

async fn unsuspend(home: &Home, id: AccountId) -> crate::shared::Result<bool> {
    write(
        home,
        move |tx| async move { Service::unsuspend(&tx, id).await },
    )
    .await
}

async fn reset_link(home: &Home, id: AccountId) -> crate::shared::Result<String> {
    write(
        home,
        move |tx| async move { Service::make_reset(&tx, id).await },
    )
    .await
}

#[tokio::test]
async fn accounts_are_listed_with_their_use() {
    Home::each(async |home| {
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
    Home::each(async |home| {
        home.person("ada").await;
        let bo = home.person("bo").await;
        let session = home.open(&bo).await;
        home.published();
        let id = bo.profile.id;
        assert!(suspend(home, id).await.unwrap());
        let topic = format!("session:{}", session.viewer.session);
        assert_eq!(home.published(), [topic], "its sockets are told");
        assert!(!suspend(home, id).await.unwrap());
        let refused = home.service.viewer_of_access_token(&session.access).await;
        assert_eq!(code(refused), "session-ended");
        let opened = home.service.open_session(bo.clone(), &device()).await;
        assert_eq!(code(opened), "account-suspended");
        assert!(unsuspend(home, id).await.unwrap());
        assert!(home.service.open_session(bo, &device()).await.is_ok());

        let unknown = suspend(home, AccountId::new()).await;
        assert_eq!(code(unknown), "not-found");
        let bot = home.service.ensure_bot("quotes", "Quotes").await.unwrap();
        let of_bot = suspend(home, bot.account).await;
        assert_eq!(code(of_bot), "not-a-person");
    })
    .await;
}

#[tokio::test]
async fn the_last_admin_stays() {
    Home::each(async |home| {
        let ada = home.person("ada").await.profile.id;
        let bo = home.person("bo").await.profile.id;
        assert_eq!(code(set_admin(home, ada, false).await), "only-admin");
        assert_eq!(code(suspend(home, ada).await), "only-admin");
        assert!(set_admin(home, bo, true).await.unwrap());
        assert!(
            !set_admin(home, bo, true).await.unwrap(),
            "it is so already"
        );
        assert!(suspend(home, bo).await.unwrap());
        assert_eq!(
            code(set_admin(home, ada, false).await),
            "only-admin",
            "bo cannot come in"
        );
        assert!(unsuspend(home, bo).await.unwrap());
        assert!(set_admin(home, ada, false).await.unwrap());
        assert_eq!(code(set_admin(home, bo, false).await), "only-admin");
    })
    .await;
}

#[tokio::test]
async fn two_admins_do_not_remove_each_other() {
    Home::each(async |home| {
        let ada = home.person("ada").await.profile.id;
        let bo = home.person("bo").await.profile.id;
        for _ in 0..5 {
            set_admin(home, ada, true).await.unwrap();
            set_admin(home, bo, true).await.unwrap();
            let (one, other) =
                tokio::join!(set_admin(home, ada, false), set_admin(home, bo, false));
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_is_good_once_and_for_a_day() {
    Home::each(async |home| {
        let bo = home.person("bo").await;
        let id = bo.profile.id;
        let session = home.open(&bo).await;
        let make = async || reset_link(home, id).await.unwrap();
        let kept = async |token: &str| {
            let hashes = texts(&home.db, "SELECT token_hash FROM password_resets").await;
            (hashes.len(), hashes[0].contains(token))
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
        assert_eq!(code(refused), "session-ended");
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
        assert_eq!(count(&home.db, "password_resets").await, 0);
        let bot = home.service.ensure_bot("quotes", "Quotes").await.unwrap();
        let of_bot = reset_link(home, bot.account).await;
        assert_eq!(code(of_bot), "not-a-person");
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
    let configure = |config: &mut Config| config.limits.reset_address.count = 3;
    Home::each_with(configure, async |home| {
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
