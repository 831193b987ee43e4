//! The database fails while changes wait: every caller gets a response, acknowledged changes are
//! stored once, and everything works again afterwards.

use super::*;
use crate::accounts::Viewer;
use crate::chat::Send;
use crate::platform::{config::Config, lease, live::Live, presence};
use crate::realtime::bus::{InProcess, Publisher, SharedBus};
use crate::shared::ChannelId;
use crate::testing::{Proxy, Way, accounts_on, plenty, register};
use crate::{chat, communities};
use sea_orm::{SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::{pin::pin, sync::Arc};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

/// Maximum time for any response.
const LONG: Duration = Duration::from_secs(30);
/// Length of an outage: several times the longest time limit.
const AWAY: Duration = Duration::from_secs(5);
const SHORT: Timeouts = Timeouts {
    wait: Duration::from_millis(1_500),
    statement: Duration::from_millis(1_500),
};

/// A member who sends messages, with their own set of services.
struct Sender {
    chat: chat::Service,
    db: Database,
    viewer: Viewer,
    channel: ChannelId,
}

impl Sender {
    async fn new(db: &Database) -> Arc<Self> {
        let mut config = Config::default();
        config.limits.messages = plenty();
        config.limits.registrations = plenty();
        let bus: SharedBus = Arc::new(Publisher::new(InProcess::default()));
        let limiter = Arc::new(lease::Limiter::default());
        let accounts = accounts_on(db, &config, bus.clone());
        let communities = communities::Service::start(
            db.clone(),
            bus.clone(),
            limiter.clone(),
            Arc::new(presence::InProcess::default()),
            accounts.clone(),
            &config.limits,
        );
        let communities = communities.await.unwrap();
        let viewer = register(&accounts, "ada").await.viewer;
        let overview = communities.overview(&viewer).await.unwrap();
        let chat = chat::Service::start(
            db.clone(),
            bus,
            limiter,
            accounts,
            communities,
            &config.limits,
            Live::of(&config),
        );
        Arc::new(Self {
            chat,
            db: db.clone(),
            viewer,
            channel: overview.channels[0].id,
        })
    }

    async fn send(&self, n: u32) -> Result<()> {
        let send = Send {
            channel_id: self.channel,
            text: format!("message {n}"),
        };
        let nonce = format!("nonce-{n}");
        let sent = self.chat.send(&self.viewer, &nonce, send);
        let sent = timeout(LONG, sent).await;
        sent.expect("every send is answered").map(drop)
    }

    async fn read(&self) -> Result<()> {
        let sql = Statement::from_string(self.db.get_database_backend(), "SELECT 1");
        let read = timeout(LONG, self.db.query_one_raw(sql)).await;
        Ok(read.expect("every read is answered").map(drop)?)
    }

    /// Sends a message every few milliseconds and reads sometimes until `outage` completes. Returns
    /// the number of sent messages and the ones that failed.
    async fn send_during(self: &Arc<Self>, outage: impl Future<Output = ()>) -> (u32, Vec<u32>) {
        let mut outage = pin!(outage);
        let (mut sends, mut reads) = (JoinSet::new(), JoinSet::new());
        let mut sent = 0;
        loop {
            let (sender, n) = (Arc::clone(self), sent);
            sends.spawn(async move { (n, sender.send(n).await) });
            if n % 16 == 0 {
                let reader = Arc::clone(self);
                reads.spawn(async move { reader.read().await });
            }
            sent += 1;
            let pause = Duration::from_millis(8);
            if timeout(pause, &mut outage).await.is_ok() {
                break;
            }
        }
        for read in reads.join_all().await {
            let kind = read.err().map_or(Kind::Unavailable, |error| error.kind);
            assert_eq!(kind, Kind::Unavailable);
        }
        let mut refused = Vec::new();
        for (n, answer) in sends.join_all().await {
            if let Err(error) = answer {
                assert_eq!(error.kind, Kind::Unavailable, "{n}: {error:?}");
                refused.push(n);
            }
        }
        (sent, refused)
    }

    /// Checks the time before, during and after an outage.
    async fn survives(self: &Arc<Self>, outage: impl Future<Output = ()>) {
        let before_and_after = Duration::from_millis(100);
        let (sent, refused) = self
            .send_during(async {
                sleep(before_and_after).await;
                outage.await;
                sleep(before_and_after).await;
            })
            .await;
        assert!(!refused.is_empty(), "it was felt");
        self.send(sent).await.expect("the next send works");
        self.read().await.expect("and reading");
        self.stored_once(sent + 1, &refused).await;
        for n in &refused {
            self.send(*n).await.expect("a repeat works");
        }
        self.stored_once(sent + 1, &[]).await;
    }

    /// Checks that all messages except the `refused` ones are stored once and numbered without
    /// gaps. A refused message can be stored too: its commit succeeded and the response was lost.
    async fn stored_once(&self, sent: u32, refused: &[u32]) {
        let sql = "SELECT nonce FROM messages ORDER BY seq";
        let sql = Statement::from_string(self.db.get_database_backend(), sql);
        let rows = self.db.query_all_raw(sql).await.unwrap();
        let nonces: Vec<String> = rows
            .iter()
            .map(|row| row.try_get("", "nonce").unwrap())
            .collect();
        for n in 0..sent {
            let nonce = format!("nonce-{n}");
            let count = nonces.iter().filter(|known| **known == nonce).count();
            assert!(
                count == 1 || (count == 0 && refused.contains(&n)),
                "{nonce}"
            );
        }
        let sql = "SELECT COUNT(*) AS n, MAX(seq) AS last FROM messages";
        let sql = Statement::from_string(self.db.get_database_backend(), sql);
        let row = self.db.query_one_raw(sql).await.unwrap().unwrap();
        let (count, last): (i64, i64) = (
            row.try_get("", "n").unwrap(),
            row.try_get("", "last").unwrap(),
        );
        assert_eq!(count, last, "no number is missing");
    }
}

/// Simulates an outage of Postgres with a proxy.
async fn postgres_is(ways: &[Way]) {
    let Some(test) = TestDb::postgres().await else {
        return;
    };
    let proxy = Proxy::to(test.server().await).await;
    let (db, tasks) = test.again(Some(proxy.address), SHORT).await;
    let sender = Sender::new(&db).await;
    sender
        .survives(async {
            for way in ways {
                proxy.set(*way);
                sleep(AWAY).await;
            }
            proxy.set(Way::Open);
        })
        .await;
    tasks.stop(LONG).await;
    test.stop().await;
}

#[tokio::test]
async fn postgres_restarts() {
    postgres_is(&[Way::Closed]).await;
}

#[tokio::test]
async fn postgres_is_not_heard_for_a_while() {
    postgres_is(&[Way::BlackHole]).await;
}

#[tokio::test]
async fn postgres_is_not_heard_and_comes_back_without_memory() {
    postgres_is(&[Way::BlackHole, Way::Closed, Way::BlackHole]).await;
}

/// Tests `statement_timeout` and `lock_timeout` of the connections.
#[tokio::test]
async fn postgres_is_locked() {
    let Some(test) = TestDb::postgres().await else {
        return;
    };
    let (db, tasks) = test.again(None, SHORT).await;
    let sender = Sender::new(&db).await;
    let (other, _writer) = Database::open(test.url(), test.data.path()).await.unwrap();
    sender
        .survives(async {
            let lock = other.reader.begin().await.unwrap();
            let sql = "LOCK TABLE channels IN ACCESS EXCLUSIVE MODE";
            lock.execute_unprepared(sql).await.unwrap();
            sleep(AWAY).await;
            lock.rollback().await.unwrap();
        })
        .await;
    let began = tokio::time::Instant::now();
    assert!(db.execute_unprepared("SELECT pg_sleep(60)").await.is_err());
    assert!(began.elapsed() < LONG, "a statement has a time limit");
    tasks.stop(LONG).await;
    test.stop().await;
}

/// Another process writes for longer than any time limit.
#[tokio::test]
async fn sqlite_is_busy() {
    let test = TestDb::sqlite().await;
    let (db, tasks) = test.again(None, SHORT).await;
    let sender = Sender::new(&db).await;
    let other = address("", test.data.path());
    let other = sea_orm::Database::connect(other).await.unwrap();
    sender
        .survives(async {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            let lock = other.begin_with_options(options).await.unwrap();
            sleep(AWAY).await;
            lock.rollback().await.unwrap();
        })
        .await;
    tasks.stop(LONG).await;
    test.stop().await;
}

/// The disk is full in the middle of a batch, after which SQLite may undo the whole transaction.
#[tokio::test]
async fn sqlite_is_full_in_the_middle_of_a_batch() {
    let test = TestDb::sqlite().await;
    let db = test.db.clone();
    table(&db).await;
    let sender = Sender::new(&db).await;
    let write = |sql: &'static str| {
        db.write(Uuid::max(), move |tx| async move {
            Ok(tx.execute_unprepared(sql).await.map(drop)?)
        })
    };
    for round in 0..3 {
        let release = hold(&db).await;
        let first = 10 * round;
        let sends = join_all((first..first + 5).map(|n| sender.send(n)));
        // Limits the database to its current size: any new page finds the disk full.
        let full = db.write(Uuid::max(), |tx| async move {
            tx.execute_unprepared("PRAGMA max_page_count = 1").await?;
            let large = "INSERT INTO health_probes VALUES (2, 2, zeroblob(1000000))";
            Ok(tx.execute_unprepared(large).await.map(drop)?)
        });
        let release = async {
            // The other jobs are waiting by now.
            release.send(()).unwrap();
        };
        let (sent, full, ()) = futures::join!(sends, full, release);
        assert_eq!(full.unwrap_err().kind, Kind::StorageFull);
        let mut refused = Vec::new();
        for (n, sent) in (first..).zip(sent) {
            if let Err(error) = sent {
                assert_eq!(error.kind, Kind::StorageFull);
                refused.push(n);
            }
        }
        write("PRAGMA max_page_count = 1000000").await.unwrap();
        for n in first..first + 5 {
            let sql = format!("SELECT 1 FROM messages WHERE nonce = 'nonce-{n}'");
            let sql = Statement::from_string(DatabaseBackend::Sqlite, sql);
            let stored = db.query_all_raw(sql).await.unwrap().len();
            assert_eq!(stored, usize::from(!refused.contains(&n)), "{n}");
            sender.send(n).await.unwrap();
        }
    }
    write("INSERT INTO things (n) VALUES (1)").await.unwrap();
    assert_eq!(things(&db).await, [1]);
    test.stop().await;
}

/// The probe's result is correct, and reading it uses no database.
#[tokio::test]
async fn health_follows_the_database() {
    let test = TestDb::sqlite().await;
    let (db, tasks) = test.again(None, SHORT).await;
    assert_eq!(db.health().age, None);
    let mut probe = db.probe();
    probe.look().await;
    let health = db.health();
    assert!(health.readable && health.writable, "{health:?}");
    let other = sea_orm::Database::connect(address("", test.data.path()));
    let other = other.await.unwrap();
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let lock = other.begin_with_options(options).await.unwrap();
    assert!(db.health().writable, "the last result");
    probe.look().await;
    let health = db.health();
    assert!(health.readable && !health.writable, "{health:?}");
    lock.rollback().await.unwrap();
    probe.look().await;
    assert!(db.health().writable);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(44)).await;
    assert!(db.health().writable);
    tokio::time::advance(Duration::from_secs(2)).await;
    let health = db.health();
    assert!(
        !health.readable && !health.writable,
        "an old result: {health:?}"
    );
    tokio::time::resume();
    tasks.stop(LONG).await;
    test.stop().await;
}
