//! Browsers: forms, cookies, their renewal, and requests from other sites.

use super::*;
use crate::accounts::Viewer;
use std::collections::{BTreeMap, HashSet};

/// A browser: stores cookies and sends them back.
#[derive(Clone, Default)]
pub(super) struct Browser {
    pub(super) jar: BTreeMap<String, String>,
}

impl Browser {
    pub(super) async fn ask(
        &mut self,
        home: &Home,
        what: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let cookies: Vec<_> = self.jar.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = headers.to_vec();
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        let reply = home.ask(what, &headers, body.to_owned()).await;
        for cookie in reply.cookies() {
            let (pair, attributes) = cookie.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.into(), value.into());
            }
        }
        reply
    }

    /// Calls a server function as a page does.
    async fn call(&mut self, home: &Home, name: &str, form: &str) -> Reply {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.ask(home, &format!("POST /rpc/accounts/{name}"), &headers, form)
            .await
    }

    /// Returns the username that the start page shows.
    pub(super) async fn name(&mut self, home: &Home) -> String {
        self.ask(home, "GET /", &[], "").await.text
    }

    pub(super) fn refresh(&self) -> String {
        self.jar["rialto_refresh"].clone()
    }

    pub(super) fn forget_access(&mut self) {
        self.jar.remove("rialto_access");
    }
}

const REGISTER: &str = "username=ada&email=ada%40example.com&password=correct+horse";

pub(super) async fn signed_in(home: &Home) -> Browser {
    let mut browser = Browser::default();
    let reply = browser.call(home, "register", REGISTER).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    browser
}

#[tokio::test]
async fn the_life_of_a_session() {
    Home::each(async |home| {
        let mut ada = signed_in(home).await;
        assert_eq!(ada.jar.len(), 2);
        assert_eq!(ada.name(home).await, "ada");
        let me: Option<Viewer> =
            serde_json::from_value(ada.call(home, "me", "").await.json()).unwrap();
        assert_eq!(me.unwrap().username, "ada");
        let reply = ada.ask(home, "GET /", &[], "").await;
        assert!(reply.cookies().is_empty(), "nothing to renew yet");

        let mut phone = Browser::default();
        let form = "name=ADA%40example.com&password=correct+horse&next=%2Fc%2Fgeneral";
        let reply = phone.call(home, "sign_in", form).await;
        assert_eq!(reply.headers["location"], "/c/general");
        let sessions = ada.call(home, "sessions", "").await.json();
        assert_eq!(sessions.as_array().unwrap().len(), 2);
        let other = sessions
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["current"] == false);
        let id = other.unwrap()["id"].as_str().unwrap().to_owned();
        let ended = ada.call(home, "end_session", &format!("id={id}")).await;
        assert_eq!(ended.status, 200, "{}", ended.text);
        assert_eq!(phone.name(home).await, "nobody");
        assert!(phone.jar.is_empty(), "dead cookies are taken away");

        let again = ada.call(home, "end_session", &format!("id={id}")).await;
        again.code(404, "not-found");
        let reply = ada.call(home, "sign_out", "").await;
        assert_eq!(reply.status, 200);
        assert!(ada.jar.is_empty());
        ada.call(home, "sessions", "")
            .await
            .code(401, "unauthenticated");
        let me = ada.call(home, "me", "").await;
        assert_eq!((me.status, me.text.as_str()), (200, "null"));
    })
    .await;
}

#[tokio::test]
async fn cookies_are_out_of_reach_for_scripts_and_other_sites() {
    Home::each(async |home| {
        let reply = Browser::default().call(home, "register", REGISTER).await;
        for cookie in reply.cookies() {
            for needed in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age="] {
                assert!(cookie.contains(needed), "{cookie}");
            }
            assert!(!cookie.contains("Domain") && !cookie.contains("Secure"));
        }
        let secure = home.another(|config| {
            config.server.public_url = "https://rialto.example".into();
        });
        let mut browser = Browser::default();
        let form = "name=ada&password=correct+horse";
        let reply = browser.call(&secure, "sign_in", form).await;
        let cookies = reply.cookies();
        assert_eq!(cookies.len(), 2, "{}", reply.text);
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-rialto_") && cookie.contains("; Secure"));
        }
        assert_eq!(browser.name(&secure).await, "ada");
    })
    .await;
}

