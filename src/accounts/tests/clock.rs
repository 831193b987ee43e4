//! Jumps of the clock, forward and back, by an hour and by a year.
//!
//! Expiry follows the clock. After a jump forward and back, what was not cleaned up in between
//! (once an hour) is valid again; cleaned-up sessions stay ended, and members sign in again. After
//! a jump back, nothing lasts longer than until the clock has caught up. Rate limits and waits use
//! a monotonic clock. Only deleting an account cannot be undone: `departure::ClockWatch` delays it.

use super::*;
use crate::{
    accounts::{Credentials, Farewell},
    platform::{config::Limit, database::Tx},
    shared::time::testing::jump,
};
use chrono::TimeDelta;
use serde_json::json;

const HOUR: TimeDelta = TimeDelta::hours(1);
const YEAR: TimeDelta = TimeDelta::days(365);

async fn refused<T>(result: impl Future<Output = crate::shared::Result<T>>) -> String {
    let error = result.await.err();
    error.map_or_else(|| "nothing".into(), |error| error.code.into_owned())
}

#[tokio::test]
async fn sessions() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let browser = Device {
            kind: DeviceKind::Browser,
            ..device()
        };
        let page = home.service.open_session(ada.clone(), &browser).await;
        let page = page.unwrap();
        let program = home.open(&ada).await;
        let access = async |token: &str| refused(home.service.viewer_of_access_token(token)).await;
        let renew = async |cookie: &str| refused(home.service.renew_browser(cookie, "")).await;
        let again = async |token: &str| refused(home.service.refresh_program(token, "")).await;
        {
            let _jump = jump(HOUR);
            assert_eq!(access(&page.access).await, "token-expired");
            assert_eq!(access(&program.access).await, "nothing");
            assert_eq!(again(&program.refresh).await, "nothing");
        }
        {
            let _jump = jump(YEAR);
            assert_eq!(access(&program.access).await, "token-expired");
            assert_eq!(again(&program.refresh).await, "token-expired");
            assert_eq!(renew(&page.refresh).await, "session-ended");
            assert!(
                home.service
                    .sessions(&page.viewer)
                    .await
                    .unwrap()
                    .is_empty()
            );
        }
        // Back again: nothing was cleaned up in between.
        assert_eq!(access(&page.access).await, "nothing");
        for back in [-HOUR, -YEAR] {
            let _jump = jump(back);
            assert_eq!(access(&page.access).await, "nothing");
            assert_eq!(access(&program.access).await, "nothing");
            let new = home.open(&ada).await;
            assert_eq!(access(&new.access).await, "nothing");
            home.service.sweep().await.unwrap();
        }
        assert_eq!(renew(&page.refresh).await, "nothing");
        assert_eq!(renew(&page.refresh).await, "nothing", "for some seconds");
        {
            let _jump = jump(-HOUR);
            assert_eq!(renew(&page.refresh).await, "session-ended", "and no longer");
        }
        {
            let _jump = jump(YEAR);
            home.service.sweep().await.unwrap();
        }
        assert_eq!(access(&program.access).await, "session-ended");
        assert_eq!(again(&program.refresh).await, "session-ended");
    })
    .await;
}

#[tokio::test]
async fn reset_links_and_second_steps() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let session = home.open(&ada).await;
        let (_, codes) = second_factor::enrol(home, &session.access).await;
        let id = ada.profile.id;
        let job = move |tx: Tx| async move { Service::make_reset(&tx, id).await };
        let link = home.db.write(id.0, job).await.unwrap();
        let challenge = home.service.challenge(&ada, "code").await.unwrap();
        let owner = async || refused(home.service.reset_owner(&link)).await;
        let answer = async |code: &str| {
            let device = device();
            let answer = home.service.answer_challenge(&challenge, code, &device);
            refused(answer).await
        };
        for (by, link) in [(HOUR, "nothing"), (YEAR, "reset-over")] {
            let _jump = jump(by);
            assert_eq!(owner().await, link);
            assert_eq!(answer(&codes[0]).await, "challenge-over");
        }
        for by in [-HOUR, -YEAR] {
            let _jump = jump(by);
            assert_eq!(owner().await, "nothing");
        }
        assert_eq!(answer(&codes[0]).await, "nothing");
        assert_eq!(answer(&codes[1]).await, "challenge-over", "used");
        {
            let _jump = jump(YEAR);
            home.service.sweep().await.unwrap();
        }
        assert_eq!(owner().await, "reset-over");
    })
    .await;
}

