//! Drawings as their service sees them.

use super::*;
use crate::accounts::Farewell;
use crate::markets::Shape;
use crate::platform::config::Config;
use crate::testing::{Core, TestDb};
use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;

async fn service(db: &Database) -> (Core, Drawings) {
    let mut config = Config::default();
    config.accounts.deletion_days = 0;
    let core = Core::new(db, &config).await;
    let service = Drawings::start(db.clone(), &core.accounts);
    core.person("operator").await;
    (core, service)
}

fn level(price: f64) -> Drawing {
    Drawing {
        id: DrawingId::new(),
        shape: Shape::Level(price),
    }
}

fn line() -> Drawing {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    Drawing {
        id: DrawingId::new(),
        shape: Shape::Trend((day("2012-01-03"), 411.23), (day("2013-03-01"), 430.47)),
    }
}

#[tokio::test]
async fn what_was_drawn_is_there_again() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let ada = core.person("ada").await;
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);
        let (one, two) = (level(450.5), line());
        service.keep(&ada, "aapl", vec![one]).await.unwrap();
        // Another tab, and the same once more.
        service.keep(&ada, "AAPL", vec![two]).await.unwrap();
        service
            .keep(&ada, "AAPL", vec![one, two, two])
            .await
            .unwrap();
        service.keep(&ada, "MSFT", vec![level(20.0)]).await.unwrap();
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [one, two]);
        service.remove(&ada, one.id).await.unwrap();
        assert_eq!(
            service.remove(&ada, one.id).await.unwrap_err().status(),
            404
        );
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [two]);
        // Back again, as after an undo.
        service.keep(&ada, "AAPL", vec![one]).await.unwrap();
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), [two, one]);
    })
    .await;
}

#[tokio::test]
async fn drawings_belong_to_one_account() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let (ada, bo) = (core.person("ada").await, core.person("bo").await);
        let one = level(450.5);
        service.keep(&ada, "AAPL", vec![one]).await.unwrap();
        assert_eq!(service.of(&bo, "AAPL").await.unwrap(), []);
        assert_eq!(service.remove(&bo, one.id).await.unwrap_err().status(), 404);
        let taken = service.keep(&bo, "AAPL", vec![level(1.0), one]).await;
        assert_eq!(taken.unwrap_err().status(), 404);
        assert_eq!(service.of(&bo, "AAPL").await.unwrap(), [], "all or nothing");
        service.keep(&bo, "AAPL", vec![level(2.0)]).await.unwrap();

        // They go with their account.
        let farewell = Farewell {
            password: "correct horse",
            ..Farewell::default()
        };
        let left = core.accounts.leave(&ada, farewell, "192.0.2.2").await;
        left.unwrap();
        let erased = core.accounts.erase_due(&CancellationToken::new()).await;
        erased.unwrap();
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);
        assert_eq!(service.of(&bo, "AAPL").await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_changes_nothing() {
    TestDb::each(|db| async move {
        let (core, service) = service(&db).await;
        let ada = core.person("ada").await;
        let keep = async |code: &str, drawings: Vec<Drawing>| {
            let kept = service.keep(&ada, code, drawings).await;
            kept.map_err(|error| error.code.into_owned())
        };
        let bad = vec![level(1.0), level(f64::NAN)];
        assert_eq!(keep("AAPL", bad).await.unwrap_err(), "bad-drawing");
        assert_eq!(
            keep("a b", vec![level(1.0)]).await.unwrap_err(),
            "bad-symbol"
        );
        let many: Vec<_> = (1..=101).map(|n| level(f64::from(n))).collect();
        assert_eq!(keep("AAPL", many).await.unwrap_err(), "too-many-drawings");
        assert_eq!(service.of(&ada, "AAPL").await.unwrap(), []);

        let full: Vec<_> = (1..=100).map(|n| level(f64::from(n))).collect();
        keep("AAPL", full.clone()).await.unwrap();
        assert_eq!(
            keep("AAPL", vec![level(1.0)]).await.unwrap_err(),
            "too-many-drawings"
        );
        // What is there already needs no more room.
        keep("AAPL", vec![full[7]]).await.unwrap();
        for n in 1..20 {
            let each = (1..=100).map(|n| level(f64::from(n))).collect();
            keep(&format!("S{n}"), each).await.unwrap();
        }
        assert_eq!(
            keep("MORE", vec![level(1.0)]).await.unwrap_err(),
            "too-many-drawings"
        );
        assert_eq!(service.of(&ada, "S19").await.unwrap().len(), 100);
    })
    .await;
}
