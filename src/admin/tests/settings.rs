//! Settings that admins change while the server runs.

use super::*;
use crate::admin::store;
use crate::chat::Send;
use crate::platform::database::Tx;
use crate::shared::ChannelId;
use crate::testing::{TestDb, code, plenty};
use uuid::Uuid;

#[tokio::test]
async fn settings_hold_at_once_and_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let house = TestHouse::open(data.path(), |_| {}).await;
    let [ada, bo] = house.users(["ada", "bo"]).await;
    let place = Place { house, ada, bo };
    let general = place.house.general(&place.bo).await;
    let change = async |changes: Value| place.ada.patch("/api/admin/settings", changes).await;
    let register = async |name: &str, invite: Option<&str>| {
        let email = format!("{name}@example.com");
        let body = json!({ "username": name, "email": email, "password": "correct horse", "invite": invite });
        place
            .house
            .request("POST", "/api/register", None, Some(body))
            .await
    };
    let before = place.get("/api/admin/settings").await;
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
    let chat = place.house.chat();
    let say = async |nonce: &str, text: &str| {
        let send = send(general, text);
        code(chat.send(&place.bo, nonce, send).await)
    };
    assert_eq!(say("1", "123456").await, "message-too-long");
    assert_eq!(say("2", "12345").await, "ok");
    assert_eq!(say("3", "12345").await, "ok");
    assert_eq!(say("4", "12345").await, "message-rate");

    for (bad, code) in [
        (json!({ "name": "" }), "setting-text"),
        (json!({ "name": "x".repeat(41) }), "setting-text"),
        (json!({ "message_count": 0 }), "setting-number"),
        (json!({ "message_length": 4001 }), "setting-number"),
        (json!({ "language": "xx" }), "setting-language"),
        (json!({ "color": "red" }), "setting-unknown"),
        (json!({ "guests": "maybe" }), "malformed"),
        (json!({ "message_count": -1 }), "malformed"),
        (
            json!({ "name": "good", "message_count": 0 }),
            "setting-number",
        ),
    ] {
        change(bad.clone()).await.fails(400, code);
    }
    let now = place.get("/api/admin/settings").await;
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
    let token = place.ada.token.clone();
    place.house.close().await;

    let house = TestHouse::open(data.path(), |config| config.limits.messages = plenty()).await;
    let ask = async |method: &str, path: &str| {
        let reply = house.request(method, path, Some(&token), None).await;
        reply.is(200)
    };
    let kept = ask("GET", "/api/admin/settings").await;
    assert_eq!(kept["now"]["message_count"], 2);
    assert_eq!(kept["now"]["registration"], "invite");
    for name in changed {
        let path = format!("/api/admin/settings/{name}");
        if name != "invite_code" {
            ask("DELETE", &path).await;
        }
    }
    let back = ask("DELETE", "/api/admin/settings/invite_code").await;
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
