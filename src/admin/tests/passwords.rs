//! Actions that give access to an account need the admin's own password, and email its owner.

use super::*;
use crate::platform::{config::Limit, database::Tx};
use crate::testing::SmtpStub;
use sea_orm::ConnectionTrait;
use tokio::sync::oneshot;

/// Turns on two-factor authentication for Bo.
async fn protect(place: &Place) {
    let sql = format!(
        "INSERT INTO second_factors (account_id, secret, created_at, confirmed_at, last_step) \
         VALUES (x'{}', x'00', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', 0)",
        place.bo.account.0.simple()
    );
    place.house.sql(sql).await;
}

async fn is_protected(place: &Place) -> bool {
    let accounts = place.house.accounts();
    let protected = accounts.has_second_factor(place.bo.account).await;
    protected.unwrap()
}

#[tokio::test]
async fn the_password_is_asked_for() {
    let place = Place::new().await;
    protect(&place).await;
    for act in ["remove-factor", "reset-link", "make-admin"] {
        for (password, code) in [
            (None, "password-needed"),
            (Some(""), "password-needed"),
            (Some("wrong horse"), "password-wrong"),
        ] {
            place.act_with(act, password).await.fails(403, code);
        }
    }
    assert!(is_protected(&place).await);
    assert!(place.record().await.is_empty());
    // Other actions need only the session.
    for act in ["end-sessions", "suspend", "unsuspend"] {
        place.act_with(act, None).await.is_no_content();
    }
    place.act("remove-factor").await.is_no_content();
    assert!(!is_protected(&place).await);
    place.act("reset-link").await.is(201);
    place.act("make-admin").await.is_no_content();
    place.house.close().await;
}

#[tokio::test]
async fn the_pages_ask_for_it_too() {
    let place = Place::new().await;
    protect(&place).await;
    let call = async |function: &str, form: String| {
        let what = format!("POST /rpc/admin/{function}");
        let bearer = place.ada.bearer();
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
        ];
        place.house.send(&what, &headers, form).await
    };
    let bo = place.bo.account;
    for act in ["remove_factor", "make_admin"] {
        let form = format!("account={bo}&act={act}");
        let none = call("act", form.clone()).await;
        assert_eq!(none.is(403)["code"], "password-needed");
        let wrong = call("act", format!("{form}&password=wrong+horse")).await;
        assert_eq!(wrong.is(403)["code"], "password-wrong");
        let right = call("act", format!("{form}&password=correct+horse")).await;
        assert_eq!(right.status, 200, "{}", right.text);
    }
    let form = format!("account={bo}");
    let none = call("reset_link", form.clone()).await;
    assert_eq!(none.is(403)["code"], "password-needed");
    let right = call("reset_link", format!("{form}&password=correct+horse")).await;
    assert_eq!(right.status, 200, "{}", right.text);
    let plain = call("act", format!("account={bo}&act=suspend")).await;
    assert_eq!(plain.status, 200, "{}", plain.text);
    place.house.close().await;
}

#[tokio::test]
async fn a_wrong_one_counts_as_a_guess() {
    let place = Place::with(|config| {
        config.limits.sign_in_account = Limit {
            count: 2,
            seconds: 3_600,
        };
    })
    .await;
    for _ in 0..2 {
        let wrong = place.act_with("reset-link", Some("wrong horse")).await;
        assert_eq!(wrong.is(403)["code"], "password-wrong");
    }
    let refused = place.act("reset-link").await;
    refused.fails(429, "too-many-attempts");
    place.house.close().await;
}

#[tokio::test]
async fn the_account_is_told() {
    let mut stub = SmtpStub::start().await;
    let place = Place::with(|config| stub.configure(config)).await;
    place.house.serve().await;
    protect(&place).await;
    place.act("remove-factor").await.is_no_content();
    let letter = stub.letter().await;
    assert!(letter.contains("To: bo@example.com"), "{letter}");
    assert!(
        letter.contains("removed two-factor authentication"),
        "{letter}"
    );
    place.act("remove-factor").await.is_no_content();
    let made = place.act("reset-link").await.is(201);
    let letter = stub.letter().await;
    assert!(letter.contains("To: bo@example.com"), "{letter}");
    assert!(
        letter.contains("created a link that sets a new password"),
        "{letter}"
    );
    assert!(letter.contains("https://rialto.example/settings/security"));
    let path = made["path"].as_str().unwrap();
    assert!(
        !letter.contains(path),
        "the link itself is the admin's to give"
    );
    assert!(stub.is_empty());
    place.house.close().await;
}

/// The admin's password changes while the action waits for the writer.
#[tokio::test]
async fn an_old_password_does_nothing() {
    let place = Place::new().await;
    protect(&place).await;
    let db = place.house.db();
    for act in ["remove-factor", "make-admin", "reset-link"] {
        let (release, released) = oneshot::channel::<()>();
        let (begun, begins) = oneshot::channel();
        let changing = db.write(uuid::Uuid::nil(), move |tx: Tx| async move {
            begun.send(()).unwrap();
            released.await.unwrap();
            let sql = "UPDATE accounts SET password_version = password_version + 1";
            Ok(tx.execute_unprepared(sql).await.map(drop)?)
        });
        let free = async {
            while db.waiting() == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            release.send(()).unwrap();
        };
        let acting = async {
            begins.await.unwrap();
            futures::join!(place.act(act), free).0
        };
        let (changed, done) = futures::join!(changing, acting);
        changed.unwrap();
        done.fails(403, "password-wrong");
    }
    assert!(is_protected(&place).await);
    assert!(place.record().await.is_empty());
    place.house.close().await;
}
