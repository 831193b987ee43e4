//! Account deletion, and canceling it.

use super::*;
use crate::{
    accounts::{AccountKind, Copying, Credentials, Erasure, Farewell, PersonalData},
    shared::{AccountId, Error, Result},
    testing::count,
};
use async_trait::async_trait;
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_util::sync::CancellationToken;

const GOODBYE: Farewell<'static> = Farewell {
    password: PASSWORD,
    otp: None,
    keep_messages: true,
    successor: None,
};

/// Runs a test with Ada's account, and another as the admin.
async fn each(days: u32, test: impl AsyncFn(&Home, Account)) {
    let configure = |config: &mut Config| config.accounts.deletion_days = days;
    Home::each_with(configure, async |home| {
        home.person("olga").await;
        test(home, home.person("ada").await).await;
    })
    .await;
}

async fn leave(home: &Home, account: &Account) -> Result<()> {
    let viewer = home.open(account).await.viewer;
    let left = home.service.leave(&viewer, GOODBYE, "192.0.2.2").await;
    left.map(drop)
}

async fn erase_due(home: &Home) -> Result<()> {
    home.service.erase_due(&CancellationToken::new()).await
}

#[tokio::test]
async fn who_leaves_may_come_back() {
    each(7, async |home, ada| {
        let one = home.open(&ada).await;
        let two = home.open(&ada).await;
        let leave = async |body: Value| {
            let what = "DELETE /api/account";
            home.ask_json(what, &one.access, body).await
        };
        leave(json!({ "password": PASSWORD, "messages": "whatever" }))
            .await
            .code(400, "messages-keep-or-delete");
        leave(json!({ "password": "wrong horse", "messages": "keep" }))
            .await
            .code(403, "password-wrong");
        assert!(home.published().is_empty());
        let left = leave(json!({ "password": PASSWORD, "messages": "delete" })).await;
        assert_eq!(left.status, 200, "{}", left.text);
        assert_eq!(left.json()["keep_messages"], false);
        let mut ended =
            [one.viewer.session, two.viewer.session].map(|session| format!("session:{session}"));
        ended.sort();
        let mut published = home.published();
        published.sort();
        assert_eq!(published, ended);
        home.with_token("GET /api/auth/me", &one.access)
            .await
            .code(401, "session-ended");
        erase_due(home).await.unwrap();
        let profile = home.service.profile_by_id(ada.profile.id).await.unwrap();
        assert_eq!(profile, ada.profile, "others see no difference yet");

        let login = async |extra: Value| {
            let mut body = json!({ "username": "ada", "password": PASSWORD });
            body.as_object_mut()
                .unwrap()
                .extend(extra.as_object().unwrap().clone());
            home.post("/api/login", body).await
        };
        let refused = login(json!({})).await;
        refused.code(403, "account-leaving");
        assert_eq!(
            refused.json()["until"],
            left.json()["due_at"]
                .as_str()
                .unwrap()
                .split('.')
                .next()
                .map(|start| format!("{start}Z"))
                .unwrap()
        );
        let sneaked = home.service.open_session(ada.clone(), &device()).await;
        assert_eq!(code(sneaked), "account-leaving");
        assert_eq!(login(json!({ "come_back": true })).await.status, 200);
        assert_eq!(login(json!({})).await.status, 200, "back for good");
        assert_eq!(home.service.departure(ada.profile.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_asked_whether_to_come_back() {
    each(7, async |home, ada| {
        leave(home, &ada).await.unwrap();
        let begin = async || {
            let step = home.service.begin_sign_in("ada", PASSWORD, &device()).await;
            match step.unwrap() {
                crate::accounts::Step::Return(challenge) => challenge,
                _ => panic!("asked for something else"),
            }
        };
        let challenge = begin().await;
        let from = device();
        let answered = home.service.answer_challenge(&challenge, "000000", &from);
        assert_eq!(
            code(answered.await),
            "challenge-over",
            "it is for coming back"
        );
        assert!(home.service.may_come_back(&challenge).await.is_ok());
        let back = home.service.come_back(&challenge, &device()).await;
        assert_eq!(back.unwrap(), ada);
        let again = home.service.come_back(&challenge, &device()).await;
        assert_eq!(code(again), "challenge-over");
        home.open(&ada).await;

        // Once the deletion is due, it is too late.
        leave(home, &ada).await.unwrap();
        let challenge = begin().await;
        home.sql("UPDATE departures SET due_at = '2020-01-01T00:00:00+00:00'")
            .await;
        let late = home.service.come_back(&challenge, &device()).await;
        assert_eq!(code(late), "challenge-over");
    })
    .await;
}

#[tokio::test]
async fn nothing_but_a_row_without_a_name_is_left() {
    each(0, async |home, ada| {
        let session = home.open(&ada).await;
        let left = home
            .service
            .leave(&session.viewer, GOODBYE, "192.0.2.2")
            .await;
        left.unwrap();
        erase_due(home).await.unwrap();
        let id = ada.profile.id;
        let profile = home.service.profile_by_id(id).await.unwrap();
        assert_eq!(profile.kind, AccountKind::Deleted);
        assert_eq!(profile, crate::accounts::Profile::deleted(id));
        let kept = home.service.account(id).await.unwrap().unwrap();
        assert_eq!((kept.email, kept.preferences), (None, None));
        home.with_token("GET /api/auth/me", &session.access)
            .await
            .fails_with(404, "User not found", "account-gone");
        for name in ["ada", "ada@example.com", "deleted"] {
            let found = home.service.sign_in(name, PASSWORD, &device()).await;
            assert_eq!(code(found), "invalid-credentials");
        }
        for table in ["sessions", "departures", "sign_in_challenges"] {
            assert_eq!(count(&home.db, table).await, 0, "{table}");
        }
        // The username and names that look like it stay reserved; the email address is free.
        for name in ["ada", "ADA", "аdа"] {
            let taken = home.service.register(person(name), &device()).await;
            assert_eq!(code(taken), "username-taken", "{name}");
        }
        let derived = NewPerson {
            username: None,
            display_name: Some("Ada".into()),
            ..person("ada")
        };
        let again = home.service.register(derived, &device()).await.unwrap();
        assert_eq!(again.profile.username, "ada-2");
        assert_eq!(again.email.as_deref(), Some("ada@example.com"));
        // A second run finds nothing to do.
        erase_due(home).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_instance_is_never_without_an_admin() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        assert!(ada.admin);
        let viewer = home.open(&ada).await.viewer;
        let bo = home.person("bo").await;
        home.service.ensure_bot("quotes", "Quotes").await.unwrap();
        let to = async |successor: Option<&'static str>| {
            let farewell = Farewell {
                successor,
                ..GOODBYE
            };
            home.service.leave(&viewer, farewell, "192.0.2.2").await
        };
        assert_eq!(code(to(None).await), "last-admin");
        assert_eq!(code(to(Some(" ")).await), "last-admin");
        for nobody in ["nobody", "ada", "quotes", "x@example.com"] {
            assert_eq!(
                code(to(Some(nobody)).await),
                "successor-unknown",
                "{nobody}"
            );
        }
        assert!(home.published().is_empty());
        to(Some("BO@example.com")).await.unwrap();
        assert!(home.service.is_admin(bo.profile.id).await.unwrap());
        // An account scheduled for deletion does not count as an admin.
        let viewer = home.open(&bo).await.viewer;
        let alone = home.service.leave(&viewer, GOODBYE, "192.0.2.2").await;
        assert_eq!(code(alone), "last-admin");
    })
    .await;
}

#[tokio::test]
async fn leaving_takes_a_code_where_there_is_a_second_factor() {
    each(7, async |home, ada| {
        let token = home.open(&ada).await.access;
        let (_, codes) = second_factor::enrol(home, &token).await;
        let leave = async |otp: &str| {
            let body = json!({ "password": PASSWORD, "messages": "keep", "otp": otp });
            home.ask_json("DELETE /api/account", &token, body).await
        };
        leave("").await.code(401, "second-factor-required");
        leave("nonsense").await.code(401, "second-factor-wrong");
        assert_eq!(leave(&codes[0]).await.status, 200);
        let credentials = Credentials {
            name: "ada",
            password: PASSWORD,
            come_back: true,
            otp: None,
        };
        let refused = home.service.sign_in_with(credentials, &device()).await;
        assert_eq!(code(refused), "second-factor-required");
    })
    .await;
}

/// Has four steps; one call fails.
struct Breaking {
    steps: Arc<AtomicU32>,
    erased: Arc<Mutex<Vec<(AccountId, u32)>>>,
}

#[async_trait]
impl PersonalData for Breaking {
    async fn copy(&self, _: AccountId, _: &Copying) -> Result<()> {
        Ok(())
    }

    async fn erase(&self, erasure: Erasure, place: Option<String>) -> Result<Option<String>> {
        if self.steps.fetch_add(1, Ordering::Relaxed) == 2 {
            return Err(Error::unavailable());
        }
        let number: u32 = place.map_or(0, |place| place.parse().unwrap());
        self.erased.lock().unwrap().push((erasure.account, number));
        Ok((number < 3).then(|| (number + 1).to_string()))
    }
}

#[tokio::test]
async fn erasing_goes_on_where_it_broke_off() {
    each(0, async |home, ada| {
        let (steps, erased) = (
            Arc::new(AtomicU32::new(0)),
            Arc::new(Mutex::new(Vec::new())),
        );
        home.service.add_personal_data(Breaking {
            steps: Arc::clone(&steps),
            erased: Arc::clone(&erased),
        });
        leave(home, &ada).await.unwrap();
        assert_eq!(code(erase_due(home).await), "unavailable");
        let id = ada.profile.id;
        let profile = home.service.profile_by_id(id).await.unwrap();
        assert_eq!(profile, ada.profile, "first what hangs on it, then itself");
        let stopped = CancellationToken::new();
        stopped.cancel();
        home.service.erase_due(&stopped).await.unwrap();
        assert!(home.service.departure(id).await.unwrap().is_some());
        erase_due(home).await.unwrap();
        let expected: Vec<(AccountId, u32)> = [0, 1, 0, 1, 2, 3].map(|step| (id, step)).into();
        assert_eq!(*erased.lock().unwrap(), expected);
        let profile = home.service.profile_by_id(id).await.unwrap();
        assert_eq!(profile.kind, AccountKind::Deleted);
    })
    .await;
}
