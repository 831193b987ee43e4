//! What operators do, through the router of the whole house.

use super::store;
use crate::accounts::Viewer;
use crate::chat::Send;
use crate::platform::database::Tx;
use crate::shared::ChannelId;
use crate::testing::{Socket, TestDb, TestHouse, device, plenty};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

/// Ada runs the house; Bo is somebody.
struct Place {
    house: TestHouse,
    ada: String,
    bo: (Viewer, String),
}

impl Place {
    async fn new() -> Self {
        let house = TestHouse::new().await;
        let (_, ada) = house.person("ada").await;
        let bo = house.person("bo").await;
        Self { house, ada, bo }
    }

    async fn get(&self, path: &str) -> Value {
        let reply = self.house.request("GET", path, Some(&self.ada), None).await;
        reply.is(200)
    }

    async fn ask(&self, method: &str, path: &str, json: Option<Value>) -> crate::testing::Reply {
        self.house
            .request(method, path, Some(&self.ada), json)
            .await
    }

    async fn act(&self, act: &str) -> crate::testing::Reply {
        let path = format!("/api/operator/accounts/{}/{act}", self.bo.0.account);
        self.ask("POST", &path, None).await
    }

    /// The record as `act subject detail`, the latest first.
    async fn record(&self) -> Vec<String> {
        let record = self.get("/api/operator/record").await;
        let line = |row: &Value| {
            let subject = row["subject"]["username"].as_str().unwrap_or("-");
            let actor = row["actor"]["username"].as_str().unwrap_or("-");
            let entry = &row["entry"];
            let (act, detail) = (
                entry["act"].as_str().unwrap(),
                entry["detail"].as_str().unwrap(),
            );
            format!("{actor} {act} {subject} {detail}")
                .trim()
                .to_owned()
        };
        record["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(line)
            .collect()
    }
}

#[tokio::test]
async fn for_everybody_else_there_is_nothing() {
    let place = Place::new().await;
    let bo = place.bo.0.account;
    let acts = [
        "reset-link",
        "end-sessions",
        "suspend",
        "unsuspend",
        "make-operator",
        "unmake-operator",
        "remove-factor",
    ];
    let mut asked = vec![
        ("GET", "/api/operator/accounts".to_owned()),
        ("GET", "/api/operator/settings".into()),
        ("PATCH", "/api/operator/settings".into()),
        ("DELETE", "/api/operator/settings/guests".into()),
        ("GET", "/api/operator/health".into()),
        ("GET", "/api/operator/record".into()),
    ];
    asked.extend(acts.map(|act| ("POST", format!("/api/operator/accounts/{bo}/{act}"))));
    for (method, path) in asked {
        for token in [None, Some(place.bo.1.as_str())] {
            let reply = place.house.request(method, &path, token, None).await;
            reply.fails(404, "not-found");
        }
    }
    assert!(place.record().await.is_empty());
    place.house.close().await;
}

#[tokio::test]
async fn accounts_are_found_and_paged() {
    let place = Place::new().await;
    for name in ["carla", "carlo", "dora"] {
        place.house.person(name).await;
    }
    let names = |page: &Value| {
        let rows = page["accounts"].as_array().unwrap().iter();
        rows.map(|row| {
            row["account"]["profile"]["username"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect::<Vec<_>>()
    };
    let all = place.get("/api/operator/accounts").await;
    assert_eq!(names(&all), ["dora", "carlo", "carla", "bo", "ada"]);
    assert_eq!(all["accounts"][0]["sessions"], 1);
    assert!(all["accounts"][0]["last_seen"].is_string());
    assert!(all["next"].is_null());
    let mut seen = Vec::new();
    let mut path = "/api/operator/accounts?limit=2".to_owned();
    loop {
        let page = place.get(&path).await;
        seen.extend(names(&page));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/api/operator/accounts?limit=2&before={next}");
    }
    assert_eq!(seen, names(&all));
    for (search, found) in [
        ("CARL", vec!["carlo", "carla"]),
        ("dora@example", vec!["dora"]),
        ("%25", vec![]),
        ("_", vec![]),
        ("%5C", vec![]),
        ("nobody", vec![]),
        ("%00", vec!["dora", "carlo", "carla", "bo", "ada"]),
    ] {
        let page = place
            .get(&format!("/api/operator/accounts?search={search}"))
            .await;
        assert_eq!(names(&page), found, "{search}");
    }
    let bad = place
        .ask("GET", "/api/operator/accounts?limit=1000", None)
        .await;
    bad.fails(400, "bad-limit");
    place.house.close().await;
}

#[tokio::test]
async fn a_suspended_account_is_out_at_once() {
    let place = Place::new().await;
    let address = place.house.serve().await;
    let mut socket = Socket::connect(address, &place.bo.1).await;
    assert!(socket.is_alive().await);
    assert_eq!(place.act("suspend").await.status, 204);
    socket.ended().await;
    let accounts = &place.house.services.accounts;
    let me = place
        .house
        .request("GET", "/api/auth/me", Some(&place.bo.1), None)
        .await;
    me.fails(401, "session-ended");
    let credentials = json!({ "username": "bo", "password": "correct horse" });
    let login = async || {
        let path = "/api/login";
        place
            .house
            .request("POST", path, None, Some(credentials.clone()))
            .await
    };
    login().await.fails(403, "account-suspended");
    let wrong = json!({ "username": "bo", "password": "wrong horse" });
    let wrong = place
        .house
        .request("POST", "/api/login", None, Some(wrong))
        .await;
    wrong.fails(401, "invalid-credentials");
    // Somebody whose password was checked before the suspension.
    let account = accounts.account(place.bo.0.account).await.unwrap().unwrap();
    let opened = accounts.open_session(account, &device()).await;
    assert_eq!(opened.err().unwrap().code, "account-suspended");

    assert_eq!(place.act("suspend").await.status, 204, "it is so already");
    assert_eq!(place.act("unsuspend").await.status, 204);
    login().await.is(200);
    assert_eq!(place.act("end-sessions").await.status, 204);
    assert_eq!(
        place.record().await,
        [
            "ada sessions_ended bo",
            "ada unsuspended bo",
            "ada suspended bo"
        ]
    );
    place.house.close().await;
}

#[tokio::test]
async fn somebody_always_runs_the_house() {
    let place = Place::new().await;
    let me = place.get("/api/auth/me").await;
    let own = format!(
        "/api/operator/accounts/{}",
        me["user"]["id"].as_str().unwrap()
    );
    let unmake = format!("{own}/unmake-operator");
    place
        .ask("POST", &unmake, None)
        .await
        .fails(409, "only-operator");
    let suspend = format!("{own}/suspend");
    place
        .ask("POST", &suspend, None)
        .await
        .fails(400, "not-yourself");

    assert_eq!(place.act("make-operator").await.status, 204);
    let token = Some(place.bo.1.as_str());
    let health = place
        .house
        .request("GET", "/api/operator/health", token, None)
        .await;
    assert_eq!(health.status, 200, "at once");
    assert_eq!(place.act("suspend").await.status, 204);
    place
        .ask("POST", &unmake, None)
        .await
        .fails(409, "only-operator");
    assert_eq!(place.act("unsuspend").await.status, 204);
    assert_eq!(place.ask("POST", &unmake, None).await.status, 204);
    place
        .ask("GET", "/api/operator/record", None)
        .await
        .fails(404, "not-found");

    let guest = json!({ "username": "gus" });
    let guest = place
        .house
        .request("POST", "/api/login", None, Some(guest))
        .await
        .is(200);
    let guest = guest["user_id"].as_str().unwrap();
    let credentials = json!({ "username": "bo", "password": "correct horse" });
    let bo = place
        .house
        .request("POST", "/api/login", None, Some(credentials))
        .await
        .is(200);
    let path = format!("/api/operator/accounts/{guest}/make-operator");
    let made = place
        .house
        .request("POST", &path, bo["token"].as_str(), None)
        .await;
    made.fails(400, "not-a-person");
    place.house.close().await;
}

#[tokio::test]
async fn a_link_sets_a_new_password_once() {
    let place = Place::new().await;
    let accounts = &place.house.services.accounts;
    let make = async || {
        let made = place.act("reset-link").await.is(201);
        assert_eq!(made["profile"]["username"], "bo");
        assert!(made["link"].is_null(), "no address is set");
        let path = made["path"].as_str().unwrap().to_owned();
        path.strip_prefix("/reset/").unwrap().to_owned()
    };
    let first = make().await;
    let second = make().await;
    let over = accounts.reset_owner(&first).await.unwrap_err();
    assert_eq!(
        over.code, "reset-over",
        "a new link takes the place of the old one"
    );
    let here = "192.0.2.9";
    accounts
        .reset_password(&second, "a new password", here)
        .await
        .unwrap();
    let me = place
        .house
        .request("GET", "/api/auth/me", Some(&place.bo.1), None)
        .await;
    me.fails(401, "session-ended");
    assert!(
        accounts
            .sign_in("bo", "a new password", &device())
            .await
            .is_ok()
    );
    let again = accounts.reset_password(&second, "another one", here).await;
    assert_eq!(again.unwrap_err().code, "reset-over");

    let third = make().await;
    let sql = "UPDATE password_resets SET expires_at = '2020-01-01T00:00:00Z'";
    place
        .house
        .services
        .db
        .execute_unprepared(sql)
        .await
        .unwrap();
    let late = accounts.reset_password(&third, "another one", here).await;
    assert_eq!(late.unwrap_err().code, "reset-over");
    assert_eq!(
        place.record().await,
        [
            "ada reset_link bo",
            "bo password_reset bo",
            "ada reset_link bo",
            "ada reset_link bo"
        ]
    );
    let all = format!("{:?}", place.get("/api/operator/record").await);
    assert!(!all.contains(&third), "no link stands in the record");
    place.house.close().await;
}

#[tokio::test]
async fn settings_hold_at_once_and_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let house = TestHouse::open(data.path(), |_| {}).await;
    let (_, ada) = house.person("ada").await;
    let bo = house.person("bo").await;
    let place = Place { house, ada, bo };
    let general = place.house.general(&place.bo.0).await;
    let change = async |changes: Value| {
        place
            .ask("PATCH", "/api/operator/settings", Some(changes))
            .await
    };
    let register = async |name: &str, invite: Option<&str>| {
        let email = format!("{name}@example.com");
        let body = json!({ "username": name, "email": email, "password": "correct horse", "invite": invite });
        place
            .house
            .request("POST", "/api/register", None, Some(body))
            .await
    };
    let before = place.get("/api/operator/settings").await;
    assert_eq!(before["now"], before["file"]);
    assert_eq!(before["changed"], json!([]));

    change(json!({ "registration": "closed", "guests": false }))
        .await
        .is(200);
    register("carla", None)
        .await
        .fails(403, "registration-closed");
    let guest = json!({ "username": "gus" });
    let guest = place
        .house
        .request("POST", "/api/login", None, Some(guest))
        .await;
    guest.fails(403, "guests-off");

    change(json!({ "registration": "invite" }))
        .await
        .fails(400, "setting-invite");
    let invite = json!({ "registration": "invite", "invite_code": "open sesame" });
    change(invite).await.fails(400, "setting-invite");
    change(json!({ "registration": "invite", "invite_code": "open-sesame" }))
        .await
        .is(200);
    register("carla", None).await.fails(403, "invite-needed");
    register("carla", Some("sesame"))
        .await
        .fails(403, "invite-wrong");
    assert_eq!(register("carla", Some(" open-sesame ")).await.status, 201);

    change(json!({ "message_count": 2, "message_seconds": 600, "message_length": 5 }))
        .await
        .is(200);
    let chat = &place.house.services.chat;
    let say = async |nonce: &str, text: &str| {
        let send = send(general, text);
        chat.send(&place.bo.0, nonce, send)
            .await
            .map_err(|error| error.code)
    };
    assert_eq!(say("1", "123456").await.unwrap_err(), "message-too-long");
    assert!(say("2", "12345").await.is_ok());
    assert!(say("3", "12345").await.is_ok());
    assert_eq!(say("4", "12345").await.unwrap_err(), "message-rate");

    for (bad, code) in [
        (json!({ "name": "" }), "setting-text"),
        (json!({ "name": "x".repeat(41) }), "setting-text"),
        (json!({ "message_count": 0 }), "setting-figure"),
        (json!({ "message_length": 4001 }), "setting-figure"),
        (json!({ "language": "xx" }), "setting-language"),
        (json!({ "colour": "red" }), "setting-unknown"),
        (json!({ "guests": "maybe" }), "malformed"),
        (json!({ "message_count": -1 }), "malformed"),
        (
            json!({ "name": "good", "message_count": 0 }),
            "setting-figure",
        ),
    ] {
        change(bad.clone()).await.fails(400, code);
    }
    let now = place.get("/api/operator/settings").await;
    assert_eq!(
        now["now"]["name"], "Rialto",
        "nothing of a bad change is kept"
    );
    let changed = [
        "guests",
        "invite_code",
        "message_count",
        "message_length",
        "message_seconds",
        "registration",
    ];
    assert_eq!(now["changed"], json!(changed));
    let record = place.record().await;
    assert!(
        record.contains(&"ada setting_changed - guests: false".into()),
        "{record:?}"
    );
    assert!(
        !format!("{record:?}").contains("sesame"),
        "no secret stands in the record"
    );
    let ada = place.ada.clone();
    place.house.close().await;

    let house = TestHouse::open(data.path(), |config| config.limits.messages = plenty()).await;
    let get = async |path: &str| house.request("GET", path, Some(&ada), None).await.is(200);
    let kept = get("/api/operator/settings").await;
    assert_eq!(kept["now"]["message_count"], 2);
    assert_eq!(kept["now"]["registration"], "invite");
    for name in changed {
        let path = format!("/api/operator/settings/{name}");
        if name != "invite_code" {
            house
                .request("DELETE", &path, Some(&ada), None)
                .await
                .is(200);
        }
    }
    let path = "/api/operator/settings/invite_code";
    let back = house
        .request("DELETE", path, Some(&ada), None)
        .await
        .is(200);
    assert_eq!(back["now"], back["file"]);
    assert_eq!(back["changed"], json!([]));
    house.close().await;
}

#[tokio::test]
async fn settings_are_kept_on_every_database() {
    TestDb::each(|db| async move {
        let set = async |name: &'static str, value: Value| {
            let job = move |tx: Tx| async move { store::set(&tx, name, &value).await };
            db.write(Uuid::nil(), job).await.unwrap();
        };
        set("guests", json!(true)).await;
        set("name", json!("A \"name\"")).await;
        set("guests", json!(false)).await;
        let mut all = store::all(&db).await.unwrap();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let name = ("name".to_owned(), json!("A \"name\""));
        assert_eq!(all, [("guests".into(), json!(false)), name.clone()]);
        let job = |tx: Tx| async move { store::delete(&tx, "guests").await };
        db.write(Uuid::nil(), job).await.unwrap();
        assert_eq!(store::all(&db).await.unwrap(), [name]);
    })
    .await;
}

fn send(channel_id: ChannelId, text: &str) -> Send {
    Send {
        channel_id,
        text: text.into(),
    }
}

#[tokio::test]
async fn health_has_its_figures() {
    let place = Place::new().await;
    let address = place.house.serve().await;
    let _socket = Socket::connect(address, &place.bo.1).await;
    let health = place.get("/api/operator/health").await;
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["database"], "sqlite");
    assert_eq!(
        (&health["readable"], &health["writable"]),
        (&json!(true), &json!(true))
    );
    assert!(health["database_bytes"].as_u64().unwrap() > 0);
    assert_eq!(health["connections"], 1);
    assert_eq!(health["people"], 2);
    assert!(health["backup"].is_null() && health["mail"].is_null());
    let parts = health["parts"].as_array().unwrap();
    assert!(parts.contains(&json!("gateway.heartbeats")), "{parts:?}");
    place.house.close().await;
}

#[tokio::test]
async fn the_record_comes_in_pages() {
    let place = Place::new().await;
    for _ in 0..3 {
        assert_eq!(place.act("suspend").await.status, 204);
        assert_eq!(place.act("unsuspend").await.status, 204);
    }
    let mut acts = Vec::new();
    let mut path = "/api/operator/record?limit=4".to_owned();
    loop {
        let page = place.get(&path).await;
        let rows = page["rows"].as_array().unwrap();
        acts.extend(
            rows.iter()
                .map(|row| row["entry"]["act"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/api/operator/record?limit=4&before={next}");
    }
    assert_eq!(acts, ["unsuspended", "suspended"].repeat(3));
    place.house.close().await;
}
