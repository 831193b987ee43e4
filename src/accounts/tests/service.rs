//! The service and its store, on every database.

use super::*;
use crate::{
    accounts::{AccountKind, SessionInfo, Viewer},
    platform::database::Tx,
    shared::{AccountId, SessionId},
    testing::count,
};
use futures::future::join_all;

async fn sign_in(home: &Home, name: &str, password: &str) -> crate::shared::Result<Account> {
    home.service.sign_in(name, password, &device()).await
}

async fn viewer(home: &Home, account: &Account) -> Viewer {
    home.open(account).await.viewer
}

#[tokio::test]
async fn registering_and_signing_in() {
    Home::each(async |home| {
        let ada = home.person("Ada.L").await;
        assert_eq!(ada.profile.display_name, "Ada.L");
        assert_eq!(ada.profile.kind, AccountKind::Person);
        for name in ["Ada.L", " ada.l ", "АDА.L", "ADA.L@EXAMPLE.COM"] {
            let found = sign_in(home, name, PASSWORD).await.unwrap();
            assert_eq!(found, ada, "{name}");
        }
        for (name, password) in [
            ("ada.l", "wrong horse"),
            ("ada.l", ""),
            ("bo", PASSWORD),
            ("bo@example.com", PASSWORD),
            ("", ""),
        ] {
            let result = sign_in(home, name, password).await;
            assert_eq!(code(result), "invalid-credentials", "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_account_costs_a_hash_too() {
    Home::each(async |home| {
        home.person("ada").await;
        home.service.ensure_bot("quotes", "Quotes").await.unwrap();
        for name in ["ada", "nobody", "nobody@example.com", "quotes"] {
            let before = home.service.hashes_computed();
            let result = sign_in(home, name, "wrong horse").await;
            assert_eq!(code(result), "invalid-credentials");
            assert_eq!(home.service.hashes_computed(), before + 1, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn names_that_look_alike_are_one() {
    Home::each(async |home| {
        home.person("paypal").await;
        for (username, expected) in [
            ("PayPal", "username-taken"),
            ("pаypаl", "username-taken"), // Cyrillic
            ("ｐａｙｐａｌ", "username-taken"),
            ("paypa1", "username-taken"),
            ("riаlto", "name-reserved"),
            ("pay\u{202e}pal", "name-characters"),
            ("pay pal", "username-characters"),
        ] {
            let mut new = person(username);
            new.email = "other@example.com".into();
            let result = home.service.register(new, &device()).await;
            assert_eq!(code(result), expected, "{username}");
        }
        let mut same_address = person("somebody");
        same_address.email = " PAYPAL@example.com ".into();
        let result = home.service.register(same_address, &device()).await;
        assert_eq!(code(result), "email-taken");
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_gets_the_name() {
    Home::each(async |home| {
        let register = |n: usize| {
            let mut new = person("ada");
            new.email = format!("{n}@example.com");
            let service = home.service.clone();
            async move { service.register(new, &device()).await }
        };
        let results = join_all((0..8).map(register)).await;
        let won = results.iter().filter(|r| r.is_ok()).count();
        assert_eq!(won, 1);
        for lost in results.into_iter().filter(Result::is_err) {
            assert_eq!(code(lost), "username-taken");
        }
    })
    .await;
}

#[tokio::test]
async fn derived_usernames_are_unique() {
    Home::each(async |home| {
        let register = |n: usize| {
            let new = NewPerson {
                username: None,
                display_name: Some("José Núñez".into()),
                email: format!("{n}@example.com"),
                password: PASSWORD.into(),
                invite: None,
                setup_token: None,
            };
            let service = home.service.clone();
            async move { service.register(new, &device()).await.unwrap().profile }
        };
        let profiles = join_all((0..12).map(register)).await;
        let mut names: Vec<_> = profiles.iter().map(|p| p.username.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 12);
        assert!(names.contains(&"jose-nunez") && names.contains(&"jose-nunez-2"));
        assert!(profiles.iter().all(|p| p.display_name == "José Núñez"));
    })
    .await;
}

#[tokio::test]
async fn the_first_person_is_the_admin() {
    let configure = |config: &mut Config| config.accounts.registration = false;
    Home::each_with(configure, async |home| {
        home.service.ensure_bot("quotes", "Quotes").await.unwrap();
        let ada = home.person("ada").await;
        assert!(ada.admin);
        assert!(home.service.is_admin(ada.profile.id).await.unwrap());
        let closed = home.service.register(person("bo"), &device()).await;
        assert_eq!(code(closed), "registration-closed");

        let open = home.another(|_| {});
        let bo = open.person("bo").await;
        assert!(!bo.admin);
        let made = home.service.named("BO@example.com").await.unwrap();
        assert_eq!(made.profile, bo.profile);
        let id = made.profile.id;
        let job = move |tx: Tx| async move { Service::set_admin(&tx, id, true).await };
        assert!(home.db.write(id.0, job).await.unwrap());
        assert!(home.service.is_admin(bo.profile.id).await.unwrap());
        assert!(viewer(home, &bo).await.session != SessionId(uuid::Uuid::nil()));
        let unknown = home.service.named("x@example.com").await;
        assert_eq!(code(unknown), "account-unknown");
    })
    .await;
}

#[tokio::test]
async fn what_hangs_on_an_account_is_made_with_it() {
    Home::each(async |home| {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let names = Arc::clone(&seen);
        home.service.on_created(move |tx, profile| {
            let names = Arc::clone(&names);
            Box::pin(async move {
                let rev = Service::bump_rev(&tx, profile.id).await?;
                names.lock().unwrap().push((profile.username.clone(), rev));
                if profile.username == "unlucky" {
                    return Err(crate::shared::Error::forbidden());
                }
                Ok(())
            })
        });
        let ada = home.person("ada").await;
        let id = ada.profile.id;
        let revs = home.service.revs_of(&[id, AccountId::new()]).await.unwrap();
        assert_eq!(revs, [(id, 1)]);
        let unlucky = home.service.register(person("unlucky"), &device()).await;
        assert_eq!(code(unlucky), "forbidden");
        assert_eq!(
            code(sign_in(home, "unlucky", PASSWORD).await),
            "invalid-credentials"
        );
        let bot = home.service.ensure_bot("quotes", "Quotes").await.unwrap();
        let again = home.service.ensure_bot("Quotes", "Q").await.unwrap();
        assert_eq!(bot.profile(), again.profile());
        assert_eq!(bot.kind, AccountKind::Bot);
        let names = seen.lock().unwrap().clone();
        assert_eq!(
            names,
            [
                ("ada".into(), 1),
                ("unlucky".into(), 1),
                ("quotes".into(), 1)
            ]
        );
        let elsewhere = home.service.ensure_bot("ada", "Ada").await.unwrap();
        assert_eq!(elsewhere.username, "ada-bot");
        let again = home.service.ensure_bot("ada", "Ada").await.unwrap();
        assert_eq!(again.profile(), elsewhere.profile(), "after a restart too");
    })
    .await;
}

#[tokio::test]
async fn profiles_come_in_one_go() {
    Home::each(async |home| {
        let ada = home.person("ada").await.profile;
        let bo = home.person("bo").await.profile;
        let mut ids = vec![ada.id, bo.id, ada.id];
        ids.extend((0..1_200).map(|_| AccountId::new()));
        let profiles = home.service.profiles(&ids).await.unwrap();
        assert_eq!(profiles.len(), 2);
        assert_eq!(profiles[&ada.id], ada);
        assert!(home.service.profiles(&[]).await.unwrap().is_empty());
        assert_eq!(home.service.profile_by_id(bo.id).await.unwrap(), bo);
        let unknown = home.service.profile_by_id(AccountId::new()).await;
        assert_eq!(code(unknown), "not-found");
    })
    .await;
}

#[tokio::test]
async fn sessions_end_for_their_owner_only() {
    Home::each(async |home| {
        let (ada, bo) = (home.person("ada").await, home.person("bo").await);
        let one = home.open(&ada).await;
        let two = home.open(&ada).await;
        let three = home.open(&ada).await;
        let other = home.open(&bo).await;
        let ids = |sessions: Vec<SessionInfo>| -> Vec<SessionId> {
            sessions.iter().map(|session| session.id).collect()
        };
        let listed = home.service.sessions(&one.viewer).await.unwrap();
        let current: Vec<_> = listed.iter().filter(|s| s.current).map(|s| s.id).collect();
        assert_eq!(current, [one.viewer.session]);
        assert_eq!(listed.len(), 3);
        assert!(
            listed
                .iter()
                .all(|s| !s.browser && s.user_agent == "a test")
        );

        let foreign = home
            .service
            .end_session(&other.viewer, one.viewer.session)
            .await;
        assert_eq!(code(foreign), "not-found");
        assert!(home.published().is_empty());
        home.service
            .end_session(&one.viewer, two.viewer.session)
            .await
            .unwrap();
        assert_eq!(
            home.published(),
            [format!("session:{}", two.viewer.session)]
        );
        let again = home
            .service
            .end_session(&one.viewer, two.viewer.session)
            .await;
        assert_eq!(code(again), "not-found");
        let dead = home.service.viewer_of_access_token(&two.access).await;
        assert_eq!(code(dead), "session-ended");
        let dead = home.service.refresh_program(&two.refresh, "").await;
        assert_eq!(code(dead), "session-ended");

        assert_eq!(
            home.service
                .end_all_other_sessions(&one.viewer)
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            home.published(),
            [format!("session:{}", three.viewer.session)]
        );
        let left = home.service.sessions(&one.viewer).await.unwrap();
        assert_eq!(ids(left), [one.viewer.session]);
        home.service.sign_out(&one.viewer).await.unwrap();
        home.service.sign_out(&one.viewer).await.unwrap();
        assert!(
            home.service
                .viewer_of_access_token(&one.access)
                .await
                .is_err()
        );
        assert!(
            home.service
                .viewer_of_access_token(&other.access)
                .await
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn use_is_noted_once_a_minute() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let session = home.open(&ada).await;
        let noted = async || {
            let sessions = home.service.sessions(&session.viewer).await.unwrap();
            (sessions[0].last_used_at, sessions[0].address.clone())
        };
        let opened = noted().await;
        let elsewhere = Some("192.0.2.99");
        home.service
            .viewer_of(&session.access, elsewhere)
            .await
            .unwrap();
        // Writes run in order of arrival: this one waits for earlier ones.
        home.service.sweep().await.unwrap();
        assert_eq!(noted().await, opened);
        home.sql("UPDATE sessions SET last_used_at = '2020-01-01T00:00:00+00:00'")
            .await;
        home.service
            .viewer_of(&session.access, elsewhere)
            .await
            .unwrap();
        home.service.sweep().await.unwrap();
        let (at, address) = noted().await;
        assert!(at >= opened.0);
        assert_eq!(address, "192.0.2.99");
    })
    .await;
}

#[tokio::test]
async fn guests_come_and_go() {
    Home::each(async |closed| {
        let refused = closed.service.register_guest("visitor", &device()).await;
        assert_eq!(code(refused), "guests-off");

        let home = &closed.another(|config| config.accounts.guests = true);
        home.person("ada").await;
        let guest = home
            .service
            .register_guest("visitor", &device())
            .await
            .unwrap();
        assert_eq!(guest.profile.kind, AccountKind::Guest);
        assert!(!guest.admin && guest.expires_at.is_some());
        for (name, expected) in [
            ("ada", "username-taken"),
            ("АDА", "username-taken"),
            ("Visitor", "username-taken"),
            ("system", "name-reserved"),
            ("x", "username-too-short"),
        ] {
            let result = home.service.register_guest(name, &device()).await;
            assert_eq!(code(result), expected, "{name}");
        }
        assert_eq!(
            code(sign_in(home, "visitor", "").await),
            "invalid-credentials"
        );

        let session = home.open(&guest).await;
        home.service
            .viewer_of_access_token(&session.access)
            .await
            .unwrap();
        home.sql(
            "UPDATE accounts SET expires_at = '2020-01-01T00:00:00+00:00' WHERE kind = 'guest'",
        )
        .await;
        let over = home.service.viewer_of_access_token(&session.access).await;
        assert_eq!(code(over), "session-ended");
        // The name is free again; the account stays, since messages refer to it.
        let next = home
            .service
            .register_guest("visitor", &device())
            .await
            .unwrap();
        assert_ne!(next.profile.id, guest.profile.id);
        let before = home.service.profile_by_id(guest.profile.id).await.unwrap();
        assert_eq!(before, guest.profile);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_cleared_up() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let old = viewer(home, &ada).await;
        home.sql("UPDATE sessions SET expires_at = '2020-01-01T00:00:00+00:00'")
            .await;
        let living = viewer(home, &ada).await;
        home.service.sweep().await.unwrap();
        assert_eq!(home.published(), [format!("session:{}", old.session)]);
        home.service.sweep().await.unwrap();
        assert!(home.published().is_empty(), "once is enough");
        home.sql(
            "UPDATE sessions SET ended_at = '2020-01-01T00:00:00+00:00' WHERE ended_at IS NOT NULL",
        )
        .await;
        home.service.sweep().await.unwrap();
        assert_eq!(count(&home.db, "sessions").await, 1);
        assert_eq!(home.service.sessions(&living).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn attempts_are_limited() {
    let configure = |config: &mut Config| {
        config.limits.sign_in_account.count = 3;
        config.limits.sign_in_address.count = 5;
        config.limits.registrations.count = 1;
    };
    Home::each_with(configure, async |home| {
        home.person("ada").await;
        let second = home.service.register(person("bo"), &device()).await;
        assert_eq!(code(second), "too-many-attempts");
        for _ in 0..3 {
            let wrong = sign_in(home, "ada", "wrong horse").await;
            assert_eq!(code(wrong), "invalid-credentials");
        }
        let error = sign_in(home, "ADA", PASSWORD).await.unwrap_err();
        assert_eq!(error.code, "too-many-attempts");
        assert!((1..=60).contains(&error.retry_after().unwrap()));
        // The fifth attempt from this address, then one too many.
        assert_eq!(code(sign_in(home, "cy", "x").await), "invalid-credentials");
        assert_eq!(code(sign_in(home, "di", "x").await), "too-many-attempts");
        let mut elsewhere = device();
        elsewhere.address = "198.51.100.1".into();
        let result = home.service.sign_in("di", "x", &elsewhere).await;
        assert_eq!(code(result), "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn strength_of_passwords() {
    Home::each(async |home| {
        let score = async |password: &str| {
            let strength = home.service.strength(password, "192.0.2.2").await;
            strength.unwrap().score
        };
        assert_eq!(score("password").await, 0);
        assert_eq!(score("vexed-otter-31-marble-quay").await, 4);
        assert!(score(&"x".repeat(60_000)).await < 4);
        let home = home.another(|config| config.limits.commands.count = 2);
        let ask = async |network| home.service.strength("password", network).await;
        for _ in 0..2 {
            assert!(ask("192.0.2.2").await.is_ok());
        }
        let refused = ask("192.0.2.2").await.unwrap_err();
        assert_eq!(refused.code, "too-many-attempts");
        assert!(ask("192.0.2.3").await.is_ok());
    })
    .await;
}
