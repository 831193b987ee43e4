//! Admin actions on accounts.

use super::*;
use crate::testing::{code, device};

#[tokio::test]
async fn accounts_are_found_and_paged() {
    let place = Place::new().await;
    for name in ["carla", "carlo", "dora"] {
        place.house.user(name).await;
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
    let all = place.get("/api/admin/accounts").await;
    assert_eq!(names(&all), ["dora", "carlo", "carla", "bo", "ada"]);
    assert_eq!(all["accounts"][0]["sessions"], 1);
    assert!(all["accounts"][0]["last_seen"].is_string());
    assert!(all["next"].is_null());
    let mut seen = Vec::new();
    let mut path = "/api/admin/accounts?limit=2".to_owned();
    loop {
        let page = place.get(&path).await;
        seen.extend(names(&page));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/api/admin/accounts?limit=2&before={next}");
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
            .get(&format!("/api/admin/accounts?search={search}"))
            .await;
        assert_eq!(names(&page), found, "{search}");
    }
    let bad = place.ada.get("/api/admin/accounts?limit=1000").await;
    bad.fails(400, "bad-limit");
    place.house.close().await;
}

#[tokio::test]
async fn a_suspended_account_is_out_at_once() {
    let place = Place::new().await;
    let address = place.house.serve().await;
    let mut socket = Socket::connect(address, &place.bo.token).await;
    assert!(socket.is_alive().await);
    place.act("suspend").await.is_no_content();
    socket.ended().await;
    let accounts = place.house.accounts();
    let me = place
        .house
        .request("GET", "/api/auth/me", Some(&place.bo.token), None)
        .await;
    me.fails(401, "session-ended");
    let login = async |password: &str| {
        let credentials = json!({ "username": "bo", "password": password });
        let (path, body) = ("/api/login", Some(credentials));
        place.house.request("POST", path, None, body).await
    };
    let right = "correct horse";
    login(right).await.fails(403, "account-suspended");
    let wrong = login("wrong horse").await;
    wrong.fails(401, "invalid-credentials");
    // A sign-in whose password was checked before the suspension.
    let account = accounts.account(place.bo.account).await.unwrap().unwrap();
    let opened = accounts.open_session(account, &device()).await;
    assert_eq!(code(opened), "account-suspended");

    place.act("suspend").await.is_no_content();
    place.act("unsuspend").await.is_no_content();
    login(right).await.is(200);
    place.act("end-sessions").await.is_no_content();
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
    let own = format!("/api/admin/accounts/{}", me["user"]["id"].as_str().unwrap());
    let unmake = format!("{own}/remove-admin");
    let last = place.ada.ask("POST", &unmake, None).await;
    last.fails(409, "only-admin");
    let suspend = format!("{own}/suspend");
    let suspended = place.ada.ask("POST", &suspend, None).await;
    suspended.fails(400, "not-yourself");

    place.act("make-admin").await.is_no_content();
    let health = place.bo.get("/api/admin/health").await;
    assert_eq!(health.status, 200, "at once");
    place.act("suspend").await.is_no_content();
    let last = place.ada.ask("POST", &unmake, None).await;
    last.fails(409, "only-admin");
    place.act("unsuspend").await.is_no_content();
    let unmade = place.ada.ask("POST", &unmake, None).await;
    unmade.is_no_content();
    let log = place.ada.get("/api/admin/audit-log").await;
    log.fails(404, "not-found");

    let guest = place.house.guest("gus").await.account;
    let credentials = json!({ "username": "bo", "password": "correct horse" });
    let bo = place
        .house
        .request("POST", "/api/login", None, Some(credentials))
        .await
        .is(200);
    let path = format!("/api/admin/accounts/{guest}/make-admin");
    let proof = json!({ "password": "correct horse" });
    let made = place
        .house
        .request("POST", &path, bo["token"].as_str(), Some(proof))
        .await;
    made.fails(400, "not-a-person");
    place.house.close().await;
}

#[tokio::test]
async fn a_link_sets_a_new_password_once() {
    let place = Place::new().await;
    let accounts = place.house.accounts();
    let make = async || {
        let made = place.act("reset-link").await.is(201);
        assert_eq!(made["profile"]["username"], "bo");
        assert!(made["link"].is_null(), "no address is set");
        let path = made["path"].as_str().unwrap().to_owned();
        path.strip_prefix("/reset/").unwrap().to_owned()
    };
    let first = make().await;
    let second = make().await;
    let over = accounts.reset_owner(&first).await;
    assert_eq!(
        code(over),
        "reset-over",
        "a new link takes the place of the old one"
    );
    let here = "192.0.2.9";
    accounts
        .reset_password(&second, "a new password", here)
        .await
        .unwrap();
    let me = place
        .house
        .request("GET", "/api/auth/me", Some(&place.bo.token), None)
        .await;
    me.fails(401, "session-ended");
    assert!(
        accounts
            .sign_in("bo", "a new password", &device())
            .await
            .is_ok()
    );
    let again = accounts.reset_password(&second, "another one", here).await;
    assert_eq!(code(again), "reset-over");

    let third = make().await;
    let sql = "UPDATE password_resets SET expires_at = '2020-01-01T00:00:00Z'";
    place.house.sql(sql).await;
    let late = accounts.reset_password(&third, "another one", here).await;
    assert_eq!(code(late), "reset-over");
    assert_eq!(
        place.record().await,
        [
            "ada reset_link bo",
            "bo password_reset bo",
            "ada reset_link bo",
            "ada reset_link bo"
        ]
    );
    let all = format!("{:?}", place.get("/api/admin/audit-log").await);
    assert!(!all.contains(&third), "no link stands in the record");
    place.house.close().await;
}
