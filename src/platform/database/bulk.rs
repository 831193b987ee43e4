//! Changes of one kind that are made together: what arrives while the database is busy shares not
//! only a commit but the statements, so that a hundred messages cost hardly more trips to the
//! database than one.
//!
//! [`Bulk::submit`] puts an item into the kind's own queue. The writer takes the whole queue as
//! one job and runs it behind one savepoint. When that fails, the halves are tried by themselves,
//! down to the item that is to blame: it gets its error and takes nothing of the others with it.

use super::{
    Tx,
    writer::{Job, Marker, Source, Writer},
};
use crate::shared::{Error, Result};
use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture};
use sea_orm::{ConnectionTrait, DbErr};
use std::{
    ops::Range,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::oneshot;
use uuid::Uuid;

/// A kind of change that can be made for many at once.
#[async_trait]
pub trait Work: Send + Sync + 'static {
    /// What one caller wants.
    type Item: Send + Sync + 'static;
    /// What one caller gets.
    type Done: Send + Sync + 'static;

    /// Makes the changes of all items, in their order, and returns what each gets. An error undoes
    /// all of them, and fewer are tried: it is an item's own only when it stands alone.
    async fn run(&self, tx: &Tx, items: &[Self::Item]) -> Result<Vec<Self::Done>>;
}

/// The entrance for one kind of change; a clone is the same one.
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

/// What waits for the writer.
struct Queue<W: Work> {
    work: W,
    waiting: Mutex<Vec<(W::Item, Reply<W>)>>,
}

impl<W: Work> Queue<W> {
    fn take(&self) -> Vec<(W::Item, Reply<W>)> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
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

    /// Has an item done; the answer comes after the commit. Items are done in the order in which
    /// they are submitted, which is when this is called and not when the answer is waited for.
    ///
    /// # Errors
    /// The answer: the item's own error, or `unavailable` when the commit failed or the server
    /// stops.
    pub fn submit(&self, item: W::Item) -> impl Future<Output = Result<W::Done>> + Send + use<W> {
        let (reply, answer) = oneshot::channel();
        let first = {
            let mut waiting = self
                .queue
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            waiting.push((item, reply));
            waiting.len() == 1
        };
        // Whoever finds the queue empty tells the writer; it takes all that is there by then.
        if first && !self.writer.mark(Arc::clone(&self.queue) as Marker) {
            // It has stopped: dropping the replies answers them.
            drop(self.queue.take());
        }
        async move { answer.await.unwrap_or_else(|_| Err(Error::unavailable())) }
    }
}

impl<W: Work> Source for Queue<W> {
    fn job(self: Arc<Self>) -> Box<dyn Job> {
        Box::new(Together {
            queue: self,
            items: Vec::new(),
            replies: Vec::new(),
            results: Vec::new(),
        })
    }
}

/// All waiting items of a kind as one job of the writer.
struct Together<W: Work> {
    queue: Arc<Queue<W>>,
    items: Vec<W::Item>,
    replies: Vec<Reply<W>>,
    results: Vec<Result<W::Done>>,
}

impl<W: Work> Together<W> {
    /// Runs all items, in smaller and smaller parts where they fail.
    async fn run_parts(&mut self, tx: &Tx) -> Result<(), DbErr> {
        let mut parts: Vec<_> = std::iter::once(0..self.items.len()).collect();
        while let Some(part) = parts.pop() {
            let before = tx.after.len();
            tx.execute_unprepared("SAVEPOINT part").await?;
            match self.run_part(tx, part.clone()).await {
                Ok(done) => {
                    tx.execute_unprepared("RELEASE SAVEPOINT part").await?;
                    self.results.extend(done.into_iter().map(Ok));
                }
                Err(error) => {
                    tx.after.truncate(before);
                    tx.execute_unprepared("ROLLBACK TO SAVEPOINT part").await?;
                    tx.execute_unprepared("RELEASE SAVEPOINT part").await?;
                    if part.len() == 1 {
                        self.results.push(Err(error));
                    } else {
                        let middle = part.start + part.len() / 2;
                        parts.push(middle..part.end);
                        parts.push(part.start..middle);
                    }
                }
            }
        }
        Ok(())
    }

    async fn run_part(&self, tx: &Tx, part: Range<usize>) -> Result<Vec<W::Done>> {
        let items = self.items.get(part).unwrap_or_default();
        // A bug in one kind of change must not end the write path for everybody.
        let run = AssertUnwindSafe(async { self.queue.work.run(tx, items).await }).catch_unwind();
        let done = run
            .await
            .unwrap_or_else(|_| Err(Error::internal("a write job panicked")))?;
        if done.len() == items.len() {
            Ok(done)
        } else {
            Err(Error::internal("a write job forgot somebody"))
        }
    }
}

impl<W: Work> Job for Together<W> {
    /// Before all others: what they are to find is there.
    fn order(&self) -> Uuid {
        Uuid::nil()
    }

    fn run(&mut self, tx: Tx) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            (self.items, self.replies) = self.queue.take().into_iter().unzip();
            if self.items.len() == 1 {
                // The writer's own savepoint is enough.
                let result = self.run_part(&tx, 0..1).await;
                let result = result.and_then(|done| {
                    let done = done.into_iter().next();
                    done.ok_or_else(|| Error::internal("a write job forgot somebody"))
                });
                let keep = result.is_ok();
                self.results.push(result);
                return keep;
            }
            if let Err(error) = self.run_parts(&tx).await {
                let error = Error::from(error);
                self.results = self.items.iter().map(|_| Err(error.clone())).collect();
                return false;
            }
            true
        })
    }

    fn answer(self: Box<Self>, failure: Option<&Error>) {
        for (reply, result) in self.replies.into_iter().zip(self.results) {
            let result = match (failure, result) {
                (Some(failure), Ok(_)) => Err(failure.clone()),
                (_, result) => result,
            };
            // The caller may have gone away; the change stands all the same.
            drop(reply.send(result));
        }
    }
}

#[cfg(test)]
mod tests;
