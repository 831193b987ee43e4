//! Emails with a fake SMTP server.

use super::{Service, rules::MOST_ATTEMPTS};
use crate::{
    platform::{
        config::Config,
        database::Database,
        smtp::{Letter, Post, Smtp},
    },
    shared::AccountId,
    testing::{SmtpStub, TestHouse, code, count, plenty},
};
use futures::FutureExt;
use sea_orm::ConnectionTrait;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const KIND: &str = "test";

/// A queue whose emails say how often they were written.
fn queue(db: &Database, stub: &SmtpStub) -> Service {
    let mut config = Config::default();
    stub.configure(&mut config);
    let smtp = Smtp::of(&config).unwrap().unwrap();
    let service = Service::new(db.clone(), Some(Box::new(smtp) as Box<dyn Post>));
    let written = Arc::new(Mutex::new(0));
    service.on_kind(KIND, move |_| {
        let written = Arc::clone(&written);
        async move {
            let mut written = written.lock().unwrap();
            *written += 1;
            Ok(Some(Letter {
                to: "ada@example.com".into(),
                subject: "Grüße".into(),
                text: format!("written {written} times, café"),
                html: "<p>café</p>".into(),
            }))
        }
        .boxed()
    });
    service
}

async fn put(service: &Service, db: &Database, account: AccountId) {
    let service = service.clone();
    let job = move |tx| async move { service.enqueue(&tx, KIND, account).await };
    db.write(Uuid::nil(), job).await.unwrap();
}

/// Makes all queued emails due.
async fn later(db: &Database) {
    let sql = "UPDATE letters SET due_at = created_at WHERE failed_at IS NULL";
    db.execute_unprepared(sql).await.unwrap();
}

