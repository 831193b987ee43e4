//! The write path: one job must not affect the others.

mod away;
mod model;
mod names;

use super::*;
use crate::shared::sync::lock;
use crate::shared::{Error, Kind};
use crate::testing::TestDb;
use futures::future::join_all;
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// Creates a table in each test's own database.
async fn table(db: &Database) {
    db.write(Uuid::nil(), async |tx: Tx| {
        tx.execute_unprepared("CREATE TABLE things (n INTEGER PRIMARY KEY)")
            .await?;
        Ok(())
    })
    .await
    .unwrap();
}

async fn insert(tx: &Tx, n: i32) -> Result<()> {
    tx.execute_unprepared(&format!("INSERT INTO things (n) VALUES ({n})"))
        .await?;
    Ok(())
}

async fn things(db: &Database) -> Vec<i32> {
    let sql = Statement::from_string(db.get_database_backend(), "SELECT n FROM things ORDER BY n");
    let rows = db.query_all_raw(sql).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "n").unwrap())
        .collect()
}

/// Blocks the writer until `release` is used, so the next jobs share one commit.
async fn hold(db: &Database) -> oneshot::Sender<()> {
    let (release, released) = oneshot::channel();
    let (begun, has_begun) = oneshot::channel();
    let db = db.clone();
    tokio::spawn(async move {
        db.write(Uuid::nil(), move |_| async move {
            begun.send(()).unwrap();
            released.await.unwrap();
            Ok(())
        })
        .await
        .unwrap();
    });
    has_begun.await.unwrap();
    release
}

/// Records what ran after commits, in order.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<i32>>>);

impl Journal {
    fn note(&self, tx: &Tx, n: i32) {
        let journal = self.clone();
        tx.after_commit(async move { journal.entries().push(n) });
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Vec<i32>> {
        lock(&self.0)
    }
}

/// How a job ends after it has inserted its number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Well,
    Failing,
    Panicking,
    /// Fails by a statement that the database rejects.
    Refused,
}

async fn job(tx: Tx, journal: Journal, n: i32, end: End) -> Result<i32> {
    insert(&tx, n).await?;
    journal.note(&tx, n);
    match end {
        End::Well => Ok(n),
        End::Failing => Err(Error::forbidden()),
        End::Panicking => panic!("a job panics, as this test wants"),
        End::Refused => insert(&tx, n).await.map(|()| n),
    }
}

fn expected(n: i32, end: End) -> Result<i32, Kind> {
    match end {
        End::Well => Ok(n),
        End::Failing => Err(Kind::Forbidden),
        End::Panicking | End::Refused => Err(Kind::Internal),
    }
}

#[tokio::test]
async fn a_job_that_fails_takes_nothing_with_it() {
    TestDb::each(|db| async move {
        table(&db).await;
        let journal = Journal::default();
        let ends = [
            End::Well,
            End::Panicking,
            End::Well,
            End::Failing,
            End::Refused,
            End::Well,
        ];
        let write = async |n: i32, end: End| {
            let journal = journal.clone();
            let order = Uuid::from_u128((n % 2).unsigned_abs().into());
            let done = db.write(order, move |tx| job(tx, journal, n, end)).await;
            assert_eq!(done.map_err(|error| error.kind), expected(n, end), "{n}");
        };
        // Each job alone, then all together.
        for (n, end) in (0..).zip(ends) {
            write(n, end).await;
        }
        assert_eq!(things(&db).await, [0, 2, 5]);
        let release = hold(&db).await;
        let together = join_all((10..).zip(ends).map(|(n, end)| write(n, end)));
        let (_, ()) = futures::join!(together, async {
            // All jobs are queued: their first poll did that.
            release.send(()).unwrap();
        });
        assert_eq!(things(&db).await, [0, 2, 5, 10, 12, 15]);
        assert_eq!(*journal.entries(), [0, 2, 5, 10, 12, 15]);
        write(20, End::Well).await;
    })
    .await;
}

#[tokio::test]
async fn jobs_of_one_order_run_in_the_order_of_their_arrival() {
    TestDb::each(|db| async move {
        table(&db).await;
        let journal = Journal::default();
        let release = hold(&db).await;
        let all = join_all((0..60_i32).map(|n| {
            let journal = journal.clone();
            // Three channels, interleaved.
            let order = Uuid::from_u128((n % 3).unsigned_abs().into());
            db.write(order, move |tx| job(tx, journal, n, End::Well))
        }));
        let (done, ()) = futures::join!(all, async { release.send(()).unwrap() });
        assert!(done.into_iter().all(|done| done.is_ok()));
        let entries = journal.entries().clone();
        let expected: Vec<_> = (0..3_i32)
            .flat_map(|first| (first..60).step_by(3))
            .collect();
        assert_eq!(entries, expected, "after one commit, channel by channel");
    })
    .await;
}

