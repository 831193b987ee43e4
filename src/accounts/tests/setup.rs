//! The first admin of an instance.

use super::*;
use crate::shared::instance::Registration;
use serde_json::json;

fn public(config: &mut Config) {
    config.server.public_url = "https://rialto.example".into();
}

async fn token(home: &Home) -> String {
    let token = home.service.setup_token().await.unwrap();
    token.expect("there is no admin").to_owned()
}

fn with_token(username: &str, token: &str) -> NewPerson {
    NewPerson {
        setup_token: Some(token.to_owned()),
        ..person(username)
    }
}

async fn register(home: &Home, person: NewPerson) -> Result<bool, String> {
    let account = home.service.register(person, &device()).await;
    account
        .map(|account| account.admin)
        .map_err(|error| error.code.into_owned())
}

#[tokio::test]
async fn on_this_machine_alone_the_first_is_admin() {
    Home::each(async |home| {
        let link = home.service.setup_link(([127, 0, 0, 1], 3000).into());
        let link = link.await.unwrap().unwrap();
        assert!(link.starts_with("http://127.0.0.1:3000/register?setup="));
        assert_eq!(register(home, person("ada")).await, Ok(true));
        assert_eq!(register(home, person("bo")).await, Ok(false));
        assert_eq!(home.service.setup_token().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn elsewhere_it_takes_the_token() {
    for case in 0..2 {
        let configure = |config: &mut Config| match case {
            0 => public(config),
            _ => config.site_mut().site_addr = ([0, 0, 0, 0], 3000).into(),
        };
        Home::each_with(configure, async |home| {
            assert_eq!(register(home, person("mallory")).await, Ok(false));
            let wrong = register(home, with_token("mal", "guess")).await;
            assert_eq!(wrong.unwrap_err(), "setup-token-wrong");
            let token = token(home).await;
            let link = home.service.setup_link(([0, 0, 0, 0], 3000).into());
            let link = link.await.unwrap().unwrap();
            assert!(
                link.ends_with(&format!("/register?setup={token}")),
                "{link}"
            );
            assert_eq!(link.starts_with("https://rialto.example/"), case == 0);
            assert_eq!(register(home, with_token("ada", &token)).await, Ok(true));
            let again = register(home, with_token("bo", &token)).await;
            assert_eq!(again.unwrap_err(), "setup-token-wrong", "used up");
            assert_eq!(home.service.setup_token().await.unwrap(), None);
        })
        .await;
    }
}

#[tokio::test]
async fn a_request_that_was_handed_on_is_no_owners() {
    Home::each(async |home| {
        let body = |name: &str| {
            json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD })
        };
        for (n, header) in ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host"]
            .into_iter()
            .enumerate()
        {
            let headers = [("content-type", "application/json"), (header, "192.0.2.77")];
            let body = body(&format!("mallory{n}")).to_string();
            let made = home.ask("POST /api/register", &headers, body).await;
            assert_eq!(made.status, 201, "{}", made.text);
        }
        assert!(home.service.setup_token().await.unwrap().is_some());
        // No longer the first account, so it takes the token, over REST as on the page.
        assert_eq!(register(home, person("bo")).await, Ok(false));
        let mut ada = body("ada");
        ada["setup_token"] = json!(token(home).await);
        assert_eq!(home.post("/api/register", ada).await.status, 201);
        assert_eq!(home.service.setup_token().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_token_opens_closed_doors_once() {
    let configure = |config: &mut Config| {
        public(config);
        config.accounts.registration = false;
    };
    Home::each_with(configure, async |home| {
        let policy = home.service.sign_up_policy(false).await.unwrap();
        assert_eq!(policy.registration, Registration::Closed);
        let refused = register(home, person("mallory")).await;
        assert_eq!(refused.unwrap_err(), "registration-closed");
        let form = format!(
            "username=ada&email=ada%40example.com&password=correct+horse&setup={}",
            token(home).await
        );
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        let made = home
            .ask("POST /rpc/accounts/register", &headers, form)
            .await;
        assert_eq!(made.status, 200, "{}", made.text);
        assert_eq!(home.service.setup_token().await.unwrap(), None);
        let refused = register(home, person("bo")).await;
        assert_eq!(refused.unwrap_err(), "registration-closed");
    })
    .await;
}

#[tokio::test]
async fn two_with_the_token_make_one_admin() {
    Home::each_with(public, async |home| {
        let token = token(home).await;
        let made = (0..6).map(|n| register(home, with_token(&format!("person{n}"), &token)));
        let made = futures::future::join_all(made).await;
        let admins = made.iter().filter(|made| **made == Ok(true)).count();
        assert_eq!(admins, 1, "{made:?}");
        assert!(!made.contains(&Ok(false)));
    })
    .await;
}
