//! Batches changes of one kind: what arrives while the database is busy shares its statements as
//! well as its commit, so a hundred messages need hardly more round trips than one.
//!
//! [`Bulk::submit`] puts an item into a queue of its kind. The writer runs the whole queue as one
//! job behind one savepoint. When that fails, the job retries its halves until it finds the failing
//! item: only that item gets the error, the others commit.
//!
//! Items wait in the queue as long as a job for them exists ([`Waiting`]). A job that ends without
//! having run removes and answers them, so the next item creates a new job.

use super::{
    tx::Tx,
    writer::{Job, Writer, cause_of, failure},
};
use crate::shared::sync::lock;
use crate::shared::{Error, Kind, Result};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use sea_orm::ConnectionTrait;
use std::{
    mem::take,
    ops::Range,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex},
};
use tokio::sync::oneshot;
use uuid::Uuid;

/// A kind of change that can be made for many items at once.
#[async_trait]
pub trait Work: Send + Sync + 'static {
    /// The request of one caller.
    type Item: Send + Sync + 'static;
    /// The result for one caller.
    type Done: Send + Sync + 'static;

    /// Makes the changes of all items in order and returns one result per item. An error undoes all
    /// of them, and the caller retries with fewer items; only for a single item is the error final.
    async fn run(&self, tx: &Tx, items: &[Self::Item]) -> Result<Vec<Self::Done>>;
}

/// Handle for one kind of change. Clones share the queue.
pub struct Bulk<W: Work> {
    queue: Arc<Queue<W>>,
    writer: Writer,
}

impl<W: Work> Clone for Bulk<W> {
    fn clone(&self) -> Self {
        Self {
            queue: Arc::clone(&self.queue),
            writer: self.writer.clone(),
        }
    }
}

type Reply<W> = oneshot::Sender<Result<<W as Work>::Done>>;

/// Items that wait for the writer.
struct Queue<W: Work> {
    work: W,
    waiting: Mutex<Vec<(W::Item, Reply<W>)>>,
}

impl<W: Work> Queue<W> {
    fn take(&self) -> Vec<(W::Item, Reply<W>)> {
        take(&mut *lock(&self.waiting))
    }
}

impl<W: Work> Bulk<W> {
    pub(super) fn new(writer: Writer, work: W) -> Self {
        let queue = Queue {
            work,
            waiting: Mutex::default(),
        };
        Self {
            queue: Arc::new(queue),
            writer,
        }
    }

    /// Queues an item and resolves after the commit. The order of the calls decides the order of
    /// the items, even if the futures are awaited later.
    ///
    /// # Errors
    /// The item's own error, or `unavailable` when the commit failed or the server stops.
    pub fn submit(&self, item: W::Item) -> impl Future<Output = Result<W::Done>> + Send + use<W> {
        let (reply, answer) = oneshot::channel();
        let first = {
            let mut waiting = lock(&self.queue.waiting);
            waiting.push((item, reply));
            waiting.len() == 1
        };
        // The first item creates the job, which takes all items that are queued when it runs.
        if first {
            self.writer.take_bulk(Box::new(Together::new(&self.queue)));
        }
        async move { answer.await.unwrap_or_else(|_| Err(Error::unavailable())) }
    }
}

/// Owns the waiting items of a queue; exactly one exists while the queue is not empty. Dropping it
/// drops the items, which answers their callers.
struct Waiting<W: Work>(Option<Arc<Queue<W>>>);

impl<W: Work> Waiting<W> {
    fn take(&mut self) -> Vec<(W::Item, Reply<W>)> {
        self.0.take().map(|queue| queue.take()).unwrap_or_default()
    }
}

impl<W: Work> Drop for Waiting<W> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// All waiting items of one kind as a single job of the writer.
struct Together<W: Work> {
    queue: Arc<Queue<W>>,
    waiting: Waiting<W>,
    items: Vec<W::Item>,
    replies: Vec<Reply<W>>,
    results: Vec<Result<W::Done>>,
}

