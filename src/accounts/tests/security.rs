//! Password changes and sessions.

use super::*;
use serde_json::json;

const NEW: &str = "vexed otter marble";

fn browser() -> Device {
    Device {
        kind: DeviceKind::Browser,
        ..device()
    }
}

/// An account as it is after one password change.
fn with_new_password(account: &Account) -> Account {
    Account {
        password_version: account.password_version + 1,
        ..account.clone()
    }
}

#[tokio::test]
async fn a_new_password_ends_the_others_and_goes_on_with_new_secrets() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let bo = home.person("bo").await;
        let one = home.open(&ada).await;
        let two = home.open(&ada).await;
        let other = home.open(&bo).await;
        let reply = home
            .ask_json(
                "POST /api/account/password",
                &one.access,
                json!({ "current": PASSWORD, "password": NEW }),
            )
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(
            home.published(),
            [format!("session:{}", two.viewer.session)],
            "only the other session is told"
        );
        let me = async |token: &str| home.with_token("GET /api/auth/me", token).await;
        me(&two.access).await.code(401, "session-ended");
        me(&one.access).await.code(401, "token-invalid");
        home.with_token("POST /api/auth/refresh", &one.refresh)
            .await
            .code(401, "token-invalid");
        let body = reply.json();
        let (token, refresh) = (&body["token"], &body["refreshToken"]);
        assert_eq!(me(token.as_str().unwrap()).await.status, 200);
        let renewed = home
            .with_token("POST /api/auth/refresh", refresh.as_str().unwrap())
            .await;
        assert_eq!(renewed.status, 200);
        assert_eq!(me(&other.access).await.status, 200, "nobody else");

        let sign_in = async |password| home.service.sign_in("ada", password, &device()).await;
        assert_eq!(
            sign_in(PASSWORD).await.unwrap_err().code,
            "invalid-credentials"
        );
        assert_eq!(sign_in(NEW).await.unwrap(), with_new_password(&ada));
    })
    .await;
}

#[tokio::test]
async fn a_browser_goes_on_and_its_old_cookie_does_not() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let session = home.service.open_session(ada, &browser()).await.unwrap();
        let again = home
            .service
            .change_password(&session.viewer, PASSWORD, NEW, "192.0.2.2")
            .await
            .unwrap();
        assert_eq!(again.viewer, session.viewer);
        let viewer = home.service.viewer_of_access_token(&again.access).await;
        assert_eq!(viewer.unwrap(), session.viewer);
        let renewed = home.service.renew_browser(&again.refresh, "").await;
        assert_eq!(renewed.unwrap().viewer, session.viewer);
        // An old copy counts as stolen.
        assert!(
            home.service
                .renew_browser(&session.refresh, "")
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test]
async fn a_wrong_current_password_changes_nothing() {
    let configure = |config: &mut Config| {
        config.accounts.guests = true;
        config.limits.sign_in_account.count = 2;
    };
    Home::each_with(configure, async |home| {
        let ada = home.person("ada").await;
        let one = home.open(&ada).await;
        home.open(&ada).await;
        let change = async |current: &str, password: &str| {
            let body = json!({ "current": current, "password": password });
            home.ask_json("POST /api/account/password", &one.access, body)
                .await
        };
        for (current, password, status, code) in [
            (PASSWORD, "short", 400, "password-too-short"),
            ("wrong horse", NEW, 403, "password-wrong"),
            ("", NEW, 403, "password-wrong"),
            (PASSWORD, NEW, 429, "too-many-attempts"),
        ] {
            change(current, password).await.code(status, code);
        }
        assert!(home.published().is_empty());
        assert_eq!(home.service.sessions(&one.viewer).await.unwrap().len(), 2);
        let guest = home.service.register_guest("visitor", &device()).await;
        let guest = home.open(&guest.unwrap()).await;
        let body = json!({ "current": "", "password": NEW });
        home.ask_json("POST /api/account/password", &guest.access, body)
            .await
            .code(403, "no-password");
        let stranger = json!({ "current": PASSWORD, "password": NEW });
        home.post("/api/account/password", stranger)
            .await
            .code(401, "unauthenticated");
        let nothing = json!({ "current": 7 });
        home.ask_json("POST /api/account/password", &one.access, nothing)
            .await
            .code(400, "malformed");
    })
    .await;
}

#[tokio::test]
async fn only_failures_count_and_nobody_is_locked_out_from_elsewhere() {
    let configure = |config: &mut Config| config.limits.sign_in_account.count = 2;
    Home::each_with(configure, async |home| {
        let ada = home.person("ada").await;
        for _ in 0..5 {
            let found = home.service.sign_in("ada", PASSWORD, &device()).await;
            assert_eq!(found.unwrap(), ada);
        }
        let attacker = Device {
            address: "198.51.100.7".into(),
            ..device()
        };
        let attack = async |password| home.service.sign_in("ada", password, &attacker).await;
        for _ in 0..2 {
            let refused = attack("wrong horse").await.unwrap_err();
            assert_eq!(refused.code, "invalid-credentials");
        }
        let refused = attack(PASSWORD).await.unwrap_err();
        assert_eq!(refused.code, "too-many-attempts");
        let found = home.service.sign_in("ada", PASSWORD, &device()).await;
        assert_eq!(found.unwrap(), ada, "the owner is elsewhere");
    })
    .await;
}

