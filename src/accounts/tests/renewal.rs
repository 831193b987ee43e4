//! Refresh cookies that are old, forged, or from before tags existed.

use super::browser::{Browser, signed_in};
use super::*;

/// Returns the rows of active sessions, and the number of published events.
async fn traces(home: &Home) -> (Vec<String>, usize) {
    let rows = home.db.query_all_raw(sea_orm::Statement::from_string(
        home.db.get_database_backend(),
        "SELECT refresh_hash, COALESCE(previous_hash, '-') AS previous, address FROM sessions \
         WHERE ended_at IS NULL ORDER BY refresh_hash",
    ));
    let rows = rows.await.unwrap().into_iter().flat_map(|row| {
        let columns = ["refresh_hash", "previous", "address"];
        columns.map(|column| row.try_get::<String>("", column).unwrap())
    });
    (rows.collect(), home.published().len())
}

#[tokio::test]
async fn what_strangers_make_up_of_an_id_changes_nothing() {
    Home::each(async |home| {
        let mut owner = signed_in(home).await;
        let cookie = owner.refresh();
        let parts: Vec<_> = cookie.split('.').collect();
        let [id, secret, tag] = parts[..] else {
            panic!("{cookie}");
        };
        let bo = home.person("bo").await;
        let browser = Device {
            kind: DeviceKind::Browser,
            ..device()
        };
        let other = home.service.open_session(bo, &browser).await.unwrap();
        let other: Vec<_> = other.refresh.split('.').collect();
        let before = traces(home).await;
        let (zeros, half) = ("0".repeat(64), &tag[..32]);
        for made_up in [
            format!("{id}.x"),
            format!("{id}."),
            format!("{id}..{tag}"),
            format!("{id}.x.y"),
            format!("{id}.{zeros}"),
            format!("{id}.{zeros}.{zeros}"),
            format!("{id}.{zeros}.{tag}"),
            format!("{id}.{zeros}.{half}"),
            format!("{id}.{zeros}.+{}", &tag[1..]),
            format!("{id}.{}.{}", other[1], other[2]),
        ] {
            for what in ["GET /", "GET /api/auth/me"] {
                let mut stranger = Browser::default();
                stranger
                    .jar
                    .insert("rialto_refresh".into(), made_up.clone());
                let reply = stranger.ask(home, what, &[], "").await;
                assert!(!reply.text.contains("ada"), "{made_up}");
                assert!(stranger.jar.is_empty(), "it is taken away: {made_up}");
            }
        }
        assert_eq!(before.0.len(), 6, "two sessions");
        assert_eq!(traces(home).await, before);
        owner.forget_access();
        assert_eq!(owner.name(home).await, "ada");
        assert_ne!(owner.refresh().split('.').nth(1), Some(secret));
    })
    .await;
}

#[tokio::test]
async fn cookies_from_before_there_were_tags_are_taken_once() {
    Home::each(async |home| {
        let mut owner = signed_in(home).await;
        let cookie = owner.refresh();
        let (old, _tag) = cookie.rsplit_once('.').unwrap();
        owner.forget_access();
        owner.jar.insert("rialto_refresh".into(), old.into());
        let mut tab = owner.clone();
        assert_eq!(owner.name(home).await, "ada");
        assert_eq!(owner.refresh().split('.').count(), 3, "the next has a tag");
        assert_eq!(
            tab.name(home).await,
            "ada",
            "another tab at the same moment"
        );
        let mut late = Browser::default();
        late.jar.insert("rialto_refresh".into(), old.into());
        owner.forget_access();
        assert_eq!(owner.name(home).await, "ada");
        assert_eq!(late.name(home).await, "nobody");
        assert_eq!(
            owner.name(home).await,
            "ada",
            "without a tag it proves nothing"
        );
        assert!(home.published().is_empty());
    })
    .await;
}

/// Collects the log of this thread.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_id_of_a_session_is_logged() {
    let logged = Logged::default();
    let writer = logged.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    Home::each(async |home| {
        let mut owner = signed_in(home).await;
        let mut thief = owner.clone();
        let mut seen = vec![owner.refresh()];
        for _ in 0..2 {
            owner.forget_access();
            owner.name(home).await;
            seen.push(owner.refresh());
        }
        thief.forget_access();
        assert_eq!(thief.name(home).await, "nobody");
        let log = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
        let lines = log.lines().filter(|line| line.contains("rialto::accounts"));
        let lines: Vec<_> = lines.collect();
        assert!(
            lines.iter().any(|line| line.contains("session ended")),
            "{lines:?}"
        );
        for secret in seen.iter().flat_map(|cookie| cookie.split('.')) {
            assert!(!lines.iter().any(|line| line.contains(secret)), "{secret}");
        }
    })
    .await;
}