impl<W: Work> Together<W> {
    fn new(queue: &Arc<Queue<W>>) -> Self {
        Self {
            queue: Arc::clone(queue),
            waiting: Waiting(Some(Arc::clone(queue))),
            items: Vec::new(),
            replies: Vec::new(),
            results: Vec::new(),
        }
    }

    /// Runs all items, and halves the parts that fail.
    async fn run_parts(&mut self, tx: &Tx) -> Result<()> {
        let mut parts: Vec<_> = std::iter::once(0..self.items.len()).collect();
        while let Some(part) = parts.pop() {
            let before = tx.after.len();
            let begin = tx.execute_unprepared("SAVEPOINT part").await;
            begin.map_err(failure)?;
            let error = match self.run_part(tx, part.clone()).await {
                Ok(done) => {
                    let release = tx.execute_unprepared("RELEASE SAVEPOINT part").await;
                    release.map_err(failure)?;
                    self.results.extend(done.into_iter().map(Ok));
                    continue;
                }
                Err(error) => error,
            };
            tx.after.truncate(before);
            for undo in ["ROLLBACK TO SAVEPOINT part", "RELEASE SAVEPOINT part"] {
                let undone = tx.execute_unprepared(undo).await;
                undone.map_err(|failed| cause_of(&error, failed))?;
            }
            // An unavailable database is not an item's own error.
            if part.len() == 1 || error.kind == Kind::Unavailable {
                self.results.extend(part.map(|_| Err(error.clone())));
            } else {
                let middle = part.start + part.len() / 2;
                parts.push(middle..part.end);
                parts.push(part.start..middle);
            }
        }
        Ok(())
    }

    async fn run_part(&self, tx: &Tx, part: Range<usize>) -> Result<Vec<W::Done>> {
        let items = self.items.get(part).unwrap_or_default();
        // A panic in one kind of change must not stop the writer.
        let run = AssertUnwindSafe(async { self.queue.work.run(tx, items).await }).catch_unwind();
        let done = run
            .await
            .unwrap_or_else(|_| Err(Error::internal("a write job panicked")))?;
        if done.len() == items.len() {
            Ok(done)
        } else {
            Err(Error::internal("a write job returned too few results"))
        }
    }
}

impl<W: Work> Job for Together<W> {
    /// Runs before all other jobs, so they see its changes.
    fn order(&self) -> Uuid {
        Uuid::nil()
    }

    fn run(&mut self, tx: Tx) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            (self.items, self.replies) = self.waiting.take().into_iter().unzip();
            if self.items.len() == 1 {
                // The writer's own savepoint is enough for one item.
                let result = self.run_part(&tx, 0..1).await;
                let result = result.and_then(|done| {
                    let done = done.into_iter().next();
                    done.ok_or_else(|| Error::internal("a write job returned too few results"))
                });
                let end = result.as_ref().map(drop).map_err(Clone::clone);
                self.results.push(result);
                return end;
            }
            let end = self.run_parts(&tx).await;
            if let Err(error) = &end {
                self.results = self.items.iter().map(|_| Err(error.clone())).collect();
            }
            end
        })
    }

    fn fail(&mut self, error: Error) {
        for result in &mut self.results {
            if result.is_ok() {
                *result = Err(error.clone());
            }
        }
    }

    fn answer(mut self: Box<Self>, failure: Option<&Error>) {
        let (replies, results) = (take(&mut self.replies), take(&mut self.results));
        for (reply, result) in replies.into_iter().zip(results) {
            let result = match (failure, result) {
                (Some(failure), Ok(_)) => Err(failure.clone()),
                (_, result) => result,
            };
            // The caller may be gone; the change is committed anyway.
            drop(reply.send(result));
        }
        // The job did not run.
        for (_, reply) in self.waiting.take() {
            let failure = failure.cloned().unwrap_or_else(Error::unavailable);
            drop(reply.send(Err(failure)));
        }
    }
}

#[cfg(test)]
mod tests;