#[tokio::test]
async fn codes_are_good_once_whatever_the_clock_says() {
    let configure = |config: &mut Config| {
        config.limits.sign_in_account = crate::testing::plenty();
    };
    Home::each_with(configure, async |home| {
        let ada = home.person("ada").await;
        let session = home.open(&ada).await;
        let (secret, codes) = second_factor::enrol(home, &session.access).await;
        let code = |steps| second_factor::code(&secret, steps);
        let login = async |otp: &str, network: u8| {
            let device = Device {
                address: format!("203.0.113.{network}"),
                ..device()
            };
            let credentials = Credentials {
                name: "ada",
                password: PASSWORD,
                otp: Some(otp),
                ..Default::default()
            };
            refused(home.service.sign_in_with(credentials, &device)).await
        };
        let used = code(0);
        assert_eq!(login(&used, 1).await, "nothing");
        for (network, back) in [TimeDelta::seconds(30), HOUR, YEAR].into_iter().enumerate() {
            let network = u8::try_from(network).unwrap() + 2;
            let _jump = jump(-back);
            assert_eq!(login(&used, network).await, "second-factor-wrong");
            // Until the clock has caught up, recovery codes work, earlier app codes do not.
            if back > TimeDelta::seconds(60) {
                assert_eq!(login(&code(0), network).await, "second-factor-wrong");
                let recovery = &codes[usize::from(network)];
                assert_eq!(login(recovery, network).await, "nothing");
            }
        }
        {
            let _jump = jump(HOUR);
            assert_eq!(login(&used, 6).await, "second-factor-wrong");
            assert_eq!(login(&code(0), 6).await, "nothing");
        }
        assert_eq!(login(&used, 7).await, "second-factor-wrong");
    })
    .await;
}

#[tokio::test]
async fn limits_do_not_jump() {
    let configure = |config: &mut Config| {
        config.limits.sign_in_account = Limit {
            count: 2,
            seconds: 3_600,
        };
    };
    Home::each_with(configure, async |home| {
        let ada = home.person("ada").await;
        let attempt = async |password| {
            let device = device();
            refused(home.service.sign_in("ada", password, &device)).await
        };
        for _ in 0..2 {
            assert_eq!(attempt("wrong horse").await, "invalid-credentials");
        }
        for by in [HOUR, YEAR, -HOUR, -YEAR] {
            let _jump = jump(by);
            assert_eq!(attempt(PASSWORD).await, "too-many-attempts", "{by}");
            assert!(
                home.service
                    .open_session(ada.clone(), &device())
                    .await
                    .is_ok()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn guests() {
    let configure = |config: &mut Config| config.accounts.guests = true;
    Home::each_with(configure, async |home| {
        let guest = home.service.register_guest("visitor", &device()).await;
        let guest = guest.unwrap();
        let session = home.open(&guest).await;
        let access = async || refused(home.service.viewer_of_access_token(&session.access)).await;
        let name = async || refused(home.service.register_guest("visitor", &device())).await;
        for by in [HOUR, -HOUR, -YEAR] {
            let _jump = jump(by);
            assert_eq!(access().await, "nothing", "{by}");
            assert_eq!(name().await, "username-taken", "{by}");
        }
        {
            let _jump = jump(YEAR);
            assert_eq!(access().await, "token-expired");
            assert_eq!(name().await, "nothing", "the name is free");
        }
        assert_eq!(access().await, "nothing");
        let profile = home.service.profile_by_id(guest.profile.id).await.unwrap();
        assert_eq!(profile, guest.profile, "what was written keeps its author");
    })
    .await;
}

#[tokio::test]
async fn who_leaves_comes_back_after_a_jump() {
    Home::each(async |home| {
        home.person("olga").await;
        let ada = home.person("ada").await;
        let viewer = home.open(&ada).await.viewer;
        let farewell = Farewell {
            password: PASSWORD,
            keep_messages: true,
            ..Default::default()
        };
        home.service.leave(&viewer, farewell, "").await.unwrap();
        let body = json!({ "username": "ada", "password": PASSWORD, "come_back": true });
        let login = async || home.post("/api/login", body.clone()).await;
        {
            let _jump = jump(YEAR);
            login().await.code(401, "challenge-over");
        }
        for by in [HOUR, -HOUR, -YEAR] {
            let _jump = jump(by);
            let departure = home.service.departure(ada.profile.id).await.unwrap();
            assert!(departure.is_some(), "{by}");
        }
        assert_eq!(login().await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn copies() {
    Home::each(async |home| {
        let ada = home.person("ada").await;
        let viewer = home.open(&ada).await.viewer;
        home.service.request_export(&viewer).await.unwrap();
        let end = crate::shared::time::now() + TimeDelta::days(1);
        let end = end.to_rfc3339_opts(chrono::SecondsFormat::Micros, false);
        home.sql(&format!(
            "UPDATE exports SET state = 'ready', expires_at = '{end}'"
        ))
        .await;
        let file = async || refused(home.service.export_file(&viewer)).await;
        for by in [HOUR, -HOUR, -YEAR] {
            let _jump = jump(by);
            assert_eq!(file().await, "nothing", "{by}");
        }
        {
            let _jump = jump(YEAR);
            assert_eq!(file().await, "not-found");
        }
        assert_eq!(file().await, "nothing");
    })
    .await;
}
