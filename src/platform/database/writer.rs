//! The write path: what arrives together is committed together.
//!
//! A durable commit costs a write to the disk, whether it holds one change or two hundred. Jobs
//! wait in a queue; the loop takes all that are there, runs each in a savepoint of one
//! transaction, commits, and only then lets the callers go on. A lone job does not wait for
//! company. Changes that come by the hundred have queues of their own (`bulk`), each of which is
//! one job.
//!
//! Every caller gets an answer, whatever fails: see [`Job`].

use super::{
    Tx,
    transaction::{Transaction, Transactions},
};
use crate::platform::tasks::Worker;
use crate::shared::sync::lock;
use crate::shared::{Error, Kind, Result};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use sea_orm::DbErr;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
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
        lock(&self.0).push(action);
    }

    fn take(&self) -> Vec<Action> {
        std::mem::take(&mut *lock(&self.0))
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.0).len()
    }

    /// Forgets what came after the first `kept`: it was undone.
    pub(super) fn truncate(&self, kept: usize) {
        lock(&self.0).truncate(kept);
    }
}

/// The queue's entrance.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    bulks: mpsc::UnboundedSender<Box<dyn Job>>,
}

/// The worker that commits. What waits when it ends is dropped, which answers the callers.
pub struct WriterLoop {
    transactions: Box<dyn Transactions>,
    jobs: mpsc::Receiver<Box<dyn Job>>,
    bulks: mpsc::UnboundedReceiver<Box<dyn Job>>,
}

/// A job with its type erased, so that one queue holds all kinds. Whatever becomes of it, its
/// callers get an answer: a job that is dropped without [`Job::answer`] answers `unavailable`.
pub(super) trait Job: Send {
    fn order(&self) -> Uuid;
    /// Runs the job. An error: its changes are undone.
    fn run(&mut self, tx: Tx) -> BoxFuture<'_, Result<()>>;
    /// The changes of a job that ran were undone: what it would have answered becomes this error.
    fn fail(&mut self, error: Error);
    /// Tells the callers: the job's own result, or the error that took the transaction away.
    fn answer(self: Box<Self>, failure: Option<&Error>);
}

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

    fn run(&mut self, tx: Tx) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return Err(Error::unavailable());
            };
            // A bug in one job must not end the write path for everybody.
            let result = match AssertUnwindSafe(async { work(tx).await })
                .catch_unwind()
                .await
            {
                Ok(result) => result,
                Err(_) => Err(Error::internal("a write job panicked")),
            };
            let end = result.as_ref().map(drop).map_err(Clone::clone);
            self.result = Some(result);
            end
        })
    }

    fn fail(&mut self, error: Error) {
        self.result = Some(Err(error));
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
    pub(super) fn new(transactions: impl Transactions) -> (Self, WriterLoop) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (bulks, waiting_bulks) = mpsc::unbounded_channel();
        let writer_loop = WriterLoop {
            transactions: Box::new(transactions),
            jobs: receiver,
            bulks: waiting_bulks,
        };
        let writer = Self {
            jobs: sender,
            bulks,
        };
        (writer, writer_loop)
    }

    /// Takes the job of a queue of its own (see `bulk`). There is one at a time for each, so that
    /// they need no bound. When the writer has stopped the job is dropped.
    pub(super) fn take_bulk(&self, job: Box<dyn Job>) {
        drop(self.bulks.send(job));
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
impl Worker for WriterLoop {
    fn name(&self) -> &'static str {
        "database.writer"
    }

    /// Commits until told to stop, then what is still waiting.
    async fn run(&mut self, cancel: CancellationToken) {
        while let Some(first) = self.next(&cancel).await {
            let mut batch = vec![first];
            while let Ok(bulk) = self.bulks.try_recv() {
                batch.push(bulk);
            }
            while batch.len() < MAX_BATCH
                && let Ok(job) = self.jobs.try_recv()
            {
                batch.push(job);
            }
            // Stable: jobs of one channel stay in the order of their arrival.
            batch.sort_by_key(|job| job.order());
            commit(&*self.transactions, batch).await;
        }
        if let Err(error) = self.transactions.close().await {
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
                Some(bulk) = self.bulks.recv() => return Some(bulk),
                () = cancel.cancelled(), if !stopping => {
                    self.jobs.close();
                    self.bulks.close();
                }
                else => return None,
            }
        }
    }
}