#[tokio::test]
async fn forms_work_without_javascript() {
    Home::each(async |home| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html,application/xhtml+xml"),
            ("referer", "http://localhost/sign-in"),
            ("origin", "http://localhost"),
            ("host", "localhost"),
        ];
        let mut browser = Browser::default();
        let what = "POST /rpc/accounts/register";
        let reply = browser.ask(home, what, &headers, REGISTER).await;
        assert_eq!(reply.status, 302, "{}", reply.text);
        assert_eq!(reply.headers["location"], "/");
        assert_eq!(browser.name(home).await, "ada");
        for evil in [
            "https%3A%2F%2Fevil.example",
            "%2F%2Fevil.example",
            "%2F%5Cevil",
            "%2F%0D%0Ax",
        ] {
            let form = format!("name=ada&password=correct+horse&next={evil}");
            let what = "POST /rpc/accounts/sign_in";
            let reply = browser.ask(home, what, &headers, &form).await;
            assert_eq!(reply.status, 302, "{}", reply.text);
            assert_eq!(reply.headers["location"], "/");
        }
        let wrong = "name=ada&password=wrong+horse";
        let reply = Browser::default()
            .ask(home, "POST /rpc/accounts/sign_in", &headers, wrong)
            .await;
        assert_eq!(reply.status, 302, "back to the form");
        let location = reply.headers["location"].to_str().unwrap();
        assert!(
            location.starts_with("http://localhost/sign-in?"),
            "{location}"
        );
        assert!(!location.contains("horse"), "{location}");
        assert!(reply.cookies().is_empty());
    })
    .await;
}

#[tokio::test]
async fn failures_have_their_status() {
    let configure = |config: &mut Config| config.limits.sign_in_account.count = 2;
    Home::each_with(configure, async |home| {
        let mut browser = signed_in(home).await;
        let mut nobody = Browser::default();
        let taken = REGISTER.replace("email=ada", "email=bo");
        let reply = nobody.call(home, "register", &taken).await;
        reply.code(409, "username-taken");
        assert!(nobody.jar.is_empty());
        let wrong = "name=ada&password=wrong+horse";
        nobody
            .call(home, "sign_in", wrong)
            .await
            .code(401, "invalid-credentials");
        nobody.call(home, "sign_in", wrong).await;
        let reply = nobody.call(home, "sign_in", wrong).await;
        reply.code(429, "too-many-attempts");
        assert!(reply.headers.contains_key("retry-after"));
        let strength = nobody.call(home, "strength", "password=password").await;
        assert_eq!(strength.json()["score"], 0);
        let gap = browser.call(home, "sign_in", "name=ada").await;
        assert!(gap.status >= 400);
        assert_eq!(browser.name(home).await, "ada", "undisturbed");
    })
    .await;
}

#[tokio::test]
async fn signing_in_again_replaces_the_session() {
    Home::each(async |home| {
        let mut browser = signed_in(home).await;
        let mut copy = browser.clone();
        browser
            .call(home, "sign_in", "name=ada&password=correct+horse")
            .await;
        assert_eq!(browser.name(home).await, "ada");
        assert_eq!(copy.name(home).await, "nobody");
    })
    .await;
}