/// A failing commit: all callers get the error, no event is published, and the writer goes on.
#[tokio::test]
async fn a_commit_that_fails_is_told_to_everybody() {
    TestDb::each(|db| async move {
        table(&db).await;
        let journal = Journal::default();
        for batch in [1, 4] {
            let release = hold(&db).await;
            let all = join_all((0..batch).map(|n| {
                let journal = journal.clone();
                db.write(Uuid::nil(), move |tx| async move {
                    let done = job(tx.clone(), journal, n, End::Well).await?;
                    if n == batch - 1 {
                        spoil(&tx).await;
                    }
                    Ok(done)
                })
            }));
            let (done, ()) = futures::join!(all, async { release.send(()).unwrap() });
            assert_eq!(done.len(), batch as usize);
            for done in done {
                let kind = done.unwrap_err().kind;
                assert!(matches!(kind, Kind::Internal | Kind::Unavailable));
            }
            assert!(things(&db).await.is_empty());
            assert!(journal.entries().is_empty());
        }
        let again = db.write(Uuid::nil(), {
            let journal = journal.clone();
            move |tx| job(tx, journal, 7, End::Well)
        });
        assert_eq!(again.await.unwrap(), 7);
        assert_eq!(things(&db).await, [7]);
        assert_eq!(*journal.entries(), [7]);
    })
    .await;
}

/// Makes the transaction fail at its end: by a broken foreign key that is checked only then, or by
/// a closed connection.
async fn spoil(tx: &Tx) {
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        let end = "SELECT pg_terminate_backend(pg_backend_pid())";
        drop(tx.execute_unprepared(end).await);
        return;
    }
    for sql in [
        "PRAGMA defer_foreign_keys = ON",
        "INSERT INTO memberships (community_id, account_id, joined_at) \
         VALUES (x'00', x'00', '2026-01-01 00:00:00+00:00')",
    ] {
        tx.execute_unprepared(sql).await.unwrap();
    }
}

#[tokio::test]
async fn stopping_finishes_what_waits_and_takes_nothing_new() {
    let test = TestDb::sqlite().await;
    let db = test.db.clone();
    table(&db).await;
    let journal = Journal::default();
    let release = hold(&db).await;
    let waiting: Vec<_> = (0..20)
        .map(|n| {
            let (db, journal) = (db.clone(), journal.clone());
            tokio::spawn(async move {
                let job = move |tx| job(tx, journal, n, End::Well);
                db.write(Uuid::nil(), job).await
            })
        })
        .collect();
    // The single-threaded runtime runs the tasks until they wait.
    tokio::task::yield_now().await;
    let stop = tokio::spawn(test.stop());
    tokio::task::yield_now().await;
    release.send(()).unwrap();
    for done in join_all(waiting).await {
        assert!(done.unwrap().is_ok());
    }
    stop.await.unwrap();
    assert_eq!(journal.entries().len(), 20);
    let late = db.write(Uuid::nil(), move |tx| job(tx, journal, 99, End::Well));
    assert_eq!(late.await.unwrap_err().kind, Kind::Unavailable);
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_undo_the_change() {
    TestDb::each(|db| async move {
        table(&db).await;
        let release = hold(&db).await;
        let journal = Journal::default();
        let caller = tokio::spawn({
            let (db, journal) = (db.clone(), journal.clone());
            async move {
                let job = move |tx| job(tx, journal, 1, End::Well);
                db.write(Uuid::nil(), job).await
            }
        });
        tokio::task::yield_now().await;
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        release.send(()).unwrap();
        // Jobs run in the order of their arrival, so the first one is done.
        let last = db.write(Uuid::nil(), move |tx| job(tx, journal, 2, End::Well));
        last.await.unwrap();
        assert_eq!(things(&db).await, [1, 2]);
    })
    .await;
}

/// A panic in an action after a commit: the change stays and is acknowledged, and the other actions
/// run.
#[tokio::test]
async fn an_action_after_the_commit_that_panics_harms_nothing() {
    TestDb::each(|db| async move {
        table(&db).await;
        let journal = Journal::default();
        let release = hold(&db).await;
        let all = join_all((0..4).map(|n| {
            let journal = journal.clone();
            db.write(Uuid::nil(), move |tx| async move {
                if n % 2 == 0 {
                    tx.after_commit(async { panic!("an action panics, as this test wants") });
                }
                job(tx, journal, n, End::Well).await
            })
        }));
        let (done, ()) = futures::join!(all, async { release.send(()).unwrap() });
        assert_eq!(
            done.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
        assert_eq!(*journal.entries(), [0, 1, 2, 3]);
        let next = db.write(Uuid::nil(), {
            let journal = journal.clone();
            move |tx| job(tx, journal, 4, End::Well)
        });
        assert_eq!(next.await.unwrap(), 4);
    })
    .await;
}

/// A job that continues after a failed statement: on Postgres its transaction is unusable, and the
/// rest of the batch must still commit.
#[tokio::test]
async fn a_job_that_hides_a_failed_statement_fails_alone() {
    TestDb::each(|db| async move {
        table(&db).await;
        let journal = Journal::default();
        let postgres = db.kind() == "postgres";
        let release = hold(&db).await;
        let all = join_all((0..5).map(|n| {
            let journal = journal.clone();
            db.write(Uuid::nil(), move |tx| async move {
                let done = job(tx.clone(), journal, n, End::Well).await;
                if n == 2 {
                    insert(&tx, n).await.unwrap_err();
                }
                done
            })
        }));
        let (done, ()) = futures::join!(all, async { release.send(()).unwrap() });
        let expected: Vec<_> = (0..5).filter(|n| *n != 2 || !postgres).collect();
        for (n, done) in (0..).zip(done) {
            assert_eq!(done.is_ok(), expected.contains(&n), "{n}");
        }
        assert_eq!(things(&db).await, expected);
        assert_eq!(*journal.entries(), expected);
    })
    .await;
}