/// Runs a batch in one transaction and answers its callers.
async fn commit(transactions: &dyn Transactions, mut batch: Vec<Box<dyn Job>>) {
    let mut after = Vec::new();
    let failure = transaction(transactions, &mut batch, &mut after)
        .await
        .err();
    if failure.is_none() {
        for action in after {
            // The change is committed: a bug in telling it must not keep the others waiting.
            if catch_unwind(AssertUnwindSafe(action)).is_err() {
                tracing::error!("an action after a commit panicked");
            }
        }
    }
    for job in batch {
        job.answer(failure.as_ref());
    }
}

async fn transaction(
    transactions: &dyn Transactions,
    batch: &mut [Box<dyn Job>],
    after: &mut Vec<Action>,
) -> Result<()> {
    let transaction = transactions.begin().await.map_err(failure)?;
    match batch {
        [only] => run_alone(transaction, only.as_mut(), after).await,
        _ => run_together(transaction, batch, after).await,
    }
}

/// Runs several jobs in one transaction, each behind a savepoint. Every statement costs a way to
/// the database and back, so closing one savepoint and opening the next is one of them.
async fn run_together(
    transaction: Arc<dyn Transaction>,
    batch: &mut [Box<dyn Job>],
    after: &mut Vec<Action>,
) -> Result<()> {
    let begin = transaction.execute_unprepared("SAVEPOINT job").await;
    begin.map_err(failure)?;
    for job in batch {
        let (outcome, actions) = run_job(&transaction, job.as_mut()).await;
        let cause = match outcome {
            Ok(()) => {
                let next = "RELEASE SAVEPOINT job; SAVEPOINT job";
                match transaction.execute_unprepared(next).await {
                    Ok(_) => {
                        after.extend(actions);
                        continue;
                    }
                    // It went on after a statement that had ended the transaction.
                    Err(error) => {
                        let error = failure(error);
                        job.fail(error.clone());
                        error
                    }
                }
            }
            Err(error) => error,
        };
        // The savepoint stays, for the next job.
        let undone = transaction
            .execute_unprepared("ROLLBACK TO SAVEPOINT job")
            .await;
        undone.map_err(|error| cause_of(&cause, error))?;
    }
    transaction.commit().await.map_err(failure)
}

/// Runs the only job of a transaction and closes it.
async fn run_alone(
    transaction: Arc<dyn Transaction>,
    job: &mut dyn Job,
    after: &mut Vec<Action>,
) -> Result<()> {
    let (outcome, actions) = run_job(&transaction, job).await;
    match outcome {
        Ok(()) => {
            transaction.commit().await.map_err(failure)?;
            after.extend(actions);
            Ok(())
        }
        Err(cause) => {
            let undone = transaction.rollback().await;
            undone.map_err(|error| cause_of(&cause, error))
        }
    }
}

/// A transaction for as long as one job runs: a job that keeps its handle cannot use it later.
pub(super) struct Lent(pub(super) Arc<dyn Transaction>);

/// Lends a transaction to a job: what became of it, and what to do after the commit.
async fn run_job(
    transaction: &Arc<dyn Transaction>,
    job: &mut dyn Job,
) -> (Result<()>, Vec<Action>) {
    let lent = Arc::new(Lent(Arc::clone(transaction)));
    let tx = Tx {
        inner: Arc::downgrade(&lent),
        backend: transaction.backend(),
        after: AfterCommit::default(),
    };
    let outcome = job.run(tx.clone()).await;
    (outcome, tx.after.take())
}

/// What callers hear when a statement of the transaction itself fails, which is none of their
/// doing. Whether a commit without an answer was made is unknown; a repeat finds out.
pub(super) fn failure(error: DbErr) -> Error {
    let error = Error::from(error);
    if error.kind == Kind::StorageFull {
        error
    } else {
        Error::unavailable()
    }
}

/// The same for a statement that fails because another one had ended the transaction, as `SQLite`
/// does when the disk is full.
pub(super) fn cause_of(cause: &Error, error: DbErr) -> Error {
    if cause.kind == Kind::StorageFull {
        cause.clone()
    } else {
        failure(error)
    }
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