#[tokio::test]
async fn a_letter_is_tried_again_until_it_is_taken() {
    TestHouse::each(async |house| {
        let db = house.db();
        let mut stub = SmtpStub::start().await;
        let service = queue(db, &stub);
        let ada = house.user("ada").await;
        assert!(!service.send_one().await.unwrap(), "there is none");
        put(&service, db, ada.account).await;
        put(&service, db, ada.account).await;
        assert_eq!(
            service.failures().await.unwrap().waiting,
            1,
            "one is enough"
        );

        stub.refuse(&["451 later", "421 much later"]);
        assert!(service.send_one().await.unwrap());
        assert!(!service.send_one().await.unwrap(), "not at once");
        let failures = service.failures().await.unwrap();
        assert_eq!((failures.waiting, failures.failed), (1, 0));
        assert!(failures.last.unwrap().contains("later"));
        later(db).await;
        assert!(service.send_one().await.unwrap());
        later(db).await;
        assert!(service.send_one().await.unwrap());
        let letter = stub.letter().await;
        assert!(letter.contains("To: ada@example.com"), "{letter}");
        assert!(letter.contains("From: Rialto <rialto@example.com>"));
        assert!(letter.contains("Auto-Submitted: auto-generated"));
        assert!(letter.contains("written 3 times, café"), "{letter}");
        assert!(letter.contains("<p>café</p>"));
        assert!(!service.send_one().await.unwrap());
        let failures = service.failures().await.unwrap();
        assert_eq!((failures.waiting, failures.failed), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_nobody_takes_is_given_up_and_shown() {
    TestHouse::each(async |house| {
        let db = house.db();
        let mut stub = SmtpStub::start().await;
        let service = queue(db, &stub);
        let [ada, bo] = house.users(["ada", "bo"]).await;
        stub.refuse(&["550 no such person"]);
        put(&service, db, ada.account).await;
        assert!(service.send_one().await.unwrap());
        let failures = service.failures().await.unwrap();
        assert_eq!((failures.waiting, failures.failed), (0, 1));
        assert!(failures.last.unwrap().contains("no such person"));

        put(&service, db, bo.account).await;
        for attempt in 1..=MOST_ATTEMPTS {
            stub.refuse(&["451 later"]);
            later(db).await;
            assert!(service.send_one().await.unwrap(), "{attempt}");
        }
        later(db).await;
        assert!(!service.send_one().await.unwrap(), "given up");
        assert_eq!(service.failures().await.unwrap().failed, 2);
        // A wrong SMTP password is the admin's mistake, so the email stays queued.
        stub.refuse(&["535 wrong password"]);
        put(&service, db, ada.account).await;
        assert!(service.send_one().await.unwrap());
        assert_eq!(service.failures().await.unwrap().waiting, 1);
        assert!(stub.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_comes_back_by_mail() {
    let mut stub = SmtpStub::start().await;
    let house = TestHouse::with(|config| stub.configure(config)).await;
    house.serve().await;
    let ada = house.user("ada").await;
    let accounts = house.accounts();
    let (device, address) = (crate::testing::device(), "192.0.2.7");
    // An unknown address gets the same response, but no email.
    accounts
        .request_reset("nobody@example.com", address)
        .await
        .unwrap();
    accounts
        .request_reset(" ADA@example.com ", address)
        .await
        .unwrap();
    let letter = stub.letter().await;
    assert!(letter.contains("To: ada@example.com"), "{letter}");
    assert!(
        letter.contains("Subject: Reset your password for Rialto"),
        "{letter}"
    );
    let link = letter
        .split_whitespace()
        .find(|word| word.starts_with("https://rialto.example/reset/"))
        .unwrap();
    let secret = link.rsplit('/').next().unwrap();
    assert_eq!(secret.len(), 64);
    assert_eq!(accounts.reset_owner(secret).await.unwrap().username, "ada");

    let weak = accounts.reset_password(secret, "short", address).await;
    assert_eq!(code(weak), "password-too-short");
    accounts
        .reset_password(secret, "a new password", address)
        .await
        .unwrap();
    let me = ada.get("/api/auth/me").await;
    me.fails(401, "session-ended");
    assert!(
        accounts
            .sign_in("ada", "correct horse", &device)
            .await
            .is_err()
    );
    assert!(
        accounts
            .sign_in("ada", "a new password", &device)
            .await
            .is_ok()
    );
    let again = accounts
        .reset_password(secret, "another password", address)
        .await;
    assert_eq!(code(again), "reset-over");

    // Known and unknown addresses have the same limit.
    for email in ["ada@example.com", "nobody@example.com"] {
        for _ in 0..2 {
            accounts.request_reset(email, address).await.unwrap();
        }
        let refused = accounts.request_reset(email, address).await.unwrap_err();
        assert_eq!(refused.code, "too-many-attempts", "{email}");
    }
    let nonsense = accounts.request_reset("no address", address).await;
    assert_eq!(code(nonsense), "email-invalid");
    house.close().await;
}

/// The password changes while an email with a link is queued or being written.
#[tokio::test]
async fn a_letter_makes_no_link_that_outlives_the_password() {
    let mut stub = SmtpStub::start().await;
    let house = TestHouse::with(|config| {
        stub.configure(config);
        config.limits.reset_account = plenty();
        config.limits.reset_address = plenty();
    })
    .await;
    // The mail worker does not run: the test sends. The first account is the admin, who cannot be
    // suspended.
    let [_, ada] = house.users(["grace", "ada"]).await;
    let (db, mail) = (house.db(), house.mail());
    let accounts = house.accounts().clone();
    let ask = async || {
        let asked = accounts.request_reset("ada@example.com", "192.0.2.7");
        asked.await.unwrap();
        // The request does not wait for its job, which queues the email.
        let there = db.write(Uuid::nil(), |_| async { Ok(()) });
        there.await.unwrap();
    };
    let change = async || {
        let changed = accounts.set_password(ada.account, "another password", None);
        changed.await.unwrap();
    };
    let links = async || count(db, "password_resets").await;
    ask().await;
    change().await;
    assert!(!mail.send_one().await.unwrap(), "it was taken back");
    // The same after a failed attempt.
    ask().await;
    stub.refuse(&["451 later"]);
    assert!(mail.send_one().await.unwrap());
    assert_eq!(links().await, 1);
    change().await;
    later(db).await;
    assert!(!mail.send_one().await.unwrap());
    assert_eq!(links().await, 0);
    // The same while the email is being sent: both jobs are queued before the writer runs.
    ask().await;
    let (id, service) = (ada.account, accounts.clone());
    let over = db.write(Uuid::max(), move |tx| async move {
        service.suspend(&tx, id).await?;
        crate::accounts::Service::unsuspend(&tx, id).await
    });
    let (sent, over) = futures::join!(mail.send_one(), over);
    assert!(sent.unwrap() && over.unwrap());
    assert_eq!(links().await, 0);
    assert!(stub.is_empty());
    // A new request sends an email.
    ask().await;
    assert!(mail.send_one().await.unwrap());
    assert!(stub.letter().await.contains("To: ada@example.com"));
    assert_eq!(links().await, 1);
    house.close().await;
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_promised() {
    let house = TestHouse::new().await;
    house.user("ada").await;
    let accounts = house.accounts();
    let asked = accounts.request_reset("ada@example.com", "192.0.2.7").await;
    assert_eq!(code(asked), "mail-off");
    assert!(!accounts.sign_up_policy(false).await.unwrap().mail);
    house.close().await;
}
