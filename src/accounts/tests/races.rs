//! The password changes between its check and the action that it was checked for.

use super::*;
use crate::{accounts::Farewell, platform::database::Tx, shared::Error};
use tokio::sync::oneshot;

const NEW: &str = "vexed otter marble";

/// Returns the error of an action whose write waits while the password is changed.
async fn too_late<T>(home: &Home, act: impl Future<Output = Result<T, Error>>) -> String {
    let (release, released) = oneshot::channel::<()>();
    let (begun, begins) = oneshot::channel();
    let changing = home.db.write(uuid::Uuid::nil(), move |tx: Tx| async move {
        begun.send(()).unwrap();
        released.await.unwrap();
        let sql = "UPDATE accounts SET password_version = password_version + 1";
        Ok(tx.execute_unprepared(sql).await.map(drop)?)
    });
    let free = async {
        while home.db.waiting() == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        release.send(()).unwrap();
    };
    let acting = async {
        begins.await.unwrap();
        futures::join!(act, free).0
    };
    let (changed, done) = futures::join!(changing, acting);
    changed.unwrap();
    done.err().expect("it is refused").code.into_owned()
}

#[tokio::test]
async fn an_old_password_opens_nothing() {
    Home::each(async |home| {
        home.person("olga").await;
        let ada = home.person("ada").await;
        let session = home.open(&ada).await;
        let (service, viewer) = (&home.service, &session.viewer);
        let change = service.change_password(viewer, PASSWORD, NEW, "");
        assert_eq!(too_late(home, change).await, "password-wrong");
        let begin = service.begin_second_factor(viewer, PASSWORD, "");
        assert_eq!(too_late(home, begin).await, "password-wrong");
        let (_, codes) = second_factor::enrol(home, &session.access).await;
        let renew = service.renew_recovery_codes(viewer, PASSWORD, "");
        assert_eq!(too_late(home, renew).await, "password-wrong");
        let off = service.turn_off_second_factor(viewer, PASSWORD, &codes[0], "");
        assert_eq!(too_late(home, off).await, "password-wrong");
        let farewell = |code| Farewell {
            password: PASSWORD,
            otp: Some(code),
            ..Farewell::default()
        };
        let leave = service.leave(viewer, farewell(&codes[1]), "");
        assert_eq!(too_late(home, leave).await, "password-wrong");

        // None of these actions took effect, and the account still allows them.
        let security = service.security(viewer).await.unwrap();
        assert!(security.second_factor && security.recovery_codes == 8);
        service
            .leave(viewer, farewell(&codes[2]), "")
            .await
            .unwrap();
        let account = service.account(ada.profile.id).await.unwrap().unwrap();
        let challenge = service.challenge(&account, "return").await.unwrap();
        let device = device();
        let stay = service.come_back(&challenge, &device);
        let stay = Box::pin(stay);
        assert_eq!(too_late(home, stay).await, "invalid-credentials");
        let departure = service.departure(ada.profile.id).await.unwrap();
        assert!(departure.is_some());
    })
    .await;
}

#[tokio::test]
async fn nodes_that_create_a_bot_at_once_both_get_it() {
    Home::each(async |home| {
        for round in 0..8 {
            let name = format!("herald{round}");
            let (one, other) = futures::join!(
                home.service.ensure_bot(&name, "Herald"),
                home.service.ensure_bot(&name, "Herald"),
            );
            assert_eq!(one.unwrap().account, other.unwrap().account);
        }
    })
    .await;
}
