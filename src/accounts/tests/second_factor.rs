//! Two-factor authentication through REST, forms and the service.

use super::*;
use crate::{accounts::Credentials, shared::time::now};
use serde_json::json;
use totp_rs::{Builder, Secret};

/// Returns the app's code, `steps` times 30 seconds from now.
pub(super) fn code(secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let time = u64::try_from(now().timestamp() + 30 * steps).unwrap();
    totp.generate(time).to_string()
}

/// Turns 2FA on with the code of the previous step. Returns the secret and the recovery codes.
pub(super) async fn enrol(home: &Home, token: &str) -> (String, Vec<String>) {
    let begun = home
        .ask_json(
            "POST /api/account/second-factor",
            token,
            json!({ "password": PASSWORD }),
        )
        .await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    let secret = begun.json()["secret"].as_str().unwrap().to_owned();
    let step = || now().timestamp() / 30;
    let confirmed = loop {
        let begun_in = step();
        let otp = code(&secret, -1);
        let path = "POST /api/account/second-factor/confirm";
        let reply = home.ask_json(path, token, json!({ "otp": otp })).await;
        // If the step ended in the meantime, the code was two steps old.
        if reply.status == 200 || step() == begun_in {
            break reply;
        }
    };
    assert_eq!(confirmed.status, 200, "{}", confirmed.text);
    let codes = confirmed.json()["recoveryCodes"].clone();
    (secret, serde_json::from_value(codes).unwrap())
}

async fn login(home: &Home, otp: Option<&str>) -> Reply {
    let mut body = json!({ "email": "ada@example.com", "password": PASSWORD });
    if let Some(otp) = otp {
        body["otp"] = json!(otp);
    }
    home.post("/api/auth/login", body).await
}

async fn is_wrong(home: &Home, otp: &str) {
    let refused = login(home, Some(otp)).await;
    refused.code(401, "second-factor-wrong");
}

#[tokio::test]
async fn a_sign_in_asks_for_a_code_once_it_is_on() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let token = home.open(&ada).await.access;
        let begun = home
            .ask_json(
                "POST /api/account/second-factor",
                &token,
                json!({ "password": PASSWORD }),
            )
            .await;
        let secret = begun.json()["secret"].as_str().unwrap().to_owned();
        let uri = begun.json()["uri"].as_str().unwrap().to_owned();
        assert!(uri.contains(&secret), "{uri}");
        assert_eq!(login(home, None).await.status, 200, "not confirmed yet");
        let confirm = async |otp: &str| {
            let body = json!({ "otp": otp });
            home.ask_json("POST /api/account/second-factor/confirm", &token, body)
                .await
        };
        confirm("000000x").await.code(401, "second-factor-wrong");
        confirm(&code(&secret, -9))
            .await
            .code(401, "second-factor-wrong");
        assert_eq!(login(home, None).await.status, 200, "still not");
        assert_eq!(confirm(&code(&secret, -1)).await.status, 200);
        confirm(&code(&secret, 0))
            .await
            .code(409, "second-factor-not-begun");

        login(home, None).await.code(401, "second-factor-required");
        login(home, Some(""))
            .await
            .code(401, "second-factor-required");
        is_wrong(home, &code(&secret, -1)).await;
        let now = code(&secret, 0);
        assert_eq!(login(home, Some(&now)).await.status, 200);
        is_wrong(home, &now).await;
        let spaced = code(&secret, 1);
        let spaced = format!(" {} {} ", &spaced[..3], &spaced[3..]);
        assert_eq!(login(home, Some(&spaced)).await.status, 200);
        let wrong = json!({ "email": "ada@example.com", "password": "x", "otp": "000000" });
        home.post("/api/auth/login", wrong)
            .await
            .code(401, "invalid-credentials");
        // Accounts without 2FA need no code, and an `otp` is ignored.
        home.person("bo").await;
        let bo = json!({ "username": "bo", "password": PASSWORD, "otp": "nonsense" });
        assert_eq!(home.post("/api/login", bo).await.status, 200);
        // The database contains only the sealed secret.
        let rows = home
            .db
            .query_all_raw(sea_orm::Statement::from_string(
                home.db.get_database_backend(),
                "SELECT secret FROM second_factors",
            ))
            .await
            .unwrap();
        let sealed: Vec<u8> = rows[0].try_get("", "secret").unwrap();
        let plain = Secret::try_from_base32(&secret).unwrap();
        assert!(!sealed.windows(20).any(|part| part == plain.as_ref()));
    })
    .await;
}

