//! Guessing passwords and codes from many networks, and common passwords.

use super::*;
use crate::{platform::database::Tx, testing::a_minute};
use serde_json::json;

const NEW: &str = "vexed otter marble";

fn at(network: usize) -> Device {
    Device {
        address: format!("198.51.{}.{}", network / 250, network % 250),
        ..device()
    }
}

async fn try_from(home: &Home, network: usize, name: &str, password: &str) -> String {
    let found = home.service.sign_in(name, password, &at(network)).await;
    found.map_or_else(|error| error.code.into_owned(), |_| "in".into())
}

#[tokio::test]
async fn a_botnet_is_slowed_down_and_the_owner_is_not() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        home.open(&ada).await;
        // The same for an unknown name, so that the limit does not reveal accounts.
        for name in ["ada", "nobody"] {
            for network in 0..20 {
                let refused = try_from(home, network, name, "wrong horse").await;
                assert_eq!(refused, "invalid-credentials", "{name} {network}");
            }
            let refused = try_from(home, 99, name, PASSWORD).await;
            assert_eq!(refused, "too-many-guesses", "{name}");
        }
        let computed = home.service.hashes_computed();
        try_from(home, 100, "ada", PASSWORD).await;
        assert_eq!(home.service.hashes_computed(), computed, "it costs nothing");
        // From ada's known network; failures there have their own limit.
        let known = async |password| home.service.sign_in("ada", password, &device()).await;
        for _ in 0..9 {
            assert_eq!(
                known("wrong horse").await.unwrap_err().code,
                "invalid-credentials"
            );
        }
        assert_eq!(known(PASSWORD).await.unwrap(), ada);
        assert_eq!(try_from(home, 99, "bo", "x").await, "invalid-credentials");
    })
    .await;
}

#[tokio::test]
async fn a_reset_link_lets_the_owner_in_from_anywhere() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        for network in 0..20 {
            try_from(home, network, "ada", "wrong horse").await;
        }
        let id = ada.profile.id;
        let job = move |tx: Tx| async move { Service::make_reset(&tx, id).await };
        let token = home.db.write(id.0, job).await.unwrap();
        let here = at(77);
        let reset = home.service.reset_password(&token, NEW, &here.address);
        reset.await.unwrap();
        assert_eq!(try_from(home, 78, "ada", NEW).await, "too-many-guesses");
        assert_eq!(try_from(home, 77, "ada", NEW).await, "in");
        let account = home.service.sign_in("ada", NEW, &here).await.unwrap();
        home.service.open_session(account, &here).await.unwrap();
        assert_eq!(try_from(home, 77, "ada", NEW).await, "in", "by its session");
    })
    .await;
}

#[tokio::test]
async fn codes_are_guessed_as_slowly() {
    let configure = |config: &mut Config| {
        config.limits.sign_in_address = a_minute(1_000);
    };
    Home::each_with(configure, async |home| {
        let ada = home.person("ada").await;
        let session = home.open(&ada).await;
        let (_, codes) = second_factor::enrol(home, &session.access).await;
        let attempt = async |device: Device, otp: &str| {
            let credentials = crate::accounts::Credentials {
                name: "ada",
                password: PASSWORD,
                otp: Some(otp),
                ..Default::default()
            };
            let found = home.service.sign_in_with(credentials, &device).await;
            found.map_or_else(|error| error.code.into_owned(), |_| "in".into())
        };
        for network in 0..20 {
            assert_eq!(attempt(at(network), "000000").await, "second-factor-wrong");
        }
        assert_eq!(attempt(at(99), &codes[0]).await, "too-many-guesses");
        assert_eq!(attempt(device(), &codes[0]).await, "in", "a known network");
    })
    .await;
}

#[tokio::test]
async fn a_stolen_session_guesses_for_itself_alone() {
    let configure = |config: &mut Config| {
        config.limits.sign_in_account = a_minute(1_000);
    };
    Home::each_with(configure, async |home| {
        let ada = home.person("ada").await;
        let stolen = home.open(&ada).await.viewer;
        let own = home.open(&ada).await.viewer;
        let prove = async |viewer, password, network: usize| {
            let address = at(network).address;
            let proof = home.service.prove(viewer, password, &address).await;
            proof.map_or_else(|error| error.code.into_owned(), |_| "right".into())
        };
        for network in 0..20 {
            let wrong = prove(&stolen, "wrong horse", network).await;
            assert_eq!(wrong, "password-wrong");
        }
        assert_eq!(prove(&stolen, PASSWORD, 99).await, "too-many-guesses");
        assert_eq!(prove(&own, PASSWORD, 99).await, "right");
    })
    .await;
}

#[tokio::test]
async fn pages_refuse_common_passwords() {
    Home::each(async |home| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        for common in [
            "password123",
            "qwertyuiop",
            "12345678",
            "iloveyou1",
            "adalovelace",
        ] {
            let form = format!("username=adalovelace&email=ada%40example.com&password={common}");
            let what = "POST /rpc/accounts/register";
            let refused = home.ask(what, &headers, form).await;
            refused.code(400, "password-common");
        }
        let ada = home.person("ada").await;
        let session = home.open(&ada).await;
        let body = json!({ "current": PASSWORD, "password": "password123" });
        let what = "POST /api/account/password";
        let refused = home.ask_json(what, &session.access, body).await;
        refused.code(400, "password-common");
        let id = ada.profile.id;
        let job = move |tx: Tx| async move { Service::make_reset(&tx, id).await };
        let token = home.db.write(id.0, job).await.unwrap();
        let reset = async |password| {
            let reset = home.service.reset_password(&token, password, "192.0.2.2");
            reset.await.map_err(|error| error.code)
        };
        assert_eq!(reset("password123").await.unwrap_err(), "password-common");
        reset(NEW).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn programs_may_choose_them_unless_they_may_not() {
    // The example of an older API, whose clients must keep working.
    let body =
        json!({ "email": "test@example.com", "password": "password123", "name": "Test User" });
    let refuse = |config: &mut Config| config.accounts.refuse_common_passwords = true;
    Home::each_with(refuse, async |home| {
        let refused = home.post("/api/auth/register", body.clone()).await;
        refused.code(400, "password-common");
        let home = home.another(|_| {});
        let made = home.post("/api/auth/register", body.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text);
    })
    .await;
}
