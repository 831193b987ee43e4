//! The write path: what arrives together is committed together.
//!
//! A durable commit costs a write to the disk, whether it holds one change or two hundred. Jobs
//! wait in a queue; the loop takes all that are there, runs each in a savepoint of one
//! transaction, commits, and only then lets the callers go on. A lone job does not wait for
//! company. Changes that come by the hundred have queues of their own (`bulk`), each of which is
//! one job.

use super::Tx;
use crate::platform::tasks::Part;
use crate::shared::{Error, Result};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Most jobs in one transaction: keeps the wait of the first short when many arrive.
const MAX_BATCH: usize = 256;
/// Jobs that may wait; beyond that the callers wait for a place.
const QUEUE: usize = 4_096;

type Action = Box<dyn FnOnce() + Send>;

/// What is to happen after the commit, in order.
#[derive(Clone, Default)]
pub(super) struct AfterCommit(Arc<Mutex<Vec<Action>>>);

impl AfterCommit {
    pub(super) fn push(&self, action: Action) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(action);
    }

    fn take(&self) -> Vec<Action> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Forgets what came after the first `kept`: it was undone.
    pub(super) fn truncate(&self, kept: usize) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .truncate(kept);
    }
}

/// The queue's entrance.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    marks: mpsc::UnboundedSender<Marker>,
}

/// The part that commits; runs for as long as the server does.
pub struct WriterLoop {
    pool: DatabaseConnection,
    jobs: mpsc::Receiver<Box<dyn Job>>,
    marks: mpsc::UnboundedReceiver<Marker>,
}

/// A job with its type erased, so that one queue holds all kinds.
pub(super) trait Job: Send {
    fn order(&self) -> Uuid;
    /// Runs the job; says whether its changes are to be kept.
    fn run(&mut self, tx: Tx) -> BoxFuture<'_, bool>;
    /// Tells the caller: the job's own result, or the error that took the transaction away.
    fn answer(self: Box<Self>, failure: Option<&Error>);
}

/// A queue of its own beside the jobs (see `bulk`).
pub(super) trait Source: Send + Sync {
    /// What waits in it, as one job.
    fn job(self: Arc<Self>) -> Box<dyn Job>;
}

/// Says that something waits in a queue. There is one at a time for each, so that they need no
/// bound.
pub(super) type Marker = Arc<dyn Source>;

struct Typed<T, F> {
    order: Uuid,
    work: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F, Fut> Job for Typed<T, F>
where
    T: Send + 'static,
    F: FnOnce(Tx) -> Fut + Send + 'static,
    Fut: Future<Output = Result<T>> + Send + 'static,
{
    fn order(&self) -> Uuid {
        self.order
    }

    fn run(&mut self, tx: Tx) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return false;
            };
            // A bug in one job must not end the write path for everybody.
            let result = match AssertUnwindSafe(async { work(tx).await })
                .catch_unwind()
                .await
            {
                Ok(result) => result,
                Err(_) => Err(Error::internal("a write job panicked")),
            };
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
    }

    fn answer(self: Box<Self>, failure: Option<&Error>) {
        let result = match (failure, self.result) {
            (_, Some(Err(own))) => Err(own),
            (Some(failure), _) => Err(failure.clone()),
            (None, Some(result)) => result,
            (None, None) => Err(Error::unavailable()),
        };
        // The caller may have gone away; the change stands all the same.
        drop(self.reply.send(result));
    }
}

impl Writer {
    pub(super) fn new(pool: DatabaseConnection) -> (Self, WriterLoop) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (marks, marked) = mpsc::unbounded_channel();
        let writer_loop = WriterLoop {
            pool,
            jobs: receiver,
            marks: marked,
        };
        let writer = Self {
            jobs: sender,
            marks,
        };
        (writer, writer_loop)
    }

    /// Tells that something waits in a queue. False: the writer has stopped.
    pub(super) fn mark(&self, queue: Marker) -> bool {
        self.marks.send(queue).is_ok()
    }

    pub(super) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    pub(super) async fn write<T, F, Fut>(&self, order: Uuid, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Typed {
            order,
            work: Some(job),
            result: None,
            reply,
        };
        if self.jobs.send(Box::new(job)).await.is_err() {
            return Err(Error::unavailable());
        }
        answer.await.unwrap_or_else(|_| Err(Error::unavailable()))
    }
}

#[async_trait]
impl Part for WriterLoop {
    fn name(&self) -> &'static str {
        "database.writer"
    }

    /// Commits until told to stop, then what is still waiting.
    async fn run(mut self: Box<Self>, cancel: CancellationToken) {
        while let Some(first) = self.next(&cancel).await {
            let mut batch = vec![first];
            while let Ok(queue) = self.marks.try_recv() {
                batch.push(queue.job());
            }
            while batch.len() < MAX_BATCH
                && let Ok(job) = self.jobs.try_recv()
            {
                batch.push(job);
            }
            // Stable: jobs of one channel stay in the order of their arrival.
            batch.sort_by_key(|job| job.order());
            commit(&self.pool, batch).await;
        }
        if let Err(error) = self.pool.close().await {
            tracing::warn!(error.cause = %error, "closing the database");
        }
    }
}

impl WriterLoop {
    /// Waits for something to do. None: it was told to stop, and nothing is left.
    async fn next(&mut self, cancel: &CancellationToken) -> Option<Box<dyn Job>> {
        loop {
            let stopping = self.jobs.is_closed();
            tokio::select! {
                Some(job) = self.jobs.recv() => return Some(job),
                Some(queue) = self.marks.recv() => return Some(queue.job()),
                () = cancel.cancelled(), if !stopping => {
                    self.jobs.close();
                    self.marks.close();
                }
                else => return None,
            }
        }
    }
}