#[tokio::test]
async fn recovery_codes_are_good_for_one_use_each() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let token = home.open(&ada).await.access;
        let (_, codes) = enrol(home, &token).await;
        assert_eq!(codes.len(), 10);
        let security = async || home.with_token("GET /api/account/security", &token).await;
        assert_eq!(
            security().await.json(),
            json!({ "password": true, "secondFactor": true, "recoveryCodes": 10 })
        );
        let shouted = codes[0].to_uppercase().replace('-', " ");
        assert_eq!(login(home, Some(&shouted)).await.status, 200);
        is_wrong(home, &codes[0]).await;
        assert_eq!(security().await.json()["recoveryCodes"], 9);
        // Codes of other accounts are refused.
        let bo = home.person("bo").await;
        let bo = home.open(&bo).await.access;
        let (_, others) = enrol(home, &bo).await;
        is_wrong(home, &others[0]).await;

        let renew = async |password: &str| {
            let body = json!({ "password": password });
            home.ask_json("POST /api/account/recovery-codes", &token, body)
                .await
        };
        renew("wrong horse").await.code(403, "password-wrong");
        let fresh = renew(PASSWORD).await.json()["recoveryCodes"].clone();
        let fresh: Vec<String> = serde_json::from_value(fresh).unwrap();
        assert_eq!(security().await.json()["recoveryCodes"], 10);
        is_wrong(home, &codes[1]).await;
        assert_eq!(login(home, Some(&fresh[1])).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn turning_it_off_takes_both() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let token = home.open(&ada).await.access;
        let off = async |password: &str, otp: &str| {
            let body = json!({ "password": password, "otp": otp });
            home.ask_json("DELETE /api/account/second-factor", &token, body)
                .await
        };
        off(PASSWORD, "000000").await.code(409, "second-factor-off");
        let (secret, codes) = enrol(home, &token).await;
        let again = json!({ "password": PASSWORD });
        home.ask_json("POST /api/account/second-factor", &token, again)
            .await
            .code(409, "second-factor-on");
        off("wrong horse", &code(&secret, 0))
            .await
            .code(403, "password-wrong");
        off(PASSWORD, "nonsense")
            .await
            .code(401, "second-factor-wrong");
        assert_eq!(off(PASSWORD, &codes[3]).await.status, 204);
        assert_eq!(login(home, None).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn guessing_codes_ends_soon() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let token = home.open(&ada).await.access;
        let (secret, codes) = enrol(home, &token).await;
        for _ in 0..5 {
            is_wrong(home, "nonsense").await;
        }
        let right = code(&secret, 0);
        login(home, Some(&right))
            .await
            .code(429, "too-many-attempts");
        let elsewhere = Device {
            address: "198.51.100.9".into(),
            ..device()
        };
        let credentials = Credentials {
            name: "ada",
            password: PASSWORD,
            otp: Some(&codes[0]),
            ..Default::default()
        };
        let found = home.service.sign_in_with(credentials, &elsewhere).await;
        assert_eq!(found.unwrap(), ada, "the owner is elsewhere");
    })
    .await;
}

/// Sends a form as a browser without JavaScript does.
async fn form(home: &Home, function: &str, cookies: &str, body: &str) -> Reply {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("sec-fetch-site", "same-origin"),
        ("cookie", cookies),
    ];
    home.ask(
        &format!("POST /rpc/accounts/{function}"),
        &headers,
        body.to_owned(),
    )
    .await
}

fn cookie(reply: &Reply, name: &str) -> Option<String> {
    let all = reply.cookies();
    let found = all.iter().find(|cookie| cookie.starts_with(name))?;
    Some(found.split(';').next().unwrap().to_owned())
}

#[tokio::test]
async fn browsers_take_two_steps() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let token = home.open(&ada).await.access;
        let (secret, codes) = enrol(home, &token).await;
        let sign_in = "name=ada&password=correct+horse&next=%2Fchannels%2Fx";
        let first = form(home, "sign_in", "", sign_in).await;
        assert_eq!(first.status, 302, "{}", first.text);
        let location = first.headers["location"].to_str().unwrap();
        assert!(location.starts_with("/sign-in/code?next="), "{location}");
        assert_eq!(cookie(&first, "rialto_access="), None, "not in yet");
        let challenge = cookie(&first, "rialto_challenge=").unwrap();
        let whole = first.cookies().join("\n");
        assert!(
            whole.contains("HttpOnly") && whole.contains("Max-Age=300"),
            "{whole}"
        );

        let wrong = form(home, "sign_in_code", &challenge, "code=nonsense").await;
        assert_eq!(cookie(&wrong, "rialto_access="), None);
        let none = form(home, "sign_in_code", "", &format!("code={}", codes[0])).await;
        assert_eq!(cookie(&none, "rialto_access="), None, "no first step");
        let body = format!("code={}&next=%2Fchannels%2Fx", code(&secret, 0));
        let second = form(home, "sign_in_code", &challenge, &body).await;
        assert_eq!(second.status, 302, "{}", second.text);
        assert_eq!(second.headers["location"], "/channels/x");
        let access = cookie(&second, "rialto_access=").unwrap();
        let page = home.ask("GET /", &[("cookie", &access)], "").await;
        assert_eq!(page.text, "ada");

        // A challenge works for one sign-in, and for nothing else.
        let again = form(
            home,
            "sign_in_code",
            &challenge,
            &format!("code={}", codes[1]),
        )
        .await;
        assert_eq!(cookie(&again, "rialto_access="), None);
        let as_session = challenge.replace("rialto_challenge", "rialto_refresh");
        let page = home.ask("GET /", &[("cookie", &as_session)], "").await;
        assert_eq!(page.text, "nobody");

        // A challenge ends when it expires, or when the password changes.
        let late = form(home, "sign_in", "", sign_in).await;
        let late = cookie(&late, "rialto_challenge=").unwrap();
        home.sql("UPDATE sign_in_challenges SET expires_at = '2020-01-01T00:00:00+00:00'")
            .await;
        let refused = form(home, "sign_in_code", &late, &format!("code={}", codes[2])).await;
        assert_eq!(cookie(&refused, "rialto_access="), None);
        let old = form(home, "sign_in", "", sign_in).await;
        let old = cookie(&old, "rialto_challenge=").unwrap();
        let id = ada.profile.id;
        home.service
            .set_password(id, "vexed otter", None)
            .await
            .unwrap();
        let refused = form(home, "sign_in_code", &old, &format!("code={}", codes[2])).await;
        assert_eq!(cookie(&refused, "rialto_access="), None);
    })
    .await;
}
