//! Tests of the admin API through the whole router.

mod accounts;
mod passwords;
mod settings;

use crate::testing::{Reply, Socket, TestHouse, User};
use serde_json::{Value, json};

/// Ada is an admin, Bo is a member.
struct Place {
    house: TestHouse,
    ada: User,
    bo: User,
}

impl Place {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(configure: impl FnOnce(&mut crate::platform::config::Config)) -> Self {
        let house = TestHouse::with(configure).await;
        let [ada, bo] = house.users(["ada", "bo"]).await;
        Self { house, ada, bo }
    }

    async fn get(&self, path: &str) -> Value {
        self.ada.get(path).await.is(200)
    }

    async fn act(&self, act: &str) -> Reply {
        self.act_with(act, Some("correct horse")).await
    }

    async fn act_with(&self, act: &str, password: Option<&str>) -> Reply {
        let path = format!("/api/admin/accounts/{}/{act}", self.bo.account);
        let body = password.map(|password| json!({ "password": password }));
        self.ada.ask("POST", &path, body).await
    }

    /// The audit log as `act subject detail`, newest first.
    async fn record(&self) -> Vec<String> {
        let record = self.get("/api/admin/audit-log").await;
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
    let bo = place.bo.account;
    let acts = [
        "reset-link",
        "end-sessions",
        "suspend",
        "unsuspend",
        "make-admin",
        "remove-admin",
        "remove-factor",
    ];
    let mut asked = vec![
        ("GET", "/api/admin/accounts".to_owned()),
        ("GET", "/api/admin/settings".into()),
        ("PATCH", "/api/admin/settings".into()),
        ("DELETE", "/api/admin/settings/guests".into()),
        ("GET", "/api/admin/health".into()),
        ("GET", "/api/admin/audit-log".into()),
    ];
    asked.extend(acts.map(|act| ("POST", format!("/api/admin/accounts/{bo}/{act}"))));
    for (method, path) in asked {
        for token in [None, Some(place.bo.token.as_str())] {
            let reply = place.house.request(method, &path, token, None).await;
            reply.fails(404, "not-found");
        }
    }
    assert!(place.record().await.is_empty());
    place.house.close().await;
}

#[tokio::test]
async fn health_has_its_figures() {
    let place = Place::new().await;
    let address = place.house.serve().await;
    let _socket = Socket::connect(address, &place.bo.token).await;
    let health = place.get("/api/admin/health").await;
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
    assert!(health["checked_at"].is_string());
    let workers = health["workers"].as_array().unwrap();
    let names = workers.iter().map(|worker| worker["name"].as_str());
    let names: Vec<_> = names.map(Option::unwrap).collect();
    for name in ["database.writer", "database.probe", "gateway.heartbeats"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for worker in workers {
        assert_eq!(
            (
                &worker["running"],
                &worker["restarts"],
                &worker["last_panic"]
            ),
            (&json!(true), &json!(0), &json!(null))
        );
    }
    place.house.close().await;
}

#[tokio::test]
async fn the_record_comes_in_pages() {
    let place = Place::new().await;
    for _ in 0..3 {
        place.act("suspend").await.is_no_content();
        place.act("unsuspend").await.is_no_content();
    }
    let mut acts = Vec::new();
    let mut path = "/api/admin/audit-log?limit=4".to_owned();
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
        path = format!("/api/admin/audit-log?limit=4&before={next}");
    }
    assert_eq!(acts, ["unsuspended", "suspended"].repeat(3));
    place.house.close().await;
}