#[tokio::test]
async fn a_password_is_set_for_somebody() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let one = home.open(&ada).await;
        let id = ada.profile.id;
        let refused = home.service.set_password(id, "short", None).await;
        assert_eq!(code(refused), "password-too-short");
        home.service.set_password(id, NEW, None).await.unwrap();
        let ended = home.service.viewer_of_access_token(&one.access).await;
        assert_eq!(code(ended), "session-ended");
        let found = home.service.sign_in("ada", NEW, &device()).await;
        assert_eq!(found.unwrap(), with_new_password(&ada));
        let bot = home.service.ensure_bot("quotes", "Quotes").await.unwrap();
        let refused = home.service.set_password(bot.account, NEW, None).await;
        assert_eq!(code(refused), "not-found");
    })
    .await;
}

#[tokio::test]
async fn all_other_sessions_end_at_once() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let one = home.open(&ada).await;
        home.open(&ada).await;
        home.open(&ada).await;
        let reply = home.with_token("DELETE /api/sessions", &one.access).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json(), json!({ "ended": 2 }));
        let listed = home.with_token("GET /api/sessions", &one.access).await;
        let sessions = listed.json()["sessions"].clone();
        assert_eq!(sessions.as_array().unwrap().len(), 1);
        assert_eq!(sessions[0]["device"]["app"], "a test");
        assert_eq!(sessions[0]["current"], true);
    })
    .await;
}

async fn reset_link(home: &Home, account: &Account) -> String {
    let id = account.profile.id;
    let job = move |tx| async move { Service::make_reset(&tx, id).await };
    home.db.write(id.0, job).await.unwrap()
}

#[tokio::test]
async fn a_reset_link_ends_with_the_password_that_it_was_for() {
    Home::each(async |home| {
        home.person("olga").await;
        let ada = home.person("ada").await;
        let id = ada.profile.id;
        let owner = async |link: &str| {
            let owner = home.service.reset_owner(link).await;
            owner
                .map(|owner| owner.username)
                .map_err(|error| error.code)
        };
        let link = reset_link(home, &ada).await;
        assert_eq!(owner(&link).await.unwrap(), "ada");
        let viewer = home.open(&ada).await.viewer;
        let changed = home.service.change_password(&viewer, PASSWORD, NEW, "");
        changed.await.unwrap();
        assert_eq!(owner(&link).await.unwrap_err(), "reset-over");

        let link = reset_link(home, &ada).await;
        home.service.set_password(id, PASSWORD, None).await.unwrap();
        assert_eq!(owner(&link).await.unwrap_err(), "reset-over");

        let link = reset_link(home, &ada).await;
        let service = home.service.clone();
        let suspend = move |tx| async move { service.suspend(&tx, id).await };
        home.db.write(id.0, suspend).await.unwrap();
        assert_eq!(owner(&link).await.unwrap_err(), "reset-over");
        let unsuspend = move |tx| async move { Service::unsuspend(&tx, id).await };
        home.db.write(id.0, unsuspend).await.unwrap();

        let link = reset_link(home, &ada).await;
        let ada = home.service.sign_in("ada", PASSWORD, &device()).await;
        let viewer = home.open(&ada.unwrap()).await.viewer;
        let farewell = crate::accounts::Farewell {
            password: PASSWORD,
            ..Default::default()
        };
        home.service.leave(&viewer, farewell, "").await.unwrap();
        assert_eq!(owner(&link).await.unwrap_err(), "reset-over");
    })
    .await;
}

#[tokio::test]
async fn what_an_old_password_opened_is_shut() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let id = ada.profile.id;
        let session = home.open(&ada).await;
        // Each of these has passed the password check, and waits for its action.
        let signing_in = home.service.sign_in("ada", PASSWORD, &device()).await;
        let signing_in = signing_in.unwrap();
        let proof = home.service.prove(&session.viewer, PASSWORD, "").await;
        let proof = proof.unwrap();
        let challenge = home.service.challenge(&ada, "code").await.unwrap();
        let holds = async || {
            let job = move |tx| async move { proof.still_holds(&tx).await };
            home.db.write(id.0, job).await.map_err(|error| error.code)
        };
        assert!(holds().await.is_ok());
        home.service.set_password(id, NEW, None).await.unwrap();

        let device = device();
        let opened = home.service.open_session(signing_in.clone(), &device);
        assert_eq!(code(opened.await), "invalid-credentials");
        assert_eq!(holds().await.unwrap_err(), "password-wrong");
        let answered = home.service.answer_challenge(&challenge, "000000", &device);
        assert_eq!(code(answered.await), "challenge-over");
        let late = home.service.challenge(&signing_in, "code").await;
        assert_eq!(code(late), "invalid-credentials");
        assert!(
            home.service
                .sessions(&session.viewer)
                .await
                .unwrap()
                .is_empty()
        );
        let ada = home.service.sign_in("ada", NEW, &device).await.unwrap();
        assert!(home.service.open_session(ada, &device).await.is_ok());
    })
    .await;
}
