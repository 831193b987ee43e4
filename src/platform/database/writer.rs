//! The write path: jobs that arrive together are committed together.
//!
//! A durable commit costs one disk write, whether it holds one change or two hundred. Jobs wait in
//! a queue; the loop takes all waiting jobs, runs each in a savepoint of one transaction, commits,
//! and only then returns the results. A single job does not wait for others. Frequent changes have
//! their own queues (`bulk`), each of which is one job.
//!
//! Every caller gets a result, whatever fails: see [`Job`].

use super::{
    transaction::{Transaction, Transactions},
    tx::{Action, AfterCommit, Lent, Tx},
};
use crate::platform::tasks::Worker;
use crate::shared::{Error, Kind, Result};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use sea_orm::DbErr;
use std::{panic::AssertUnwindSafe, sync::Arc};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Maximum number of jobs in one transaction: limits the wait of the first when many arrive.
const MAX_BATCH: usize = 256;
/// Maximum number of waiting jobs; beyond it callers wait for a free slot.
const QUEUE: usize = 4_096;

/// The sending end of the queue.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    bulks: mpsc::UnboundedSender<Box<dyn Job>>,
}

/// The worker that commits. When it ends, the waiting jobs are dropped, which answers their
/// callers.
pub struct WriterLoop {
    transactions: Box<dyn Transactions>,
    jobs: mpsc::Receiver<Box<dyn Job>>,
    bulks: mpsc::UnboundedReceiver<Box<dyn Job>>,
}

/// A job of any type, so one queue holds all kinds. Its callers always get a result: a job that is
/// dropped without [`Job::answer`] answers `unavailable`.
pub(super) trait Job: Send {
    fn order(&self) -> Uuid;
    /// Runs the job. On an error its changes are undone.
    fn run(&mut self, tx: Tx) -> BoxFuture<'_, Result<()>>;
    /// Replaces the job's results by this error, because its changes were undone after it ran.
    fn fail(&mut self, error: Error);
    /// Sends the job's results to its callers, or `failure` if the transaction failed.
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
            // A panic in one job must not stop the writer.
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
        // The caller may be gone; the change is committed anyway.
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

    /// Takes the job of a `bulk` queue. Each queue has at most one job at a time, so this channel
    /// needs no bound. When the writer has stopped, the job is dropped.
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

    /// Commits until canceled, then commits the jobs that are still waiting.
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
            // The sort is stable: jobs of one channel stay in the order of their arrival.
            batch.sort_by_key(|job| job.order());
            commit(&*self.transactions, batch).await;
        }
        if let Err(error) = self.transactions.close().await {
            tracing::warn!(error.cause = %error, "closing the database");
        }
    }
}

impl WriterLoop {
    /// Waits for the next job. None: the writer is canceled and no job is left.
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
            // The change is committed: a panic while publishing it must not delay the others.
            if AssertUnwindSafe(action).catch_unwind().await.is_err() {
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

/// Runs several jobs in one transaction, each behind a savepoint. Every statement costs a round
/// trip, so one statement releases a savepoint and opens the next.
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
                    // The job continued after a statement that had ended the transaction.
                    Err(error) => {
                        let error = failure(error);
                        job.fail(error.clone());
                        error
                    }
                }
            }
            Err(error) => error,
        };
        // The savepoint remains for the next job.
        let undone = transaction
            .execute_unprepared("ROLLBACK TO SAVEPOINT job")
            .await;
        undone.map_err(|error| cause_of(&cause, error))?;
    }
    transaction.commit().await.map_err(failure)
}

/// Runs the only job of a transaction, then commits or rolls back.
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

/// Lends a transaction to a job. Returns its result and the actions to run after the commit.
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

/// The error that callers get when a statement of the transaction itself fails. It is not their
/// fault. A commit without a response may have succeeded; a retry finds out.
pub(super) fn failure(error: DbErr) -> Error {
    let error = Error::from(error);
    if error.kind == Kind::StorageFull {
        error
    } else {
        Error::unavailable()
    }
}

/// Like [`failure`], for a statement that fails because an earlier one ended the transaction, as on
/// `SQLite` when the disk is full.
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

    /// Inserts a number; multiples of 3 return an error, 7 fails in the database.
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
            // All jobs wait before the writer runs, so they share one transaction.
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
