//! The write path: what arrives together is committed together.
//!
//! A durable commit costs a write to the disk, whether it holds one change or two hundred. Jobs
//! wait in a queue; the loop takes all that are there, runs each in a savepoint of one
//! transaction, commits, and only then lets the callers go on. A lone job does not wait for
//! company.

use super::Tx;
use crate::platform::tasks::Part;
use crate::shared::{Error, Result};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
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
}

/// The queue's entrance.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
}

/// The part that commits; runs for as long as the server does.
pub struct WriterLoop {
    pool: DatabaseConnection,
    jobs: mpsc::Receiver<Box<dyn Job>>,
}

/// A job with its type erased, so that one queue holds all kinds.
trait Job: Send {
    fn order(&self) -> Uuid;
    /// Runs the job; says whether its changes are to be kept.
    fn run(&mut self, tx: Tx) -> BoxFuture<'_, bool>;
    /// Tells the caller: the job's own result, or the error that took the transaction away.
    fn answer(self: Box<Self>, failure: Option<Error>);
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

    fn answer(self: Box<Self>, failure: Option<Error>) {
        let result = match (failure, self.result) {
            (_, Some(Err(own))) => Err(own),
            (Some(failure), _) => Err(failure),
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
        let writer_loop = WriterLoop {
            pool,
            jobs: receiver,
        };
        (Self { jobs: sender }, writer_loop)
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
        loop {
            let first = tokio::select! {
                job = self.jobs.recv() => job,
                () = cancel.cancelled() => {
                    self.jobs.close();
                    self.jobs.recv().await
                }
            };
            let Some(first) = first else { break };
            let mut batch = vec![first];
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
        job.answer(failure.clone());
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
        return run_in(outer, only.as_mut(), after).await;
    }
    for job in batch {
        let savepoint = outer.begin().await?;
        run_in(savepoint, job.as_mut(), after).await?;
    }
    outer.commit().await
}

/// Runs one job in a transaction or savepoint of its own and closes it.
async fn run_in(
    transaction: DatabaseTransaction,
    job: &mut dyn Job,
    after: &mut Vec<Action>,
) -> Result<(), DbErr> {
    let tx = Tx {
        inner: Arc::new(transaction),
        after: AfterCommit::default(),
    };
    let keep = job.run(tx.clone()).await;
    let actions = tx.after.take();
    let Ok(transaction) = Arc::try_unwrap(tx.inner) else {
        // A job kept its transaction: whatever it meant, nothing of it may be kept.
        return Err(DbErr::Custom("a job outlived its transaction".into()));
    };
    if keep {
        transaction.commit().await?;
        after.extend(actions);
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}