/// Runs a batch in one transaction and answers its callers.
async fn commit(pool: &DatabaseConnection, mut batch: Vec<Box<dyn Job>>) {
    let mut after = Vec::new();
    let failure = match transaction(pool, &mut batch, &mut after).await {
        Ok(()) => None,
        Err(error) => Some(Error::from(error)),
    };
    if failure.is_none() {
        for action in after {
            action();
        }
    }
    for job in batch {
        job.answer(failure.as_ref());
    }
}

async fn transaction(
    pool: &DatabaseConnection,
    batch: &mut [Box<dyn Job>],
    after: &mut Vec<Action>,
) -> Result<(), DbErr> {
    let options = TransactionOptions {
        // The write lock is taken at the start, so that no read can be found outdated later.
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let outer = pool.begin_with_options(options).await?;
    if let [only] = batch {
        return run_alone(outer, only.as_mut(), after).await;
    }
    run_together(outer, batch, after).await
}

/// Runs several jobs in one transaction, each behind a savepoint. Every statement costs a way to
/// the database and back, so closing one savepoint and opening the next is one of them.
async fn run_together(
    outer: DatabaseTransaction,
    batch: &mut [Box<dyn Job>],
    after: &mut Vec<Action>,
) -> Result<(), DbErr> {
    let mut outer = Arc::new(outer);
    outer.execute_unprepared("SAVEPOINT job").await?;
    for job in batch {
        let (transaction, keep, actions) = run_job(outer, job.as_mut()).await?;
        outer = Arc::new(transaction);
        if keep {
            after.extend(actions);
            outer
                .execute_unprepared("RELEASE SAVEPOINT job; SAVEPOINT job")
                .await?;
        } else {
            // The savepoint stays, for the next job.
            outer
                .execute_unprepared("ROLLBACK TO SAVEPOINT job")
                .await?;
        }
    }
    into_own(outer)?.commit().await
}

/// Runs the only job of a transaction and closes it.
async fn run_alone(
    transaction: DatabaseTransaction,
    job: &mut dyn Job,
    after: &mut Vec<Action>,
) -> Result<(), DbErr> {
    let (transaction, keep, actions) = run_job(Arc::new(transaction), job).await?;
    if keep {
        transaction.commit().await?;
        after.extend(actions);
        Ok(())
    } else {
        transaction.rollback().await
    }
}

/// Lends a transaction to a job: the transaction, whether to keep the job's changes, and what to
/// do after the commit.
async fn run_job(
    transaction: Arc<DatabaseTransaction>,
    job: &mut dyn Job,
) -> Result<(DatabaseTransaction, bool, Vec<Action>), DbErr> {
    let tx = Tx {
        inner: transaction,
        after: AfterCommit::default(),
    };
    let keep = job.run(tx.clone()).await;
    let actions = tx.after.take();
    Ok((into_own(tx.inner)?, keep, actions))
}

fn into_own(transaction: Arc<DatabaseTransaction>) -> Result<DatabaseTransaction, DbErr> {
    // A job kept its transaction: whatever it meant, nothing of it may be kept.
    Arc::try_unwrap(transaction).map_err(|_| DbErr::Custom("a job outlived its transaction".into()))
}

#[cfg(test)]
mod tests {
    use crate::platform::database::Database;
    use crate::shared::{Error, Result};
    use crate::testing::TestDb;
    use futures::future::join_all;
    use sea_orm::{ConnectionTrait, DbBackend, Statement};
    use uuid::Uuid;

    /// Writes a number; those that divide by 3 think better of it, 7 fails in the database.
    async fn job(db: &Database, n: u32) -> Result<u32> {
        db.write(Uuid::nil(), move |tx| async move {
            let n = if n == 7 { 1_000 } else { n };
            tx.execute_unprepared(&format!("INSERT INTO jobs (n) VALUES ({n})"))
                .await?;
            if n % 3 == 0 {
                return Err(Error::not_found());
            }
            Ok(n)
        })
        .await
    }

    #[tokio::test]
    async fn a_failing_job_takes_nothing_of_the_others() {
        TestDb::each(|db| async move {
            for sql in [
                "CREATE TABLE jobs (n INTEGER PRIMARY KEY)",
                "INSERT INTO jobs (n) VALUES (1000)",
            ] {
                let made = db.write(Uuid::nil(), move |tx| async move {
                    Ok(tx.execute_unprepared(sql).await.map(drop)?)
                });
                made.await.unwrap();
            }
            // They wait together before the writer has its turn: one transaction.
            let results = join_all((1..=12).map(|n| job(&db, n))).await;
            for (n, result) in (1..).zip(results) {
                assert_eq!(result.is_ok(), n % 3 != 0 && n != 7, "{n}");
            }
            let backend = if db.kind() == "postgres" {
                DbBackend::Postgres
            } else {
                DbBackend::Sqlite
            };
            let all = Statement::from_string(backend, "SELECT n FROM jobs ORDER BY n");
            let rows = db.query_all_raw(all).await.unwrap();
            let numbers: Vec<i32> = rows
                .iter()
                .map(|row| row.try_get("", "n").unwrap())
                .collect();
            assert_eq!(numbers, [1, 2, 4, 5, 8, 10, 11, 1_000]);
            db.write(Uuid::nil(), |tx| async move {
                Ok(tx.execute_unprepared("DROP TABLE jobs").await.map(drop)?)
            })
            .await
            .unwrap();
        })
        .await;
    }
}
