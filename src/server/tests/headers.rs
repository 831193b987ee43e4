//! Security headers of every kind of response, and attributes of cookies.

use crate::testing::{Reply, TestHouse};
use axum::http::header;

/// One of each kind of response: method, path, headers, body, status.
type Kind = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    u16,
);

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");
const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");
const HTML: (&str, &str) = ("accept", "text/html");

const KINDS: &[Kind] = &[
    ("GET", "/sign-in", &[], "", 200),
    ("HEAD", "/sign-in", &[], "", 200),
    ("GET", "/", &[HTML], "", 302),
    ("GET", "/nothing/here", &[HTML], "", 404),
    ("GET", "/channels/not-an-id/nor-this", &[HTML], "", 302),
    ("GET", "/pkg/r.js", &[], "", 200),
    ("GET", "/pkg/none.js", &[], "", 404),
    ("GET", "/favicon.svg", &[], "", 200),
    ("GET", "/health", &[], "", 200),
    ("GET", "/api/health", &[], "", 200),
    ("GET", "/api/rooms", &[], "", 401),
    ("GET", "/api/nothing", &[], "", 404),
    ("DELETE", "/api/rooms", &[], "", 405),
    ("POST", "/api/login", &[JSON], "{", 400),
    ("POST", "/api/login", &[FORM], "a=b", 415),
    (
        "POST",
        "/api/login",
        &[JSON],
        r#"{"username":"ada","password":"wrong-one"}"#,
        401,
    ),
    (
        "OPTIONS",
        "/api/rooms",
        &[
            ("access-control-request-method", "POST"),
            ("origin", "https://evil.example"),
        ],
        "",
        204,
    ),
    ("POST", "/rpc/accounts/me", &[JSON, SAME], "{}", 200),
    (
        "POST",
        "/rpc/communities/overview",
        &[JSON, SAME],
        "{}",
        401,
    ),
    (
        "POST",
        "/rpc/accounts/sign_in",
        &[FORM, ("origin", "https://evil.example")],
        "name=ada",
        403,
    ),
    (
        "POST",
        "/rpc/accounts/sign_in",
        &[FORM, SAME, HTML],
        "name=ada&password=correct+horse",
        302,
    ),
    ("GET", "/rpc/nothing", &[], "", 404),
];

async fn ask(house: &TestHouse, (method, path, headers, body, _): &Kind) -> Reply {
    let mut headers = headers.to_vec();
    headers.push(("host", "rialto.example"));
    house
        .send(&format!("{method} {path}"), &headers, *body)
        .await
}

async fn house(public_url: &str) -> TestHouse {
    let house = TestHouse::with(|config| config.server.public_url = public_url.into()).await;
    house.user("ada").await;
    house
}

fn value<'a>(reply: &'a Reply, name: &str) -> &'a str {
    let all: Vec<_> = reply.headers.get_all(name).iter().collect();
    assert!(all.len() < 2, "{name} stands there more than once");
    all.first().map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_is_guarded() {
    for (public_url, https) in [
        ("", false),
        ("http://rialto.example", false),
        ("https://rialto.example", true),
    ] {
        let house = house(public_url).await;
        for kind in KINDS {
            let reply = ask(&house, kind).await;
            let what = format!("{} {} {:?}", kind.0, kind.1, reply);
            assert_eq!(reply.status, kind.4, "{what}");
            let is = |name: &str, expected: &str| {
                assert_eq!(value(&reply, name), expected, "{name}: {what}")
            };
            is("x-content-type-options", "nosniff");
            is("x-frame-options", "DENY");
            is("referrer-policy", "same-origin");
            is("cross-origin-opener-policy", "same-origin");
            is("cross-origin-resource-policy", "same-origin");
            is("access-control-allow-origin", "");
            is("access-control-allow-credentials", "");
            is("server", "");
            is(
                "strict-transport-security",
                if https { "max-age=31536000" } else { "" },
            );
            let policy = value(&reply, "content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{what}");
            assert!(!policy.contains("script-src 'unsafe-inline'"), "{what}");
            assert!(
                value(&reply, "permissions-policy").contains("camera=()"),
                "{what}"
            );
            let cached = value(&reply, "cache-control");
            let is_file = kind.1.starts_with("/pkg/") && reply.status == 200;
            assert_eq!(cached.contains("immutable"), is_file, "{what}");
            let lasts = match kind.1 {
                path if path.starts_with("/pkg/") => continue,
                "/favicon.svg" => "public, max-age=3600",
                _ => "no-store",
            };
            assert!(cached.contains(lasts), "{what}");
        }
    }
}

#[tokio::test]
async fn pages_run_their_own_scripts_only() {
    let house = house("").await;
    let kind = ("GET", "/sign-in", [].as_slice(), "", 200);
    let (first, second) = (ask(&house, &kind).await, ask(&house, &kind).await);
    let policy = value(&first, "content-security-policy");
    for part in [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "script-src 'nonce-",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_ne!(
        policy,
        value(&second, "content-security-policy"),
        "a nonce is used once"
    );
}

#[tokio::test]
async fn cookies_are_out_of_reach() {
    for (public_url, https) in [("", false), ("https://rialto.example", true)] {
        let house = house(public_url).await;
        let sign_in = KINDS
            .iter()
            .find(|kind| kind.4 == 302 && kind.0 == "POST")
            .unwrap();
        let reply = ask(&house, sign_in).await;
        let cookies: Vec<_> = reply
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|cookie| cookie.to_str().unwrap())
            .collect();
        assert_eq!(cookies.len(), 2, "{reply:?}");
        for cookie in cookies {
            assert!(cookie.contains("; HttpOnly"), "{cookie}");
            assert!(cookie.contains("; SameSite=Lax"), "{cookie}");
            assert!(cookie.contains("; Path=/"), "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
            assert_eq!(cookie.contains("; Secure"), https, "{cookie}");
            assert_eq!(cookie.starts_with("__Host-"), https, "{cookie}");
        }
    }
}
