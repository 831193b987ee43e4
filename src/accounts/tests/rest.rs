//! Requests and responses of the REST API.

use super::*;
use crate::{
    accounts::service::tokens::{Claims, Use},
    shared::{AccountId, SessionId, time::now},
};
use serde_json::json;

fn ada() -> Value {
    json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada Lovelace" })
}

#[tokio::test]
async fn the_first_api_registers_and_signs_in() {
    Home::each(async |home| {
        let reply = home.post("/api/auth/register", ada()).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let body = reply.json();
        assert_eq!(body["success"], true);
        assert_eq!(body["user"]["email"], "ada@example.com");
        assert_eq!(body["user"]["name"], "Ada Lovelace");
        assert_eq!(body["user"]["username"], "ada-lovelace");
        assert!(body["user"]["id"].is_string());
        let created = body["user"]["createdAt"].as_str().unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(created).is_ok());

        home.post("/api/auth/register", ada()).await.fails_with(
            409,
            "Email already registered",
            "email-taken",
        );
        for field in ["email", "password", "name"] {
            for gap in [Value::Null, json!("")] {
                let mut body = ada();
                body[field] = gap;
                home.post("/api/auth/register", body).await.fails_with(
                    400,
                    "Missing required fields",
                    "missing-fields",
                );
            }
        }

        let credentials = json!({
            "email": "ADA@example.com", "password": PASSWORD, "remember": true,
        });
        let reply = home.post("/api/auth/login", credentials).await;
        assert_eq!(reply.status, 200);
        let session = reply.json();
        assert_eq!(session["user"], body["user"]);
        for gap in [
            json!({}),
            json!({ "email": "ada@example.com" }),
            json!({ "password": PASSWORD }),
            json!({ "email": "", "password": PASSWORD }),
            json!({ "username": "ada", "password": "" }),
            json!({ "username": "" }),
        ] {
            home.post("/api/auth/login", gap).await.fails_with(
                400,
                "Missing email or password",
                "missing-fields",
            );
        }
        for wrong in [
            json!({ "email": "ada@example.com", "password": "wrong horse" }),
            json!({ "email": "bo@example.com", "password": PASSWORD }),
        ] {
            home.post("/api/auth/login", wrong).await.fails_with(
                401,
                "Invalid credentials",
                "invalid-credentials",
            );
        }

        let token = session["token"].as_str().unwrap();
        let reply = home.with_token("GET /api/auth/me", token).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json(), json!({ "user": body["user"] }));
        home.ask("GET /api/auth/me", &[], "")
            .await
            .code(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn programs_refresh_without_rotation() {
    Home::each(async |home| {
        let session = home.post("/api/auth/register", ada()).await.json();
        let (token, refresh) = (&session["token"], &session["refreshToken"]);
        let (token, refresh) = (token.as_str().unwrap(), refresh.as_str().unwrap());
        for _ in 0..3 {
            let reply = home.with_token("POST /api/auth/refresh", refresh).await;
            assert_eq!(reply.status, 200);
            assert!(reply.cookies().is_empty());
            let body = reply.json();
            assert_eq!(body.as_object().unwrap().len(), 1, "nothing but the token");
            let fresh = body["token"].as_str().unwrap();
            let me = home.with_token("GET /api/auth/me", fresh).await;
            assert_eq!(me.status, 200);
        }
        home.with_token("POST /api/auth/refresh", token)
            .await
            .code(401, "token-invalid");
        home.with_token("GET /api/auth/me", refresh)
            .await
            .code(401, "token-invalid");
        home.ask("POST /api/auth/refresh", &[], "")
            .await
            .code(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn the_second_api_registers_signs_in_and_out() {
    Home::each(async |home| {
        let body = json!({ "username": "newuser", "password": PASSWORD, "email": "n@example.com" });
        let reply = home.post("/api/register", body.clone()).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert_eq!(reply.json()["username"], "newuser");
        assert_eq!(reply.json()["email"], "n@example.com");
        assert!(reply.json()["id"].is_string());
        let mut other = body.clone();
        other["email"] = json!("m@example.com");
        home.post("/api/register", other)
            .await
            .code(409, "username-taken");
        home.post(
            "/api/register",
            json!({ "username": "x", "password": PASSWORD }),
        )
        .await
        .fails_with(400, "Missing required fields", "missing-fields");
        let mut weak = body.clone();
        weak["password"] = json!("1234567");
        home.post("/api/register", weak)
            .await
            .code(400, "password-too-short");

        let credentials = json!({ "username": "NewUser", "password": PASSWORD });
        let reply = home.post("/api/login", credentials).await;
        assert_eq!(reply.status, 200);
        let session = reply.json();
        let token = session["token"].as_str().unwrap();
        assert_eq!(home.with_token("POST /api/logout", token).await.status, 200);
        home.with_token("POST /api/logout", token)
            .await
            .code(401, "session-ended");
        home.with_token("GET /api/auth/me", token)
            .await
            .code(401, "session-ended");
        home.ask("POST /api/logout", &[], "")
            .await
            .code(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn the_third_api_lets_guests_in() {
    Home::each(async |closed| {
        let visitor = json!({ "username": "visitor" });
        closed
            .post("/api/auth/login", visitor.clone())
            .await
            .code(403, "guests-off");
        let home = closed.another(|config| config.accounts.guests = true);
        home.person("ada").await;
        let reply = home.post("/api/auth/login", visitor.clone()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let body = reply.json();
        assert_eq!(body["username"], "visitor");
        assert_eq!(body["preferred_language"], "en");
        assert!(body["user_id"].is_string());
        let token = body["token"].as_str().unwrap();
        let me = home.with_token("GET /api/auth/me", token).await.json();
        assert_eq!(me["user"]["id"], body["user_id"]);
        assert_eq!(me["user"]["email"], Value::Null);
        home.post("/api/auth/login", json!({ "username": "Ada" }))
            .await
            .code(409, "username-taken");
        home.post("/api/auth/login", visitor)
            .await
            .code(409, "username-taken");
    })
    .await;
}

#[tokio::test]
async fn tokens_of_others_and_of_the_past_are_refused() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let bo = home.person("bo").await;
        let session = home.open(&ada).await.viewer.session;
        let good = Claims {
            sub: ada.profile.id,
            sid: session,
            typ: Use::Access,
            iat: now().timestamp(),
            exp: now().timestamp() + 60,
        };
        let me = |token: String| async move { home.with_token("GET /api/auth/me", &token).await };
        assert_eq!(me(home.service.forge(&good)).await.status, 200);
        let with = |change: &dyn Fn(&mut Claims)| {
            let mut claims = good.clone();
            change(&mut claims);
            home.service.forge(&claims)
        };
        for (token, code) in [
            (
                with(&|one| one.exp = now().timestamp() - 1),
                "token-expired",
            ),
            (with(&|one| one.typ = Use::Refresh), "token-invalid"),
            (with(&|one| one.sub = bo.profile.id), "token-invalid"),
            (with(&|one| one.sid = SessionId::new()), "session-ended"),
        ] {
            me(token).await.code(401, code);
        }
        let gone = Claims {
            sub: AccountId::new(),
            sid: SessionId::new(),
            ..good.clone()
        };
        me(home.service.forge(&gone))
            .await
            .fails_with(404, "User not found", "account-gone");

        // Signed with another key, with another algorithm, or unsigned.
        use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
        let key = EncodingKey::from_secret(b"a key of somebody else");
        let foreign = encode(&Header::default(), &good, &key).unwrap();
        let key = EncodingKey::from_secret(b"a key for these tests, 32 bytes or more");
        let longer = encode(&Header::new(Algorithm::HS512), &good, &key).unwrap();
        let right = home.service.forge(&good);
        let (_, payload_and_signature) = right.split_once('.').unwrap();
        let (payload, _) = payload_and_signature.split_once('.').unwrap();
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"; // {"alg":"none","typ":"JWT"}
        for wrong in [
            &foreign,
            &longer,
            &format!("{none}.{payload}."),
            &format!("{none}.{payload_and_signature}"),
            "",
            "x",
            "..",
            "a.b.c",
            &"x".repeat(5_000),
        ] {
            me(wrong.to_owned()).await.code(401, "token-invalid");
        }
        // A stale header does not prevent a sign-in.
        let reply = home
            .ask(
                "POST /api/auth/login",
                &[
                    ("authorization", "Bearer x"),
                    ("content-type", "application/json"),
                ],
                json!({ "email": "ada@example.com", "password": PASSWORD }).to_string(),
            )
            .await;
        assert_eq!(reply.status, 200);
    })
    .await;
}

#[tokio::test]
async fn sessions_of_others_are_not_there() {
    Home::each(async |home| {
        let (ada, bo) = (home.person("ada").await, home.person("bo").await);
        let one = home.open(&ada).await;
        let two = home.open(&ada).await;
        let other = home.open(&bo).await;
        let listed = home.with_token("GET /api/sessions", &one.access).await;
        assert_eq!(listed.json()["sessions"].as_array().unwrap().len(), 2);
        let foreign = other.viewer.session.to_string();
        for id in [
            &foreign,
            &SessionId::new().to_string(),
            "garbage",
            "%00",
            "%ff",
            "1",
        ] {
            home.with_token(&format!("DELETE /api/sessions/{id}"), &one.access)
                .await
                .code(404, "not-found");
        }
        let own = format!("DELETE /api/sessions/{}", two.viewer.session);
        assert_eq!(home.with_token(&own, &one.access).await.status, 204);
        let listed = home.with_token("GET /api/sessions", &one.access).await;
        assert_eq!(listed.json()["sessions"].as_array().unwrap().len(), 1);
        let me = home.with_token("GET /api/auth/me", &other.access).await;
        assert_eq!(me.status, 200, "nobody else was disturbed");
        home.ask("GET /api/sessions", &[], "")
            .await
            .code(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn bad_bodies_change_nothing() {
    Home::each(async |home| {
        let json = [("content-type", "application/json")];
        let big = json!({ "username": "x".repeat(70_000) }).to_string();
        for path in [
            "/api/auth/register",
            "/api/auth/login",
            "/api/register",
            "/api/login",
        ] {
            let what = format!("POST {path}");
            for (body, status, code) in [
                ("{", 400, "malformed"),
                ("", 400, "malformed"),
                ("[]", 400, "malformed"),
                (
                    r#"{"email": 7, "password": [], "name": {}}"#,
                    400,
                    "malformed",
                ),
                (&big, 413, "too-large"),
            ] {
                home.ask(&what, &json, body.to_owned())
                    .await
                    .code(status, code);
            }
            home.ask(&what, &[("content-type", "text/plain")], "{}")
                .await
                .code(415, "unsupported-media-type");
            home.ask(&what, &[], "{}")
                .await
                .code(415, "unsupported-media-type");
            home.ask(&format!("GET {path}"), &[], "")
                .await
                .code(405, "method-not-allowed");
        }
        for (name, code) in [
            ("a\u{202e}b", "name-characters"),
            ("a\u{0}b", "name-characters"),
            (" \t ", "name-empty"),
            ("Ｓｙｓｔｅｍ", "name-reserved"),
            (&"x".repeat(65), "name-too-long"),
        ] {
            let mut body = ada();
            body["name"] = json!(name);
            home.post("/api/auth/register", body).await.code(400, code);
        }
        let mut body = ada();
        body["email"] = json!("nonsense");
        home.post("/api/auth/register", body)
            .await
            .code(400, "email-invalid");
        assert_eq!(home.service.hashes_computed(), 0);
        let first = home.post("/api/auth/register", ada()).await;
        assert_eq!(first.status, 201, "nothing was changed before");
    })
    .await;
}

#[tokio::test]
async fn too_many_attempts_say_when_to_come_back() {
    let configure = |config: &mut Config| config.limits.sign_in_account.count = 1;
    Home::each_with(configure, async |home| {
        let wrong = json!({ "email": "ada@example.com", "password": "wrong horse" });
        home.post("/api/auth/login", wrong.clone())
            .await
            .code(401, "invalid-credentials");
        let reply = home.post("/api/auth/login", wrong).await;
        reply.code(429, "too-many-attempts");
        let seconds = reply.json()["seconds"].as_u64().unwrap().to_string();
        assert_eq!(reply.headers["retry-after"], seconds.as_str());
    })
    .await;
}

#[tokio::test]
async fn listed_origins_may_call_with_tokens() {
    let listed = "https://front.example";
    let configure = |config: &mut Config| {
        config.server.cors_origins = vec![format!("{listed}/")];
    };
    Home::each_with(configure, async |home| {
        let preflight = |path: &'static str, origin: &'static str| async move {
            let method = ("access-control-request-method", "POST");
            home.ask(
                &format!("OPTIONS {path}"),
                &[("origin", origin), method],
                "",
            )
            .await
        };
        let allowed = "access-control-allow-origin";
        let reply = preflight("/api/auth/login", listed).await;
        assert_eq!(reply.status, 204);
        assert_eq!(reply.headers[allowed], listed);
        assert!(
            !reply
                .headers
                .contains_key("access-control-allow-credentials")
        );
        let reply = preflight("/api/auth/login", "https://evil.example").await;
        assert!(!reply.headers.contains_key(allowed));
        let reply = preflight("/rpc/accounts/me", listed).await;
        assert!(!reply.headers.contains_key(allowed));
        let reply = home
            .ask("GET /api/auth/me", &[("origin", listed)], "")
            .await;
        reply.code(401, "unauthenticated");
        assert_eq!(reply.headers[allowed], listed, "errors can be read too");
    })
    .await;
}