#[tokio::test]
async fn cookies_are_renewed_on_the_way() {
    Home::each(async |home| {
        let mut browser = signed_in(home).await;
        for what in ["GET /", "GET /api/auth/me"] {
            let before = browser.jar.clone();
            browser.forget_access();
            let reply = browser.ask(home, what, &[], "").await;
            assert_eq!(reply.status, 200);
            assert_eq!(reply.cookies().len(), 2);
            assert_eq!(reply.headers["cache-control"], "no-store");
            assert_ne!(browser.jar["rialto_refresh"], before["rialto_refresh"]);
        }
        browser
            .jar
            .insert("rialto_access".into(), "forged.access.token".into());
        assert_eq!(browser.name(home).await, "ada");
        assert_ne!(browser.jar["rialto_access"], "forged.access.token");
        assert!(home.published().is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_tabs_may_renew_at_once() {
    Home::each(async |home| {
        let mut first = signed_in(home).await;
        first.forget_access();
        let mut tabs: Vec<_> = (0..6).map(|_| first.clone()).collect();
        let asks = tabs.iter_mut().map(|tab| tab.ask(home, "GET /", &[], ""));
        let replies = futures::future::join_all(asks).await;
        assert!(replies.iter().all(|reply| reply.text == "ada"));
        let complete = replies.iter().filter(|r| r.cookies().len() == 2).count();
        assert_eq!(
            complete, 6,
            "an answer that is lost on its way costs nothing"
        );
        let secrets: HashSet<_> = tabs.iter().map(Browser::refresh).collect();
        assert_eq!(secrets.len(), 1, "all get the same next secret");
        for tab in &mut tabs {
            assert_eq!(tab.name(home).await, "ada");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stolen_cookie_ends_the_family() {
    Home::each(async |home| {
        let mut owner = signed_in(home).await;
        let mut thief = owner.clone();
        thief.forget_access();
        owner.forget_access();
        assert_eq!(owner.name(home).await, "ada");
        home.sql("UPDATE sessions SET rotated_at = '2020-01-01T00:00:00+00:00'")
            .await;
        assert_eq!(thief.name(home).await, "nobody");
        assert!(thief.jar.is_empty());
        assert_eq!(home.published().len(), 1, "the sockets close");
        assert_eq!(owner.name(home).await, "nobody");
        assert!(owner.jar.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_older_copy_ends_it_too_and_rubbish_does_not() {
    Home::each(async |home| {
        let mut owner = signed_in(home).await;
        let mut old = owner.clone();
        old.forget_access();
        for _ in 0..2 {
            owner.forget_access();
            assert_eq!(owner.name(home).await, "ada");
        }
        for rubbish in [
            "",
            "x",
            "x.y",
            "00000000-0000-0000-0000-000000000000.y",
            "%00.%00",
        ] {
            let mut nobody = Browser::default();
            nobody.jar.insert("rialto_refresh".into(), rubbish.into());
            assert_eq!(nobody.name(home).await, "nobody", "{rubbish}");
            assert!(nobody.jar.is_empty());
        }
        assert_eq!(owner.name(home).await, "ada");
        assert_eq!(old.name(home).await, "nobody");
        assert_eq!(owner.name(home).await, "nobody");
    })
    .await;
}

#[tokio::test]
async fn other_sites_cannot_use_the_cookies() {
    Home::each(async |home| {
        let mut browser = signed_in(home).await;
        let form = ("content-type", "application/x-www-form-urlencoded");
        let evil = ("origin", "https://evil.example");
        let host = ("host", "rialto.example");
        for headers in [
            vec![form, host, evil],
            vec![form, host, ("sec-fetch-site", "cross-site")],
            vec![form, host, ("sec-fetch-site", "same-site")],
            vec![form, host],
        ] {
            browser
                .ask(home, "POST /rpc/accounts/sign_out", &headers, "")
                .await
                .code(403, "cross-origin");
            browser
                .ask(home, "POST /api/logout", &headers, "")
                .await
                .code(403, "cross-origin");
        }
        // Signing a visitor in to an attacker's account is an attack as well.
        let sign_in = "name=ada&password=correct+horse";
        let reply = home
            .ask("POST /rpc/accounts/sign_in", &[form, host, evil], sign_in)
            .await;
        reply.code(403, "cross-origin");
        assert!(reply.cookies().is_empty());
        assert_eq!(browser.name(home).await, "ada");
        let own = [form, host, ("origin", "http://rialto.example")];
        let reply = browser.ask(home, "POST /api/logout", &own, "").await;
        assert_eq!(reply.status, 200);
        assert_eq!(browser.name(home).await, "nobody");
    })
    .await;
}

#[tokio::test]
async fn a_token_wins_over_cookies() {
    Home::each(async |home| {
        let mut browser = signed_in(home).await;
        let bo = home.person("bo").await;
        let session = home.open(&bo).await;
        let bearer = format!("Bearer {}", session.access);
        let headers = [("authorization", bearer.as_str())];
        let reply = browser.ask(home, "GET /api/auth/me", &headers, "").await;
        assert_eq!(reply.json()["user"]["username"], "bo");
        let headers = [("authorization", "Bearer rubbish")];
        let reply = browser.ask(home, "GET /api/auth/me", &headers, "").await;
        reply.code(401, "token-invalid");
        assert!(reply.cookies().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_away_signs_nobody_out() {
    Home::each(async |home| {
        let mut browser = signed_in(home).await;
        home.sql("ALTER TABLE sessions RENAME TO away").await;
        let reply = browser.ask(home, "GET /api/auth/me", &[], "").await;
        assert!(reply.status >= 500, "{}", reply.status);
        assert_eq!(browser.jar.len(), 2);
        home.sql("ALTER TABLE away RENAME TO sessions").await;
        assert_eq!(browser.name(home).await, "ada");
    })
    .await;
}
