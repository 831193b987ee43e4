//! Kills the server under load: each acknowledged message is stored exactly once afterwards, under
//! its sequence number.
//!
//! `RIALTO_CHAOS_KILLS` sets how often the server is killed.

use super::{
    instance::{Instance, Server},
    sender::{self, Run, Told},
};
use rialto::{platform::database::Database, server::House, shared::ChannelId};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::watch, time::sleep};

/// Default number of kills; `cargo xtask test` uses 100.
const KILLS: u32 = 10;
/// Default for Postgres, where only the server is killed, not the database.
const KILLS_ON_POSTGRES: u32 = 10;
const SENDERS: usize = 12;
const CHANNELS: usize = 3;
/// Acknowledgements between two kills, so that each kill hits a busy server.
const WORK: u64 = 60;

fn kills(usual: u32) -> u32 {
    let told = std::env::var("RIALTO_CHAOS_KILLS").ok();
    told.map_or(usual, |kills| {
        kills.parse().expect("RIALTO_CHAOS_KILLS is a number")
    })
}

/// How a server is stopped.
#[derive(Clone, Copy)]
enum End {
    Kill,
    Terminate,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chaos_of_kills() {
    let instance = Instance::new(String::new());
    ends_under_load(&instance, kills(KILLS), End::Kill).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chaos_of_kills_on_postgres() {
    let Some(database) = fresh_postgres().await else {
        return;
    };
    let instance = Instance::new(database);
    ends_under_load(
        &instance,
        kills(KILLS_ON_POSTGRES).min(KILLS_ON_POSTGRES),
        End::Kill,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chaos_of_stops_in_mid_write() {
    let instance = Instance::new(String::new());
    ends_under_load(&instance, 5, End::Terminate).await;
}

/// Creates a new database in the cluster of the test run.
async fn fresh_postgres() -> Option<String> {
    let cluster = std::env::var("RIALTO_TEST_POSTGRES").ok()?;
    let admin = sea_orm::Database::connect(&cluster).await.unwrap();
    let name = format!("rialto_chaos_{}", std::process::id());
    let create = format!("CREATE DATABASE {name}");
    admin.execute_unprepared(&create).await.unwrap();
    let (server, _) = cluster.rsplit_once('/').unwrap();
    Some(format!("{server}/{name}"))
}

/// Stops the server repeatedly while members send; then checks every message.
async fn ends_under_load(instance: &Instance, ends: u32, end: End) {
    let (people, channels) = instance.populate(SENDERS, CHANNELS).await;
    let started = Instant::now();
    let mut server = instance.start();
    let (moved, address) = watch::channel(server.address);
    let run = Arc::new(Run {
        address,
        acknowledged: AtomicU64::new(0),
        finished: AtomicBool::new(false),
    });
    let senders: Vec<_> = people
        .into_iter()
        .enumerate()
        .map(|(n, who)| {
            let channel = channels[n % channels.len()];
            tokio::spawn(sender::send(Arc::clone(&run), who, channel))
        })
        .collect();
    for n in 0..ends {
        work(&run, &server).await;
        // At different points in the middle of a commit.
        sleep(Duration::from_micros(u64::from(n % 23) * 700)).await;
        match end {
            End::Kill => server.kill(),
            End::Terminate => {
                let ended = tokio::task::spawn_blocking(|| server.terminate())
                    .await
                    .unwrap();
                assert!(ended.status.success(), "{ended:?}");
                assert!(!ended.log.contains("panicked"), "{}", ended.log);
            }
        }
        server = tokio::task::block_in_place(|| instance.start());
        moved.send(server.address).unwrap();
    }
    work(&run, &server).await;
    run.finished.store(true, Ordering::Relaxed);
    let mut told: BTreeMap<ChannelId, Told> = BTreeMap::new();
    for sender in senders {
        let (channel, heard) = sender.await.unwrap();
        told.entry(channel).or_default().extend(heard);
    }
    let log = server.log();
    assert!(!log.contains("panicked"), "{log}");
    // Killed without a clean shutdown: acknowledged messages must not depend on one.
    server.kill();
    let house = instance.house().await;
    let mut sum = 0;
    for (channel, told) in &told {
        sum += told.len();
        check(&house, *channel, told).await;
    }
    intact(&house.services.get::<Database>().unwrap()).await;
    house.close().await;
    println!(
        "chaos: {ends} ends, {sum} acknowledged messages in {:.0} s: none lost, none doubled",
        started.elapsed().as_secs_f64()
    );
}

/// Waits until the server has acknowledged some messages.
async fn work(run: &Run, server: &Server) {
    let before = run.acknowledged.load(Ordering::Relaxed);
    let started = Instant::now();
    while run.acknowledged.load(Ordering::Relaxed) < before + WORK {
        assert!(
            started.elapsed() < super::instance::PATIENCE,
            "{}",
            server.log()
        );
        sleep(Duration::from_millis(2)).await;
    }
}

/// Checks that a channel contains exactly the messages that were acknowledged to its senders.
async fn check(house: &House, channel: ChannelId, told: &Told) {
    let db = &house.services.get::<Database>().unwrap();
    let select = format!(
        "SELECT nonce, seq, rev FROM messages WHERE channel_id = {} ORDER BY seq",
        literal(db, channel)
    );
    let rows = rows(db, &select).await;
    let mut nonces = BTreeSet::new();
    let mut revs = BTreeSet::new();
    for (n, row) in (1_i64..).zip(&rows) {
        let nonce: String = row.try_get("", "nonce").unwrap();
        let seq: i64 = row.try_get("", "seq").unwrap();
        let rev: i64 = row.try_get("", "rev").unwrap();
        assert_eq!(seq, n, "numbers have no gaps");
        assert!(revs.insert(rev), "each change has its own count");
        let sent = told
            .get(&nonce)
            .unwrap_or_else(|| panic!("nobody was told of {nonce}"));
        assert_eq!((sent.seq, sent.rev), (seq, rev), "{nonce}");
        assert!(nonces.insert(nonce), "stored twice");
    }
    assert_eq!(nonces.len(), told.len(), "an acknowledged message is lost");
    let head = format!(
        "SELECT seq, rev FROM channels WHERE id = {}",
        literal(db, channel)
    );
    let heads = self::rows(db, &head).await;
    let head: (i64, i64) = (
        heads[0].try_get("", "seq").unwrap(),
        heads[0].try_get("", "rev").unwrap(),
    );
    let last = i64::try_from(rows.len()).unwrap();
    assert_eq!(
        head,
        (last, *revs.last().unwrap()),
        "the channel's counters"
    );
}

/// Runs SQLite's integrity checks.
async fn intact(db: &Database) {
    if db.kind() != "sqlite" {
        return;
    }
    let verdict = rows(db, "PRAGMA integrity_check").await;
    let verdict: String = verdict[0].try_get("", "integrity_check").unwrap();
    assert_eq!(verdict, "ok");
    assert!(rows(db, "PRAGMA foreign_key_check").await.is_empty());
}

async fn rows(db: &Database, sql: &str) -> Vec<sea_orm::QueryResult> {
    let backend = match db.kind() {
        "postgres" => DbBackend::Postgres,
        _ => DbBackend::Sqlite,
    };
    let statement = Statement::from_string(backend, sql);
    db.query_all_raw(statement).await.unwrap()
}

/// Writes an id as a literal of the database.
fn literal(db: &Database, channel: ChannelId) -> String {
    match db.kind() {
        "postgres" => format!("'{}'::uuid", channel.0),
        _ => format!("x'{}'", channel.0.simple()),
    }
}
